"""What people say and do in rooms, turned into transitions of issues.

Runs in the transaction in which its event leaves the inbox. Being in a room gives no right: who may
act is the lifecycle's to say, and what it refuses is answered with its sentence.
"""

from collections.abc import Sequence
from datetime import datetime

from bridges.contract import Inbound, Kind
from issues.effects import Effects
from issues.errors import IssueError
from linzhang.settings import Settings
from models import Room, RoomKind
from rooms import changes, heard, reactions, speech
from rooms.heard import Heard


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Do what an event in a room asks for.

    Args:
        settings: The service's.
        inbound: Said or done in a room.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    if inbound.kind is Kind.MEMBERSHIP:
        await _watch_own_membership(settings, inbound)
        return set()
    room = await Room.get_or_none(room_id=inbound.room, kind=RoomKind.ROOM, lost_at=None)
    if room is None:
        return set()
    address = await heard.who(settings, inbound)
    issue_id = await heard.about(inbound)
    event = Heard(settings, inbound, address, room.unit_id, issue_id, at)
    lanes: set[str] = set()
    for effects in await _answer(event):
        lanes |= await effects.save()
    return lanes


async def _answer(event: Heard) -> Sequence[Effects]:
    try:
        match event.inbound.kind:
            case Kind.REACTION:
                return await reactions.take(event)
            case Kind.EDIT:
                return await changes.edit(event)
            case Kind.REDACTION:
                return await changes.redaction(event)
            case _:
                return await speech.take(event)
    except IssueError as error:
        return [event.retort_words(error.sentence(event.language))]


async def _watch_own_membership(settings: Settings, inbound: Inbound) -> None:
    """A room from which the service was removed is lost; its unit gets another when it needs one."""
    ours = {homeserver.bot_id for homeserver in settings.homeservers}
    removed = inbound.detail.get("membership") in ("leave", "ban")
    if removed and inbound.detail.get("member") in ours:
        await Room.filter(room_id=inbound.room, lost_at=None).update(lost_at=settings.clock.wall())
