"""Drawing a territory: sections, groups and blocks below real villages, to the published counts.

Nobody publishes the lists themselves, so a rehearsal needs an invented one of the right size and
shape. One seed gives the same territory byte for byte, on every machine. It must never be taken
for the real lists.
"""

import random
from collections.abc import Iterator, Sequence

from linzhang.profile import Drawn, Households, Naming, Profile
from territory import names
from territory.cards import card_code
from territory.divisions import published_tiers
from territory.rows import UnitRow

#: How much larger than the smallest a unit's share of its tier's children may be drawn.
_UNEVEN = 3.0


class Chance:
    """The source of chance. Only `random.random` is used, which Python keeps the same for ever."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a drawing, not a secret

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, but without, `limit`."""
        return int(self._random.random() * limit)

    def weight(self) -> float:
        """How large one unit is beside another: from 1 to `_UNEVEN`."""
        return 1 + (_UNEVEN - 1) * self._random.random()


def draw(divisions: Sequence[UnitRow], seed: int, profile: Profile) -> list[UnitRow]:
    """The divisions and, below the lowest of them, exactly as many units as the profile says.

    A unit's code is its parent's and two digits more (three where a tier has more than 99
    siblings). Every unit above the lowest tier has at least one below it.

    Args:
        divisions: From `read_divisions`: parents before children.
        seed: The same seed draws the same territory.
        profile: Says how many of each tier to draw, rural and urban.

    Returns:
        All units, tier by tier from the top.

    Raises:
        ValueError: The profile draws nothing, or too few to give every division one.
    """
    if profile.drawing is None:
        raise ValueError("the profile does not say what to draw: it has no table [drawing].")
    chance = Chance(seed)
    lowest = published_tiers(profile)[-1]
    drawn: dict[str, list[UnitRow]] = {tier.key: [] for tier in profile.drawing.tiers}
    # What is rural and what is urban gets its shares apart, so that both counts are met exactly.
    for urban in (False, True):
        parents = [row for row in divisions if row.tier == lowest and row.urban is urban]
        pen = _Pen(profile, chance, {row.code: row.code for row in parents})
        for tier in profile.drawing.tiers:
            parents = list(pen.below(parents, tier, tier.urban if urban else tier.rural))
            drawn[tier.key] += parents
    for rows in drawn.values():
        rows.sort(key=lambda row: row.code)
    blocks = drawn[profile.bottom.key]
    blocks[:] = [row._replace(card_code=card_code(index)) for index, row in enumerate(blocks)]
    return [*divisions, *(row for rows in drawn.values() for row in rows)]


class _Pen:
    """Draws tier after tier below some divisions."""

    def __init__(self, profile: Profile, chance: Chance, division_of: dict[str, str]) -> None:
        self._profile = profile
        self._chance = chance
        #: By the code of a unit, the code of the division in which it lies.
        self._division_of = division_of

    def below(self, parents: Sequence[UnitRow], tier: Drawn, total: int) -> Iterator[UnitRow]:
        """So many units of a tier, shared among the parents."""
        children = list(_children(parents, total, self._chance))
        for parent, code, name in self._named(children, tier):
            self._division_of[code] = self._division_of[parent.code]
            yield UnitRow(code, name, tier.key, parent.code, parent.urban, self._households(tier))

    def _named(
        self, children: Sequence[tuple[UnitRow, list[str]]], tier: Drawn
    ) -> Iterator[tuple[UnitRow, str, str]]:
        ending = self._word(tier.key)
        if tier.named is Naming.PLACES:
            # They are named per division: two 张庄组 in one village would be mistaken for each other.
            of_division: dict[str, list[tuple[UnitRow, str]]] = {}
            for parent, codes in children:
                division = self._division_of[parent.code]
                of_division.setdefault(division, []).extend((parent, code) for code in codes)
            for places in of_division.values():
                called = names.places(len(places), ending, bool(places[0][0].urban), self._chance.below)
                for (parent, code), name in zip(places, called, strict=True):
                    yield parent, code, name
            return
        for parent, codes in children:
            if tier.named is Naming.PARTS:
                called = names.parts(len(codes), ending, self._chance.below)
            else:
                called = names.numbered(len(codes), ending, parent.name.removesuffix(self._word(parent.tier)))
            for code, name in zip(codes, called, strict=True):
                yield parent, code, name

    def _word(self, tier: str) -> str:
        """What people call a tier, in the language of those who read the names."""
        return self._profile.tier(tier).name[self._profile.default_language]

    def _households(self, tier: Drawn) -> int:
        """Most blocks have around ten, the fewest the smallest or the largest number."""
        size: Households | None = self._profile.households
        if size is None or tier.key != self._profile.bottom.key:
            return 0
        span = size.most - size.fewest
        return size.fewest + (self._chance.below(span + 1) + self._chance.below(span + 1) + 1) // 2


def _children(parents: Sequence[UnitRow], total: int, chance: Chance) -> Iterator[tuple[UnitRow, list[str]]]:
    """The codes of each parent's children; `total` over all parents, one or more for each."""
    counts = _apportion(total, [chance.weight() for _ in parents])
    # One width for the whole tier, so that no two codes can be alike.
    width = max(2, len(str(max(counts, default=0))))
    for parent, count in zip(parents, counts, strict=True):
        yield parent, [f"{parent.code}{number:0{width}}" for number in range(1, count + 1)]


def _apportion(total: int, weights: Sequence[float]) -> list[int]:
    """`total` over the weights: one for each, the rest by largest remainder (Hamilton's method)."""
    rest = total - len(weights)
    if rest < 0 or (total and not weights):
        raise ValueError(f"{total} units cannot be shared among {len(weights)}: each needs at least one.")
    whole = sum(weights)
    exact = [rest * weight / whole for weight in weights]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda each: counts[each] - exact[each])
    for each in by_remainder[: rest - sum(counts)]:
        counts[each] += 1
    return [1 + count for count in counts]
