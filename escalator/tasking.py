"""The duty of tasks: whoever has not been asked yet is, room by room, and never at night."""

import logging
from datetime import datetime

from tortoise.transactions import in_transaction

from linzhang import logs
from linzhang.settings import Settings
from models import Task
from programme.tasks import offering, writing

log = logging.getLogger(__name__)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Ask those who are to be asked next.

    Args:
        settings: The service's.
        limit: How many rooms at most, and one batch more.

    Returns:
        How many rooms were seen to, and the outbox lanes that have got rows.
    """
    now, profile = settings.clock.now(), settings.territory
    if profile.quiet.until(now, profile.zone) is not None:
        return 0, set()
    done, woken = 0, set[str]()
    for task_id in [task.id for task in await Task.filter(offering=True).order_by("id")]:
        if done >= limit:
            break
        with logs.about(task=task_id):
            try:
                count, lanes = await _alone(settings, task_id, now)
            except Exception:
                log.exception("a task could not be offered; it stays due")
            else:
                done += count
                woken |= lanes
    return done, woken


async def next_due(settings: Settings) -> datetime | None:
    """When somebody is to be asked next, in programme time."""
    first = await Task.filter(offering=True).order_by("sent_at").first()
    if first is None or first.sent_at is None:
        return None
    profile, now = settings.territory, settings.clock.now()
    return profile.quiet.until(now, profile.zone) or first.sent_at


async def _alone(settings: Settings, task_id: int, now: datetime) -> tuple[int, set[str]]:
    async with in_transaction():
        task = await writing.lock(task_id)
        return await offering.offer(settings, task, now) if task.offering else (0, set())
