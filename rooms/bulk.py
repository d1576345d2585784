"""Makes the rooms of a whole subtree at once; what is there already is left alone.

A run that was stopped goes on where it ended, because a unit that has a room is skipped. It never
makes more requests at a time than one homeserver answers well (DESIGN, section 7).
"""

import asyncio
from collections.abc import Callable

from linzhang.settings import Settings
from models import Room, RoomKind, Unit
from rooms.provision import Provision

#: Rooms made at the same time; more only wait for each other on one homeserver.
CONCURRENCY = 4

#: Told after each room how many are done, and of how many.
Progress = Callable[[int, int], None]


async def make_rooms(
    settings: Settings,
    provision: Provision,
    under: Unit,
    progress: Progress,
    *,
    concurrency: int = CONCURRENCY,
) -> int:
    """Make the rooms of a unit and of all units below it.

    Args:
        settings: The service's.
        provision: Makes a single room.
        under: The top of the subtree.
        progress: Told about each room.
        concurrency: Rooms made at the same time.

    Returns:
        How many rooms were made.

    Raises:
        DeliveryError: The homeserver cannot be asked, or refuses; what was made stays.
    """
    tiers = [tier.key for tier in settings.territory.tiers if tier.chain]
    units = await Unit.filter(path__startswith=under.path, tier__in=tiers, closed_at=None).order_by("path")
    have = {room.unit_id for room in await Room.filter(kind=RoomKind.ROOM, lost_at=None)}
    missing = [unit for unit in units if unit.id not in have]
    # Spaces first, one after the other: rooms of the same village would race for them.
    for unit in missing:
        if settings.territory.tier(unit.tier).space:
            await provision.space(unit)
    done = 0
    gate = asyncio.Semaphore(concurrency)

    async def make(unit: Unit) -> None:
        nonlocal done
        async with gate:
            await provision.room(unit)
        done += 1
        progress(done, len(missing))

    async with asyncio.TaskGroup() as tasks:
        for unit in missing:
            tasks.create_task(make(unit))
    return len(missing)
