"""The duty of the course for leaders: the next lesson to each whose day has come, never at night."""

import logging
from datetime import datetime

from tortoise.transactions import in_transaction

from linzhang.settings import Settings
from models import Course
from programme.teaching import going_on

log = logging.getLogger(__name__)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Send what is due of courses.

    Args:
        settings: The service's.
        limit: How many at most.

    Returns:
        How many courses went on, and the outbox lanes that have got rows.
    """
    now, profile = settings.clock.now(), settings.territory
    if profile.quiet.until(now, profile.zone) is not None:
        return 0, set()
    done, woken = 0, set[str]()
    due = Course.filter(due__lte=now).order_by("due").limit(limit)
    for person_id in [course.person_id for course in await due]:
        try:
            woken |= await _alone(settings, person_id, now)
        except Exception:
            log.exception("a course could not go on; it stays due")
        else:
            done += 1
    return done, woken


async def next_due(settings: Settings) -> datetime | None:
    """When the next lesson is due, in programme time."""
    first = await Course.filter(due__isnull=False).order_by("due").first()
    if first is None or first.due is None:
        return None
    profile = settings.territory
    moment = max(first.due, settings.clock.now())
    return profile.quiet.until(moment, profile.zone) or first.due


async def _alone(settings: Settings, person_id: int, now: datetime) -> set[str]:
    async with in_transaction():
        course = await Course.select_for_update().get(person_id=person_id)
        if course.due is None or course.due > now:
            return set()  # another worker was a moment faster
        await course.fetch_related("person")
        return await going_on.go_on(settings, course, now)
