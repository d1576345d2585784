"""The duty of nudges: every leader hears in person that an answer is due, at most twice in a window.

When the next nudge is due is a column; two workers that see the same issue lock it one after the
other, and the second finds it nudged.
"""

import logging
from datetime import datetime

from tortoise.transactions import in_transaction

from escalator.hearing import heard_until
from issues import lifecycle, nudging
from linzhang import logs, tracing
from linzhang.settings import Settings
from models import Issue, State

log = logging.getLogger(__name__)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Nudge whom it is time to nudge, the longest due first.

    Args:
        settings: The service's.
        limit: How many issues at most.

    Returns:
        How many were looked at, and the outbox lanes that have got rows.
    """
    now = await heard_until(settings)
    due = Issue.filter(state=State.OPEN, holder_id__isnull=False, nudge_due__lte=now)
    woken: set[str] = set()
    worked_on = 0
    for row in await due.order_by("nudge_due").limit(limit).values("id"):
        with logs.about(issue=Issue(id=row["id"]).number), tracing.span("nudge"):
            try:
                woken |= await _work(settings, row["id"])
                worked_on += 1
            except Exception as error:
                tracing.failed(error)
                log.exception("nobody could be nudged")
    return worked_on, woken


async def next_due(settings: Settings) -> datetime | None:  # noqa: ARG001 - the shape of a duty
    """When somebody is next to be nudged, in programme time."""
    waiting = Issue.filter(state=State.OPEN, holder_id__isnull=False, nudge_due__isnull=False)
    first = await waiting.order_by("nudge_due").first().values("nudge_due")
    return first["nudge_due"] if first else None


async def _work(settings: Settings, issue_id: int) -> set[str]:
    async with in_transaction():
        issue = await lifecycle.lock(issue_id)
        effects = await nudging.nudge(settings, issue, settings.clock.now())
        return await effects.save() if effects else set()
