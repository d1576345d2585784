"""What Telegram calls: one address, with one update at a time, and the secret that we told it.

Each request is limited, verified, understood and handed to `accept`, and nothing more. Telegram sends an
update again until it is answered with 2xx; what cannot be read never will be, and is acknowledged.
"""

import logging
from hmac import compare_digest

from aiogram.types import Update
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import ValidationError

from bridges.contract import Accept
from bridges.requests import body_of, keep
from bridges.telegram import incoming
from linzhang.settings import Telegram

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"

#: The kinds of updates that Telegram is asked for.
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_BODY_LIMIT = 1024 * 1024  # bytes; files come as ids


def router(telegram: Telegram, accept: Accept) -> APIRouter:
    """The webhook.

    Args:
        telegram: The bot.
        accept: Stores an event durably; see `bridges.contract.Accept`.
    """
    routes = APIRouter()
    secret = telegram.webhook_secret.get_secret_value().encode()

    @routes.post(PATH)
    async def webhook(request: Request) -> Response:
        """Take an update."""
        if not compare_digest(request.headers.get(_SECRET, "").encode(), secret):
            log.warning("a call of %s was turned away: it is not Telegram's, or the secret is another", PATH)
            return PlainTextResponse("The secret does not fit.\n", 403)
        body = await body_of(request, _BODY_LIMIT)
        if body is None:
            return PlainTextResponse("The body is too large.\n", 413)
        try:
            update = Update.model_validate_json(body)
        except ValidationError:
            log.warning("an update of Telegram's could not be read")
            return Response()
        inbound = incoming.understood(update, telegram.bot_id)
        if inbound is not None and not await keep(accept, inbound):
            return PlainTextResponse("It could not be stored.\n", 503)
        if update.callback_query is not None:
            # The button stops to wait; said in the answer, since nothing is called from here.
            answered = {"method": "answerCallbackQuery", "callback_query_id": update.callback_query.id}
            return JSONResponse(answered)
        return Response()

    return routes
