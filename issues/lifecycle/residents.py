"""What a resident does to their issue: report, place, add, keep private; what they think of it: `verdicts`.

Each is one transition in the caller's transaction; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import chain, choices, duplicates, names, telling, texts, together, urgency
from issues.effects import Effects
from issues.lifecycle import alarm, common, parts
from issues.lifecycle.law import RULES, Actor
from linzhang.settings import Settings
from linzhang.words import say
from models import Action, Address, Issue, Message, QuestionKind, State, Unit, Voice


async def report(
    settings: Settings,
    *,
    address: Address,
    unit: Unit | None,
    words: Message,
    at: datetime,
    known: bool = True,
    room_id: str = "",
    private: bool = False,
) -> tuple[Issue, Effects]:
    """Open an issue on a resident's words and give it to their unit's leader.

    Words that tell of a danger make it urgent.

    Args:
        settings: The service's.
        address: Where the resident wrote from, with its person fetched.
        unit: Their block, or the village they named; None while nobody knows.
        words: What they wrote; saved here as the issue's first message.
        at: When it was accepted, in programme time: the window runs from there.
        known: Whether the roster knew the sender before.
        room_id: The room it was said in; empty: in private.
        private: Whether only leaders may see it.
    """
    resident = address.person
    danger = urgency.danger(words.text, settings.territory)
    issue = Issue(
        block=unit,
        reporter=resident,
        address=address,
        opened_at=at,
        talked_at=at,
        bridge=address.bridge,
        reported_in=room_id,
        private=private,
    )
    common.give_to(settings, issue, unit, at)
    actor = Actor(resident, address.bridge, room_id, unit.id if unit and room_id else None)
    effects = await common.record(settings, issue, Action.REPORT, actor, at)
    await common.keep(settings, issue, words, Voice.RESIDENT)
    if danger:
        effects = await alarm.declare(settings, issue, actor, at, danger)
        await alarm.tell_reporter(settings, issue, effects, danger, at)
    if unit is None:
        await common.ask(issue, QuestionKind.WHERE, at)
    else:
        await telling.handed(settings, issue, effects, at)
        _introduce(settings, issue, effects, known=known)
        await duplicates.hint(settings, issue, effects, at)
    if danger:
        await alarm.sound(settings, issue, effects, at)
    elif unit is None:
        language = names.language_of(resident, settings.territory)
        question = say(texts.RECEIPT_UNKNOWN, language, number=issue.number)
        below = choices.below(texts.RECEIPT_UNKNOWN, language, number=issue.number)
        # Who types the code into the telephone meanwhile is not asked any more.
        topic = telling.HOLDER
        await telling.reporter(settings, issue, effects, question, at, topic=topic, awake=True, below=below)
    else:
        receipt = texts.RECEIPT_PRIVATE if private else texts.RECEIPT
        await telling.reporter_about_holder(settings, issue, effects, receipt, at, awake=True)
    return issue, effects


async def place(
    settings: Settings,
    issue: Issue,
    unit: Unit,
    at: datetime,
    *,
    bridge: str = "",
    by: Actor | None = None,
) -> Effects:
    """Give an issue whose sender was unknown to the unit that the sender, or a leader, has named.

    Args:
        settings: The service's.
        issue: Locked.
        unit: Where they live.
        at: Programme time.
        bridge: Through which bridge they said so; empty: through the one of their report.
        by: The leader who knows where they live; None: they said so themselves.

    Raises:
        NotAllowed: The issue waits in none of that leader's units.
    """
    profile = settings.territory
    if by is not None:
        await _check_waits_with(settings, issue, by, at)
    before = await telling.units_shown(issue)
    issue.block = unit
    common.give_to(settings, issue, unit, at)
    actor = by or Actor(issue.reporter, bridge or issue.address.bridge)
    effects = await common.record(settings, issue, Action.PLACE, actor, at)
    await common.settle(issue, QuestionKind.WHERE, at)
    for unit_id in before:
        effects.state(issue, unit_id)
    await telling.handed(settings, issue, effects, at)
    _introduce(settings, issue, effects, known=False)
    await duplicates.hint(settings, issue, effects, at)
    where = await names.place(unit, profile, names.language_of(issue.reporter, profile))
    await telling.reporter_about_holder(settings, issue, effects, texts.PLACED, at, awake=True, place=where)
    if issue.urgent:
        await alarm.sound(settings, issue, effects, at)
    return effects


async def _check_waits_with(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> None:
    """Make sure that an issue without a block waits in one of a leader's units: at first, in the root."""
    where = issue.holder or await chain.root()
    if actor.person is None or where is None or await chain.unit_led(actor.person, where, at) is None:
        raise await common.not_yours(settings, issue, at)


