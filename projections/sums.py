"""What issues add to the sums of units and weeks, and how it is added up before anything is written.

Pure: `bringing` and `rebuilding` read and write.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from linzhang.profile import Profile
from models import Projected
from projections import counting, weights
from projections.facts import Facts
from projections.levels import PARTS
from projections.weeks import week_of

#: Columns of `UnitLoad` that are sums of the same ones of `Projected`.
SUMMED = ("points", "open", "overdue", "urgent", "reopened")


def project(facts: Facts, tiers: Mapping[int, str], profile: Profile, at: datetime) -> Projected:
    """What an issue adds at a moment of programme time; not saved yet.

    Args:
        facts: What is known of it.
        tiers: The keys of tiers by the ids of units, of all that have held it.
        profile: The programme's.
        at: Programme time.
    """
    weight = weights.weigh(facts, profile.warning, at)
    return Projected(
        issue_id=facts.id,
        path=facts.path,
        points=round(weight.points * PARTS),
        open=int(weight.in_hand),
        overdue=int(weight.overdue),
        urgent=int(weight.in_hand and facts.urgent),
        reopened=int(weight.reopened),
        week=week_of(facts.opened_at, profile.zone),
        counts=counting.counts(facts, tiers),
        next_at=weight.next_at,
    )


@dataclass
class Sums:
    """What is to be added to units, by their codes, and to weeks of units.

    Attributes:
        deep: How many tiers from the top have weeks; below them there would be millions that nobody stores.
        loads: The numbers of `SUMMED`.
        weeks: Counts by the code of a unit and a week.
    """

    deep: int
    loads: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * len(SUMMED)))
    weeks: dict[tuple[str, date], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, projected: Projected, sign: int = 1) -> None:
        """Add what an issue adds, or take it off, at its unit and all above."""
        numbers = [sign * getattr(projected, name) for name in SUMMED]
        codes = projected.path.split("/")[:-1]
        if any(numbers):
            for code in codes:
                load = self.loads[code]
                for place, number in enumerate(numbers):
                    load[place] += number
        for code in codes[: self.deep]:
            week = self.weeks[code, projected.week]
            for key, number in projected.counts.items():
                week[key] += sign * number

    def changed(self) -> "Sums":
        """Without what is added and taken off again."""
        return Sums(
            self.deep,
            {code: numbers for code, numbers in self.loads.items() if any(numbers)},
            {cell: kept for cell, counts in self.weeks.items() if (kept := nonzero(counts))},
        )

    def codes(self) -> set[str]:
        """The codes of all units to which something is added."""
        return {*self.loads, *(code for code, _ in self.weeks)}


def nonzero(counts: Mapping[str, int]) -> Counter[str]:
    """Without the keys of which there is nothing."""
    return Counter({key: number for key, number in sorted(counts.items()) if number})


def total(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    """All counts together."""
    whole: Counter[str] = Counter()
    for part in parts:
        for key, number in part.items():
            whole[key] += number
    return whole
