"""Which issues stand on a page of the board: by what is asked for, in its order, so many after a place.

A page is found by where the one before it ended, never by counting past what came before; and nothing is
counted over everything. So the cost grows with what is shown. Every query is one that an index can answer in
its order: by id, or by one state's deadline.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from issues.standing import IN_HAND
from models import Issue, State, Unit
from web.access.scope import Scope
from web.desk.queries import sought
from web.desk.queries.filters import Filters, Order, Which

#: Issues on a page of the table, and in each column.
PAGE, COLUMN = 50, 20

#: So far it is counted.
COUNTED = 500

#: What ends a state's time.
_DUE = {State.OPEN: "answer_due", State.ANSWERED: "resolve_due", State.REFERRED: "resolve_due"}

#: What shows of an issue.
_FETCHED = ("reporter", "block", "holder", "address")

#: Digits of a number that a database takes, and a microsecond that every calendar has.
_DIGITS, _END = 18, 10**16

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """A page.

    Attributes:
        issues: Those on it, with reporter, block, holder and address fetched.
        after: Where the next page begins; empty: there is none.
    """

    issues: Sequence[Issue]
    after: str = ""


def states(filters: Filters) -> Sequence[State]:
    """The states that are asked for."""
    if filters.state is Which.IN_HAND:
        return IN_HAND
    return tuple(State) if filters.state is Which.ALL else (State(filters.state),)


def order(filters: Filters) -> Order:
    """What stands first: only what is in hand is pressing."""
    return filters.order if set(states(filters)) <= set(_DUE) else Order.NEWEST


async def page(
    scope: Scope, filters: Filters, unit: Unit | None, *, after: str = "", limit: int = PAGE
) -> Found:
    """A page of issues.

    Args:
        scope: Of whoever looks.
        filters: What they ask for.
        unit: The unit that they ask for.
        after: Where the page before it ended; what makes no sense begins anew.
        limit: How many.
    """
    wanted = sought.issues(scope, filters, unit)
    found = await _ordered(wanted, filters, after, limit + 1)
    if len(found) <= limit:
        return Found(found)
    last = found[limit - 1]
    return Found(found[:limit], _place(last, filters))


async def count(scope: Scope, filters: Filters, unit: Unit | None) -> int:
    """How many there are on all pages; one more than `COUNTED`: more than that."""
    wanted = sought.issues(scope, filters, unit)
    if filters.state is not Which.ALL:
        wanted = wanted.filter(state__in=states(filters))
    return len(await wanted.limit(COUNTED + 1).values_list("id", flat=True))


async def _ordered(wanted: QuerySet[Issue], filters: Filters, after: str, limit: int) -> list[Issue]:
    """So many in their order: of each state by itself, since so an index has them in order, then merged."""
    wanted = wanted.select_related(*_FETCHED).limit(limit)
    if order(filters) is Order.PRESSING:
        due, issue_id = _start(after)
        pressing = [await _pressing(wanted, state, due, issue_id) for state in states(filters)]
        return list(heapq.merge(*pressing, key=_key))[:limit]
    if _is_number(after):
        wanted = wanted.filter(id__lt=int(after))
    if filters.state is Which.ALL:
        return await wanted.order_by("-id")
    newest = [await wanted.filter(state=state).order_by("-id") for state in states(filters)]
    return list(heapq.merge(*newest, key=lambda issue: -issue.id))[:limit]


async def _pressing(wanted: QuerySet[Issue], state: State, due: datetime, issue_id: int) -> list[Issue]:
    """Those of a state, after one that is due then and has this id."""
    name = _DUE[state]
    later: dict[str, Any] = {f"{name}__gt": due}
    same: dict[str, Any] = {name: due, "id__gt": issue_id}
    # Where an index can begin: what follows is true of nothing else.
    since: dict[str, Any] = {"state": state, f"{name}__gte": due}
    return await wanted.filter(**since).filter(Q(**later) | Q(**same)).order_by(name, "id")


def _key(issue: Issue) -> tuple[datetime, int]:
    due = getattr(issue, _DUE[issue.state])
    assert isinstance(due, datetime)
    return due, issue.id


def _place(issue: Issue, filters: Filters) -> str:
    """Where a page ended, for the address of the next one."""
    if order(filters) is Order.NEWEST:
        return str(issue.id)
    return f"{(_key(issue)[0] - _EPOCH) // timedelta(microseconds=1)}.{issue.id}"


def _start(after: str) -> tuple[datetime, int]:
    micros, _, issue_id = after.partition(".")
    if not (_is_number(micros) and _is_number(issue_id)):
        return _EPOCH, 0
    return _EPOCH + timedelta(microseconds=min(int(micros), _END)), int(issue_id)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS
