"""Twilio's REST API for messages and their media, as the SDK and any other client sees it.

Reads requests and writes Twilio's JSON. After Twilio's 'Message resource', 'Media subresource' and
'Twilio API responses' (paging). It must never send, deliver or remember anything by itself: the
exchange does.
"""

import base64
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from demo.carrier.delivery import API_VERSION
from demo.carrier.drafts import Draft
from demo.carrier.errors import DELIVERY_ERRORS, CarrierError, UnsupportedParameter
from demo.carrier.exchange import STORAGE, Exchange
from demo.carrier.paging import dates, lies_in, page
from demo.carrier.params import media_path
from demo.carrier.records import Media, Message
from demo.carrier.segments import segment

PREFIX = f"/{API_VERSION}/Accounts/{{account_sid}}"

_NOT_IMITATED = (
    "ApplicationSid", "FallbackFrom", "PersistentAction",
    "ScheduleType", "SendAsMms", "SendAt", "SmartEncoded",
)  # fmt: skip
"""Parameters that would change what is sent, and that would be a lie to ignore."""

_FILTERS = ("To", "From", *dates("DateSent"))


def exchange_of(request: Request) -> Exchange:
    """The exchange that this server runs."""
    exchange: Exchange = request.app.state.exchange
    return exchange


async def authenticate(request: Request, account_sid: str) -> Exchange:
    """Let only the account in, by basic authentication with its sid and its token.

    Raises:
        CarrierError: 20003. 'Twilio API requests', authentication.
    """
    exchange = exchange_of(request)
    config = exchange.config
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True)
    except ValueError:
        given = b""
    expected = f"{config.account_sid}:{config.auth_token}".encode()
    if scheme.lower() != "basic" or not secrets.compare_digest(given, expected):
        raise CarrierError(20003)
    if account_sid != config.account_sid:
        raise CarrierError(20003)
    return exchange


Authenticated = Annotated[Exchange, Depends(authenticate)]

router = APIRouter(prefix=PREFIX)

storage = APIRouter(prefix=STORAGE)
"""Where bytes lie that a redirect leads to."""


@router.post("/Messages.json")
async def create_message(exchange: Authenticated, request: Request) -> JSONResponse:
    """Send a message. 'Message resource': Create a Message."""
    form = await request.form()
    for name in _NOT_IMITATED:
        if name in form:
            raise UnsupportedParameter(name)
    texts = {name: str(value) for name, value in form.items()}
    if not texts.get("To"):
        raise CarrierError(21604)
    draft = Draft(
        to=texts["To"],
        sender=texts.get("From") or None,
        body=texts.get("Body", ""),
        media_urls=tuple(str(url) for url in form.getlist("MediaUrl")),
        service_sid=texts.get("MessagingServiceSid") or None,
        status_callback=texts.get("StatusCallback") or None,
        content_sid=texts.get("ContentSid") or None,
        content_variables=texts.get("ContentVariables", ""),
        force_delivery=texts.get("ForceDelivery") == "true",
    )
    return JSONResponse(message_json(exchange, exchange.send(draft, "api")), status_code=201)


@router.get("/Messages.json")
async def list_messages(exchange: Authenticated, request: Request) -> JSONResponse:
    """List messages, newest first. 'Message resource': Retrieve a list of Messages.

    A message that has not been sent yet counts with the date of its creation.
    """
    query = dict(request.query_params)
    found = [
        message
        for message in reversed(exchange.store.messages.values())
        if _is_listed(message) and _matches(message, query)
    ]
    path = f"/{API_VERSION}/Accounts/{exchange.config.account_sid}/Messages.json"
    order = exchange.store.messages
    return JSONResponse(
        page(path, "messages", found, order, query, _FILTERS, lambda each: message_json(exchange, each))
    )


@router.get("/Messages/{message_sid}.json")
async def fetch_message(exchange: Authenticated, request: Request, message_sid: str) -> JSONResponse:
    """Fetch one message."""
    return JSONResponse(message_json(exchange, _message(exchange, request, message_sid)))


@router.post("/Messages/{message_sid}.json")
async def update_message(exchange: Authenticated, request: Request, message_sid: str) -> JSONResponse:
    """Redact a message (an empty Body) or cancel it (Status=canceled). 'Message resource': Update."""
    message = _message(exchange, request, message_sid)
    form = await request.form()
    if form.get("Status") == "canceled":
        exchange.cancel(message)
    if form.get("Body") == "":
        _require_complete(message)
        exchange.store.erase(message.sid, "redacted")
    return JSONResponse(message_json(exchange, message))


@router.delete("/Messages/{message_sid}.json")
async def delete_message(exchange: Authenticated, request: Request, message_sid: str) -> Response:
    """Delete a message that has come to its end."""
    message = _message(exchange, request, message_sid)
    _require_complete(message)
    exchange.store.erase(message.sid, "deleted")
    return Response(status_code=204)


