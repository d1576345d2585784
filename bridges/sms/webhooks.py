"""What the carrier calls: one address for texts, one for the fate of our messages.

Each request is limited, verified, understood and handed to `accept`, and nothing more. The carrier is
told that a text arrived only when it is stored; otherwise it tries again or goes to its fallback.
"""

import logging
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.datastructures import ImmutableMultiDict

from bridges.contract import Accept, Inbound
from bridges.sms import incoming
from bridges.sms.signatures import HEADER, Signatures
from linzhang.settings import Twilio

INBOUND = "/sms/inbound"
STATUS = "/sms/status"

log = logging.getLogger(__name__)

_BODY_LIMIT = 64 * 1024  # bytes; ten times what a text of 1,600 characters with its media takes
_FIELD_LIMIT = 500
_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'  # "say nothing": answers go out by themselves

_Params = ImmutableMultiDict[str, str]


class _Rejected(Exception):
    """A request that is not taken."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.answer = PlainTextResponse(reason + "\n", status)


def router(twilio: Twilio, *, public_url: str, region: str, accept: Accept) -> APIRouter:
    """The webhooks.

    Args:
        twilio: The account that may call.
        public_url: Where the carrier reaches the application; part of what it signs.
        region: ISO 3166 code that numbers without a country code belong to.
        accept: Stores an event durably; see `bridges.contract.Accept`.
    """
    routes = APIRouter()
    signatures = Signatures(twilio.auth_token.get_secret_value(), public_url)

    async def verified(request: Request, path: str) -> _Params:
        params = _form(await _body(request))
        query = request.scope["query_string"].decode("latin-1")
        if not signatures.fits(path, query, params, request.headers.get(HEADER, "")):
            log.warning("a call of %s was turned away: its signature does not fit %s", path, public_url)
            raise _Rejected(403, "The signature does not fit.")
        if params.get("AccountSid") != twilio.account_sid:
            raise _Rejected(403, "This is another account's.")
        return params

    async def store(inbound: Inbound) -> None:
        try:
            await accept(inbound)
        except Exception as error:
            # Not raised further: a stack's text may hold what the sender wrote.
            log.error("%s was not stored: %s", inbound.external_id, type(error).__name__)
            raise _Rejected(503, "It could not be stored.") from None

    @routes.post(INBOUND)
    async def text(request: Request) -> Response:
        """Take a text."""
        try:
            params = await verified(request, INBOUND)
            await store(incoming.text(params, region, twilio.api_url))
        except _Rejected as rejected:
            return rejected.answer
        except incoming.Incomplete as error:
            return PlainTextResponse(f"{error}\n", 400)
        return Response(_TWIML, media_type="text/xml")

    @routes.post(STATUS)
    async def status(request: Request) -> Response:
        """Take a receipt."""
        try:
            params = await verified(request, STATUS)
            await store(incoming.receipt(params, request.query_params.get("key", ""), region))
        except _Rejected as rejected:
            return rejected.answer
        except incoming.Incomplete as error:
            return PlainTextResponse(f"{error}\n", 400)
        return Response(status_code=204)

    return routes


async def _body(request: Request) -> bytes:
    """The request's body; what is too large is not even read to its end."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_LIMIT:
            raise _Rejected(413, "The body is too large.")
    return bytes(body)


def _form(body: bytes) -> _Params:
    """The form's parameters: blank values stay, because they are signed too."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELD_LIMIT)
    except ValueError as error:
        raise _Rejected(400, "The body is not a form.") from error
    return ImmutableMultiDict(pairs)
