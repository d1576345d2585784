"""Makes the rooms of a whole subtree at once; what is there already is left alone.

A run that was stopped goes on where it ended, because a unit that has a room is skipped. It asks no
homeserver for more rooms in a second than it makes beside its daily work (DESIGN, section 7).
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence

from bridges.contract import Unavailable, Uncertain
from bridges.pace import Pace
from linzhang.settings import Settings
from models import Room, RoomKind, Unit
from rooms.provision import Provision

#: Rooms made at the same time; more only wait for each other on one homeserver.
CONCURRENCY = 4

#: Rooms in a second on one homeserver: a Synapse makes 3.7, and people write to it meanwhile.
RATE = 3.0

#: Seconds to wait after the first, second … failure of a homeserver that may be back soon.
BACKOFF = (1, 2, 5, 10)

#: Told after each room how many are done, and of how many.
Progress = Callable[[int, int], None]


async def make_rooms(
    settings: Settings,
    provision: Provision,
    under: Unit,
    progress: Progress,
    *,
    concurrency: int = CONCURRENCY,
    rate: float = RATE,
) -> int:
    """Make the rooms of a unit and of all units below it.

    Args:
        settings: The service's.
        provision: Makes a single room.
        under: The top of the subtree.
        progress: Told about each room.
        concurrency: Rooms made at the same time.
        rate: Rooms in a second on one homeserver.

    Returns:
        How many rooms were made.

    Raises:
        DeliveryError: A homeserver cannot be asked for a while, or refuses; what was made stays.
    """
    missing = await without_room(settings, under)
    paces: dict[str, Pace] = defaultdict(lambda: Pace(rate, burst=concurrency))
    # Spaces first, one after the other: rooms of the same village would race for them.
    for unit in missing:
        if settings.territory.tier(unit.tier).space:
            await _with_patience(paces, provision, unit, provision.space)
    done = 0
    waiting = deque(missing)
    progress(0, len(missing))

    async def work() -> None:
        nonlocal done
        while waiting:
            await _with_patience(paces, provision, waiting.popleft(), provision.room)
            done += 1
            progress(done, len(missing))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(concurrency):
            tasks.create_task(work())
    return len(missing)


async def without_room(settings: Settings, under: Unit) -> Sequence[Unit]:
    """The units of a subtree that hold issues and have no room, from the top down."""
    tiers = [tier.key for tier in settings.territory.tiers if tier.chain]
    units = await Unit.filter(path__startswith=under.path, tier__in=tiers, closed_at=None).order_by("path")
    rooms = Room.filter(kind=RoomKind.ROOM, lost_at=None, unit__path__startswith=under.path)
    have = set(await rooms.values_list("unit_id", flat=True))
    return [unit for unit in units if unit.id not in have]


async def _with_patience(
    paces: dict[str, Pace], provision: Provision, unit: Unit, make: Callable[[Unit], Awaitable[Room]]
) -> None:
    """Make one, however often it takes while the homeserver starts again or is asked for too much."""
    pace = paces[await provision.server_of(unit)]
    for wait in (*BACKOFF, None):
        await pace.turn()
        try:
            await make(unit)
        except (Unavailable, Uncertain) as error:
            if wait is None:
                raise
            asked = error.retry_after if isinstance(error, Unavailable) else None
            await pace.pause(max(wait, asked or 0))
        else:
            return
