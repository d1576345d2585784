"""What WeCom calls: one address, by GET to see whether we hold the keys, by POST with what members say.

Each request is limited, verified, opened, understood and handed to `accept`, and nothing more. WeCom waits
five seconds and then calls again, three times in all: so nothing is worked on here, and what could not be
stored is not acknowledged.
"""

import logging

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from bridges.contract import Accept
from bridges.requests import body_of, keep
from bridges.wecom import envelope, incoming
from bridges.wecom.crypto import Forged, MessageCrypt
from linzhang.settings import WeCom

log = logging.getLogger(__name__)

PATH = "/wecom/callback"

_BODY_LIMIT = 64 * 1024  # bytes; many times what a message takes, since media come as ids


def router(wecom: WeCom, accept: Accept) -> APIRouter:
    """The webhook.

    Args:
        wecom: The application.
        accept: Stores an event durably; see `bridges.contract.Accept`.
    """
    routes = APIRouter()
    crypt = MessageCrypt(
        wecom.token.get_secret_value(), wecom.encoding_aes_key.get_secret_value(), wecom.corp_id
    )

    @routes.get(PATH)
    async def verify(request: Request) -> Response:
        """Prove that the keys are ours: give back what was encrypted with them."""
        try:
            return PlainTextResponse(_opened(crypt, request, request.query_params.get("echostr", "")))
        except Forged:
            return _turned_away()

    @routes.post(PATH)
    async def callback(request: Request) -> Response:
        """Take what a member says."""
        body = await body_of(request, _BODY_LIMIT)
        if body is None:
            return PlainTextResponse("The body is too large.\n", 413)
        try:
            encrypted = envelope.fields(body).get("Encrypt", "")
            inbound = incoming.understood(envelope.fields(_opened(crypt, request, encrypted)))
        except Forged:
            return _turned_away()
        except (envelope.NotReadable, incoming.Incomplete) as error:
            return PlainTextResponse(f"{error}\n", 400)
        if inbound is not None and not await keep(accept, inbound):
            return PlainTextResponse("It could not be stored.\n", 503)
        return Response(b"")  # "say nothing": answers go out by themselves

    return routes


def _opened(crypt: MessageCrypt, request: Request, encrypted: str) -> bytes:
    shown = request.query_params
    signature = shown.get("msg_signature", "")
    return crypt.open(signature, shown.get("timestamp", ""), shown.get("nonce", ""), encrypted)


def _turned_away() -> Response:
    log.warning("a call of %s was turned away: it is not WeCom's, or token and key are others", PATH)
    return PlainTextResponse("The signature does not fit.\n", 403)
