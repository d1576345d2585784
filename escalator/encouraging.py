"""The duty of encouraging: once a day it looks at each leader, whether they may need a word or help."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from linzhang.settings import Settings
from models import Routine
from programme.thanks.encouraging import looking

_NAME = "encouraging"

#: Programme time between two rounds.
_EVERY = timedelta(days=1)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:  # noqa: ARG001 - a batch at a time
    """Look at the next leaders, if the day's round has begun and is not done.

    Args:
        settings: The service's.
        limit: Does not matter.

    Returns:
        How many batches were looked at, and no lanes.
    """
    now = settings.clock.now()
    routine, _ = await Routine.get_or_create(name=_NAME, defaults={"due": now})
    if routine.due > now:
        return 0, set()
    async with in_transaction():
        locked = await Routine.select_for_update().get(name=_NAME)
        if (locked.due, locked.reached) != (routine.due, routine.reached):
            return 0, set()  # another worker was a moment faster
        reached = await looking.look(settings, locked.reached, now)
        locked.due = locked.due if reached is not None else now + _EVERY
        locked.reached = reached or 0
        await locked.save(update_fields=["due", "reached"])
    return 1, set()


async def next_due(settings: Settings) -> datetime | None:
    """When the next leaders are looked at, in programme time."""
    routine = await Routine.get_or_none(name=_NAME)
    return routine.due if routine is not None else settings.clock.now()
