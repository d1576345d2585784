"""Drawing a territory: sections, groups and blocks below real villages, to the published counts.

Nobody publishes the lists themselves, so a rehearsal needs an invented one of the right size and
shape. One seed gives the same territory byte for byte, on every machine. It must never be taken
for the real lists.
"""

import random
from collections.abc import Iterator, Sequence

from territory import names
from territory.bozhou import FEWEST_HOUSEHOLDS, MOST_HOUSEHOLDS, PUBLISHED, Counts, Published
from territory.cards import card_code
from territory.divisions import VILLAGE
from territory.rows import UnitRow

SECTION, GROUP, BLOCK = "section", "group", "block"

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


def draw(divisions: Sequence[UnitRow], seed: int, counts: Published = PUBLISHED) -> list[UnitRow]:
    """The divisions and, below their villages, exactly as many units as published.

    A unit's code is its parent's and two digits more (three where a tier has more than 99
    siblings). Every village has at least one of each tier.

    Args:
        divisions: From `read_divisions`: parents before children.
        seed: The same seed draws the same territory.
        counts: How many sections, groups and blocks to draw, rural and urban.

    Returns:
        All units, tier by tier from the top.

    Raises:
        ValueError: There are too few to give every village one.
    """
    chance = Chance(seed)
    villages = [row for row in divisions if row.tier == VILLAGE]
    # Rural and urban villages get their shares apart, so that both counts are met exactly.
    shares: list[tuple[list[UnitRow], Counts]] = [
        ([row for row in villages if not row.urban], counts.rural),
        ([row for row in villages if row.urban], counts.urban),
    ]
    sections: list[UnitRow] = []
    groups: list[UnitRow] = []
    blocks: list[UnitRow] = []
    for of_kind, wanted in shares:
        drawn_sections = list(_sections(of_kind, wanted.sections, chance))
        drawn_groups = list(_groups(drawn_sections, wanted.groups, chance))
        sections += drawn_sections
        groups += drawn_groups
        blocks += _blocks(drawn_groups, wanted.blocks, chance)
    for tier in (sections, groups, blocks):
        tier.sort(key=lambda row: row.code)
    cards = [row._replace(card_code=card_code(index)) for index, row in enumerate(blocks)]
    return [*divisions, *sections, *groups, *cards]


def _sections(villages: Sequence[UnitRow], total: int, chance: Chance) -> Iterator[UnitRow]:
    for village, codes in _children(villages, total, chance):
        called = names.sections(len(codes), chance.below)
        for code, name in zip(codes, called, strict=True):
            yield UnitRow(code, name, SECTION, village.code, village.urban)


def _groups(sections: Sequence[UnitRow], total: int, chance: Chance) -> Iterator[UnitRow]:
    children = list(_children(sections, total, chance))
    # Groups are named per village: two 张庄组 in one village would be mistaken for each other.
    of_village: dict[str, list[tuple[UnitRow, str]]] = {}
    for section, codes in children:
        of_village.setdefault(section.parent_code, []).extend((section, code) for code in codes)
    for places in of_village.values():
        called = names.groups(len(places), places[0][0].urban, chance.below)
        for (section, code), name in zip(places, called, strict=True):
            yield UnitRow(code, name, GROUP, section.code, section.urban)


def _blocks(groups: Sequence[UnitRow], total: int, chance: Chance) -> Iterator[UnitRow]:
    for group, codes in _children(groups, total, chance):
        for number, code in enumerate(codes, start=1):
            name = names.block(group.name, number)
            yield UnitRow(code, name, BLOCK, group.code, group.urban, _households(chance))


def _households(chance: Chance) -> int:
    """Most blocks have around ten, the fewest the smallest or the largest number."""
    span = MOST_HOUSEHOLDS - FEWEST_HOUSEHOLDS
    return FEWEST_HOUSEHOLDS + (chance.below(span + 1) + chance.below(span + 1) + 1) // 2


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
