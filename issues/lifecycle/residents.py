"""What a resident does to their issue: report, place, add, confirm, reject.

Each is one transition in the caller's transaction; see `issues.lifecycle`.
"""

from datetime import datetime

from issues import chain, names, telling, texts
from issues.effects import Effects
from issues.lifecycle import common
from issues.lifecycle.law import Actor
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
) -> tuple[Issue, Effects]:
    """Open an issue on a resident's words and give it to their unit's leader.

    Args:
        settings: The service's.
        address: Where the resident wrote from, with its person fetched.
        unit: Their block, or the village they named; None while nobody knows.
        words: What they wrote; saved here as the issue's first message.
        at: When it was accepted, in programme time: the window runs from there.
        known: Whether the roster knew the sender before.
        room_id: The room it was said in; empty: in private.
    """
    resident = address.person
    issue = Issue(
        block=unit, reporter=resident, address=address, opened_at=at, talked_at=at, reported_in=room_id
    )
    common.give_to(settings, issue, unit, at)
    actor = Actor(resident, address.bridge, room_id, unit.id if unit and room_id else None)
    effects = await common.record(settings, issue, Action.REPORT, actor, at)
    await common.keep(issue, words, Voice.RESIDENT)
    if unit is None:
        await common.ask(issue, QuestionKind.WHERE, at)
        language = names.language_of(resident, settings.territory)
        question = say(texts.RECEIPT_UNKNOWN, language, number=issue.number)
        await telling.reporter(settings, issue, effects, question, at, awake=True)
        return issue, effects
    await telling.handed(settings, issue, effects, at)
    if not known and issue.holder_id:
        effects.say(issue, issue.holder_id, say(texts.LINE_NEWCOMER, settings.territory.default_language))
    await telling.reporter_about_holder(settings, issue, effects, texts.RECEIPT, at, awake=True)
    return issue, effects


async def place(settings: Settings, issue: Issue, unit: Unit, at: datetime, *, bridge: str = "") -> Effects:
    """Give an issue whose sender was unknown to the unit that the sender has named.

    Args:
        settings: The service's.
        issue: Locked.
        unit: Where they live.
        at: Programme time.
        bridge: Through which bridge they said so; empty: through the one of their report.
    """
    profile = settings.territory
    before = await telling.units_shown(issue)
    issue.block = unit
    common.give_to(settings, issue, unit, at)
    actor = Actor(issue.reporter, bridge or issue.address.bridge)
    effects = await common.record(settings, issue, Action.PLACE, actor, at)
    await common.settle(issue, QuestionKind.WHERE, at)
    for unit_id in before:
        effects.state(issue, unit_id)
    await telling.handed(settings, issue, effects, at)
    if issue.holder_id:
        effects.say(issue, issue.holder_id, say(texts.LINE_NEWCOMER, profile.default_language))
    where = await names.place(unit, profile, names.language_of(issue.reporter, profile))
    await telling.reporter_about_holder(settings, issue, effects, texts.PLACED, at, awake=True, place=where)
    return effects


async def add(settings: Settings, issue: Issue, words: Message, at: datetime) -> Effects:
    """Join further words of the resident to their issue.

    Raises:
        NotNow: It is closed.
    """
    actor = Actor(issue.reporter, words.bridge, words.room_id)
    issue.talked_at = at
    effects = await common.record(settings, issue, Action.ADD, actor, at)
    await common.keep(issue, words, Voice.RESIDENT)
    profile = settings.territory
    language = names.language_of(issue.reporter, profile)
    shown = await telling.units_shown(issue)
    for unit_id in dict.fromkeys((issue.holder_id, issue.block_id)):
        spoken_here = unit_id == issue.block_id and telling.heard_by_reporter(issue, words.room_id)
        if unit_id in shown and not spoken_here:
            effects.relay(issue, unit_id, words.id)
    if issue.state is State.RESOLVED:
        question = say(texts.SOLVED_AGAIN, language, number=issue.number)
        await telling.reporter(settings, issue, effects, question, at, awake=True)
    elif issue.block is None:
        await telling.reporter(settings, issue, effects, say(texts.PLACE_UNKNOWN, language), at, awake=True)
    elif issue.state is State.OPEN and issue.holder and not words.room_id:
        leader = await names.holder(issue.holder, profile, language, at)
        receipt = say(texts.ADDED, language, number=issue.number, leader=leader)
        await telling.reporter(settings, issue, effects, receipt, at, awake=True)
    return effects


async def confirm(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """The resident says that it is solved: close it.

    Raises:
        NotNow: Nobody has said that it is done.
    """
    issue.closed_at = at
    effects = await common.record(settings, issue, Action.CONFIRM, actor, at)
    await common.settle(issue, QuestionKind.SOLVED, at)
    profile = settings.territory
    await telling.all_rooms(issue, effects, say(texts.LINE_CLOSED, profile.default_language))
    language = names.language_of(issue.reporter, profile)
    await telling.reporter(
        settings, issue, effects, say(texts.CLOSED, language, number=issue.number), at, awake=True
    )
    return effects


async def reject(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """The resident says that it is not solved: open it again, one tier up.

    Raises:
        NotNow: Nobody has said that it is done.
    """
    profile = settings.territory
    came_from = issue.holder_id
    parent = await chain.goes_up_to(issue, profile)
    issue.resolved_at = issue.closed_at = None
    issue.talked_at = at
    common.give_to(settings, issue, parent or issue.holder, at)
    effects = await common.record(settings, issue, Action.REJECT, actor, at)
    await common.settle(issue, QuestionKind.SOLVED, at)
    if issue.block is None:
        await common.ask(issue, QuestionKind.WHERE, at)
    if parent and issue.holder:
        name = issue.holder.name
        line = say(texts.LINE_REJECTED, profile.default_language, number=issue.number, parent=name)
    else:
        line = say(texts.LINE_REJECTED_TOP, profile.default_language, number=issue.number)
    await telling.moved(settings, issue, effects, line, texts.NOT_SOLVED, at, came_from=came_from, awake=True)
    return effects
