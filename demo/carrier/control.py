"""The control API under /_carrier: phones that text, faults, events and everything that was kept.

For tests, for the demo's page and for an independent checker; no authentication, loopback only. It
must never be needed by the application itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from demo.carrier.access import Carrier, Number, loopback_only
from demo.carrier.behaviour import BEHAVIOURS, is_behaviour, known_codes
from demo.carrier.channels import Channel
from demo.carrier.config import Settings
from demo.carrier.exchange import Exchange
from demo.carrier.faults import Fault
from demo.carrier.records import CALLBACKS, Event, EventKind, Media, Message
from demo.carrier.voice.shown import shown_call
from demo.carrier.webhooks import SignatureMode

_SHOWN = frozenset({EventKind.MESSAGE, EventKind.STATUS, EventKind.PHONE, EventKind.OPT_OUT, EventKind.RESET})
"""Events that the stream shows as they are; the others are in the records."""

_OF_CALLS = frozenset({EventKind.CALL, EventKind.CALL_CHANGED, EventKind.RECORDING})
"""Events that the stream shows as 'call': the whole call as it is by now, once for many of its events."""

_HEARTBEAT = 15.0
"""Seconds between two comments that keep a silent stream open."""


router = APIRouter(prefix="/_carrier", dependencies=[Depends(loopback_only)])


class Attachment(BaseModel):
    """One picture, sound or film of a text.

    Attributes:
        content_type: Its MIME type.
        base64: Its bytes.
    """

    model_config = ConfigDict(extra="forbid")

    content_type: str
    base64: Base64Bytes


class Text(BaseModel):
    """What a phone sends.

    Attributes:
        body: The text, of any length.
        to: Which of our numbers; the first when left out.
        media: What is attached.
        channel: 'sms' or 'whatsapp'.
        profile_name: What the sender calls themselves on WhatsApp.
        sid: The sid it shall have; one that exists already is a replay of that text.
        signature: Whether the webhook is signed as it should be.
        copies: How many webhooks are sent at once, all for the same sid.
    """

    model_config = ConfigDict(extra="forbid")

    body: str = ""
    to: str | None = None
    media: list[Attachment] = []
    channel: Channel = "sms"
    profile_name: str | None = None
    sid: str | None = Field(default=None, pattern=r"^(SM|MM)[0-9a-f]{32}$")
    signature: SignatureMode = "valid"
    copies: int = Field(default=1, ge=1, le=1000)


class Behaviour(BaseModel):
    """How a phone takes what is sent to it.

    Attributes:
        behaviour: A name of the table in `behaviour`, or one of Twilio's codes.
    """

    model_config = ConfigDict(extra="forbid")

    behaviour: str


@router.post("/phones/{number}/texts")
async def send_text(carrier: Carrier, number: Number, text: Text) -> dict[str, object]:
    """A phone texts one of our numbers; answers when the application has answered."""
    to = text.to or carrier.config.numbers[0]
    if to not in carrier.config.numbers:
        raise HTTPException(422, "'to' is none of the carrier's numbers.")
    sid = text.sid or carrier.new_sid("MM" if text.media else "SM")
    message = carrier.store.messages.get(sid)
    replay = message is not None
    if message is None:
        media = [(attachment.content_type, attachment.base64) for attachment in text.media]
        message = carrier.receive(
            number, to, text.body, media, sid, channel=text.channel, profile_name=text.profile_name
        )
    elif message.direction != "inbound" or message.phone != number:
        raise HTTPException(409, "That sid belongs to a message that this phone did not send.")
    attempts = await asyncio.gather(*(carrier.announce(message, text.signature) for _ in range(text.copies)))
    made = [attempt for each in attempts for attempt in each]
    return {
        "sid": sid,
        "replay": replay,
        "status_code": made[0].status_code if made else None,
        "status_codes": [attempt.status_code for attempt in made],
        "errors": [attempt.errors for attempt in made],
    }


@router.get("/phones")
async def list_phones(carrier: Carrier) -> dict[str, object]:
    """Every phone that was ever seen."""
    return {"phones": _phones(carrier)}


@router.put("/phones/{number}")
async def set_phone(carrier: Carrier, number: Number, wanted: Behaviour) -> dict[str, object]:
    """Make a phone behave otherwise."""
    if not is_behaviour(wanted.behaviour):
        choices = ", ".join([*BEHAVIOURS, *map(str, known_codes())])
        raise HTTPException(422, f"'behaviour' is one of: {choices}")
    carrier.store.set_behaviour(number, wanted.behaviour)
    return _phone(carrier, number)


@router.get("/phones/{number}/messages")
async def list_phone_messages(carrier: Carrier, number: Number) -> dict[str, object]:
    """What a phone sent and what was sent to it, in order."""
    return {"messages": [shown(carrier, message) for message in _of_phone(carrier, number)]}


@router.post("/messages/{sid}/read")
async def read_message(carrier: Carrier, sid: str) -> dict[str, object]:
    """The phone's owner reads a message that was delivered by WhatsApp."""
    message = carrier.store.messages.get(sid)
    if message is None:
        raise HTTPException(404, "No such message.")
    if message.channel != "whatsapp" or message.status != "delivered":
        raise HTTPException(409, f"Only WhatsApp tells of reading, once it was delivered: {message.status}.")
    carrier.read(message)
    return shown(carrier, message)


