"""The duty of deadlines: every issue whose window has passed goes up or is reminded of, exactly once.

Deadlines are columns, so that the database alone tells what is due after any outage. Two workers
that see the same issue lock it one after the other; the second finds nothing left to do.
"""

import logging
from datetime import datetime

from tortoise.expressions import F, Q
from tortoise.functions import Coalesce
from tortoise.transactions import in_transaction

from escalator.inbox import heard_until
from issues import lifecycle
from linzhang.settings import Settings
from models import Issue, State

log = logging.getLogger(__name__)

#: The deadline that an issue has in each state.
_DEADLINES = {
    State.OPEN: "answer_due",
    State.ANSWERED: "resolve_due",
    State.REFERRED: "resolve_due",
    State.RESOLVED: "confirm_due",
}


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Act on passed deadlines, the longest overdue first.

    An issue that cannot be worked on, by an error of ours, stays due and holds up no other.

    Args:
        settings: The service's.
        limit: How many issues at most.

    Returns:
        How many were worked on, and the outbox lanes that have got rows.
    """
    now = await heard_until(settings)
    # Each state has a deadline of its own, and no state has two: so the indexes serve.
    passed = (
        Q(state=State.OPEN, answer_due__lte=now)
        | Q(state__in=(State.ANSWERED, State.REFERRED), resolve_due__lte=now)
        | Q(state=State.RESOLVED, confirm_due__lte=now)
    )
    due = Coalesce("answer_due", F("resolve_due"), F("confirm_due"))
    longest_first = Issue.filter(passed).annotate(due=due).order_by("due")
    found = await longest_first.limit(limit).values("id")
    woken: set[str] = set()
    worked_on = 0
    for row in found:
        try:
            woken |= await _work(settings, row["id"])
            worked_on += 1
        except Exception:
            log.exception("issue %s: its deadline could not be acted on", row["id"])
    return worked_on, woken


async def next_due(settings: Settings) -> datetime | None:  # noqa: ARG001 - the shape of a duty
    """The next deadline of all, in programme time."""
    found: list[datetime] = []
    for state, column in _DEADLINES.items():
        set_ones = Issue.filter(state=state, **{f"{column}__isnull": False})
        first = await set_ones.order_by(column).first().values(column)
        found += (first or {}).values()
    return min(found, default=None)


async def _work(settings: Settings, issue_id: int) -> set[str]:
    async with in_transaction():
        issue = await lifecycle.lock(issue_id)
        effects = await lifecycle.overdue(settings, issue, settings.clock.now())
        return await effects.save() if effects else set()
