"""Who has finished the course, at a unit and below it. Reads; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import chain
from linzhang.profile import Profile
from models import Course, Leadership, Role, Unit

#: Leaders that one page lists.
LISTED = 200


@dataclass(frozen=True, slots=True)
class Line:
    """How the leaders of a unit, and of all below it, stand.

    Attributes:
        unit: Which.
        leaders: How many there are.
        begun: How many of them have begun the course.
        finished: How many have finished it.
    """

    unit: Unit
    leaders: int
    begun: int
    finished: int


async def line(profile: Profile, unit: Unit, at: datetime) -> Line:
    """How a unit stands."""
    tiers = [tier.key for tier in profile.tiers if tier.chain]
    posts = Leadership.filter(chain.in_office(at), chain.below(unit.path, "unit__path"), role=Role.LEADER)
    courses = Course.filter(chain.below(unit.path, "unit__path"))
    return Line(
        unit,
        await posts.filter(unit__tier__in=tiers).count(),
        await courses.count(),
        await courses.filter(finished_at__isnull=False).count(),
    )


async def below(profile: Profile, unit: Unit, at: datetime) -> list[Line]:
    """The same for each unit right below one."""
    children = await Unit.filter(parent_id=unit.id, closed_at=None).order_by("path")
    return [await line(profile, child, at) for child in children]


async def learners(unit: Unit) -> Sequence[Course]:
    """Those at a unit and below it who have begun, the latest first."""
    found = Course.filter(chain.below(unit.path, "unit__path")).order_by("-begun_at", "-person_id")
    return await found.limit(LISTED).select_related("person", "unit")
