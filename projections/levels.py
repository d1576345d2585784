"""The warning level of a unit: how much is piled up there and below, for its size.

    score = points / (households / household_unit) ** exponent

Points are the weights of all issues in hand there and below (`projections.weights`). With an exponent below 1
a unit bears more the larger it is, but less than its size: one overdue issue colours a block, a handful a
village, and a city is not red for ever. The level is the highest whose threshold the score reaches. All
parameters stand in the profile's table [warning].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linzhang.profile import WarningLevels
from models import Level, Unit, UnitLoad

#: In a table of sums a point has so many parts: whole numbers can be added and taken off without a rest.
PARTS = 1000


@dataclass(frozen=True, slots=True)
class Load:
    """What is piled up at a unit and below it.

    Attributes:
        points: Sum of the weights of the issues in hand.
        open: How many are in hand.
        overdue: How many of them have missed a window.
        urgent: How many of them are urgent.
        reopened: How many of them were said before to be done.
        households: How many live there.
        level: The warning level.
        since: Since when it has been at this level, in programme time; None: nothing has ever been there.
    """

    points: float = 0
    open: int = 0
    overdue: int = 0
    urgent: int = 0
    reopened: int = 0
    households: int = 0
    level: Level = Level.GREEN
    since: datetime | None = None


def level(points: float, households: int, warning: WarningLevels) -> Level:
    """The warning level of a unit; the formula stands above.

    Args:
        points: Of all issues in hand at the unit and below it.
        households: Below it; less than one counts as one.
        warning: The profile's parameters.
    """
    reached = score(points, households, warning)
    thresholds = {
        Level.BLUE: warning.blue,
        Level.YELLOW: warning.yellow,
        Level.ORANGE: warning.orange,
        Level.RED: warning.red,
    }
    # As exact as the sums are: what is reached to the last part is reached.
    return max(
        (each for each, threshold in thresholds.items() if reached >= threshold - 1e-9), default=Level.GREEN
    )


def score(points: float, households: int, warning: WarningLevels) -> float:
    """What the thresholds are compared with: points for so many households as a block has."""
    return float(points / (max(households, 1) / warning.household_unit) ** warning.exponent)


async def of_unit(unit: Unit) -> Load:
    """What is piled up at a unit and below it."""
    return (await of_units([unit.id])).get(unit.id, Load())


async def of_units(unit_ids: Sequence[int]) -> dict[int, Load]:
    """The same for several, by their ids; a unit without anything may be missing."""
    rows = await UnitLoad.filter(unit_id__in=list(unit_ids))
    return {row.unit_id: _load(row) for row in rows}


async def children(unit: Unit) -> list[tuple[Unit, Load]]:
    """The units right below one, departments too, with what is piled up at each, by their codes."""
    units = await Unit.filter(parent_id=unit.id, closed_at=None).order_by("code")
    rows = await UnitLoad.filter(unit__parent_id=unit.id, unit__closed_at=None)
    loads = {row.unit_id: _load(row) for row in rows}
    return [(each, loads.get(each.id, Load())) for each in units]


def _load(row: UnitLoad) -> Load:
    return Load(
        row.points / PARTS,
        row.open,
        row.overdue,
        row.urgent,
        row.reopened,
        row.households,
        Level(row.level),
        row.since,
    )
