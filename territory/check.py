"""Looking over what is in the database: which units break a rule of the programme.

It reads everything and changes nothing. Loading keeps some of these rules itself; here they are
looked at again, because other programs and people write to the database too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from tortoise.functions import Count

from linzhang.profile import Profile
from linzhang.settings import Settings
from models import Household, Leadership, Role, Unit


class Rule(StrEnum):
    """What must hold, as a sentence for whoever finds it broken."""

    HOUSEHOLDS = "a block has as many households as the profile says"
    VACANT = "every unit of the chain has a leader"
    TWO_LEADERS = "a unit has one leader, not several"
    TWO_UNITS = "nobody leads two units of one tier"
    ORPHAN = "every unit but the root has a parent"
    TIERS = "a unit stands below one of the next higher tier of the profile"
    PATH = "a unit's path is its parent's and its own code"
    CHILDLESS = "every unit above the lowest tier has units below it"


class Finding(NamedTuple):
    """A rule that is broken.

    Attributes:
        rule: Which.
        units: How many units break it.
        examples: Codes of the first of them.
    """

    rule: Rule
    units: int
    examples: tuple[str, ...]


class _Node(NamedTuple):
    id: int
    code: str
    tier: str
    parent_id: int | None
    path: str
    households: int


_EXAMPLES = 5


async def check(settings: Settings) -> list[Finding]:
    """Look over all units. The database must be open.

    Returns:
        The rules that are broken, in the order of `Rule`; none where all is well.
    """
    fields = ("id", "code", "tier", "parent_id", "path", "households")
    units = {row[0]: _Node(*row) for row in await Unit.all().order_by("code").values_list(*fields)}
    posts: list[tuple[int, int]] = await Leadership.filter(role=Role.LEADER, until=None).values_list(
        "unit_id", "person_id"
    )
    listed = dict(
        await Household.all()
        .annotate(number=Count("id"))
        .group_by("block_id")
        .values_list("block_id", "number")
    )
    broken: dict[Rule, list[str]] = {rule: [] for rule in Rule}
    for rule, code in _breaches(settings.territory, units, posts, listed):
        broken[rule].append(code)
    return [Finding(rule, len(codes), tuple(codes[:_EXAMPLES])) for rule, codes in broken.items() if codes]


def _breaches(
    profile: Profile,
    units: Mapping[int, _Node],
    posts: list[tuple[int, int]],
    listed: Mapping[int, int],
) -> Iterator[tuple[Rule, str]]:
    keys = [tier.key for tier in profile.tiers]
    above = dict(zip(keys[1:], keys[:-1], strict=True))
    department = profile.department.key if profile.department else None
    # Issues wait for the head of a department as for the leaders of the chain.
    held = {tier.key for tier in profile.tiers if tier.chain} | {department}
    leaders = Counter(unit for unit, _ in posts)
    leads = Counter((person, units[unit].tier) for unit, person in posts)
    parents = {unit.parent_id for unit in units.values()}
    for unit in units.values():
        yield from _tree_breaches(unit, units, keys, above, department)
        if unit.tier not in (keys[-1], department) and unit.id not in parents:
            yield Rule.CHILDLESS, unit.code
        # Households are either counted or listed one by one.
        households = unit.households or listed.get(unit.id, 0)
        size = profile.households
        if size and unit.tier == keys[-1] and not size.fewest <= households <= size.most:
            yield Rule.HOUSEHOLDS, unit.code
        if unit.tier in held and not leaders[unit.id]:
            yield Rule.VACANT, unit.code
        if leaders[unit.id] > 1:
            yield Rule.TWO_LEADERS, unit.code
    for unit_id, person in posts:
        if leads[person, units[unit_id].tier] > 1:
            yield Rule.TWO_UNITS, units[unit_id].code


def _tree_breaches(
    unit: _Node, units: Mapping[int, _Node], keys: list[str], above: Mapping[str, str], department: str | None
) -> Iterator[tuple[Rule, str]]:
    parent = units[unit.parent_id] if unit.parent_id is not None else None
    if parent is None and unit.tier != keys[0]:
        yield Rule.ORPHAN, unit.code
    if unit.tier == department:
        if parent and parent.tier in (department, keys[-1]):
            yield Rule.TIERS, unit.code
    elif unit.tier not in keys or (parent and above.get(unit.tier) != parent.tier):
        yield Rule.TIERS, unit.code
    if unit.path != f"{parent.path if parent else ''}{unit.code}/":
        yield Rule.PATH, unit.code
