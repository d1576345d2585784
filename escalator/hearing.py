"""How far people have been heard: what they have said in time counts, though it is worked on late."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from bridges.contract import Inbound, Kind
from issues import inbox, keywords
from issues.effects import ROOMS, lane_of_room
from linzhang.settings import Settings
from models import Address, Inbox, InboxState, Issue, Leadership, Outbox, OutboxState, RoomEvent


async def heard_until(settings: Settings) -> datetime:
    """Programme time until which all has been taken in that people have said: the clock speaks after them.

    After an outage an answer may wait here that was given before its window ended. What fails again and again
    holds up nobody's deadline, nor does what waits behind it; what is put off holds up only those of which
    `put_off` tells.
    """
    now = settings.clock.now()
    waiting = Inbox.filter(state=InboxState.WAITING)
    tried = {row["lane"] for row in await waiting.filter(attempts__gt=0).distinct().values("lane")}
    untried = waiting.exclude(lane__in=list(tried)) if tried else waiting
    first = await untried.filter(received_at__lt=now).order_by("received_at").first()
    return first.received_at if first else now


@dataclass(frozen=True, slots=True)
class PutOff:
    """What was said and waits until it is known what it answers.

    Attributes:
        since: Programme time at which the first of it was said.
        about: The issues that it may be about.
    """

    since: datetime
    about: Q


async def put_off(settings: Settings) -> PutOff | None:
    """What is put off now; None: nothing is."""
    waiting = Inbox.filter(state=InboxState.WAITING, error="", attempts__gt=0)
    rows = await waiting.order_by("received_at")
    if not rows:
        return None
    about = Q(id__in=Subquery(_unknown().exclude(issue_id=None).values("issue_id")))
    for row in {row.lane: row for row in rows}.values():
        concerned = await concerned_by(settings, inbox.restore(settings, row))
        about = about if concerned is None else about | concerned
    return PutOff(rows[0].received_at, about)


async def concerned_by(settings: Settings, event: Inbound) -> Q | None:
    """The issues that something said may be about; None: it is about none."""
    if event.kind is Kind.RECEIPT:
        return None
    if event.room:
        return Q(id__in=Subquery(RoomEvent.filter(room_id=event.room).values("issue_id")))
    lookup = settings.vault.lookup(event.bridge, event.sender)
    address = await Address.filter(bridge=event.bridge, lookup=lookup).first()
    if address is None:
        return None
    led = Leadership.filter(person_id=address.person_id, until=None).values("unit_id")
    quoted = [Issue.id_of(number) for number in keywords.read(event.text).numbers]
    return Q(reporter_id=address.person_id) | Q(holder_id__in=Subquery(led)) | Q(id__in=quoted)


def _unknown() -> QuerySet[Outbox]:
    """What may stand in a room although nobody here knows yet that it does."""
    return Outbox.filter(bridge=ROOMS, state=OutboxState.CALLING)


async def may_have_been_said(issue: Issue, before: datetime) -> bool:
    """Whether something waits that was said before a moment, and may be about an issue.

    Args:
        issue: The issue.
        before: Programme time.
    """
    rooms = await RoomEvent.filter(issue_id=issue.id).distinct().values_list("room_id", flat=True)
    address = await Address.get(id=issue.address_id)
    lanes = [*(lane_of_room(str(room)) for room in rooms), f"sender:{address.lookup}"]
    waiting = Inbox.filter(state=InboxState.WAITING, error="", received_at__lt=before)
    if await waiting.filter(lane__in=lanes).exists():
        return True
    return (
        await _unknown().filter(issue_id=issue.id).exists() and await waiting.filter(attempts__gt=0).exists()
    )