async def add(
    settings: Settings, issue: Issue, words: Message, at: datetime, *, receipt: bool | None = None
) -> Effects:
    """Join further words of the resident to their issue; a danger in them makes it urgent.

    Args:
        settings: The service's.
        issue: Locked.
        words: What they said.
        at: Programme time.
        receipt: Whether the resident is told that the words have come; empty: where nobody is talking
            with them already.

    Raises:
        NotNow: It is closed.
    """
    actor = Actor(issue.reporter, words.bridge, words.room_id)
    if issue.state is State.MERGED:
        effects = await parts.add(settings, issue, actor, words, at)
        if receipt is not False:
            await _receipt_of_part(settings, issue, effects, at)
        return effects
    danger = urgency.danger(words.text, settings.territory)
    issue.talked_at = at
    effects = await common.record(settings, issue, Action.ADD, actor, at)
    await common.keep(settings, issue, words, Voice.RESIDENT)
    alarms = danger and issue.state in RULES[Action.URGENT].start
    if danger and alarms and not await alarm.was_called(settings, issue, at):
        effects = await alarm.declare(settings, issue, actor, at, danger)
        await alarm.tell_reporter(settings, issue, effects, danger, at)
        await telling.relay(issue, effects, words)
        await alarm.sound(settings, issue, effects, at)
        return effects
    await telling.relay(issue, effects, words)
    await telling.relay_by_letter(settings, issue, effects, words, at)
    if receipt is not False:
        await _receipt(settings, issue, effects, words, at, always=receipt is True)
    return effects


async def make_private(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """The resident, or a leader for them, wants only leaders to see it: take it out of the rooms of others.

    Raises:
        NotAllowed: Whoever wants it is neither.
        NotNow: It is closed.
    """
    profile = settings.territory
    if actor.person is None or actor.person.id != issue.reporter_id:
        await common.leader(settings, issue, actor, at)
    issue.private = True
    issue.talked_at = at
    effects = await common.record(settings, issue, Action.PRIVATE, actor, at)
    for unit_id in await telling.units_shown(issue):
        effects.hide(issue, unit_id)
        effects.show(issue, unit_id)
    language = names.language_of(issue.reporter, profile)
    if issue.holder:
        leader = await names.holder(issue.holder, profile, language, at)
    else:
        leader = say(texts.YOUR_LEADER, language, title=profile.bottom.leader[language])
    await telling.reply(settings, issue, effects, texts.MADE_PRIVATE, at, leader=leader)
    return effects


async def _receipt(
    settings: Settings, issue: Issue, effects: Effects, words: Message, at: datetime, *, always: bool
) -> None:
    """Tell the reporter what has become of further words; in the middle of a talk that is nothing."""
    if issue.state is State.RESOLVED:
        await telling.reply(settings, issue, effects, texts.SOLVED_AGAIN, at)
    elif issue.block is None:
        await telling.reply(settings, issue, effects, texts.PLACE_UNKNOWN, at)
    elif (always or issue.state is State.OPEN) and issue.holder and not words.room_id:
        language = names.language_of(issue.reporter, settings.territory)
        leader = await names.holder(issue.holder, settings.territory, language, at)
        await telling.reply(settings, issue, effects, texts.ADDED, at, leader=leader)


async def _receipt_of_part(settings: Settings, part: Issue, effects: Effects, at: datetime) -> None:
    """Tell somebody whose issue is part of another that their words have come to whoever holds that."""
    whole = await together.whole(part)
    if whole.holder is not None:
        language = names.language_of(part.reporter, settings.territory)
        leader = await names.holder(whole.holder, settings.territory, language, at)
        await telling.reply(settings, part, effects, texts.ADDED, at, leader=leader)


def _introduce(settings: Settings, issue: Issue, effects: Effects, *, known: bool) -> None:
    """Tell the holder of somebody whom the roster does not know, or whom no word will reach."""
    if issue.holder_id is None:
        return
    language = settings.territory.default_language
    if not known:
        effects.say(issue, issue.holder_id, say(texts.LINE_NEWCOMER, language))
    if issue.address.stopped_at is not None and not issue.reported_in:
        effects.say(issue, issue.holder_id, say(texts.LINE_UNREACHABLE, language))
