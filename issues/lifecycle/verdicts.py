"""What a resident thinks of it: confirm, reject, rate, withdraw.

Each is one transition in the caller's transaction; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import chain, names, telling, texts, together
from issues.effects import Effects
from issues.lifecycle import alarm, common, parts
from issues.lifecycle.law import Actor
from linzhang.settings import Settings
from linzhang.words import say
from models import Action, Issue, Message, QuestionKind, State, Voice


async def confirm(
    settings: Settings, issue: Issue, actor: Actor, at: datetime, *, words: Message | None = None
) -> Effects:
    """The resident says that it is solved: close it, and ask how it was.

    Args:
        settings: The service's.
        issue: Locked.
        actor: The reporter.
        at: Programme time.
        words: What they said, where it is more than the verdict.

    Raises:
        NotNow: It is closed already.
    """
    profile = settings.territory
    common.check_state(settings, issue, Action.CONFIRM)
    whole = await together.whole(issue)
    common.end(issue, at)
    effects = await common.record(settings, issue, Action.CONFIRM, actor, at)
    await _settle_all(issue, at)
    await _keep(settings, issue, effects, words)
    await telling.all_rooms(issue, effects, say(texts.LINE_CLOSED, profile.default_language))
    text = texts.CLOSED
    # Where nobody has done anything there is nothing to rate; and a room is no ballot box.
    if issue.answered_at is not None and not issue.reported_in:
        text = texts.CLOSED_RATE
        await common.ask(issue, QuestionKind.RATE, at, due=at + profile.confirm_window)
    await telling.reply(settings, issue, effects, text, at)
    if whole.id != issue.id and whole.holder_id is not None:
        name = names.resident(issue.reporter, profile.default_language)
        line = say(texts.LINE_PART_CLOSED, profile.default_language, name=name, number=issue.number)
        effects.say(whole, whole.holder_id, line)
    for each in await together.parts(issue):
        language = names.language_of(each.reporter, profile)
        told = say(texts.CLOSED, language, number=issue.number)
        await telling.reporter(settings, each, effects, told, at)
    return effects


async def reject(
    settings: Settings, issue: Issue, actor: Actor, at: datetime, *, words: Message | None = None
) -> Effects:
    """The resident says that it is not solved: open it again, one tier up, with their words.

    Args:
        settings: The service's.
        issue: Locked.
        actor: The reporter.
        at: Programme time.
        words: What they said, where it is more than the verdict.

    Raises:
        NotNow: Nobody has said that it is done.
    """
    if issue.merged_into_id is not None and issue.state in (State.MERGED, State.CLOSED):
        return await _reject_part(settings, issue, actor, at, words)
    profile = settings.territory
    came_from = issue.holder_id
    parent = await chain.goes_up_to(issue, profile)
    common.check_state(settings, issue, Action.REJECT)
    issue.resolved_at = issue.closed_at = issue.rating = None
    issue.talked_at = at
    common.give_to(settings, issue, parent or issue.holder, at)
    effects = await common.record(settings, issue, Action.REJECT, actor, at)
    await _settle_all(issue, at)
    if words is not None:
        await common.keep(settings, issue, words, Voice.RESIDENT)
    if issue.block is None:
        await common.ask(issue, QuestionKind.WHERE, at)
    if parent and issue.holder:
        name = issue.holder.name
        line = say(texts.LINE_REJECTED, profile.default_language, number=issue.number, parent=name)
    else:
        line = say(texts.LINE_REJECTED_TOP, profile.default_language, number=issue.number)
    if issue.holder is None:
        await telling.reply(settings, issue, effects, texts.RECEIPT_UNKNOWN, at)
    else:
        await telling.moved(
            settings, issue, effects, line, texts.NOT_SOLVED, at, came_from=came_from, awake=True
        )
    if words is not None:
        await telling.relay(issue, effects, words)
    await alarm.pass_on(settings, issue, effects, at)
    return effects


async def rate(settings: Settings, issue: Issue, actor: Actor, rating: int, at: datetime) -> Effects:
    """The resident says how it was done, from 1 to 5; saying it again corrects it.

    Raises:
        NotNow: It is not closed.
    """
    issue.rating = rating
    effects = await common.record(settings, issue, Action.RATE, actor, at, detail=str(rating))
    await common.settle(issue, QuestionKind.RATE, at)
    line = say(texts.LINE_RATED, settings.territory.default_language, rating=rating)
    await telling.all_rooms(issue, effects, line)
    await telling.reply(settings, issue, effects, texts.RATED, at)
    return effects


async def withdraw(
    settings: Settings, issue: Issue, actor: Actor, at: datetime, *, words: Message | None = None
) -> Effects:
    """The resident needs nothing any more: close it with thanks.

    Args:
        settings: The service's.
        issue: Locked.
        actor: The reporter.
        at: Programme time.
        words: What they said, where it is more than that.

    Raises:
        NotNow: It is closed already.
    """
    common.check_state(settings, issue, Action.WITHDRAW)
    common.end(issue, at)
    effects = await common.record(settings, issue, Action.WITHDRAW, actor, at)
    await _settle_all(issue, at)
    await _keep(settings, issue, effects, words)
    line = say(texts.LINE_WITHDRAWN, settings.territory.default_language)
    await telling.all_rooms(issue, effects, line)
    await telling.reply(settings, issue, effects, texts.WITHDRAWN, at)
    return effects


async def _reject_part(
    settings: Settings, part: Issue, actor: Actor, at: datetime, words: Message | None
) -> Effects:
    """'Not solved' of somebody whose issue has become part of another: that is not solved."""
    if not await parts.is_done(part):
        return await parts.add(settings, part, actor, words, at)
    whole = await parts.rejoin(settings, part, actor, words, at)
    effects = await reject(settings, whole, actor, at)
    if words is not None:
        await telling.relay(whole, effects, words)
    return effects


async def _keep(settings: Settings, issue: Issue, effects: Effects, words: Message | None) -> None:
    """Keep and pass on words that came with a verdict."""
    if words is not None:
        await common.keep(settings, issue, words, Voice.RESIDENT)
        await telling.relay(issue, effects, words)


async def _settle_all(issue: Issue, at: datetime) -> None:
    """Nothing about this issue needs an answer any more."""
    for kind in (QuestionKind.SOLVED, QuestionKind.WHERE, QuestionKind.RATE):
        await common.settle(issue, kind, at)
