"""The duty of deadlines: every issue whose window has passed goes up or is reminded of, exactly once.

Deadlines are columns, so that the database alone tells what is due after any outage. Of two workers
that see the same issue one locks it, and the other goes on with the next.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from bridges.contract import Inbound
from escalator.hearing import PutOff, concerned_by, heard_until, may_have_been_said, put_off
from issues import lifecycle, reading
from linzhang import logs, tracing
from linzhang.settings import Settings
from models import Issue, State

log = logging.getLogger(__name__)

#: Issues on which a worker acts in one transaction: so many are read, written and committed together, and
#: are locked meanwhile.
CLAIMED = 100

#: The deadline that an issue has in each state; no state has two.
_DEADLINES = {
    State.OPEN: "answer_due",
    State.ANSWERED: "resolve_due",
    State.REFERRED: "resolve_due",
    State.RESOLVED: "confirm_due",
}


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Act on passed deadlines: those nearest to home first, and of these the longest overdue.

    Several workers share them: each takes some at a time that no other has. An issue that cannot be worked
    on, by an error of ours, stays due and holds up no other.

    Args:
        settings: The service's.
        limit: How many issues at most.

    Returns:
        How many were worked on, and the outbox lanes that have got rows.
    """
    now = await heard_until(settings)
    batch = _Batch(settings, await put_off(settings))
    while batch.worked_on < limit and await batch.take(now, min(CLAIMED, limit - batch.worked_on)):
        pass
    return batch.worked_on, batch.woken


@dataclass
class _Batch:
    """What one run has done.

    Attributes:
        settings: The service's.
        put_off: Words for which the windows wait that were open when they were said.
        worked_on: How many issues.
        failed: Ids of those that could not be worked on.
        woken: Outbox lanes that have got rows.
    """

    settings: Settings
    put_off: PutOff | None
    worked_on: int = 0
    failed: list[int] = field(default_factory=list)
    woken: set[str] = field(default_factory=set)

    async def take(self, now: datetime, limit: int) -> bool:
        """Work on some that no other worker has; returns whether there were any.

        Args:
            now: Until when deadlines have passed, in programme time.
            limit: How many at most.
        """
        ids: list[int] = []
        try:
            async with in_transaction():
                ids += await _claim(now, limit, self.put_off, besides=self.failed)
                woken = await _all_overdue(self.settings, ids)
        except Exception:
            if not ids:
                raise
            # Which of them it is, is found out one by one.
            for issue_id in ids:
                await self._take_alone(issue_id)
        else:
            self.worked_on += len(ids)
            self.woken |= woken
        return bool(ids)

    async def _take_alone(self, issue_id: int) -> None:
        with logs.about(issue=Issue(id=issue_id).number), tracing.span("deadline"):
            try:
                self.woken |= await _work(self.settings, issue_id, self.settings.clock.now())
            except Exception as error:
                self.failed.append(issue_id)
                tracing.failed(error)
                log.exception("its deadline could not be acted on")
            else:
                self.worked_on += 1


async def _claim(now: datetime, limit: int, put_off: PutOff | None, *, besides: Sequence[int]) -> list[int]:
    """Lock issues whose deadlines have passed, and that nobody else has, those that are next first.

    Of each state they are found by its index. On SQLite, where one writer at a time is let in, nobody else
    has any.
    """
    found: list[tuple[int, datetime, int]] = []
    for state, column in _DEADLINES.items():
        passed = Issue.filter(state=state, **{f"{column}__lte": now}).exclude(id__in=besides)
        if put_off is not None:
            was_open: dict[str, Any] = {f"{column}__gt": put_off.since}
            passed = passed.exclude(put_off.about & Q(**was_open))
        first = passed.order_by("climbed", column).limit(limit).only("id", "climbed", column)
        for issue in await first.select_for_update(skip_locked=True):
            found.append((issue.climbed, getattr(issue, column), issue.id))
    return [issue_id for _, _, issue_id in sorted(found)[:limit]]


async def _all_overdue(settings: Settings, ids: Sequence[int]) -> set[str]:
    """Act on the deadlines of issues that are locked; all of it is written together."""
    book = lifecycle.Book()
    at = settings.clock.now()
    for issue in await reading.ahead(ids) if ids else ():
        with logs.about(issue=issue.number), tracing.span("deadline"):
            await lifecycle.overdue(settings, issue, at, book)
    return await book.write()


async def next_due(settings: Settings) -> datetime | None:  # noqa: ARG001 - the shape of a duty
    """The next deadline of all, in programme time."""
    found: list[datetime] = []
    for state, column in _DEADLINES.items():
        set_ones = Issue.filter(state=state, **{f"{column}__isnull": False})
        first = await set_ones.order_by(column).first().values(column)
        found += (first or {}).values()
    return min(found, default=None)


async def pass_before(settings: Settings, event: Inbound, at: datetime) -> set[str]:
    """Let windows to answer pass that ended before something was said about their issues.

    What comes late undoes no escalation, even where nobody was there to make it: a worker that comes back
    finds both, and this is their order.

    Args:
        settings: The service's.
        event: What was said.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    woken: set[str] = set()
    for issue, due in await _passed(settings, event, at):
        if not await may_have_been_said(issue, due):
            woken |= await _work(settings, issue.id, at)
    return woken


async def is_undecided(settings: Settings, event: Inbound, at: datetime) -> bool:
    """Whether a window that `pass_before` would let pass may have been answered in time by something else.

    Until that is known nobody can tell what this is: an answer that comes after the window, or after another.

    Args:
        settings: The service's.
        event: What was said.
        at: When it was accepted, in programme time.
    """
    for issue, due in await _passed(settings, event, at):
        if await may_have_been_said(issue, due):
            return True
    return False


async def _passed(settings: Settings, event: Inbound, at: datetime) -> list[tuple[Issue, datetime]]:
    """Issues that something may be about and whose windows to answer ended before it was said, and when."""
    concerned = await concerned_by(settings, event)
    if concerned is None:
        return []
    passed = await Issue.filter(concerned, state=State.OPEN, answer_due__lte=at).order_by("id")
    return [(issue, issue.answer_due) for issue in passed if issue.answer_due is not None]


async def _work(settings: Settings, issue_id: int, at: datetime) -> set[str]:
    async with in_transaction():
        effects = await lifecycle.overdue(settings, await lifecycle.lock(issue_id), at)
        return await effects.save() if effects else set()
