"""The figures of a unit: what was received there and below in some weeks, and what has become of it.

An issue counts in the week in which it was received, whatever happens to it later, at the unit that it is
about and all above. From the lowest tier with a space upwards the sums of every week are stored; below that a
unit has so few issues that they are counted when somebody asks. So the cost grows with what is shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tortoise.expressions import Q

from issues import chain
from linzhang.profile import Profile
from models import Projected, Tally, Unit
from projections import times
from projections.counting import (
    ANSWER_TIME,
    ANSWERED,
    CLOSE_TIME,
    CLOSED,
    ESCALATED,
    IN_TIME,
    LATE,
    MERGED,
    RATED,
    RECEIVED,
    REFERRED,
    REOPENED,
    WITHDRAWN,
)
from projections.weeks import monday, week_of, weeks

__all__ = ["Figures", "by_child", "by_week", "figures", "is_stored", "week_of"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of issues that were received at a unit and below it.

    Attributes:
        received: How many.
        answered: How many of them have had a leader's answer.
        in_time: How many had it before a window had passed.
        late: How many had none when the first window passed, whether or not it came later.
        closed: How many are closed: the resident agreed, or said nothing.
        reopened: How often it was said of them that they were not solved.
        referred: How many a department has had.
        withdrawn: How many need nothing any more.
        merged: How many are part of others, and nothing by themselves.
        escalations: How often they went up, by deadline or a leader's or resident's word, by the key of the
            tier to which.
        ratings: How many residents gave which mark from 1 to 5.
        answer_times: Time from the report to the first answer, as a histogram of `projections.times`.
        close_times: Time from the report until it was closed.
    """

    received: int = 0
    answered: int = 0
    in_time: int = 0
    late: int = 0
    closed: int = 0
    reopened: int = 0
    referred: int = 0
    withdrawn: int = 0
    merged: int = 0
    escalations: Mapping[str, int] = field(default_factory=dict)
    ratings: Mapping[int, int] = field(default_factory=dict)
    answer_times: Mapping[int, int] = field(default_factory=dict)
    close_times: Mapping[int, int] = field(default_factory=dict)

    @property
    def unfinished(self) -> int:
        """How many are still to be closed."""
        return self.received - self.closed - self.withdrawn - self.merged

    @property
    def closing_rate(self) -> float | None:
        """Closed of all that were to be closed: without those that need nothing or are part of others."""
        return _share(self.closed, self.closed + self.unfinished)

    @property
    def answered_in_time_rate(self) -> float | None:
        """Answered in time of all that were, or should have been by now."""
        return _share(self.in_time, self.in_time + self.late)

    @property
    def satisfaction(self) -> float | None:
        """The mean of the residents' marks, from 1 to 5."""
        return _share(sum(mark * number for mark, number in self.ratings.items()), sum(self.ratings.values()))

    @property
    def median_to_answer(self) -> timedelta | None:
        """Time within which one half of the answered ones were."""
        return times.quantile(self.answer_times, 0.5)

    @property
    def p90_to_answer(self) -> timedelta | None:
        """Time within which nine of ten of the answered ones were."""
        return times.quantile(self.answer_times, 0.9)

    @property
    def median_to_close(self) -> timedelta | None:
        """Time within which one half of the closed ones were."""
        return times.quantile(self.close_times, 0.5)

    @property
    def p90_to_close(self) -> timedelta | None:
        """Time within which nine of ten of the closed ones were."""
        return times.quantile(self.close_times, 0.9)


async def figures(profile: Profile, unit: Unit, from_week: date, to_week: date) -> Figures:
    """The figures of a unit and all below it.

    Args:
        profile: The programme's.
        unit: Which.
        from_week: Any day of the first week.
        to_week: Any day of the last week.
    """
    return _figures(_sum((await _by_week(profile, unit, from_week, to_week)).values()))


async def by_week(profile: Profile, unit: Unit, from_week: date, to_week: date) -> list[tuple[date, Figures]]:
    """The same for each week by its Monday, those without anything too."""
    found = await _by_week(profile, unit, from_week, to_week)
    return [(week, _figures(found.get(week, Counter()))) for week in weeks(from_week, to_week)]


