"""The duty of rooms: whatever the roster says, a moment later the rooms show it.

Finds what has changed and hands a few rooms at a time to the outbox, which mends them. Rooms of strangers
who have sent no code are left.
"""

from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError

from linzhang.settings import Settings
from models import Leadership, Routine
from rooms import knocking, stale

_NAME = "rooms"

#: Programme time between two looks at the roster.
EVERY = timedelta(seconds=10)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Look at the roster, and let some rooms be mended.

    Args:
        settings: The service's.
        limit: How many strangers' rooms are left at most; of ours never more than a few are mended.

    Returns:
        How many were handed over, and the outbox lanes that have got rows.
    """
    now = settings.clock.now()
    left: set[str] = set()
    routine = await Routine.get_or_none(name=_NAME)
    if routine is None:
        await _begin(now)
    elif routine.due <= now:
        reached = await stale.mark_changed(settings, routine.due - EVERY, now, routine.reached)
        await stale.go_round(settings)
        await Routine.filter(name=_NAME, due=routine.due).update(due=now + EVERY, reached=reached)
        left = await knocking.leave_old(settings, now, limit)
    lanes = await stale.hand_over(settings)
    return len(lanes), lanes | left


async def next_due(settings: Settings) -> datetime | None:
    """When the next look is due, in programme time."""
    now = settings.clock.now()
    routine = await Routine.get_or_none(name=_NAME)
    if routine is None or await stale.is_any_due(settings):
        return now
    return routine.due


async def _begin(now: datetime) -> None:
    """Note where to begin; rooms that are there already are found by the round."""
    last = await Leadership.all().order_by("-id").first()
    try:
        await Routine.create(name=_NAME, due=now + EVERY, reached=last.id if last else 0)
    except IntegrityError:
        return  # another worker was a moment faster
