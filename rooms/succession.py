"""An upgraded room: the service follows its tombstone, if the new room really comes in the old one's place.

The homeserver lets only those write a tombstone who may; here it is made sure that the same person has
made the new room, and that the service can work in it. Otherwise the unit gets a room of the service's own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tortoise.transactions import in_transaction

from bridges.contract import Refused
from bridges.matrix.appservice import AppService
from bridges.matrix.policy import BOT
from linzhang.settings import Settings
from models import Room
from rooms import losing


class NotYet(Exception):
    """The service is not let into the new room, but may be in a moment: clients invite after an upgrade."""


async def follow(
    settings: Settings, service: AppService, room: Room, successor: str, *, patient: bool
) -> bool:
    """Take over the room that an upgrade has put in another's place.

    Args:
        settings: The service's.
        service: On the room's homeserver.
        room: The old one.
        successor: What its tombstone names.
        patient: Whether to wait for an invitation.

    Returns:
        Whether the new room is the unit's now.

    Raises:
        NotYet: There is no invitation so far.
        DeliveryError: The homeserver cannot be asked.
    """
    try:
        await service.join(successor)
    except Refused as error:
        if patient:
            raise NotYet from error
        return False
    before, after = await service.state(room.room_id), await service.state(successor)
    if not _is_heir(before, after, room.room_id, service.homeserver.bot_id):
        await service.leave(successor)
        return False
    wall = settings.clock.wall()
    async with in_transaction():
        await Room.filter(id=room.id, lost_at=None).update(lost_at=wall)
        facts = {
            "unit_id": room.unit_id,
            "kind": room.kind,
            "homeserver": room.homeserver,
            "made_at": settings.clock.now(),
            "lost_at": None,
            "stale_at": wall,  # its alias, its place in the space, its members: all that is mended
        }
        await Room.update_or_create(facts, room_id=successor)
        await losing.show_again(settings, room)
    return True


def _is_heir(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], room_id: str, bot: str
) -> bool:
    """Whether whoever has closed the old room has made the new one for it, and left the service its power."""
    tombstone, create = _event(before, "m.room.tombstone"), _event(after, "m.room.create")
    predecessor = create.get("content", {}).get("predecessor")
    named = predecessor.get("room_id") if isinstance(predecessor, Mapping) else None
    powers = _event(after, "m.room.power_levels").get("content", {}).get("users", {})
    same = tombstone.get("sender") is not None and tombstone.get("sender") == create.get("sender")
    return same and named == room_id and powers.get(bot, 0) >= BOT


def _event(events: Iterable[Mapping[str, Any]], kind: str) -> Mapping[str, Any]:
    return next((each for each in events if each.get("type") == kind and each.get("state_key") == ""), {})
