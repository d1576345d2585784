"""To a department and back: it holds the issue by its own clock until it has it done or sends it back.

Each is one transition in the caller's transaction; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import chain, names, reaching, telling, texts
from issues.effects import Effects
from issues.errors import NotNow
from issues.lifecycle import clocks, common
from issues.lifecycle.book import Book
from issues.lifecycle.law import CLOCK, Actor
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Action, Issue, Unit


async def refer(
    settings: Settings, issue: Issue, actor: Actor, department: Unit, reason: str, at: datetime
) -> Effects:
    """A leader asks a department to do it; whoever holds it now gets it back if that does not.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is done, or the department has it already.
    """
    speaker = await common.leader(settings, issue, actor, at)
    common.check_state(settings, issue, Action.REFER)
    if issue.holder_id == department.id:
        raise NotNow(texts.ALREADY_REFERRED, number=issue.number, department=department.name)
    came_from = issue.holder_id
    stands_there = department.id in await telling.units_shown(issue)
    issue.returns_to_id = issue.returns_to_id or came_from
    issue.holder = department
    issue.answer_due = None
    issue.reminded = False
    clocks.start_resolve(settings, issue, at)
    effects = await common.record(settings, issue, Action.REFER, actor, at, detail=reason)
    profile = settings.territory
    language = profile.default_language
    name = await names.speaker(speaker, issue.block or department, profile, language, at)
    line = say(texts.LINE_REFERRED, language, name=name, number=issue.number, department=department.name)
    await telling.handed(settings, issue, effects, at)
    for unit_id in await telling.units_shown(issue):
        if unit_id != department.id:
            effects.say(issue, unit_id, line)
        effects.state(issue, unit_id)
    if stands_there:
        # A second time: its post rings nobody any more, and does not tell why.
        mention = [person.id for person in await chain.actors_of(department, at)]
        effects.say(issue, department.id, f"{line} {reason}".strip(), mention=mention)
    language = names.language_of(issue.reporter, profile)
    told = say(
        texts.REFERRED,
        language,
        number=issue.number,
        department=department.name,
        time=clock_time(_due(issue), at, profile.zone, language),
    )
    await telling.reporter(settings, issue, effects, told, at, topic=telling.HOLDER)
    return effects


async def hand_back(settings: Settings, issue: Issue, actor: Actor, reason: str, at: datetime) -> Effects:
    """Whoever referred an issue holds it again: the department, or one above, says why.

    Raises:
        NotAllowed: The actor leads neither the department nor a unit above the issue.
        NotNow: No department has it.
    """
    speaker = await common.leader(settings, issue, actor, at)
    common.check_state(settings, issue, Action.RETURN)
    assert issue.holder is not None
    profile = settings.territory
    name = await names.speaker(speaker, issue.holder, profile, profile.default_language, at)
    return await _back(settings, issue, actor, reason, name, at)


async def overdue(settings: Settings, issue: Issue, at: datetime, book: Book | None) -> Effects:
    """A department's window has passed: it is reminded once, and then the issue goes back."""
    assert issue.holder is not None
    profile = settings.territory
    language = profile.default_language
    if issue.reminded:
        name = say(texts.NO_WORD_FROM, language, department=issue.holder.name)
        return await _back(settings, issue, CLOCK, "", name, at, book)
    issue.reminded, due = True, issue.resolve_due
    clocks.start_resolve(settings, issue, at)
    effects = await common.record(settings, issue, Action.REMIND, CLOCK, at, due=due, book=book)
    time = clock_time(_due(issue), at, profile.zone, language)
    line = say(texts.LINE_REMIND_DEPARTMENT, language, number=issue.number, time=time)
    mention = [person.id for person in await chain.actors_of(issue.holder, at)]
    effects.say(issue, issue.holder.id, line, mention=mention)
    effects.state(issue, issue.holder.id)
    await reaching.reminded(settings, issue, effects, texts.LINE_REMIND_DEPARTMENT, at)
    return effects


async def _back(
    settings: Settings,
    issue: Issue,
    actor: Actor,
    reason: str,
    name: str,
    at: datetime,
    book: Book | None = None,
) -> Effects:
    department = issue.holder_id
    due = issue.resolve_due if actor is CLOCK else None
    holder = await Unit.get_or_none(id=issue.returns_to_id) or issue.holder
    assert holder is not None
    common.give_to(settings, issue, holder, at)
    effects = await common.record(
        settings, issue, Action.RETURN, actor, at, detail=reason, due=due, book=book
    )
    language = settings.territory.default_language
    line = say(texts.LINE_RETURNED, language, name=name, number=issue.number, unit=holder.name, reason=reason)
    await telling.moved(settings, issue, effects, line, texts.RETURNED, at, came_from=department)
    # Its thread is there already, so that its new holder must be called into it.
    mention = [person.id for person in await chain.actors_of(holder, at)]
    effects.say(issue, holder.id, line, mention=mention)
    return effects


def _due(issue: Issue) -> datetime:
    assert issue.resolve_due is not None
    return issue.resolve_due
