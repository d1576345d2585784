"""Which rooms are to be looked over: found in the database alone, whoever has changed it and however.

Marks rooms and calls nobody; what is marked is handed to the outbox a few at a time, so that a city's new
roster does not bury a homeserver. A mark that is lost with a process is found again by the round.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from issues.effects import ROOMS, Effects
from linzhang.settings import Settings
from models import Absence, Leadership, Outbox, OutboxState, Room, Unit
from rooms import roster

#: Rooms of a homeserver that are handed to the outbox at one look, and how many may wait there.
A_FEW = 5
_UNDER_WAY = 10

#: Rooms whose roster one step of the round reads, and how long each is left in peace then.
_STEP = 25
_PEACE = timedelta(minutes=1)

#: Units in one statement.
_SLICE = 500


async def mark(settings: Settings, units: Iterable[int]) -> None:
    """Have the rooms and spaces of these units looked over."""
    ids = sorted(set(units))
    for start in range(0, len(ids), _SLICE):
        rooms = Room.filter(unit_id__in=ids[start : start + _SLICE], lost_at=None)
        await rooms.update(stale_at=settings.clock.wall())


async def mark_changed(settings: Settings, begin: datetime, end: datetime, reached: int) -> int:
    """Have the rooms looked over whose unit, or a unit below, has got or lost somebody who answers for it.

    Args:
        settings: The service's.
        begin: Programme time of the last look.
        end: Of this one; what lies ahead is found when its time has come.
        reached: Id of the last post that the last look has seen: a roster that takes minutes to load has
            posts that began before it.

    Returns:
        Id of the last post now.
    """
    moved = Q(since__gt=begin, since__lte=end) | Q(until__gt=begin, until__lte=end)
    posts = await Leadership.filter(moved | Q(id__gt=reached)).values("id", "unit_id", "unit__parent_id")
    away = await Absence.filter(moved).values("unit_id")
    units = {row["unit_id"] for row in [*posts, *away]} | {row["unit__parent_id"] for row in posts}
    await mark(settings, units - {None})
    return max([reached, *(int(row["id"]) for row in posts)])


async def go_round(settings: Settings) -> None:
    """A step of the round that compares every room's roster with what it was: renamed, moved, linked."""
    wall = settings.clock.wall()
    at_rest = Room.filter(lost_at=None, stale_at=None, unit__closed_at=None)
    never = await at_rest.filter(looked_at=None).order_by("id").limit(_STEP)
    longest_ago = at_rest.filter(looked_at__lte=wall - _PEACE).order_by("looked_at")
    for room in never or await longest_ago.limit(_STEP):
        unit = await Unit.get(id=room.unit_id)
        digest = (await roster.read(settings, unit, room.kind, settings.clock.now())).digest
        changes: dict[str, object] = {"looked_at": wall, "digest": digest}
        # One that has just been made is as the roster was then; of an older one nobody knows.
        if digest != room.digest and (room.digest or room.looked_at is None):
            changes["stale_at"] = wall
        await Room.filter(id=room.id, stale_at=None).update(**changes)


async def hand_over(settings: Settings) -> set[str]:
    """Let the outbox mend some of what is marked, of each homeserver: one that is away delays no other.

    Returns:
        The outbox lanes that have got rows.
    """
    lanes: set[str] = set()
    for homeserver in settings.homeservers:
        name = homeserver.server_name
        undone = Outbox.filter(bridge=ROOMS, state__in=(OutboxState.WAITING, OutboxState.CALLING))
        under_way = await undone.filter(lane__startswith=_lane(name)).count()
        if under_way < _UNDER_WAY:
            some = _due(settings).filter(homeserver=name).limit(min(A_FEW, _UNDER_WAY - under_way))
            for room in await some:
                lanes |= await _hand_over(settings, room.id, _lane(name))
    return lanes


async def is_any_due(settings: Settings) -> bool:
    """Whether a room waits to be looked over."""
    names = [homeserver.server_name for homeserver in settings.homeservers]
    return await _due(settings).filter(homeserver__in=names).exists()


async def _hand_over(settings: Settings, room_id: int, lane: str) -> set[str]:
    async with in_transaction():
        room = await Room.filter(id=room_id).select_for_update().get()
        if room.stale_at is None:
            return set()  # another worker was a moment faster
        effects = Effects(f"mend{room.id}.{room.stale_at.timestamp():.6f}", settings.clock.wall())
        effects.mend(room.id, f"{lane}{room.id}")
        lanes = await effects.save_once()
        await Room.filter(id=room.id).update(stale_at=None)
    return lanes


def _lane(homeserver: str) -> str:
    """How the lanes of repairs on a homeserver begin, whose name may be longer than a lane's."""
    return f"upkeep:{hashlib.sha256(homeserver.encode()).hexdigest()[:12]}:"


def _due(settings: Settings) -> QuerySet[Room]:
    return Room.filter(lost_at=None, stale_at__lte=settings.clock.wall()).order_by("stale_at")
