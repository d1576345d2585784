"""Which homeserver a subtree lives on, and the rooms that are left where it does not live any more.

A unit names a homeserver or lives where the unit above it does. Rooms do not move: whoever wants them on the
new homeserver leaves the old ones behind, and what is in hand is posted in those that come in their place.
"""

from contextlib import suppress

from bridges.contract import Refused
from bridges.matrix.bridge import MatrixBridge
from linzhang.settings import Settings
from models import Room, Unit
from rooms import losing, roster


async def assign(unit: Unit, server_name: str | None) -> None:
    """Let a unit, and all below it that name no other, live on a homeserver; None: where its parent does."""
    unit.homeserver = server_name
    await unit.save(update_fields=["homeserver"])


async def left_elsewhere(settings: Settings, unit: Unit) -> list[Room]:
    """The rooms and spaces of a subtree that are not on the homeserver where their unit lives."""
    there = Room.filter(unit__path__startswith=unit.path, lost_at=None).select_related("unit")
    rooms = await there.order_by("unit__path", "kind")
    return [room for room in rooms if room.homeserver != await roster.server_of(settings, room.unit)]


async def leave(settings: Settings, matrix: MatrixBridge, room: Room) -> None:
    """Leave a room behind; another one comes in its place, with what is in hand.

    Raises:
        DeliveryError: Its homeserver cannot be asked.
    """
    service = matrix.service(room.homeserver)
    unit = await Unit.get(id=room.unit_id)
    alias = (await roster.read(settings, unit, room.kind, settings.clock.now())).alias
    await losing.lose(settings, room.room_id)
    with suppress(Refused):  # somebody has given it to another room
        await service.delete_alias(alias)
    await service.leave(room.room_id)


async def given_to(server_name: str) -> list[Unit]:
    """The units that name a homeserver themselves."""
    return await Unit.filter(homeserver=server_name, closed_at=None).order_by("path")


async def rooms_on(server_name: str) -> int:
    """How many rooms and spaces in use there are on a homeserver."""
    return await Room.filter(homeserver=server_name, lost_at=None).count()
