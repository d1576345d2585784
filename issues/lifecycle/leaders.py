"""What leaders do to an issue: accept, answer, note, correct, retract, resolve, undo, pass up.

Each is one transition in the caller's transaction; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import chain, names, standing, telling, texts, together
from issues.effects import Effects
from issues.errors import NotNow
from issues.lifecycle import alarm, clocks, common
from issues.lifecycle.law import Actor
from linzhang.settings import Settings
from linzhang.words import say
from models import Action, Issue, Message, QuestionKind, State, Voice


async def accept(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """A leader takes an issue on: its reporter hears that it was seen, and the window goes on.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is not open, or somebody has taken it on.
    """
    profile = settings.territory
    speaker = await common.leader(settings, issue, actor, at)
    common.check_state(settings, issue, Action.ACCEPT)
    about = issue.block or issue.holder
    already = await standing.accepted_by(issue)
    if already is not None:
        name = await names.speaker(already, about, profile, profile.default_language, at)
        raise NotNow(texts.ALREADY_ACCEPTED, name=name, number=issue.number)
    effects = await common.record(settings, issue, Action.ACCEPT, actor, at)
    for unit_id in await telling.units_shown(issue):
        effects.state(issue, unit_id)
    await telling.reporter_about_holder(settings, issue, effects, texts.SEEN, at, speaker=speaker)
    return effects


async def answer(settings: Settings, issue: Issue, actor: Actor, words: Message, at: datetime) -> Effects:
    """A leader's words reach the resident; the first ones are the answer that the window asks for.

    Raises:
        NotAllowed: The speaker leads no unit above the issue.
    """
    speaker = await common.leader(settings, issue, actor, at)
    action = Action.SAY
    if issue.state is State.OPEN:
        action = Action.ANSWER
        clocks.stop_answer(settings, issue, at)
    issue.talked_at = at
    effects = await common.record(settings, issue, action, actor, at)
    await common.keep(settings, issue, words, Voice.LEADER)
    if not telling.heard_by_reporter(issue, actor.room_id):
        await common.tell_words(settings, issue, effects, speaker, words, at)
    await telling.other_rooms(settings, issue, effects, speaker, actor.unit_id, words, at)
    return effects


async def note(settings: Settings, issue: Issue, actor: Actor, words: Message, at: datetime) -> None:
    """Keep words that stay among leaders: no transition, but part of the story.

    Raises:
        NotAllowed: The speaker leads no unit above the issue.
    """
    await common.leader(settings, issue, actor, at)
    await common.keep(settings, issue, words, Voice.INSIDE)


async def correct(
    settings: Settings,
    issue: Issue,
    actor: Actor,
    words: Message,
    corrected: str,
    at: datetime,
    *,
    unsent: bool,
) -> Effects:
    """A leader has edited what they said: the resident, who cannot see edits, gets the new words.

    Args:
        settings: The service's.
        issue: Locked.
        actor: Who edited.
        words: What was edited.
        corrected: The words that count now.
        at: Programme time.
        unsent: Whether the message with the old words could be stopped; then the new ones go
            out as if they had been the first.

    Raises:
        NotAllowed: The editor leads no unit above the issue.
    """
    speaker = await common.leader(settings, issue, actor, at)
    effects = await common.record(settings, issue, Action.CORRECT, actor, at, detail=words.text)
    words.text = corrected
    await words.save()
    if words.voice is Voice.LEADER and not telling.heard_by_reporter(issue, actor.room_id):
        await common.tell_words(settings, issue, effects, speaker, words, at, corrected=not unsent)
        line = say(texts.LINE_CORRECTED, settings.territory.default_language)
        if actor.unit_id is not None:
            effects.say(issue, actor.unit_id, line)
    return effects


async def retract(
    settings: Settings, issue: Issue, actor: Actor, words: Message, at: datetime, *, unsent: bool
) -> Effects:
    """A leader has taken back what they said; they are told whether it was in time.

    Args:
        settings: The service's.
        issue: Locked.
        actor: Who took it back.
        words: What was taken back.
        at: Programme time.
        unsent: Whether the message to the resident could still be stopped.

    Raises:
        NotAllowed: They lead no unit above the issue.
    """
    await common.leader(settings, issue, actor, at)
    effects = await common.record(settings, issue, Action.RETRACT, actor, at)
    words.retracted_at = at
    await words.save()
    if words.voice is Voice.LEADER and actor.unit_id and not telling.heard_by_reporter(issue, actor.room_id):
        text = texts.LINE_TAKEN_BACK if unsent else texts.LINE_TOO_LATE
        line = say(text, settings.territory.default_language)
        effects.say(issue, actor.unit_id, line, mention=[words.author_id])
    return effects


async def resolve(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """A leader says that it is done: ask the resident.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is resolved or closed already.
    """
    profile = settings.territory
    speaker = await common.leader(settings, issue, actor, at)
    issue.answered_at = issue.answered_at or at
    issue.answer_due = issue.resolve_due = None
    issue.resolved_at = at
    effects = await common.record(settings, issue, Action.RESOLVE, actor, at)
    await common.settle(issue, QuestionKind.WHERE, at)
    for each in await together.heard_by(issue):
        await common.ask(each, QuestionKind.SOLVED, at)
    name = await names.speaker(speaker, issue.block or issue.holder, profile, profile.default_language, at)
    line = texts.LINE_RESOLVED_UNASKED if issue.silent else texts.LINE_RESOLVED
    await telling.all_rooms(issue, effects, say(line, profile.default_language, name=name))
    await telling.everybody(settings, issue, effects, texts.SOLVED, at, speaker=speaker, topic=telling.SOLVED)
    return effects


async def undo(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """A leader takes 'done' back before the resident was asked: it is open, with a window of its own.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is not resolved.
    """
    profile = settings.territory
    speaker = await common.leader(settings, issue, actor, at)
    common.check_state(settings, issue, Action.UNDO)
    issue.resolved_at = None
    common.give_to(settings, issue, issue.holder, at)
    effects = await common.record(settings, issue, Action.UNDO, actor, at)
    await common.settle(issue, QuestionKind.SOLVED, at)
    name = await names.speaker(speaker, issue.block or issue.holder, profile, profile.default_language, at)
    line = say(texts.LINE_UNDONE, profile.default_language, name=name, number=issue.number)
    await telling.all_rooms(issue, effects, line)
    return effects


async def pass_up(settings: Settings, issue: Issue, actor: Actor, reason: str, at: datetime) -> Effects:
    """A leader passes an issue to the parent unit.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is resolved or closed, or already at the top of the chain.
    """
    profile = settings.territory
    speaker = await common.leader(settings, issue, actor, at)
    common.check_state(settings, issue, Action.PASS_UP)
    came_from = issue.holder_id
    parent = await chain.next_holder(issue.holder, profile) if issue.holder else None
    if parent is None:
        top = issue.holder.name if issue.holder else ""
        raise NotNow(texts.AT_THE_TOP, number=issue.number, unit=top)
    common.give_to(settings, issue, parent, at)
    effects = await common.record(settings, issue, Action.PASS_UP, actor, at, detail=reason)
    assert issue.holder is not None
    language = profile.default_language
    name = await names.speaker(speaker, issue.block or issue.holder, profile, language, at)
    line = say(texts.LINE_PASSED_UP, language, name=name, number=issue.number, parent=issue.holder.name)
    await telling.moved(settings, issue, effects, line, texts.WENT_UP, at, came_from=came_from)
    await alarm.pass_on(settings, issue, effects, at)
    return effects
