"""Which issues stand on a page of the board: by what is asked for, in its order, so many after a place.

A page is found by where the one before it ended, never by counting past what came before; and nothing is
counted over everything. So the cost grows with what is shown. Every query is one that an index can answer in
its order: by id, or by one state's deadline, where those in danger come first and have an index of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

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


class Place(NamedTuple):
    """Where an issue stands among what is pressing.

    Attributes:
        calm: Whether nobody is in danger.
        due: When its time ends.
        issue_id: Its own.
    """

    calm: bool
    due: datetime
    issue_id: int


_START = Place(calm=False, due=_EPOCH, issue_id=0)


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
    ids = await _in_order(await sought.issues(scope, filters, unit), filters, after, limit + 1)
    return await _shown(ids, filters, limit)


async def first_page(scope: Scope, filters: Filters, unit: Unit | None) -> tuple[Found, int]:
    """The first page, and how many there are on all; one more than `COUNTED`: more than that."""
    ids = await _in_order(await sought.issues(scope, filters, unit), filters, "", COUNTED + 1)
    return await _shown(ids, filters, PAGE), len(ids)


async def count(scope: Scope, filters: Filters, unit: Unit | None) -> int:
    """How many there are on all pages; one more than `COUNTED`: more than that."""
    wanted = await sought.issues(scope, filters, unit)
    if filters.state is not Which.ALL:
        wanted = wanted.filter(state__in=states(filters))
    return len(await wanted.limit(COUNTED + 1).values_list("id", flat=True))


async def _in_order(wanted: QuerySet[Issue], filters: Filters, after: str, limit: int) -> list[int]:
    """Ids of so many in their order, which an index alone tells."""
    if order(filters) is Order.PRESSING:
        return await _pressing(wanted, filters, after, limit)
    return await _newest(wanted, filters, after, limit)


async def _shown(ids: Sequence[int], filters: Filters, limit: int) -> Found:
    """Of these so many, with all that shows of them."""
    issues = await sought.fetched(ids[:limit], _FETCHED)
    return Found(issues, _after(issues[-1], filters) if len(ids) > limit else "")


async def _newest(wanted: QuerySet[Issue], filters: Filters, after: str, limit: int) -> list[int]:
    if _is_number(after):
        wanted = wanted.filter(id__lt=int(after))
    wanted = wanted.order_by("-id").limit(limit)
    if filters.state is Which.ALL:
        return await sought.ids(wanted)
    newest = [await sought.ids(wanted.filter(state=state)) for state in states(filters)]
    return sorted(chain.from_iterable(newest), reverse=True)[:limit]


async def _pressing(wanted: QuerySet[Issue], filters: Filters, after: str, limit: int) -> list[int]:
    """Danger first, then by deadline: of each state by itself, since so an index has them in order."""
    start = _start(after)
    found: list[Place] = []
    for calm in (False,) if filters.urgent else (True,) if start.calm else (False, True):
        since = start if calm == start.calm else Place(calm, _EPOCH, 0)
        each = [await _due(wanted.filter(urgent=not calm), state, since, limit) for state in states(filters)]
        found += sorted(chain.from_iterable(each))
        if len(found) >= limit:
            break
    return [place.issue_id for place in found[:limit]]


async def _due(wanted: QuerySet[Issue], state: State, since: Place, limit: int) -> list[Place]:
    """So many of a state, after a place."""
    name = _DUE[state]
    later: dict[str, Any] = {f"{name}__gt": since.due}
    same: dict[str, Any] = {name: since.due, "id__gt": since.issue_id}
    # Where an index can begin: what follows is true of nothing else.
    begin: dict[str, Any] = {"state": state, f"{name}__gte": since.due}
    rows = wanted.filter(**begin).filter(Q(**later) | Q(**same)).order_by(name, "id").limit(limit)
    return [Place(since.calm, due, issue_id) for due, issue_id in await rows.values_list(name, "id")]


def _after(issue: Issue, filters: Filters) -> str:
    """Where a page ended, for the address of the next one."""
    if order(filters) is Order.NEWEST:
        return str(issue.id)
    due = getattr(issue, _DUE[issue.state])
    assert isinstance(due, datetime)
    return f"{int(not issue.urgent)}.{(due - _EPOCH) // timedelta(microseconds=1)}.{issue.id}"


def _start(after: str) -> Place:
    parts = after.split(".")
    if len(parts) != len(_START) or not all(_is_number(part) for part in parts):
        return _START
    calm, micros, issue_id = (int(part) for part in parts)
    return Place(bool(calm), _EPOCH + timedelta(microseconds=min(micros, _END)), issue_id)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS
