"""What went wrong, by the carrier's codes: try again, never again, or find out.

The sentences are ours, because the carrier's own hold phone numbers. Codes and causes stand in Twilio's
'Error and Warning Dictionary'. This module must never call a message refused whose fault is ours: an
operator can mend that, and the message still goes out.
"""

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from bridges.contract import DeliveryError, OptedOut, Refused, Unavailable, Uncertain
from bridges.sms.connection import SlowDown

TOO_LONG = 21617

#: WhatsApp takes free words for 24 hours after theirs only.
WINDOW_CLOSED = 63016

#: What the SDK and the connection below it raise, apart from errors in our own programme.
FAILURES = (TwilioException, SlowDown, aiohttp.ClientError, TimeoutError, OSError, ValueError)

_REFUSED = {
    21211: "this is no phone number",
    21214: "this phone cannot be called",
    21215: "the account may not call this country",
    21216: "the carrier calls no such number",
    21217: "this is no phone number",
    21265: "a short code takes no messages",
    21266: "the service does not write to itself",
    21408: "the account may not write to this country",
    21602: "there is nothing to say",
    21604: "there is nobody to send it to",
    21612: "no way leads from our number to this one",
    21614: "this is no mobile number",
    TOO_LONG: "the text is too long",
    21620: "a picture's address is wrong",
    21623: "there are too many pictures",
    21635: "this is a landline",
}

_UNAVAILABLE = {
    10001: "the account is not active",
    14107: "the carrier asks to slow down",
    20003: "the carrier does not accept our credentials",
    20005: "the account is not active",
    20404: "the carrier does not know the account",
    20429: "the carrier asks to slow down",
    21205: "our own address for calls is wrong",
    21210: "our own number cannot call",
    21212: "our own number is wrong",
    21603: "our own number is missing",
    21606: "our own number cannot send this",
    21609: "our own address for receipts is wrong",
    21611: "too many messages wait for our number",
    21659: "our own number is not the carrier's",
    21660: "our own number belongs to another account",
    21655: "our own template is not there",
    21656: "our own template wants other variables",
    21661: "our own number cannot send texts",
    63007: "our own number is not on WhatsApp",
}

#: Answers that tell of our account, of the address of the API or of the moment, not of the message.
_NOT_ITS_FAULT = frozenset({401, 403, 404, 405, 408, 425, 429})

#: Answers of something that broke over the request, or stands in between and does not know what became of it.
_NOBODY_KNOWS = frozenset({500, 502, 504})


def explain(error: Exception) -> DeliveryError:
    """The error of the contract for one of `FAILURES`, raised while a message or a call was handed over."""
    if isinstance(error, SlowDown):
        return Unavailable("the carrier asks to slow down", 20429, error.retry_after)
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)):
        return Unavailable("the carrier cannot be reached")
    if isinstance(error, (TwilioRestException, TwilioServiceException)):
        return _answered(error.status, error.code)
    if isinstance(error, UnicodeEncodeError):
        return Refused("the text holds half a character")
    if isinstance(error, TimeoutError):
        return Uncertain("the carrier did not answer in time")
    return Uncertain(f"the carrier's answer was lost ({type(error).__name__})")


def _answered(status: int, code: object) -> DeliveryError:
    # Where there is no code of the carrier's, the SDK puts the status in its place.
    code = code if isinstance(code, int) and code != status else None
    if code == 21610:
        return OptedOut("this person wants no messages", code)
    if code in _UNAVAILABLE:
        return Unavailable(_UNAVAILABLE[code], code)
    if code in _REFUSED:
        return Refused(_REFUSED[code], code)
    if status in _NOBODY_KNOWS:
        return Uncertain(f"nobody knows whether the carrier took it ({status})", code)
    if status >= 500 or status < 400 or status in _NOT_ITS_FAULT:
        return Unavailable(f"the carrier cannot take messages now ({status})", code)
    return Refused(f"the carrier refuses it ({code or status})", code)
