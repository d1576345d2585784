"""Who stands above whom, who answers for what, and who may act.

Reads the territory and the rosters; changes nothing. What a unit's place in the tree means is
decided here and nowhere else (DESIGN, rule 8).
"""

from linzhang.profile import Profile
from models import Leadership, Person, Role, Unit


async def ancestors(unit: Unit) -> list[Unit]:
    """The unit and all above it, from the root down to the unit itself."""
    codes = unit.path.rstrip("/").split("/")
    found = await Unit.filter(code__in=codes)
    return sorted(found, key=lambda each: len(each.path))


async def next_holder(unit: Unit, profile: Profile) -> Unit | None:
    """The unit to which an issue goes up from here; None at the top of the chain."""
    if unit.parent_id is None:
        return None
    parent = await Unit.get(id=unit.parent_id)
    return parent if profile.tier(parent.tier).chain else None


async def root() -> Unit | None:
    """The unit above all: where reports wait whose place nobody knows."""
    return await Unit.filter(parent_id=None).order_by("id").first()


async def leader_of(unit: Unit) -> Person | None:
    """Who answers for the unit now."""
    post = await (
        Leadership.filter(unit_id=unit.id, role=Role.LEADER, until=None).select_related("person").first()
    )
    return post.person if post else None


async def actors_of(unit: Unit) -> list[Person]:
    """The unit's leader and deputies, the leader first."""
    posts = await Leadership.filter(unit_id=unit.id, until=None).select_related("person").order_by("id")
    posts.sort(key=lambda post: post.role != Role.LEADER)
    return [post.person for post in posts]


async def unit_led(person: Person, unit: Unit) -> Unit | None:
    """The lowest unit, from this one upwards, that the person leads or deputises for."""
    upwards = list(reversed(await ancestors(unit)))
    posts = await Leadership.filter(
        unit_id__in=[above.id for above in upwards], person_id=person.id, until=None
    )
    led = {post.unit_id for post in posts}
    return next((above for above in upwards if above.id in led), None)


async def post_of(person: Person) -> Unit | None:
    """The lowest unit that a person leads; None for somebody who leads none."""
    posts = await Leadership.filter(person_id=person.id, until=None).select_related("unit")
    return max((post.unit for post in posts), key=lambda unit: len(unit.path), default=None)


async def neighbourhood(unit: Unit, profile: Profile) -> Unit:
    """The nearest unit upwards that people know by name: the first whose tier has a space."""
    for above in reversed(await ancestors(unit)):
        if profile.tier(above.tier).space:
            return above
    return unit
