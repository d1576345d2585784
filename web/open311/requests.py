"""Issues as service requests: which ones a caller may read, and what the specification says of each.

Private issues are shown to those alone who may read them; no telephone number is ever looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q, Subquery

from bridges.open311.bridge import NAME
from issues import names, overlook
from linzhang.settings import Settings
from models import History, Issue, Message, Outbox, State, Unit, Voice
from web.access.scope import Scope
from web.access.tokens import Caller, Right
from web.open311 import reports, services

#: Days that one list may span, and requests in it at most, as the specification has it.
DAYS, MOST = 90, 1000

OPEN, CLOSED = "open", "closed"

_OVER = (State.RESOLVED, State.CLOSED, State.WITHDRAWN, State.MERGED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for.

    Attributes:
        since: Reported then or later.
        until: Reported then or before.
        services: Codes of services; none: all.
        statuses: 'open', 'closed'; none: both.
    """

    since: datetime
    until: datetime
    services: Sequence[str] = ()
    statuses: Sequence[str] = ()


def visible(caller: Caller) -> Q:
    """Of all issues, those that a caller may read as requests: its owner's, and those it has filed itself."""
    found = Q(id__in=[])
    if caller.may(Right.READ_ISSUES):
        found |= caller.scope.issues() & caller.scope.readable()
    if caller.may(Right.REPORT_ISSUES):
        filed = Message.filter(bridge=NAME, external_id__startswith=reports.of_caller(caller))
        found |= Q(id__in=Subquery(filed.values("issue_id")))
    return found


async def listed(caller: Caller, wanted: Wanted) -> list[Issue]:
    """The requests that are asked for, the latest first."""
    found = Issue.filter(visible(caller), opened_at__gte=wanted.since, opened_at__lte=wanted.until)
    if wanted.services:
        tier = caller.scope.settings.territory.department
        of_department = Q(holder__tier=tier.key) if tier else Q(id__in=[])
        asked = of_department & Q(holder__code__in=list(wanted.services))
        if services.GENERAL in wanted.services:
            asked |= ~of_department | Q(holder_id=None)
        found = found.filter(asked)
    if set(wanted.statuses) == {OPEN}:
        found = found.exclude(state__in=_OVER)
    elif set(wanted.statuses) == {CLOSED}:
        found = found.filter(state__in=_OVER)
    return await found.order_by("-id").limit(MOST).select_related(*_FETCHED)


async def by_numbers(caller: Caller, numbers: Sequence[int]) -> list[Issue]:
    """The requests with these numbers that the caller may read."""
    ids = [Issue.id_of(number) for number in numbers[:MOST]]
    return await Issue.filter(visible(caller), id__in=ids).order_by("-id").select_related(*_FETCHED)


async def shown(caller: Caller, issues: Sequence[Issue], language: str) -> list[dict[str, object]]:
    """What the specification says of each."""
    ids = [issue.id for issue in issues]
    words, notes, changed = await _words(ids), await _notes(ids), await _changed(ids)
    return [
        await _shown(
            caller.scope,
            issue,
            words.get(issue.id, ""),
            notes.get(issue.id),
            changed.get(issue.id, issue.opened_at),
            language,
        )
        for issue in issues
    ]


def span(settings: Settings, since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    """From when to when a list goes: the last 90 days, or 90 days from or until what was said."""
    most = timedelta(days=DAYS)
    if until is None:
        now = settings.clock.now()
        until = min(now, since + most) if since else now
    return since or until - most, until


_FETCHED = ("holder", "block")


async def _shown(
    scope: Scope, issue: Issue, words: str, notes: str | None, changed: datetime, language: str
) -> dict[str, object]:
    settings = scope.settings
    code, name = services.of(issue, settings, language)
    # Who has filed something with a telephone number is not told by that where its owner lives.
    due, block = overlook.due(issue), _within(scope, issue.block)
    holder = _within(scope, issue.holder) if code == services.GENERAL else issue.holder
    return {
        "service_request_id": str(issue.number),
        "status": CLOSED if issue.state in _OVER else OPEN,
        "status_notes": notes,
        "service_name": name,
        "service_code": code,
        "description": words,
        "agency_responsible": holder.name if holder else None,
        "service_notice": None,
        "requested_datetime": written(issue.opened_at, settings),
        "updated_datetime": written(changed, settings),
        "expected_datetime": written(due, settings) if due else None,
        "address": await names.place(block, settings.territory, language) if block else None,
        "address_id": block.code if block else None,
        "zipcode": None,
        "lat": block.latitude if block else None,
        "long": block.longitude if block else None,
        "media_url": None,
    }


def _within(scope: Scope, unit: Unit | None) -> Unit | None:
    return unit if unit is not None and scope.sees(unit) else None


def written(moment: datetime, settings: Settings) -> str:
    """A moment as the W3C's note has it, in the programme's zone."""
    return moment.astimezone(settings.territory.zone).isoformat(timespec="seconds")


async def _words(ids: Sequence[int]) -> dict[int, str]:
    """What was first said in each, unless it was taken back."""
    said = Message.filter(issue_id__in=list(ids), voice=Voice.RESIDENT, retracted_at=None)
    return dict(await said.order_by("-id").values_list("issue_id", "text"))


async def _notes(ids: Sequence[int]) -> dict[int, str]:
    """The last words of a leader to the resident; before there are any, ours to who reported here."""
    told = Outbox.filter(issue_id__in=list(ids), bridge=NAME).order_by("id")
    notes = {
        issue_id: str(payload.get("text", ""))
        for issue_id, payload in await told.values_list("issue_id", "payload")
    }
    said = Message.filter(issue_id__in=list(ids), voice=Voice.LEADER, retracted_at=None).order_by("id")
    return notes | dict(await said.values_list("issue_id", "text"))


async def _changed(ids: Sequence[int]) -> dict[int, datetime]:
    happened = History.filter(issue_id__in=list(ids)).order_by("seq")
    return dict(await happened.values_list("issue_id", "at"))
