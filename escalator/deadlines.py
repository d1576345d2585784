"""The deadlines: every issue whose window has passed goes up or is reminded of, exactly once.

Deadlines are columns, so that the database alone tells what is due after any outage. Two workers
that see the same issue lock it one after the other; the second finds nothing left to do.
"""

from datetime import datetime

from tortoise.expressions import Q
from tortoise.functions import Min
from tortoise.transactions import in_transaction

from issues import lifecycle
from linzhang.settings import Settings
from models import Issue


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Act on passed deadlines, the longest overdue first.

    Args:
        settings: The service's.
        limit: How many issues at most.

    Returns:
        How many were looked at, and the outbox lanes that have got rows.
    """
    now = settings.clock.now()
    due = Q(answer_due__lte=now) | Q(resolve_due__lte=now)
    found = await Issue.filter(due).order_by("answer_due", "resolve_due").limit(limit).values("id")
    woken: set[str] = set()
    for row in found:
        async with in_transaction():
            issue = await lifecycle.lock(row["id"])
            effects = await lifecycle.overdue(settings, issue, settings.clock.now())
            if effects:
                woken |= await effects.save()
    return len(found), woken


async def next_due() -> datetime | None:
    """The next deadline of all, in programme time."""
    found = (
        await Issue.all()
        .annotate(answer=Min("answer_due"), resolve=Min("resolve_due"))
        .values("answer", "resolve")
    )
    moments = [moment for moment in found[0].values() if moment is not None] if found else []
    return min(moments, default=None)
