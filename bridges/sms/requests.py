"""The carrier's requests before anybody asks what they mean: limited, verified, and kept or turned away.

Shared by all webhooks of the account. This module must never understand a parameter beyond the account's.
"""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from starlette.datastructures import ImmutableMultiDict

from bridges.contract import Accept, Inbound
from bridges.requests import body_of, keep
from bridges.sms.incoming import Incomplete
from bridges.sms.signatures import HEADER, Signatures
from linzhang.settings import Twilio

log = logging.getLogger(__name__)

_BODY_LIMIT = 64 * 1024  # bytes; ten times what a text of 1,600 characters with its media takes
_FIELD_LIMIT = 500

#: A request's form.
Params = ImmutableMultiDict[str, str]


class _Rejected(Exception):
    """A request that is not taken."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.answer = PlainTextResponse(reason + "\n", status)


class Requests:
    """What an account's webhooks have in common.

    Args:
        twilio: The account that may call.
        public_url: Where the carrier reaches the application; part of what it signs.
        accept: Stores an event durably; see `bridges.contract.Accept`.
    """

    def __init__(self, twilio: Twilio, public_url: str, accept: Accept) -> None:
        self._account_sid = twilio.account_sid
        self._public_url = public_url
        self._signatures = Signatures(twilio.auth_token.get_secret_value(), public_url)
        self._accept = accept

    async def take(
        self, request: Request, path: str, answer: Callable[[Params], Awaitable[Response]]
    ) -> Response:
        """Answer a request, if it is the carrier's.

        Args:
            request: What came in.
            path: Where, below the public URL.
            answer: Understands the form, and answers; may raise `Incomplete`.
        """
        try:
            return await answer(await self._verified(request, path))
        except _Rejected as rejected:
            return rejected.answer
        except Incomplete as error:
            return PlainTextResponse(f"{error}\n", 400)

    async def store(self, inbound: Inbound) -> None:
        """Keep an event; what cannot be kept is not acknowledged."""
        if not await self.note(inbound):
            raise _Rejected(503, "It could not be stored.")

    async def note(self, inbound: Inbound) -> bool:
        """Keep an event, if that can be done now; returns whether it is kept."""
        return await keep(self._accept, inbound)

    async def _verified(self, request: Request, path: str) -> Params:
        params = _form(await _body(request))
        query = request.scope["query_string"].decode("latin-1")
        if not self._signatures.fits(path, query, params, request.headers.get(HEADER, "")):
            log.warning("a call of %s was turned away: its signature does not fit %s", path, self._public_url)
            raise _Rejected(403, "The signature does not fit.")
        if params.get("AccountSid") != self._account_sid:
            raise _Rejected(403, "This is another account's.")
        return params


async def _body(request: Request) -> bytes:
    body = await body_of(request, _BODY_LIMIT)
    if body is None:
        raise _Rejected(413, "The body is too large.")
    return body


def _form(body: bytes) -> Params:
    """The form's parameters: blank values stay, because they are signed too."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELD_LIMIT)
    except ValueError as error:
        raise _Rejected(400, "The body is not a form.") from error
    return ImmutableMultiDict(pairs)
