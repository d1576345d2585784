"""Reads the figures of a unit for a period: the whole, the time before, week by week, unit by unit.

Reads; changes nothing. Who asks has been let in to the unit before (`Scope.unit`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from issues import departments
from linzhang.profile import Profile
from models import Unit
from projections import tallies
from projections.tallies import Figures
from web.desk.figures.measures import BY_KEY, RECEIVED, Measure
from web.desk.figures.periods import Period


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        profile: The programme's.
        unit: Whose figures.
        period: Which weeks.
        whole: Of all weeks.
        before: Of the weeks before.
        weeks: Each week by its Monday, the first first.
        children: Each unit right below, by their codes; departments are none, nothing is about them.
    """

    profile: Profile
    unit: Unit
    period: Period
    whole: Figures
    before: Figures
    weeks: Sequence[tuple[date, Figures]]
    children: Sequence[tuple[Unit, Figures]]


@dataclass(frozen=True, slots=True)
class Order:
    """By which figure units are sorted.

    Attributes:
        measure: Which.
        upwards: Whether the smallest comes first.
    """

    measure: Measure = RECEIVED
    upwards: bool = False

    @property
    def word(self) -> str:
        """What asks for it in an address."""
        return f"-{self.measure.key}" if self.upwards else self.measure.key

    def after_click(self, measure: Measure) -> str:
        """What a click on a figure's heading asks for: the largest first, then the smallest."""
        return Order(measure, upwards=measure is self.measure and not self.upwards).word

    def sorted(self, children: Sequence[tuple[Unit, Figures]]) -> list[tuple[Unit, Figures]]:
        """Units in this order; those without the figure at the end."""
        known = [each for each in children if self.measure.of(each[1]) is not None]
        known.sort(key=lambda each: _number(self.measure, each[1]), reverse=not self.upwards)
        return known + [each for each in children if self.measure.of(each[1]) is None]


async def read(profile: Profile, unit: Unit, period: Period) -> Reading:
    """Read the figures of a unit."""
    first, last = period.first, period.last
    below = await tallies.by_child(profile, unit, first, last)
    return Reading(
        profile,
        unit,
        period,
        whole=await tallies.figures(profile, unit, first, last),
        before=await tallies.figures(profile, unit, *period.before),
        weeks=await tallies.by_week(profile, unit, first, last),
        children=[each for each in below if each[1].received or not departments.is_one(each[0], profile)],
    )


def order(word: str) -> Order:
    """The order that an address asks for; the usual one if it makes no sense."""
    measure = BY_KEY.get(word.removeprefix("-"))
    return Order(measure, word.startswith("-")) if measure else Order()


def _number(measure: Measure, of: Figures) -> float:
    value = measure.of(of)
    return value.total_seconds() if isinstance(value, timedelta) else float(value or 0)