async def by_child(
    profile: Profile, unit: Unit, from_week: date, to_week: date
) -> list[tuple[Unit, Figures]]:
    """The same for each unit right below one, in the order of their codes.

    What is about the unit itself, and about none below, is in none of them. A closed unit is there while it
    has something to show.
    """
    units = await Unit.filter(parent_id=unit.id).order_by("code")
    stored = [each.id for each in units if is_stored(profile, each)]
    sums: dict[str, Counter[str]] = {each.code: Counter() for each in units}
    if stored:
        codes = {each.id: each.code for each in units}
        span = {"week__gte": monday(from_week), "week__lte": to_week}
        for row in await Tally.filter(unit_id__in=stored, **span).values("unit_id", "counts"):
            sums[codes[row["unit_id"]]].update(row["counts"])
    if len(stored) < len(units):
        depth = unit.path.count("/")
        left = {each.code for each in units if each.id not in set(stored)}
        # Where some are stored there may be very many issues; the others are departments, or have few.
        paths = [each.path for each in units if each.code in left] if stored else [unit.path]
        for path, _, counts in await _counted(paths, from_week, to_week):
            code = path.split("/")[depth]
            if code in left:
                sums[code].update(counts)
    shown = [each for each in units if each.closed_at is None or sums[each.code]]
    return [(each, _figures(sums[each.code])) for each in shown]


def is_stored(profile: Profile, unit: Unit) -> bool:
    """Whether the sums of a unit are stored week by week."""
    return unit.tier in stored_tiers(profile)


def stored_tiers(profile: Profile) -> frozenset[str]:
    """The tiers whose sums are stored: from the lowest that has a space upwards, or all but the lowest."""
    with_space = [index for index, tier in enumerate(profile.tiers) if tier.space]
    lowest = max(with_space, default=len(profile.tiers) - 2)
    return frozenset(tier.key for tier in profile.tiers[: lowest + 1])


async def _by_week(profile: Profile, unit: Unit, first: date, last: date) -> dict[date, Counter[str]]:
    sums: dict[date, Counter[str]] = {}
    if is_stored(profile, unit):
        rows = Tally.filter(unit_id=unit.id, week__gte=monday(first), week__lte=last)
        for row in await rows.values("week", "counts"):
            sums[row["week"]] = Counter(row["counts"])
        return sums
    for _, week, counts in await _counted([unit.path], first, last):
        sums.setdefault(week, Counter()).update(counts)
    return sums


async def _counted(paths: Sequence[str], first: date, last: date) -> list[tuple[str, date, dict[str, int]]]:
    """What each issue of some subtrees counts."""
    below = Q(*(chain.below(path) for path in paths), join_type=Q.OR)
    rows = Projected.filter(below, week__gte=monday(first), week__lte=last)
    return [(row["path"], row["week"], row["counts"]) for row in await rows.values("path", "week", "counts")]


def _sum(parts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return total


def _figures(counts: Mapping[str, int]) -> Figures:
    # Prefixes have two characters; all that begin so are taken apart at once, since there are many.
    those: dict[str, dict[str, int]] = {prefix: {} for prefix in (ESCALATED, RATED, ANSWER_TIME, CLOSE_TIME)}
    for key, number in counts.items():
        if number and key[:2] in those:
            those[key[:2]][key[2:]] = number
    return Figures(
        received=counts.get(RECEIVED, 0),
        answered=counts.get(ANSWERED, 0),
        in_time=counts.get(IN_TIME, 0),
        late=counts.get(LATE, 0),
        closed=counts.get(CLOSED, 0),
        reopened=counts.get(REOPENED, 0),
        referred=counts.get(REFERRED, 0),
        withdrawn=counts.get(WITHDRAWN, 0),
        merged=counts.get(MERGED, 0),
        escalations=those[ESCALATED],
        ratings={int(mark): number for mark, number in sorted(those[RATED].items())},
        answer_times={int(edge): number for edge, number in those[ANSWER_TIME].items()},
        close_times={int(edge): number for edge, number in those[CLOSE_TIME].items()},
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
