"""What the tests of projections share: the duty as a worker runs it, and all that it has written."""

from typing import Any

from tortoise import Tortoise

from escalator.duties import DUTIES
from linzhang.settings import Settings
from models import Projected, Tally, UnitLoad
from projections import rebuilding
from projections.sums import SUMMED

#: As many as the worker hands to a duty.
BATCH = 500


async def show(settings: Settings) -> set[str]:
    """Let the duty do all that is due; returns the outbox lanes that have got rows."""
    lanes: set[str] = set()
    found = BATCH
    while found == BATCH:
        found, more = await DUTIES["projecting"].run(settings, BATCH)
        lanes |= more
    return lanes


async def shown() -> dict[str, Any]:
    """All that the projections say, but for the feed and for who was told what."""
    loads = await UnitLoad.filter(points__gt=0).order_by("unit_id")
    _, words = await Tortoise.get_connection(_name()).execute_query("SELECT * FROM issue_words")
    return {
        "issues": list(await Projected.all().order_by("issue_id").values()),
        "units": [[row.unit_id, row.level, *(getattr(row, name) for name in SUMMED)] for row in loads],
        "left": await UnitLoad.filter(points=0, level__gt=0).count(),
        "weeks": list(await Tally.all().order_by("unit_id", "week").values("unit_id", "week", "counts")),
        "words": sorted(str(dict(row)) for row in words),
    }


async def rebuilt(settings: Settings) -> dict[str, Any]:
    """The same, made from scratch."""
    await rebuilding.rebuild(settings, _quiet)
    return await shown()


def _quiet(done: int, total: int) -> None:
    """Nobody watches."""


def _name() -> str:
    return str(Projected._meta.default_connection)