@router.get("/media/{media_sid}")
async def fetch_media(carrier: Carrier, media_sid: str) -> Response:
    """The bytes of a medium, for a page that shows a phone."""
    medium = carrier.store.media.get(media_sid)
    if medium is None:
        raise HTTPException(404, "No such medium.")
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return Response(medium.content, media_type=medium.content_type, headers=headers)


@router.get("/events")
async def stream_events(
    carrier: Carrier,
    snapshot: bool = False,
    last_event_id: Annotated[int | None, Query()] = None,
    header: Annotated[int | None, Header(alias="Last-Event-ID")] = None,
) -> StreamingResponse:
    """Server-sent events from now on, or from after Last-Event-ID, or after a snapshot of all."""
    resume = header if header is not None else last_event_id
    return StreamingResponse(
        _stream(carrier, resume, snapshot),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


@router.post("/faults", status_code=201)
async def add_fault(carrier: Carrier, fault: Fault) -> dict[str, object]:
    """Order a fault."""
    carrier.faults.add(fault)
    return _faults(carrier)


@router.get("/faults")
async def list_faults(carrier: Carrier) -> dict[str, object]:
    """What is still to go wrong."""
    return _faults(carrier)


@router.delete("/faults")
async def clear_faults(carrier: Carrier) -> dict[str, object]:
    """Let everything go well from now on."""
    carrier.faults.clear()
    return _faults(carrier)


@router.get("/settings")
async def read_settings(carrier: Carrier) -> Settings:
    """What may be changed, as it is."""
    return carrier.settings


@router.patch("/settings")
async def change_settings(carrier: Carrier, changes: dict[str, object]) -> Settings:
    """Change some settings until the next reset or restart."""
    merged = carrier.settings.model_dump() | changes
    try:
        carrier.change(Settings.model_validate(merged))
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    return carrier.settings


@router.post("/reset")
async def reset(carrier: Carrier) -> dict[str, object]:
    """Forget all traffic, all faults and every changed setting."""
    await carrier.reset()
    return {"last_event_id": carrier.store.last_id}


@router.get("/records")
async def records(carrier: Carrier) -> dict[str, object]:
    """Everything that was kept."""
    calls = [attempt.model_dump(mode="json") for attempt in carrier.store.webhooks]
    return {
        "last_event_id": carrier.store.last_id,
        "messages": [
            shown(carrier, message)
            | {
                "history": [step.model_dump(mode="json") for step in message.history],
                "service_sid": message.service_sid,
                "status_callback": message.status_callback,
                "redacted": message.redacted,
                "deleted": message.deleted,
            }
            for message in carrier.store.messages.values()
        ],
        "webhooks": [call for call in calls if call["purpose"] not in CALLBACKS],
        "callbacks": [call for call in calls if call["purpose"] in CALLBACKS],
        "calls": [
            shown_call(carrier, call)
            | {
                "status_callback": call.status_callback,
                "document": None if call.document is None else call.document.model_dump(mode="json"),
                "deleted": call.deleted,
            }
            for call in carrier.store.calls.values()
        ],
        "recordings": [
            recording.model_dump(mode="json", exclude={"base64"})
            for recording in carrier.store.recordings.values()
        ],
        "opt_outs": [{"scope": scope, "phone": phone} for scope, phone in sorted(carrier.store.opt_outs)],
        "phones": _phones(carrier),
    } | _faults(carrier)


def shown(carrier: Exchange, message: Message) -> dict[str, object]:
    """A message as its phone knows it: with its text even where the resource was erased."""
    media = (carrier.store.media[sid] for sid in message.media)
    return {
        "sid": message.sid,
        "phone": message.phone,
        "direction": "inbound" if message.direction == "inbound" else "outbound",
        "channel": message.channel,
        "origin": message.origin,
        "from": message.sender,
        "to": message.recipient,
        "body": message.body,
        "media": [
            {"sid": medium.sid, "content_type": medium.content_type, "url": f"/_carrier/media/{medium.sid}"}
            for medium in media
        ],
        "status": message.status,
        "error_code": message.error_code,
        "in_reply_to": message.in_reply_to,
        "at": message.created_at.isoformat(),
    }


def _of_phone(carrier: Exchange, number: str) -> list[Message]:
    return [message for message in carrier.store.messages.values() if message.phone == number]


def _phone(carrier: Exchange, number: str) -> dict[str, object]:
    messages = _of_phone(carrier, number)
    return {
        "number": number,
        "behaviour": carrier.store.behaviours.get(number, "normal"),
        "opted_out": [ours for ours in carrier.config.numbers if carrier.is_opted_out(ours, number)],
        "messages": len(messages),
        "last_at": messages[-1].created_at.isoformat() if messages else None,
    }


def _phones(carrier: Exchange) -> list[dict[str, object]]:
    seen = dict.fromkeys(carrier.store.behaviours)
    seen |= dict.fromkeys(message.phone for message in carrier.store.messages.values())
    seen |= dict.fromkeys(call.phone for call in carrier.store.calls.values())
    return [_phone(carrier, number) for number in seen]


def _faults(carrier: Exchange) -> dict[str, object]:
    return {"faults": [fault.model_dump(mode="json") for fault in carrier.faults.pending()]}


async def _stream(carrier: Exchange, resume: int | None, snapshot: bool) -> AsyncIterator[str]:
    store = carrier.store
    last = store.last_id if resume is None else min(resume, store.last_id)
    if snapshot and resume is None:
        everything = [shown(carrier, message) for message in store.messages.values()]
        calls = [shown_call(carrier, call) for call in store.calls.values()]
        yield _frame(last, "snapshot", {"phones": _phones(carrier), "messages": everything, "calls": calls})
    while not store.closed:
        events = store.after(last)
        newest = {_call_sid(event): event.id for event in events if event.kind in _OF_CALLS}
        for event in events:
            last = event.id
            if event.kind in _SHOWN:
                yield _frame(event.id, event.kind, _event_data(carrier, event))
            elif event.kind is EventKind.MEDIA and (fetched := _fetched(carrier, event)):
                yield _frame(event.id, event.kind, fetched)
            elif event.kind in _OF_CALLS and newest[_call_sid(event)] == event.id:
                call = store.calls.get(_call_sid(event))
                if call is not None:
                    yield _frame(event.id, EventKind.CALL, shown_call(carrier, call))
        try:
            async with asyncio.timeout(_HEARTBEAT):
                await store.changed(last)
        except TimeoutError:
            yield ": still here\n\n"


def _call_sid(event: Event) -> str:
    return str(event.data["call_sid" if event.kind is EventKind.RECORDING else "sid"])


def _event_data(carrier: Exchange, event: Event) -> dict[str, object]:
    if event.kind is EventKind.MESSAGE:
        # Attached bytes are events of their own, right behind; the text is shown with them.
        known = carrier.store.messages.get(str(event.data["sid"]))
        media = known.media if known is not None else []
        return shown(carrier, Message.model_validate(event.data | {"media": media}))
    return event.data | {"at": event.at.isoformat()}


def _fetched(carrier: Exchange, event: Event) -> dict[str, object]:
    """What has been fetched for a message on its way to a phone; nothing of what came with one from there."""
    medium = Media.model_validate(event.data)
    message = carrier.store.messages.get(medium.message_sid)
    if message is None or message.direction == "inbound":
        return {}
    return {"sid": medium.sid, "message_sid": medium.message_sid, "content_type": medium.content_type}


def _frame(event_id: int, name: str, data: dict[str, object]) -> str:
    return f"id: {event_id}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
