"""Who stands above whom, who answers for what, and who may act.

Reads the territory and the rosters; changes nothing. What a unit's place in the tree means is
decided here and nowhere else (DESIGN, rule 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from issues.reading import at_hand
from linzhang.profile import Profile
from models import Absence, Issue, Leadership, Person, Role, Unit


@dataclass(frozen=True, slots=True)
class Acting:
    """Who answers for a unit.

    Attributes:
        person: Who acts.
        stands_in_for: The leader in whose name they act; None: they are the leader themselves.
    """

    person: Person
    stands_in_for: Person | None = None


def codes(path: str) -> list[str]:
    """The codes of the units of a path, from the root down."""
    return path.rstrip("/").split("/") if path else []


async def ancestors(unit: Unit) -> list[Unit]:
    """The unit and all above it, from the root down to the unit itself."""
    line = [unit]
    while isinstance(line[-1].parent, Unit):
        line.append(line[-1].parent)
    if line[-1].parent_id is None:
        return line[::-1]
    found = await Unit.filter(code__in=codes(unit.path))
    return sorted(found, key=lambda each: len(each.path))


def below(path: str, field: str = "path") -> Q:
    """Of all rows with a path, those at a unit and below it: one range of an index, on both databases.

    Args:
        path: The unit's.
        field: What the rows call theirs: 'path' of units and issues, 'unit__path' of what joins one.
    """
    # '0' is the character after '/', with which every path ends.
    return Q(**{f"{field}__gte": path, f"{field}__lt": f"{path[:-1]}0"}) if path else Q()


async def upwards(unit: Unit, profile: Profile) -> list[Unit]:
    """The unit, and those to which an issue of its would go up one after the other."""
    above = [each for each in await ancestors(unit) if each.id != unit.id and profile.tier(each.tier).chain]
    return [unit, *reversed(above)]


async def standing(unit: Unit) -> Unit:
    """The unit itself or, where it is closed, the one that it has become part of."""
    while unit.merged_into_id is not None:
        unit = await Unit.get(id=unit.merged_into_id)
    return unit


async def next_holder(unit: Unit, profile: Profile) -> Unit | None:
    """The unit to which an issue goes up from here; None at the top of the chain."""
    unit = await standing(unit)
    if unit.parent_id is None:
        return None
    parent = unit.parent if isinstance(unit.parent, Unit) else await Unit.get(id=unit.parent_id)
    return parent if profile.tier(parent.tier).chain else None


async def goes_up_to(issue: Issue, profile: Profile) -> Unit | None:
    """The unit to which an issue goes up; from a department, above whoever referred it.

    None: it is at the top of the chain, or nobody holds it.
    """
    referrer = await Unit.get_or_none(id=issue.returns_to_id)
    if referrer is not None:
        return await next_holder(referrer, profile) or referrer
    return await next_holder(issue.holder, profile) if issue.holder else None


async def root() -> Unit | None:
    """The unit above all: where reports wait whose place nobody knows."""
    return await Unit.filter(parent_id=None).order_by("id").first()


def in_office(at: datetime) -> Q:
    """Of all `Leadership`s, those that count at a moment of programme time."""
    return Q(since__lte=at) & (Q(until=None) | Q(until__gt=at))


async def leader_of(unit: Unit, at: datetime) -> Person | None:
    """Who holds the unit's post, even while they are away."""
    return _leader(await _posts(unit, at))


async def acting(unit: Unit, at: datetime) -> Acting | None:
    """Who answers for the unit now: its leader, or whoever stands in while they are away.

    None: the post is vacant, since nobody has it, or its leader is away without a deputy.
    """
    posts, absences = await _posts(unit, at), await _absences_of(unit, at)
    return _acting(posts, absences)


async def actors_of(unit: Unit, at: datetime) -> list[Person]:
    """Everybody who may act for the unit: first who answers for it now, then its leader and deputies."""
    posts, absences = await _posts(unit, at), await _absences_of(unit, at)
    now = _acting(posts, absences)
    stand_ins = [each.deputy for each in absences if each.deputy]
    people = [now.person if now else None, _leader(posts), *stand_ins, *_deputies(posts)]
    return list({person.id: person for person in people if person}.values())


