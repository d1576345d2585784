"""Makes of rows what the API gives, many at once; what the caller may not read is left out here.

No telephone number is looked at.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from issues import chain, overlook
from linzhang.profile import Profile
from models import History, Issue, Message, Person, State, Unit
from projections import levels
from projections.tallies import Figures
from web.access.scope import Scope
from web.api.schema import (
    FiguresView,
    IssueView,
    Leader,
    LevelName,
    LoadedUnit,
    LoadView,
    MessageView,
    StepView,
    StoryView,
    UnitRef,
    UnitView,
)

#: What must be fetched of issues that are shown.
FETCHED = ("reporter", "block", "holder", "address", "merged_into")


def unit_ref(unit: Unit) -> UnitRef:
    """A unit, in short."""
    return UnitRef(code=unit.code, name=unit.name, tier=unit.tier)


def load(piled: levels.Load) -> LoadView:
    """What is piled up at a unit."""
    return LoadView(
        level=LevelName(piled.level.name.lower()),
        points=piled.points,
        open=piled.open,
        overdue=piled.overdue,
        urgent=piled.urgent,
        reopened=piled.reopened,
        households=piled.households,
        since=piled.since,
    )


async def loaded(rows: Sequence[Unit]) -> list[LoadedUnit]:
    """Some units, in short, with what is piled up there, in their order."""
    piled = await levels.of_units([row.id for row in rows])
    return [
        LoadedUnit(**unit_ref(row).model_dump(), load=load(piled.get(row.id, levels.Load()))) for row in rows
    ]


def figures(found: Figures) -> FiguresView:
    """Figures; times in seconds."""
    return FiguresView(
        received=found.received,
        answered=found.answered,
        answered_in_time=found.in_time,
        late=found.late,
        closed=found.closed,
        reopened=found.reopened,
        referred=found.referred,
        withdrawn=found.withdrawn,
        merged=found.merged,
        unfinished=found.unfinished,
        closing_rate=found.closing_rate,
        answered_in_time_rate=found.answered_in_time_rate,
        satisfaction=found.satisfaction,
        median_to_answer=_seconds(found.median_to_answer),
        p90_to_answer=_seconds(found.p90_to_answer),
        median_to_close=_seconds(found.median_to_close),
        p90_to_close=_seconds(found.p90_to_close),
        escalations=dict(found.escalations),
        ratings={str(mark): number for mark, number in found.ratings.items()},
    )


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None


async def unit(scope: Scope, row: Unit) -> UnitView:
    """A unit."""
    profile = scope.settings.territory
    parent = await Unit.get_or_none(id=row.parent_id or 0)
    return UnitView(
        **unit_ref(row).model_dump(),
        load=load(await levels.of_unit(row)),
        title=_title(row, profile),
        parent=parent.code if parent is not None and scope.sees(parent) else None,
        leader=await _leader(row, scope.at),
        latitude=row.latitude,
        longitude=row.longitude,
        closed=row.closed_at is not None,
    )


async def issues(scope: Scope, rows: Sequence[Issue]) -> list[IssueView]:
    """Some issues, with all of `FETCHED` fetched, in their order."""
    unread = await _unread(scope, rows)
    first = await _first_words([row.id for row in rows if row.id not in unread])
    return [_issue(row, first.get(row.id, ""), readable=row.id not in unread) for row in rows]


async def issue(scope: Scope, issue_id: int) -> IssueView:
    """An issue as it stands now."""
    row = await Issue.get(id=issue_id).select_related(*FETCHED)
    return (await issues(scope, [row]))[0]


async def story(scope: Scope, issue_id: int) -> StoryView:
    """An issue with all that happened and was said."""
    row = await Issue.get(id=issue_id).select_related(*FETCHED)
    view, reporter_id = (await issues(scope, [row]))[0], row.reporter_id
    readable = view.words is not None
    happened = await History.filter(issue_id=issue_id).order_by("seq").select_related("actor")
    said = Message.filter(issue_id=issue_id).order_by("said_at", "id").select_related("author")
    held = {row.from_holder_id for row in happened} | {row.to_holder_id for row in happened}
    codes = {each.id: each.code for each in await Unit.filter(id__in=[each for each in held if each])}
    return StoryView(
        **view.model_dump(),
        messages=[_message(each) for each in await said] if readable else [],
        history=[_step(each, codes, hidden=None if readable else reporter_id) for each in happened],
    )


async def _unread(scope: Scope, rows: Sequence[Issue]) -> set[int]:
    """Ids of those whose words the caller may not read; `Scope.reads` for many."""
    own = [each.id for each in scope.units]
    private = {row.id for row in rows if row.private and row.holder_id not in own}
    if private:
        held = History.filter(issue_id__in=list(private), to_holder_id__in=own)
        private -= set(await held.values_list("issue_id", flat=True))
    return private


async def _first_words(ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    if ids:
        said = Message.filter(issue_id__in=list(ids), retracted_at=None).order_by("-id")
        found = dict(await said.values_list("issue_id", "text"))
    return found


def _issue(row: Issue, words: str, *, readable: bool) -> IssueView:
    return IssueView(
        number=row.number,
        state=row.state,
        urgent=row.urgent,
        private=row.private,
        block=unit_ref(row.block) if row.block else None,
        holder=unit_ref(row.holder) if row.holder else None,
        reporter=(row.reporter.name or None) if readable else None,
        words=words if readable else None,
        opened_at=row.opened_at,
        due=overlook.due(row),
        answered_at=row.answered_at,
        resolved_at=row.resolved_at,
        closed_at=row.closed_at,
        rating=row.rating,
        merged_into=row.merged_into.number if row.merged_into else None,
    )


def _message(row: Message) -> MessageView:
    return MessageView(
        at=row.said_at,
        voice=row.voice,
        author=_name(row.author),
        bridge=row.bridge,
        words="" if row.retracted_at else row.text,
        media=[] if row.retracted_at else [str(each.get("content_type", "")) for each in row.media],
        retracted=row.retracted_at is not None,
    )


def _step(row: History, codes: dict[int, str], *, hidden: int | None) -> StepView:
    """A step; of an issue that the caller may not read, without its reporter, whose id is `hidden`."""
    return StepView(
        at=row.at,
        action=row.action,
        actor=_name(row.actor) if hidden is None or row.actor_id != hidden else None,
        bridge=row.bridge,
        from_state=State(row.from_state) if row.from_state else None,
        to_state=State(row.to_state),
        from_holder=codes.get(row.from_holder_id or 0),
        to_holder=codes.get(row.to_holder_id or 0),
        reason=row.detail if hidden is None else "",
    )


def _name(person: Person | None) -> str | None:
    return (person.name or None) if person else None


async def _leader(row: Unit, at: datetime) -> Leader | None:
    acting = await chain.acting(row, at)
    if acting is None:
        return None
    away = acting.stands_in_for
    return Leader(name=acting.person.name, stands_in_for=away.name if away else None)


def _title(row: Unit, profile: Profile) -> str:
    return profile.tier(row.tier).leader.get(profile.default_language, "")
