"""How far people have been heard: what they have said in time counts, though it is worked on late."""

from datetime import datetime

from issues.effects import lane_of_room
from linzhang.settings import Settings
from models import Address, Inbox, InboxState, Issue, RoomEvent


async def heard_until(settings: Settings) -> datetime:
    """Programme time until which all has been taken in that people have said: the clock speaks after them.

    After an outage an answer may wait here that was given before its window ended; so may one that is put off
    for a few minutes at most, until it is known what it answers. What fails again and again holds up nobody's
    deadline, nor does what waits behind it.
    """
    now = settings.clock.now()
    waiting = Inbox.filter(state=InboxState.WAITING)
    failing = {row["lane"] for row in await waiting.exclude(error="").distinct().values("lane")}
    untried = waiting.exclude(lane__in=list(failing)) if failing else waiting
    first = await untried.filter(received_at__lt=now).order_by("received_at").first()
    return first.received_at if first else now


async def may_have_been_said(issue: Issue, before: datetime) -> bool:
    """Whether something waits that was said before a moment, and may be about an issue.

    Args:
        issue: The issue.
        before: Programme time.
    """
    rooms = await RoomEvent.filter(issue_id=issue.id).distinct().values_list("room_id", flat=True)
    address = await Address.get(id=issue.address_id)
    lanes = [*(lane_of_room(str(room)) for room in rooms), f"sender:{address.lookup}"]
    waiting = Inbox.filter(state=InboxState.WAITING, error="", lane__in=lanes)
    return await waiting.filter(received_at__lt=before).exists()