@router.get("/Messages/{message_sid}/Media.json")
async def list_media(exchange: Authenticated, request: Request, message_sid: str) -> JSONResponse:
    """List what is attached to a message, on one page: there are never more than ten."""
    message = _message(exchange, request, message_sid)
    media = [exchange.store.media[sid] for sid in message.media]
    uri = request.url.path
    media_page = {
        "first_page_uri": uri,
        "next_page_uri": None,
        "previous_page_uri": None,
        "uri": uri,
        "page": 0,
        "page_size": 50,
        "start": 0,
        "end": max(0, len(media) - 1),
        "media_list": [_media_json(exchange, medium) for medium in media if not medium.deleted],
    }
    return JSONResponse(media_page)


@router.get("/Messages/{message_sid}/Media/{media_sid}.json")
async def fetch_media(
    exchange: Authenticated, request: Request, message_sid: str, media_sid: str
) -> JSONResponse:
    """Fetch the description of a medium."""
    return JSONResponse(_media_json(exchange, _medium(exchange, request, message_sid, media_sid)))


@router.delete("/Messages/{message_sid}/Media/{media_sid}.json")
async def delete_media(
    exchange: Authenticated, request: Request, message_sid: str, media_sid: str
) -> Response:
    """Delete a medium."""
    exchange.store.erase(_medium(exchange, request, message_sid, media_sid).sid, "deleted")
    return Response(status_code=204)


@router.get("/Messages/{message_sid}/Media/{media_sid}")
async def fetch_media_content(
    exchange: Authenticated, request: Request, message_sid: str, media_sid: str
) -> Response:
    """Fetch the bytes of a medium, as the MediaUrl of a webhook names them."""
    medium = _medium(exchange, request, message_sid, media_sid)
    if exchange.settings.media_redirects:
        return RedirectResponse(exchange.config.public_url + exchange.stored_path(medium.sid))
    return Response(medium.content, media_type=medium.content_type)


@storage.get("/{sid}/{signature}")
async def fetch_stored_media(request: Request, sid: str) -> Response:
    """Fetch the bytes of a medium where a redirect says that they lie."""
    exchange = exchange_of(request)
    medium = exchange.store.media.get(sid)
    is_told = secrets.compare_digest(request.url.path.encode(), exchange.stored_path(sid).encode())
    if medium is None or medium.deleted or not is_told:
        raise HTTPException(404)
    return Response(medium.content, media_type=medium.content_type)


def message_json(exchange: Exchange, message: Message) -> dict[str, object]:
    """The Message resource as Twilio writes it; times are RFC 2822 in UTC, numbers are strings."""
    account = exchange.config.account_sid
    path = f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}"
    attached = max(len(message.media_urls), len(message.media))
    undecided = message.sender is None
    whole = attached or message.channel == "whatsapp"
    segments = 0 if undecided else 1 if whole else segment(message.body).segments
    return {
        "body": "" if message.redacted else message.body,
        "num_segments": str(segments),
        "direction": message.direction,
        "from": message.sender,
        "date_updated": _rfc2822(message.updated_at),
        "price": None,
        "error_message": None if message.error_code is None else DELIVERY_ERRORS[message.error_code],
        "uri": f"{path}.json",
        "account_sid": account,
        "num_media": str(attached),
        "to": message.recipient,
        "date_created": _rfc2822(message.created_at),
        "status": message.status,
        "sid": message.sid,
        "date_sent": None if message.sent_at is None else _rfc2822(message.sent_at),
        "messaging_service_sid": message.service_sid,
        "error_code": message.error_code,
        "price_unit": "USD",
        "api_version": API_VERSION,
        "subresource_uris": {"media": f"{path}/Media.json"},
    }


def _media_json(exchange: Exchange, medium: Media) -> dict[str, object]:
    account = exchange.config.account_sid
    at = _rfc2822(medium.created_at)
    return {
        "sid": medium.sid,
        "account_sid": account,
        "parent_sid": medium.message_sid,
        "content_type": medium.content_type,
        "date_created": at,
        "date_updated": at,
        "uri": media_path(account, medium.message_sid, medium.sid) + ".json",
    }


def _message(exchange: Exchange, request: Request, sid: str) -> Message:
    message = exchange.store.messages.get(sid)
    if message is None or not _is_listed(message):
        raise CarrierError(20404, request.url.path)
    return message


def _medium(exchange: Exchange, request: Request, message_sid: str, media_sid: str) -> Media:
    message = _message(exchange, request, message_sid)
    medium = exchange.store.media.get(media_sid)
    if medium is None or medium.deleted or medium.message_sid != message.sid:
        raise CarrierError(20404, request.url.path)
    return medium


def _is_listed(message: Message) -> bool:
    """Whether it is a resource: what the carrier wrote by itself (opt-out replies) is none."""
    return not message.deleted and message.origin != "carrier"


def _require_complete(message: Message) -> None:
    """Nothing is erased that is on its way, except what will stay 'sent' for ever.

    Raises:
        CarrierError: 20009.
    """
    if not message.is_final and message.status != "sent":
        raise CarrierError(20009)


def _matches(message: Message, query: Mapping[str, str]) -> bool:
    """Whether a message is what was asked for: To, From, DateSent, DateSent<, DateSent>."""
    if query.get("To", message.recipient) != message.recipient:
        return False
    if query.get("From", message.sender) != message.sender:
        return False
    return lies_in(message.sent_at or message.created_at, "DateSent", query)


def _rfc2822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
