"""What leaders make of issues: one of two, two of one, none of one that needs nothing.

Each is one transition in the caller's transaction; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import duplicates, names, segments, telling, texts, together
from issues.effects import Effects
from issues.errors import NotNow
from issues.lifecycle import common
from issues.lifecycle.law import Actor
from linzhang.settings import Settings
from linzhang.words import say
from models import Action, Issue, Message, QuestionKind, State, Unit, Voice

#: Characters of a reason that a resident is told, so that it takes two SMS.
_REASON = 40


async def merge(settings: Settings, part: Issue, main: Issue, actor: Actor, at: datetime) -> Effects:
    """An issue becomes part of another one: from now on its reporter hears what is done about that.

    Args:
        settings: The service's.
        part: Locked.
        main: Locked; what it becomes part of.
        actor: Who says that they are the same.
        at: Programme time.

    Raises:
        NotAllowed: The leader may not act on both.
        NotNow: One of the two is over, they are one already, or only leaders may see one of them.
    """
    speaker = await common.leader(settings, part, actor, at)
    await common.leader(settings, main, actor, at)
    common.check_state(settings, part, Action.MERGE)
    common.check_in_hand(settings, main)
    if part.id == main.id:
        raise NotNow(texts.SAME_ISSUE, number=part.number)
    if part.private or main.private:
        raise NotNow(texts.PRIVATE_STAYS_ALONE)
    part.merged_into = main
    part.answer_due = part.resolve_due = None
    effects = await common.record(settings, part, Action.MERGE, actor, at, detail=str(main.number))
    for kind in (QuestionKind.SOLVED, QuestionKind.WHERE, QuestionKind.RATE):
        await common.settle(part, kind, at)
    profile = settings.territory
    language = profile.default_language
    name = await names.speaker(speaker, part.block or part.holder, profile, language, at)
    line = say(texts.LINE_MERGED, language, name=name, number=part.number, main=main.number)
    await telling.all_rooms(part, effects, line)
    if main.holder_id is not None:
        resident, words = names.resident(part.reporter, language), await duplicates.called(part)
        here = say(texts.LINE_MERGED_HERE, language, number=part.number, name=resident, words=words)
        effects.say(main, main.holder_id, here)
        effects.state(main, main.holder_id)
    language = names.language_of(part.reporter, profile)
    text = texts.MERGED_OWN if part.reporter_id == main.reporter_id else texts.MERGED
    told = say(text, language, number=part.number, main=main.number)
    await telling.reporter(settings, part, effects, told, at, topic=telling.HOLDER)
    return effects


async def split(
    settings: Settings, issue: Issue, actor: Actor, words: Message, at: datetime
) -> tuple[Issue, list[Effects]]:
    """Words of a resident become an issue of their own.

    Args:
        settings: The service's.
        issue: Locked; in which they were said.
        actor: The leader.
        words: The resident's; of the issue until now, or a leader's summary that is not saved yet.
        at: Programme time.

    Returns:
        The new issue, and the effects.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is over.
    """
    speaker = await common.leader(settings, issue, actor, at)
    common.check_state(settings, issue, Action.SPLIT)
    new = Issue(
        block=issue.block,
        reporter=issue.reporter,
        address=issue.address,
        opened_at=at,
        talked_at=at,
        bridge=issue.bridge,
        reported_in=issue.reported_in,
        private=issue.private,
    )
    holder = await Unit.get_or_none(id=issue.returns_to_id or issue.holder_id or 0)
    common.give_to(settings, new, holder, at)
    opened = await common.record(settings, new, Action.REPORT, actor, at, detail=str(issue.number))
    await common.keep(settings, new, words, Voice.RESIDENT)
    effects = await common.record(settings, issue, Action.SPLIT, actor, at, detail=str(new.number))
    profile = settings.territory
    language = profile.default_language
    name = await names.speaker(speaker, issue.block or issue.holder, profile, language, at)
    line = say(texts.LINE_SPLIT, language, name=name, number=new.number, words=await duplicates.called(new))
    await telling.all_rooms(issue, effects, line)
    await telling.handed(settings, new, opened, at)
    if new.holder is None:
        await common.ask(new, QuestionKind.WHERE, at)
        await telling.reply(settings, new, opened, texts.RECEIPT_UNKNOWN, at)
    else:
        await telling.reporter_about_holder(settings, new, opened, texts.SPLIT, at)
    return new, [effects, opened]


async def take_off(settings: Settings, issue: Issue, actor: Actor, reason: str, at: datetime) -> Effects:
    """A leader says that an issue needs nothing: its reporter is told why, and may say that it does.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is over.
    """
    speaker = await common.leader(settings, issue, actor, at)
    common.check_state(settings, issue, Action.WITHDRAW)
    hear = await together.heard_by(issue)
    short = segments.cut(reason, _REASON)
    common.end(issue, at)
    effects = await common.record(settings, issue, Action.WITHDRAW, actor, at, detail=reason)
    profile = settings.territory
    for kind in (QuestionKind.SOLVED, QuestionKind.WHERE, QuestionKind.RATE):
        await common.settle(issue, kind, at)
    for each in hear:
        await common.ask(each, QuestionKind.SOLVED, at, due=at + profile.reopen)
    name = await names.speaker(speaker, issue.block or issue.holder, profile, profile.default_language, at)
    line = say(texts.LINE_TAKEN_OFF, profile.default_language, name=name, number=issue.number, reason=reason)
    await telling.all_rooms(issue, effects, line)
    await telling.everybody(settings, issue, effects, texts.TAKEN_OFF, at, speaker=speaker, words=short)
    return effects


async def calm(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """A leader says that an issue is not urgent: it has its usual window again.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is not urgent, or over.
    """
    speaker = await common.leader(settings, issue, actor, at)
    common.check_state(settings, issue, Action.CALM)
    if not issue.urgent:
        raise NotNow(texts.NOT_URGENT, number=issue.number)
    shown = await telling.units_shown(issue)
    issue.urgent = False
    if issue.state is State.OPEN:
        common.give_to(settings, issue, issue.holder, at)
    effects = await common.record(settings, issue, Action.CALM, actor, at)
    profile = settings.territory
    name = await names.speaker(speaker, issue.block or issue.holder, profile, profile.default_language, at)
    line = say(texts.LINE_CALM, profile.default_language, name=name, number=issue.number)
    for unit_id in shown:
        effects.say(issue, unit_id, line)
        effects.state(issue, unit_id)
    return effects
