"""Looking over what is in the database: which units and people break a rule of the programme.

It reads everything and changes nothing. Loading keeps some of these rules itself; here they are
looked at again, because other programs and people write to the database too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from tortoise.expressions import F, Q
from tortoise.functions import Count

from linzhang.profile import Profile
from linzhang.settings import Settings
from linzhang.vault import Vault
from models import Address, Household, Leadership, Person, Place, Role, Unit
from territory import texts
from territory.bulk import slices
from territory.newcomers import SMS
from territory.rows import Said, said

#: Bridges whose addresses are phone numbers, besides the one that everybody's number is kept under.
_ALSO_PHONES = ("whatsapp", "voice")


class Rule(StrEnum):
    """What must hold; `texts.RULES` says it to whoever finds it broken."""

    HOUSEHOLDS = "households"
    VACANT = "vacant"
    TWO_LEADERS = "two_leaders"
    TWO_UNITS = "two_units"
    CLOSED_LED = "closed_led"
    ORPHAN = "orphan"
    TIERS = "tiers"
    PATH = "path"
    CHILDLESS = "childless"
    UNCOVERED = "uncovered"
    ASTRAY = "astray"
    TWO_BLOCKS = "two_blocks"
    SAME_PHONE = "same_phone"


class Finding(NamedTuple):
    """A rule that is broken.

    Attributes:
        rule: Which.
        says: The rule, in words.
        number: How many units, people or places break it.
        examples: The first of them: codes, and names where one is not enough. Never a number.
    """

    rule: Rule
    says: Said
    number: int
    examples: tuple[str, ...]


class Report(NamedTuple):
    """What a look at everything has found.

    Attributes:
        units: How many units there are that are not closed.
        people: How many people.
        places: How many places.
        findings: The rules that are broken, in the order of `Rule`; none where all is well.
    """

    units: int
    people: int
    places: int
    findings: list[Finding]


class _Node(NamedTuple):
    id: int
    code: str
    tier: str
    parent_id: int | None
    path: str
    households: int


#: Something that breaks a rule, as an example names it.
_Breach = tuple[Rule, str]

_EXAMPLES = 5


async def check(settings: Settings) -> Report:
    """Look over all units, posts, people and places. The database must be open."""
    profile = settings.territory
    fields = ("id", "code", "tier", "parent_id", "path", "households")
    every = await Unit.filter(closed_at=None).order_by("code").values_list(*fields)
    units = {row[0]: _Node(*row) for row in every}
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
    for rule, example in _breaches(profile, units, posts, listed):
        broken[rule].append(example)
    for rule, example in await _about_people(settings):
        broken[rule].append(example)
    findings = [
        Finding(rule, _says(rule, profile), len(examples), tuple(examples[:_EXAMPLES]))
        for rule, examples in broken.items()
        if examples
    ]
    return Report(len(units), await Person.all().count(), await Place.all().count(), findings)


def _says(rule: Rule, profile: Profile) -> Said:
    size = profile.households
    fewest, most = (size.fewest, size.most) if size else (0, 0)
    return said(texts.RULES[rule], block=profile.bottom.name, fewest=fewest, most=most)


def _breaches(
    profile: Profile,
    units: Mapping[int, _Node],
    posts: list[tuple[int, int]],
    listed: Mapping[int, int],
) -> Iterator[_Breach]:
    keys = [tier.key for tier in profile.tiers]
    above = dict(zip(keys[1:], keys[:-1], strict=True))
    department = profile.department.key if profile.department else None
    # Issues wait for the head of a department as for the leaders of the chain.
    held = {tier.key for tier in profile.tiers if tier.chain} | {department}
    leaders = Counter(unit for unit, _ in posts)
    leads = Counter((person, units[unit].tier) for unit, person in posts if unit in units)
    parents = {unit.parent_id for unit in units.values()}
    for unit in units.values():
        yield from _tree_breaches(unit, units, keys, above, department)
        if unit.tier not in (keys[-1], department) and unit.id not in parents:
            yield Rule.CHILDLESS, unit.code
        # Households are either counted or listed one by one.
        households = unit.households or listed.get(unit.id, 0)
        size = profile.households
        if size and unit.tier == keys[-1] and not size.fewest <= households <= size.most:
            yield Rule.HOUSEHOLDS, f"{unit.code}: {households}"
        if unit.tier in held and not leaders[unit.id]:
            yield Rule.VACANT, unit.code
        if leaders[unit.id] > 1:
            yield Rule.TWO_LEADERS, unit.code
    for unit_id, person in posts:
        led = units.get(unit_id)
        if led is None:
            yield Rule.CLOSED_LED, f"#{unit_id}"
        elif leads[person, led.tier] > 1:
            yield Rule.TWO_UNITS, led.code


def _tree_breaches(
    unit: _Node, units: Mapping[int, _Node], keys: list[str], above: Mapping[str, str], department: str | None
) -> Iterator[_Breach]:
    parent = units.get(unit.parent_id) if unit.parent_id is not None else None
    if parent is None and unit.tier != keys[0]:
        yield Rule.ORPHAN, unit.code
    if unit.tier == department:
        if parent and parent.tier in (department, keys[-1]):
            yield Rule.TIERS, unit.code
    elif unit.tier not in keys or (parent and above.get(unit.tier) != parent.tier):
        yield Rule.TIERS, unit.code
    if unit.path != f"{parent.path if parent else ''}{unit.code}/":
        yield Rule.PATH, unit.code


async def _about_people(settings: Settings) -> list[_Breach]:
    bottom = settings.territory.bottom.key
    # Somebody who has only been seen once, under a number that nobody has placed, is not of the roster.
    in_office = {person for (person,) in await Leadership.filter(until=None).values_list("person_id")}
    homeless = Person.filter(block_id=None).exclude(name="").order_by("id")
    breaches = [
        (Rule.UNCOVERED, name)
        for person, name in await homeless.values_list("id", "name")
        if person not in in_office
    ]
    not_there = ~Q(block__tier=bottom) | Q(block__closed_at__isnull=False)
    for model, called in ((Person, "name"), (Household, "label"), (Place, "name")):
        rows = await model.filter(not_there, block_id__isnull=False).values_list("block__code", called)
        breaches += [(Rule.ASTRAY, f"{code}: {name}") for code, name in rows]
    elsewhere = Person.filter(household_id__isnull=False).exclude(block_id=F("household__block_id"))
    rows = await elsewhere.values_list("name", "block__code", "household__block__code")
    breaches += [(Rule.TWO_BLOCKS, f"{name}: {code or '–'}, {other}") for name, code, other in rows]
    shared = await _shared_phones(settings.vault)
    return breaches + [(Rule.SAME_PHONE, names) for names in shared]


async def _shared_phones(vault: Vault) -> list[str]:
    """Names of people who have one number between them, under different bridges."""
    others = await Address.filter(bridge__in=_ALSO_PHONES).values_list("sealed", "person_id", "person__name")
    owners = {vault.lookup(SMS, vault.open(sealed)): (person, name) for sealed, person, name in others}
    shared = []
    for some in slices(list(owners)):
        found = Address.filter(bridge=SMS, lookup__in=some)
        for lookup, person, name in await found.values_list("lookup", "person_id", "person__name"):
            if owners[lookup][0] != person:
                shared.append(f"{name}, {owners[lookup][1]}")
    return shared
