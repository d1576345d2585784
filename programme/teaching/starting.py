"""Who begins the course: whoever is new, when somebody above lets them, or anybody who wants to learn."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise.expressions import Subquery

from issues import audit, chain
from issues.errors import NotAllowed
from linzhang.profile import Profile
from linzhang.settings import Settings
from models import Course, Leadership, Person, Role, Unit
from programme import texts

#: Who has answered for a unit for no longer is new.
NEW = timedelta(days=60)

#: Courses that are begun at once: a city's are begun by its townships.
MOST = 500


async def newcomers(profile: Profile, unit: Unit, at: datetime, *, besides: Person) -> list[Leadership]:
    """Those who have come to lead a unit, or one below it, lately and never had the course.

    Args:
        profile: The programme's.
        unit: Which.
        at: Programme time.
        besides: Whoever asks: they have `learn`.
    """
    tiers = [tier.key for tier in profile.tiers if tier.chain]
    posts = Leadership.filter(
        chain.in_office(at), chain.below(unit.path, "unit__path"), role=Role.LEADER, since__gte=at - NEW
    ).filter(unit__tier__in=tiers)
    others = posts.exclude(person_id=besides.id)
    without = others.exclude(person_id__in=Subquery(Course.all().values("person_id")))
    return await without.order_by("unit__path").limit(MOST).select_related("person", "unit")


async def begin(settings: Settings, unit: Unit, by: Person, at: datetime) -> Sequence[Leadership]:
    """Let all who are new at a unit and below it begin; returns who does.

    Raises:
        NotAllowed: Whoever wants that answers neither for the unit nor for one above it.
    """
    if await chain.unit_led(by, unit, at) is None:
        raise NotAllowed(texts.NOT_YOUR_UNIT, unit=unit.name)
    new = await newcomers(settings.territory, unit, at, besides=by)
    # Somebody else may let them begin in the same moment: there is one course for each.
    await Course.bulk_create(
        [Course(person_id=post.person_id, unit_id=post.unit_id, begun_at=at, due=at) for post in new],
        ignore_conflicts=True,
    )
    if new:
        await audit.record(settings, "course begun", unit.path, by.name, f"{len(new)} leaders")
    return new


async def learn(person: Person, at: datetime) -> Course:
    """Let somebody have the course because they want it, from its beginning if they had it once.

    Raises:
        NotAllowed: They lead nothing.
    """
    own = await chain.units_of(person, at)
    if not own:
        raise NotAllowed(texts.LEARN_LEADERS_ONLY)
    course, _ = await Course.get_or_create(
        person_id=person.id, defaults={"unit_id": own[0].id, "begun_at": at, "due": at}
    )
    if course.finished_at is not None:
        course.lesson = course.right = 0
        course.waits, course.reminded = False, False
        course.due, course.finished_at = at, None
        course.turn += 1
        await course.save()
    return course
