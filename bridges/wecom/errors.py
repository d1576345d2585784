"""What went wrong, by WeCom's codes: try again, never again, or find out.

After Tencent's 'Global error codes' (path 90313). The sentences are ours, because WeCom's own may hold ids
and addresses. This module must never call a message refused whose fault is ours: an operator can mend that,
and the message still goes out.
"""

import aiohttp

from bridges.contract import DeliveryError, Refused, Unavailable, Uncertain, Unfit

#: What the connection raises, apart from errors in our own programme.
FAILURES = (aiohttp.ClientError, TimeoutError, OSError, ValueError)

#: The access token is no longer good: another must be fetched.
STALE = frozenset({40014, 42001, 42007})

#: The media that it was to give out is not there (any more, or yet).
NO_SUCH_MEDIUM = frozenset({40007, 46001})

NOBODY = 81013

_REFUSED = {
    40003: "there is no such member",
    44004: "there is nothing to say",
    45002: "the text is too long",
    60103: "there is no such member",
    60111: "there is no such member",
    NOBODY: "nobody there may see the application",
}

_UNFIT = {
    40004: "WeCom does not take this kind of medium",
    40005: "WeCom does not take this kind of file",
    40006: "WeCom does not take media of this size",
    40008: "WeCom does not take this kind of message",
    40009: "WeCom does not take pictures of this size",
    40010: "WeCom does not take voices of this size",
    40011: "WeCom does not take films of this size",
    44001: "the medium is empty",
    45001: "the medium is too large",
}

#: The application calls too often; after Tencent's 'Access frequency limits', for a minute, an hour or a day.
_TOO_OFTEN = {45009: 60.0, 45011: 60.0, 45033: 5.0}

_UNAVAILABLE = {
    -1: "WeCom is busy",
    40001: "WeCom does not accept our secret",
    40013: "WeCom does not know our corporation",
    40056: "WeCom does not know our application",
    48002: "the application may not do this",
    60011: "the application may not do this",
    60020: "our own address is not among those that may call",
    301002: "the application is not ours",
}


def explain(code: int) -> DeliveryError:
    """The error of the contract for an answer of WeCom's to a message."""
    if code in _UNFIT:
        return Unfit(_UNFIT[code], code)
    if code in _REFUSED:
        return Refused(_REFUSED[code], code)
    if code in _TOO_OFTEN:
        return Unavailable("WeCom asks to slow down", code, _TOO_OFTEN[code])
    if code in STALE:
        return Unavailable("WeCom takes no access token of ours", code)
    return Unavailable(_UNAVAILABLE.get(code, f"WeCom does not take it ({code})"), code)


def broken(error: Exception) -> DeliveryError:
    """The error of the contract for a request that was not answered."""
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)):
        return Unavailable("WeCom cannot be reached")
    if isinstance(error, TimeoutError):
        return Uncertain("WeCom did not answer in time")
    return Uncertain(f"WeCom's answer was lost ({type(error).__name__})")
