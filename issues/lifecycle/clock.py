"""What the passing of time does to an issue: escalate, remind, lapse.

Each is one transition in the caller's transaction; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import chain, choices, names, telling, texts
from issues.effects import Effects
from issues.lifecycle import alarm, clocks, common, referring
from issues.lifecycle.book import Book
from issues.lifecycle.law import CLOCK
from linzhang.settings import Settings
from linzhang.words import Text, clock_time, say
from models import Action, Issue, QuestionKind, State, Unit


async def overdue(settings: Settings, issue: Issue, at: datetime, book: Book | None = None) -> Effects | None:
    """Do what an issue's passed deadline asks for; None where none has passed.

    An unanswered issue goes up, or is reminded of at the top. An answered one that is not done is
    reminded of once and then goes up; from a department it goes back. The reporter of one that is said
    to be done is asked once more, and then it closes.

    Args:
        settings: The service's.
        issue: Locked.
        at: Programme time.
        book: Where it is written down, with what else is; None: it is saved at once, but for the effects.
    """
    profile = settings.territory
    if issue.state is State.REFERRED:
        is_due = issue.resolve_due is not None and issue.resolve_due <= at
        return await referring.overdue(settings, issue, at, book) if is_due else None
    if issue.answer_due is not None and issue.answer_due <= at:
        parent = await chain.next_holder(issue.holder, profile) if issue.holder else await chain.root()
        if parent is None:
            return await _remind_of_answer(settings, issue, at, book)
        return await _escalate(settings, issue, parent, at, book)
    if issue.resolve_due is not None and issue.resolve_due <= at:
        parent = await chain.next_holder(issue.holder, profile) if issue.holder else None
        if parent is None or not issue.reminded:
            return await _remind_of_resolving(settings, issue, at, book)
        return await _escalate(settings, issue, parent, at, book)
    if issue.confirm_due is not None and issue.confirm_due <= at:
        ask = _lapse if issue.reminded else _ask_once_more
        return await ask(settings, issue, at, book)
    return None


def _deadline(issue: Issue) -> datetime | None:
    """The deadline that an issue has in its state; there is one at most."""
    return issue.answer_due or issue.resolve_due or issue.confirm_due


async def _escalate(
    settings: Settings, issue: Issue, parent: Unit, at: datetime, book: Book | None
) -> Effects:
    came_from, due = issue.holder_id, _deadline(issue)
    text = texts.LINE_ESCALATED if issue.state is State.OPEN else texts.LINE_NOT_DONE
    common.give_to(settings, issue, parent, at)
    effects = await common.record(settings, issue, Action.ESCALATE, CLOCK, at, due=due, book=book)
    if came_from is None:
        # Nobody knows where the resident lives, so there is no leader to promise them.
        await telling.handed(settings, issue, effects, at)
    elif issue.holder:
        line = say(text, settings.territory.default_language, number=issue.number, parent=issue.holder.name)
        await telling.moved(settings, issue, effects, line, texts.WENT_UP, at, came_from=came_from)
    await alarm.pass_on(settings, issue, effects, at)
    return effects


async def _remind_of_answer(settings: Settings, issue: Issue, at: datetime, book: Book | None) -> Effects:
    first, due = not issue.reminded, _deadline(issue)
    issue.reminded = True
    clocks.start_answer(settings, issue, at)
    effects = await common.record(settings, issue, Action.REMIND, CLOCK, at, due=due, book=book)
    await _remind(settings, issue, effects, texts.LINE_REMIND_ANSWER, issue.answer_due, at)
    if issue.urgent:
        await alarm.call_leader(settings, issue, effects, at)
    if first and issue.holder is not None and issue.block is not None:
        language = names.language_of(issue.reporter, settings.territory)
        leader = await names.holder(issue.holder, settings.territory, language, at)
        still = say(texts.STILL_UP, language, number=issue.number, leader=leader)
        await telling.reporter(settings, issue, effects, still, at, topic=telling.HOLDER)
    return effects


async def _remind_of_resolving(settings: Settings, issue: Issue, at: datetime, book: Book | None) -> Effects:
    issue.reminded, due = True, _deadline(issue)
    clocks.start_resolve(settings, issue, at)
    effects = await common.record(settings, issue, Action.REMIND, CLOCK, at, due=due, book=book)
    await _remind(settings, issue, effects, texts.LINE_REMIND_RESOLVE, issue.resolve_due, at)
    return effects


async def _ask_once_more(settings: Settings, issue: Issue, at: datetime, book: Book | None) -> Effects:
    """Half of the time has passed without the resident's word on whether it is solved."""
    issue.reminded, due = True, _deadline(issue)
    clocks.start_confirm(settings, issue, at)
    effects = await common.record(settings, issue, Action.REMIND, CLOCK, at, due=due, book=book)
    language = names.language_of(issue.reporter, settings.territory)
    question = say(texts.SOLVED_ONCE_MORE, language, number=issue.number)
    below = choices.below(texts.SOLVED_ONCE_MORE, language, number=issue.number)
    await telling.reporter(settings, issue, effects, question, at, topic=telling.SOLVED, below=below)
    return effects


async def _lapse(settings: Settings, issue: Issue, at: datetime, book: Book | None) -> Effects:
    """The resident has said nothing for all of the time: close it, and say how to open it again."""
    profile = settings.territory
    issue.closed_at, due = at, _deadline(issue)
    effects = await common.record(settings, issue, Action.LAPSE, CLOCK, at, due=due, book=book)
    await common.settle(issue, QuestionKind.SOLVED, at)
    text = texts.LINE_LAPSED_UNASKED if issue.silent else texts.LINE_LAPSED
    await telling.all_rooms(issue, effects, say(text, profile.default_language, number=issue.number))
    await telling.everybody(settings, issue, effects, texts.LAPSED, at, topic=telling.SOLVED)
    return effects


async def _remind(
    settings: Settings, issue: Issue, effects: Effects, text: Text, due: datetime | None, at: datetime
) -> None:
    if issue.holder is None or due is None:
        return
    profile = settings.territory
    language = profile.default_language
    time = clock_time(due, at, profile.zone, language)
    acting = await chain.acting(issue.holder, at)
    mention = [acting.person.id] if acting else []
    line = say(text, language, number=issue.number, time=time)
    effects.say(issue, issue.holder.id, line, mention=mention)
    effects.state(issue, issue.holder.id)
