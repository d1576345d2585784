"""The inbox: what bridges hand in is stored here before anybody is told that it was accepted.

A platform's own id makes each event unique, so that a hundred replays leave one row (DESIGN,
rule 4). Nothing is decided here: the work begins when a worker takes the row out.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from bridges.calls import WITHHELD
from bridges.contract import Inbound, Kind, Media
from issues import presence, switches
from issues.effects import lane_of_room
from linzhang import tracing
from linzhang.settings import Settings
from models import Inbox

#: Where an event has the sender's own telephone number, for which the platform vouches.
PHONE = "phone"

#: Where an event that a programme files has what is known besides the words: 'unit', the code of where it is,
#: and 'name'.
FILED = "filed"

#: Characters of one message that are kept; a text of ten SMS segments has 1,600.
TEXT_LIMIT = 16_000


async def store(settings: Settings, inbound: Inbound) -> str | None:
    """Keep an inbound event durably.

    Returns:
        The lane in which it waits, or None where it had been stored before, or where nothing is left to
        be done about it: that somebody was there is only noted.

    Raises:
        TurnedOff: An administrator has turned the bridge off.
    """
    await switches.require_on(inbound.bridge)
    inbound = await _with_caller(settings, inbound)
    if inbound.kind is Kind.SEEN:
        await presence.seen(settings, inbound, settings.clock.now())
        return None
    return await keep(row_of(settings, inbound))


async def keep(row: Inbox) -> str | None:
    """Store a row; returns its lane, or None where the same event had been stored before."""
    try:
        await row.save()
    except IntegrityError:
        return None
    return row.lane


def row_of(settings: Settings, inbound: Inbound) -> Inbox:
    """The row in which an event waits; not stored yet."""
    return Inbox(
        bridge=inbound.bridge,
        external_id=inbound.external_id,
        lane=lane_of(settings, inbound),
        sender=settings.vault.seal(inbound.sender),
        body=_body(_sealed(settings, inbound)),
        received_at=settings.clock.now(),
        not_before=settings.clock.wall(),
        trace=tracing.carried(),
    )


def _sealed(settings: Settings, inbound: Inbound) -> Inbound:
    """The event without a readable number: a row holds none."""
    if PHONE not in inbound.detail:
        return inbound
    return replace(inbound, detail=inbound.detail | {PHONE: settings.vault.seal(inbound.detail[PHONE])})


def lane_of(settings: Settings, inbound: Inbound) -> str:
    """What must be worked on in order: one room, one sent message's receipts, or one sender."""
    if inbound.kind is Kind.RECEIPT:
        return f"receipt:{inbound.bridge}:{inbound.target}"
    if inbound.room:
        return lane_of_room(inbound.room)
    return f"sender:{settings.vault.lookup(inbound.bridge, inbound.sender)}"


def restore(settings: Settings, row: Inbox) -> Inbound:
    """The event as the bridge handed it in."""
    body = dict(row.body)
    sent_at = body.pop("sent_at")
    if PHONE in body["detail"]:
        body["detail"] = body["detail"] | {PHONE: settings.vault.open(body["detail"][PHONE])}
    return Inbound(
        bridge=row.bridge,
        external_id=row.external_id,
        sender=settings.vault.open(row.sender),
        kind=Kind(body.pop("kind")),
        media=[Media(**each) for each in body.pop("media")],
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        **body,
    )


async def _with_caller(settings: Settings, inbound: Inbound) -> Inbound:
    """An event that names only the call in which it was said, with who called."""
    if inbound.sender or "call" not in inbound.detail:
        return inbound
    call = inbound.detail["call"]
    began = await Inbox.get_or_none(bridge=inbound.bridge, external_id=call)
    if began is None:
        return replace(inbound, sender=f"{WITHHELD}{call}", detail={"withheld": True} | inbound.detail)
    told = restore(settings, began)
    return replace(inbound, sender=told.sender, detail=told.detail | inbound.detail)


def _body(inbound: Inbound) -> dict[str, Any]:
    short = replace(inbound, text=inbound.text.replace("\0", "")[:TEXT_LIMIT])
    return {
        "kind": str(short.kind),
        "text": short.text,
        "media": [
            {
                "url": each.url,
                "content_type": each.content_type,
                "size": each.size,
                "name": each.name,
                "seconds": each.seconds,
            }
            for each in short.media
        ],
        "room": short.room,
        "thread": short.thread,
        "target": short.target,
        "detail": short.detail,
        "sent_at": short.sent_at.isoformat() if short.sent_at else None,
    }
