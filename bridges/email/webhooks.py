"""What a mail server calls that brings mails itself: one address, for a whole mail as it came.

Every server and every service can be made to do that (a pipe with curl, a rule of a mail service). It proves
who it is with the token of the settings. Each mail is limited, understood and handed to `accept`, and nothing
more; what could not be stored is not acknowledged.
"""

import hmac
import logging

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from bridges.contract import Accept
from bridges.email.composing import Ours
from bridges.email.mailbox import LIMIT
from bridges.email.reading import understood
from bridges.requests import body_of, keep
from linzhang.settings import Mail

log = logging.getLogger(__name__)

PATH = "/email/inbound"


def router(mail: Mail, ours: Ours, accept: Accept) -> APIRouter:
    """The webhook; there is none without a token in the settings.

    Args:
        mail: The settings.
        ours: Our side of every mail.
        accept: Stores an event durably; see `bridges.contract.Accept`.
    """
    routes = APIRouter()
    if mail.webhook_token is None:
        return routes
    expected = f"Bearer {mail.webhook_token.get_secret_value()}".encode()

    @routes.post(PATH)
    async def inbound(request: Request) -> Response:
        """Take a mail."""
        shown = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(shown, expected):
            log.warning("a call of %s was turned away: its token is not ours", PATH)
            return PlainTextResponse("The token does not fit.\n", 403)
        body = await body_of(request, LIMIT)
        if body is None:
            return PlainTextResponse("The mail is too large.\n", 413)
        event = understood(body, ours)
        if event is not None and not await keep(accept, event, called="a mail"):
            return PlainTextResponse("It could not be stored.\n", 503)
        return Response(status_code=204)

    return routes
