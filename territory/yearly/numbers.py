"""Counts a unit and what is below it, a line for each unit that the audit names.

It reads the territory as it is and changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from linzhang.profile import Profile
from models import Household, Leadership, Person, Place, Role, Unit

#: How many tiers below the audited unit have lines of their own: in Bozhou townships and villages.
TIERS_BELOW = 2

# What is counted, as it is kept in the table. Units of a tier stand under the tier's key.
HOUSEHOLDS = "#households"
RESIDENTS = "#residents"
PLACES = "#places"
POSTS = "#posts"  # units that ought to have a leader
LEADERS = "#leaders"
DEPUTIES = "#deputies"
CHOSEN = "#chosen."  # and the value of `Chosen`
PARTY_MEMBERS = "#party_members"  # of the leaders
SMARTPHONES = "#smartphones"  # leaders who have one
ILL_SIZED = "#ill_sized"  # units of the lowest tier with too few or too many households for the profile
BEGAN = "#began"  # leaders who began this year
ENDED = "#ended"  # leaders who ended this year
CLOSED = "#closed"  # units that were closed this year


#: Adds so many of something to every line that a unit counts for.
_Add = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of one unit with all that is below it.

    Attributes:
        code: The unit's code.
        name: Its name.
        tier: Key of its tier.
        counts: How many there are of what; what is not there is zero.
    """

    code: str
    name: str
    tier: str
    counts: Counter[str]

    @property
    def leaders(self) -> int:
        """How many posts somebody holds."""
        return self.counts[LEADERS]

    @property
    def vacant(self) -> int:
        """How many posts nobody holds."""
        return self.counts[POSTS] - self.leaders


async def count(unit: Unit, profile: Profile, since: datetime) -> list[Line]:
    """Count a unit: its own line first, those below it in the order of their paths.

    Args:
        unit: Whose year it is.
        profile: The programme's.
        since: When the year began, in programme time.
    """
    below = await Unit.filter(path__startswith=unit.path).order_by("path")
    tiers = {tier.key for tier in profile.tiers[profile.level(unit.tier) :][: TIERS_BELOW + 1]}
    lines = {
        each.path: Line(each.code, each.name, each.tier, Counter())
        for each in below
        if each.tier in tiers and each.closed_at is None
    }
    ledger = {each.id: [lines[path] for path in _paths_above(each.path) if path in lines] for each in below}

    def add(unit_id: int, what: str, number: int = 1) -> None:
        for line in ledger.get(unit_id, ()):
            line.counts[what] += number

    listed = await _in_blocks(Household, unit)
    for each in below:
        if each.closed_at is None:
            _count_unit(each, listed, profile, add)
        elif each.closed_at >= since:
            add(each.id, CLOSED)
    await _count_posts(unit, profile, since, add)
    for what, model in ((RESIDENTS, Person), (PLACES, Place)):
        for block, number in (await _in_blocks(model, unit)).items():
            add(block, what, number)
    return list(lines.values())


def _count_unit(unit: Unit, listed: Mapping[int, int], profile: Profile, add: _Add) -> None:
    add(unit.id, unit.tier)
    # Households are either counted or listed one by one.
    households = unit.households or listed.get(unit.id, 0)
    if unit.tier == profile.bottom.key:
        add(unit.id, HOUSEHOLDS, households)
        size = profile.households
        if size and not size.fewest <= households <= size.most:
            add(unit.id, ILL_SIZED)
    if profile.tier(unit.tier).chain:
        add(unit.id, POSTS)


async def _count_posts(unit: Unit, profile: Profile, since: datetime, add: _Add) -> None:
    chain = [tier.key for tier in profile.tiers if tier.chain]
    posts = Leadership.filter(unit__path__startswith=unit.path, unit__tier__in=chain)
    for post in await posts.filter(until=None, unit__closed_at=None).select_related("person"):
        if post.role is Role.DEPUTY:
            add(post.unit_id, DEPUTIES)
            continue
        add(post.unit_id, LEADERS)
        add(post.unit_id, f"{CHOSEN}{post.chosen.value}")
        add(post.unit_id, PARTY_MEMBERS, int(bool(post.person.party_member)))
        add(post.unit_id, SMARTPHONES, int(bool(post.person.smartphone)))
    led = posts.filter(role=Role.LEADER)
    for what, some in ((BEGAN, led.filter(since__gte=since)), (ENDED, led.filter(until__gte=since))):
        for (unit_id,) in await some.values_list("unit_id"):
            add(unit_id, what)


async def _in_blocks(model: type[Household] | type[Person] | type[Place], unit: Unit) -> dict[int, int]:
    """How many there are in each block that has any."""
    some = model.filter(block__path__startswith=unit.path)
    rows = await some.annotate(number=Count("id")).group_by("block_id").values_list("block_id", "number")
    return dict(rows)


def _paths_above(path: str) -> Iterator[str]:
    """The path itself and those of all units above it."""
    end = path.find("/")
    while end != -1:
        yield path[: end + 1]
        end = path.find("/", end + 1)
