"""The duty of deadlines: every issue whose window has passed goes up or is reminded of, exactly once.

Deadlines are columns, so that the database alone tells what is due after any outage. Two workers
that see the same issue lock it one after the other; the second finds nothing left to do.
"""

import logging
from datetime import datetime

from tortoise.expressions import F, Q, Subquery
from tortoise.functions import Coalesce
from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Kind
from escalator.hearing import heard_until, may_have_been_said
from issues import keywords, lifecycle
from linzhang import logs, tracing
from linzhang.settings import Settings
from models import Address, Issue, Leadership, RoomEvent, State

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
    due = Coalesce("answer_due", F("resolve_due"), F("confirm_due"))
    longest_first = Issue.filter(_passed(now)).annotate(due=due).order_by("due")
    found = await longest_first.limit(limit).values("id")
    woken: set[str] = set()
    worked_on = 0
    for row in found:
        with logs.about(issue=Issue(id=row["id"]).number), tracing.span("deadline"):
            try:
                woken |= await _work(settings, row["id"], settings.clock.now())
                worked_on += 1
            except Exception as error:
                tracing.failed(error)
                log.exception("its deadline could not be acted on")
    return worked_on, woken


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
    concerned = await _concerned(settings, event)
    if concerned is None:
        return woken
    passed = Issue.filter(concerned, state=State.OPEN, answer_due__lte=at)
    for issue in await passed.order_by("id"):
        assert issue.answer_due is not None
        if not await may_have_been_said(issue, issue.answer_due):
            woken |= await _work(settings, issue.id, at)
    return woken


async def _concerned(settings: Settings, event: Inbound) -> Q | None:
    """The issues that something said may be about; None: it is about none."""
    if event.kind is Kind.RECEIPT:
        return None
    if event.room:
        return Q(id__in=Subquery(RoomEvent.filter(room_id=event.room).values("issue_id")))
    lookup = settings.vault.lookup(event.bridge, event.sender)
    address = await Address.filter(bridge=event.bridge, lookup=lookup).first()
    if address is None:
        return None
    led = Leadership.filter(person_id=address.person_id, until=None).values("unit_id")
    quoted = [Issue.id_of(number) for number in keywords.read(event.text).numbers]
    return Q(reporter_id=address.person_id) | Q(holder_id__in=Subquery(led)) | Q(id__in=quoted)


def _passed(now: datetime) -> Q:
    """Issues with a deadline that has passed."""
    # Each state has a deadline of its own, and no state has two: so the indexes serve.
    return (
        Q(state=State.OPEN, answer_due__lte=now)
        | Q(state__in=(State.ANSWERED, State.REFERRED), resolve_due__lte=now)
        | Q(state=State.RESOLVED, confirm_due__lte=now)
    )


async def _work(settings: Settings, issue_id: int, at: datetime) -> set[str]:
    async with in_transaction():
        issue = await lifecycle.lock(issue_id)
        effects = await lifecycle.overdue(settings, issue, at)
        return await effects.save() if effects else set()