async def unit_led(person: Person, unit: Unit, at: datetime) -> Unit | None:
    """The lowest unit, from this one upwards, that the person leads or deputises for."""
    upwards = list(reversed(await ancestors(await standing(unit))))
    ids = [above.id for above in upwards]
    posts = await Leadership.filter(in_office(at), unit_id__in=ids, person_id=person.id)
    stand_ins = await _absences(at).filter(unit_id__in=ids, deputy_id=person.id)
    led = {post.unit_id for post in posts} | {absence.unit_id for absence in stand_ins}
    return next((above for above in upwards if above.id in led), None)


async def right_on(person: Person, issue: Issue, at: datetime) -> Unit | None:
    """The unit whose leadership lets a person act on an issue; None: nothing does.

    It is the lowest one from the issue's own upwards; or the department that has it.
    """
    about = issue.block or issue.holder
    led = await unit_led(person, about, at) if about else None
    if led is None and issue.returns_to_id is not None and issue.holder:
        return await unit_led(person, issue.holder, at)
    return led


async def post_of(person: Person, at: datetime) -> Unit | None:
    """The lowest unit that a person leads or deputises for; None for somebody who leads none."""
    posts = await Leadership.filter(in_office(at), person_id=person.id).select_related("unit")
    stand_ins = await _absences(at).filter(deputy_id=person.id).select_related("unit")
    units = [post.unit for post in posts] or [absence.unit for absence in stand_ins]
    return max(units, key=lambda unit: len(unit.path), default=None)


async def units_of(person: Person, at: datetime) -> list[Unit]:
    """All units that a person leads or deputises for, the highest first."""
    posts = await Leadership.filter(in_office(at), person_id=person.id).select_related("unit")
    stand_ins = await _absences(at).filter(deputy_id=person.id).select_related("unit")
    units = [post.unit for post in posts] + [absence.unit for absence in stand_ins]
    return sorted({unit.id: unit for unit in units}.values(), key=lambda unit: (len(unit.path), unit.id))


async def home_of(person: Person, at: datetime) -> Unit | None:
    """Where a person lives, or else the unit that they lead."""
    if person.block_id is not None:
        return await Unit.get(id=person.block_id)
    return await post_of(person, at)


async def neighbourhood(unit: Unit, profile: Profile) -> Unit:
    """The nearest unit upwards that people know by name: the first whose tier has a space."""
    for above in reversed(await ancestors(unit)):
        if profile.tier(above.tier).space:
            return above
    return unit


def _absences(at: datetime) -> QuerySet[Absence]:
    """Who is away at a moment, the latest word first."""
    return Absence.filter(since__lte=at, until__gt=at).select_related("deputy").order_by("-id")


async def deputies_of(unit: Unit, at: datetime) -> list[Person]:
    """The unit's standing deputies, the first appointed first."""
    return _deputies(await _posts(unit, at))


async def _posts(unit: Unit, at: datetime) -> list[Leadership]:
    """Who counts for a unit at a moment, as its leader or a deputy, the first appointed first."""
    posts = at_hand(unit.leaderships)
    if posts is None:
        return await Leadership.filter(in_office(at), unit_id=unit.id).select_related("person").order_by("id")
    now = [post for post in posts if post.since <= at and (post.until is None or post.until > at)]
    return sorted(now, key=lambda post: post.id)


async def _absences_of(unit: Unit, at: datetime) -> list[Absence]:
    """Who of a unit is away at a moment, the latest word first."""
    absences = at_hand(unit.absences)
    if absences is None:
        return await _absences(at).filter(unit_id=unit.id)
    now = [absence for absence in absences if absence.since <= at < absence.until]
    return sorted(now, key=lambda absence: absence.id, reverse=True)


def _leader(posts: Sequence[Leadership]) -> Person | None:
    leading = [post for post in posts if post.role is Role.LEADER]
    return max(leading, key=lambda post: post.since).person if leading else None


def _deputies(posts: Sequence[Leadership]) -> list[Person]:
    return [post.person for post in posts if post.role is Role.DEPUTY]


def _acting(posts: Sequence[Leadership], absences: Sequence[Absence]) -> Acting | None:
    leader = _leader(posts)
    away = [absence for absence in absences if leader and absence.person_id == leader.id]
    if leader and not away:
        return Acting(leader)
    named = [absence.deputy for absence in away if absence.deputy]
    deputies = named or _deputies(posts)
    return Acting(deputies[0], leader) if deputies else None
