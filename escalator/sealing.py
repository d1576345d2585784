"""The duty of sealing: every hour what has happened to issues is sealed into the record (`issues.sealing`).

Only what was there at the last look counts: on PostgreSQL a row with a lower id may be committed after one
with a higher, and by then it certainly is.
"""

from datetime import datetime, timedelta

from issues import sealing
from linzhang.settings import Settings
from models import Routine

#: Programme time between two looks.
EVERY = timedelta(hours=1)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:  # noqa: ARG001 - one at a time
    """Seal what was there an hour ago, and note what is there now.

    Args:
        settings: The service's.
        limit: Does not matter.

    Returns:
        Of how many tables rows were sealed, and no lanes.
    """
    now = settings.clock.now()
    done = 0
    for sealed in sealing.TABLES:
        name = f"sealing {sealed.name}"
        routine, _ = await Routine.get_or_create(name=name, defaults={"due": now})
        if routine.due > now:
            continue
        last = await sealed.table.all().order_by("-id").first()
        there = last.pk if last else 0
        # Of several workers one goes on.
        mine = Routine.filter(name=name, due=routine.due)
        if await mine.update(due=now + EVERY, reached=there) and routine.reached:
            done += await sealing.take_in(settings, sealed, routine.reached)
    return done, set()


async def next_due(settings: Settings) -> datetime | None:
    """When the next look is due, in programme time."""
    due = [row.due for row in await Routine.filter(name__startswith="sealing ")]
    return min(due) if len(due) == len(sealing.TABLES) else settings.clock.now()
