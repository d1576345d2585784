"""The loop: every transition an issue can make, its rule, who may make it, and what it tells whom.

`RULES` is the whole law; `python -m issues.lifecycle` prints it. Each transition runs in the
caller's transaction on an issue that `lock` has locked, appends one row to its history, and leaves
its effects in an `Effects`. Nothing here calls anything outside the database.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from issues import chain, names, telling, texts
from issues.effects import Effects
from issues.errors import NotAllowed, NotFound, NotNow
from linzhang.settings import Settings
from linzhang.words import Text, clock_time, say
from models import (
    Action,
    Address,
    History,
    Issue,
    Message,
    Person,
    Question,
    QuestionKind,
    State,
    Unit,
    Voice,
)


class Who(StrEnum):
    """Who may make a transition."""

    RESIDENT = "the resident who reported it"
    LEADER = "a leader or deputy of a unit from its block up to the root"
    CLOCK = "the clock"


@dataclass(frozen=True, slots=True)
class Rule:
    """From where a transition may be made, where it leads, and who may make it.

    Attributes:
        start: States in which it is allowed.
        end: The state after it; None: as before.
        who: Who may make it.
        says: What it does, in one sentence for the documentation.
    """

    start: frozenset[State]
    end: State | None
    who: Who
    says: str


_ALIVE = frozenset({State.OPEN, State.ANSWERED})
_OPEN = frozenset({State.OPEN})
_ANY = frozenset(State)

RULES: dict[Action, Rule] = {
    Action.REPORT: Rule(
        frozenset(), State.OPEN, Who.RESIDENT, "A message becomes an issue; its window starts."
    ),
    Action.PLACE: Rule(_ALIVE, State.OPEN, Who.RESIDENT, "An unknown sender says where they live."),
    Action.ADD: Rule(_ALIVE | {State.RESOLVED}, None, Who.RESIDENT, "Further words join the issue."),
    Action.ANSWER: Rule(_OPEN, State.ANSWERED, Who.LEADER, "The first words that reach the resident."),
    Action.SAY: Rule(_ANY - _OPEN, None, Who.LEADER, "Further words that reach the resident."),
    Action.CORRECT: Rule(_ANY, None, Who.LEADER, "An answer was edited; the resident gets the new words."),
    Action.RETRACT: Rule(_ANY, None, Who.LEADER, "An answer was taken back; stopped if not yet sent."),
    Action.RESOLVE: Rule(_ALIVE, State.RESOLVED, Who.LEADER, "It is done; the resident is asked."),
    Action.CONFIRM: Rule(frozenset({State.RESOLVED}), State.CLOSED, Who.RESIDENT, "Solved."),
    Action.REJECT: Rule(
        frozenset({State.RESOLVED, State.CLOSED}), State.OPEN, Who.RESIDENT, "Not solved: open, one tier up."
    ),
    Action.PASS_UP: Rule(_ALIVE, State.OPEN, Who.LEADER, "To the parent unit, by a leader's own word."),
    Action.ESCALATE: Rule(_ALIVE, State.OPEN, Who.CLOCK, "To the parent unit, because a window passed."),
    Action.REMIND: Rule(_ALIVE, None, Who.CLOCK, "A window passed and it stays where it is."),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a transition, and from where.

    Attributes:
        person: Empty: the clock.
        bridge: Through which bridge they spoke.
        room_id: In which room they spoke; empty outside rooms.
        unit_id: The unit whose room it is.
    """

    person: Person | None = None
    bridge: str = ""
    room_id: str = ""
    unit_id: int | None = None


CLOCK = Actor()


async def lock(issue_id: int) -> Issue:
    """Fetch an issue for a transition; nobody else can make one until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    issue = await Issue.select_for_update().get_or_none(id=issue_id)
    if issue is None:
        raise NotFound(texts.NO_SUCH_ISSUE, number=Issue(id=issue_id).number)
    await issue.fetch_related("address", "reporter", "block", "holder")
    return issue


async def not_yours(settings: Settings, issue: Issue) -> NotAllowed:
    """What to raise when somebody acts on an issue who may not."""
    language = settings.territory.default_language
    holder = say(texts.SOMEBODY, language)
    if issue.holder:
        holder = await names.holder(issue.holder, settings.territory, language)
    return NotAllowed(texts.NOT_YOURS, number=issue.number, holder=holder)


# --- the resident's transitions ------------------------------------------------------------------


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
    _give_to(settings, issue, unit, at)
    actor = Actor(resident, address.bridge, room_id, unit.id if unit and room_id else None)
    effects = await _record(settings, issue, Action.REPORT, actor, at)
    await _keep(issue, words, Voice.RESIDENT)
    if unit is None:
        await _ask(issue, QuestionKind.WHERE, at)
        language = names.language_of(resident, settings.territory)
        question = say(texts.RECEIPT_UNKNOWN, language, number=issue.number)
        telling.reporter(issue, effects, question)
        return issue, effects
    effects.show(issue, unit.id)
    if not known:
        effects.say(issue, unit.id, say(texts.LINE_NEWCOMER, settings.territory.default_language))
    await telling.reporter_about_holder(settings, issue, effects, texts.RECEIPT, at)
    return issue, effects


async def place(settings: Settings, issue: Issue, unit: Unit, at: datetime) -> Effects:
    """Give an issue whose sender was unknown to the unit that the sender has named."""
    profile = settings.territory
    before = await telling.units_shown(issue)
    issue.block = unit
    _give_to(settings, issue, unit, at)
    actor = Actor(issue.reporter, issue.address.bridge)
    effects = await _record(settings, issue, Action.PLACE, actor, at)
    await _settle(issue, QuestionKind.WHERE, at)
    for unit_id in before:
        effects.state(issue, unit_id)
    effects.show(issue, unit.id)
    effects.say(issue, unit.id, say(texts.LINE_NEWCOMER, profile.default_language))
    where = await names.place(unit, profile, names.language_of(issue.reporter, profile))
    await telling.reporter_about_holder(settings, issue, effects, texts.PLACED, at, place=where)
    return effects


async def add(settings: Settings, issue: Issue, words: Message, at: datetime) -> Effects:
    """Join further words of the resident to their issue.

    Raises:
        NotNow: It is closed.
    """
    actor = Actor(issue.reporter, words.bridge, words.room_id)
    issue.talked_at = at
    effects = await _record(settings, issue, Action.ADD, actor, at)
    await _keep(issue, words, Voice.RESIDENT)
    profile = settings.territory
    language = names.language_of(issue.reporter, profile)
    for unit_id in dict.fromkeys((issue.holder_id, issue.block_id)):
        spoken_here = unit_id == issue.block_id and telling.heard_by_reporter(issue, words.room_id)
        if unit_id is not None and not spoken_here:
            effects.relay(issue, unit_id, words.id)
    if issue.state is State.RESOLVED:
        question = say(texts.SOLVED_AGAIN, language, number=issue.number)
        telling.reporter(issue, effects, question)
    elif issue.block is None:
        telling.reporter(issue, effects, say(texts.PLACE_UNKNOWN, language))
    elif issue.state is State.OPEN and issue.holder and not words.room_id:
        leader = await names.holder(issue.holder, profile, language)
        receipt = say(texts.ADDED, language, number=issue.number, leader=leader)
        telling.reporter(issue, effects, receipt)
    return effects


async def confirm(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """The resident says that it is solved: close it.

    Raises:
        NotNow: Nobody has said that it is done.
    """
    issue.closed_at = at
    effects = await _record(settings, issue, Action.CONFIRM, actor, at)
    await _settle(issue, QuestionKind.SOLVED, at)
    profile = settings.territory
    await telling.all_rooms(issue, effects, say(texts.LINE_CLOSED, profile.default_language))
    language = names.language_of(issue.reporter, profile)
    telling.reporter(issue, effects, say(texts.CLOSED, language, number=issue.number))
    return effects


async def reject(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Effects:
    """The resident says that it is not solved: open it again, one tier up.

    Raises:
        NotNow: Nobody has said that it is done.
    """
    profile = settings.territory
    came_from = issue.holder_id
    parent = await chain.next_holder(issue.holder, profile) if issue.holder else None
    issue.resolved_at = issue.closed_at = None
    issue.talked_at = at
    _give_to(settings, issue, parent or issue.holder, at)
    effects = await _record(settings, issue, Action.REJECT, actor, at)
    await _settle(issue, QuestionKind.SOLVED, at)
    if issue.block is None:
        await _ask(issue, QuestionKind.WHERE, at)
    if parent:
        line = say(texts.LINE_REJECTED, profile.default_language, number=issue.number, parent=parent.name)
    else:
        line = say(texts.LINE_REJECTED_TOP, profile.default_language, number=issue.number)
    await telling.moved(settings, issue, effects, line, texts.NOT_SOLVED, at, came_from=came_from)
    return effects


# --- the leaders' transitions --------------------------------------------------------------------


async def answer(settings: Settings, issue: Issue, actor: Actor, words: Message, at: datetime) -> Effects:
    """A leader's words reach the resident; the first ones are the answer that the window asks for.

    Raises:
        NotAllowed: The speaker leads no unit above the issue.
    """
    speaker = await _leader(settings, issue, actor)
    action = Action.SAY
    if issue.state is State.OPEN:
        action = Action.ANSWER
        _stop_answer_clock(settings, issue, at)
    issue.talked_at = at
    effects = await _record(settings, issue, action, actor, at)
    await _keep(issue, words, Voice.LEADER)
    if not telling.heard_by_reporter(issue, actor.room_id):
        await _tell_words(settings, issue, effects, speaker, words)
    await telling.other_rooms(settings, issue, effects, speaker, actor.unit_id, words.text)
    return effects


async def note(settings: Settings, issue: Issue, actor: Actor, words: Message) -> None:
    """Keep words that stay among leaders: no transition, but part of the story.

    Raises:
        NotAllowed: The speaker leads no unit above the issue.
    """
    await _leader(settings, issue, actor)
    await _keep(issue, words, Voice.INSIDE)


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
    speaker = await _leader(settings, issue, actor)
    effects = await _record(settings, issue, Action.CORRECT, actor, at, detail=words.text)
    words.text = corrected
    await words.save()
    if words.voice is Voice.LEADER and not telling.heard_by_reporter(issue, actor.room_id):
        await _tell_words(settings, issue, effects, speaker, words, corrected=not unsent)
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
    await _leader(settings, issue, actor)
    effects = await _record(settings, issue, Action.RETRACT, actor, at)
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
    speaker = await _leader(settings, issue, actor)
    issue.answered_at = issue.answered_at or at
    issue.answer_due = issue.resolve_due = None
    issue.resolved_at = at
    effects = await _record(settings, issue, Action.RESOLVE, actor, at)
    await _settle(issue, QuestionKind.WHERE, at)
    await _ask(issue, QuestionKind.SOLVED, at)
    name = await names.speaker(speaker, issue.block or issue.holder, profile, profile.default_language)
    await telling.all_rooms(issue, effects, say(texts.LINE_RESOLVED, profile.default_language, name=name))
    language = names.language_of(issue.reporter, profile)
    name = await names.speaker(speaker, issue.block or issue.holder, profile, language)
    question = say(texts.SOLVED, language, leader=name, number=issue.number)
    telling.reporter(issue, effects, question)
    return effects


async def pass_up(settings: Settings, issue: Issue, actor: Actor, reason: str, at: datetime) -> Effects:
    """A leader passes an issue to the parent unit.

    Raises:
        NotAllowed: The leader leads no unit above the issue.
        NotNow: It is resolved or closed, or already at the top of the chain.
    """
    profile = settings.territory
    speaker = await _leader(settings, issue, actor)
    _check_state(settings, issue, Action.PASS_UP)
    came_from = issue.holder_id
    parent = await chain.next_holder(issue.holder, profile) if issue.holder else None
    if parent is None:
        top = issue.holder.name if issue.holder else ""
        raise NotNow(texts.AT_THE_TOP, number=issue.number, unit=top)
    _give_to(settings, issue, parent, at)
    effects = await _record(settings, issue, Action.PASS_UP, actor, at, detail=reason)
    language = profile.default_language
    name = await names.speaker(speaker, issue.block or issue.holder, profile, language)
    line = say(texts.LINE_PASSED_UP, language, name=name, number=issue.number, parent=parent.name)
    await telling.moved(settings, issue, effects, line, texts.WENT_UP, at, came_from=came_from)
    return effects


# --- the clock's transitions ---------------------------------------------------------------------


async def overdue(settings: Settings, issue: Issue, at: datetime) -> Effects | None:
    """Do what an issue's passed deadline asks for; None where none has passed.

    An unanswered issue goes up, or is reminded of at the top. An answered one that is not done is
    reminded of once and then goes up.
    """
    profile = settings.territory
    if issue.answer_due is not None and issue.answer_due <= at:
        parent = await chain.next_holder(issue.holder, profile) if issue.holder else await chain.root()
        if parent is None:
            return await _remind_of_answer(settings, issue, at)
        return await _escalate(settings, issue, parent, at)
    if issue.resolve_due is not None and issue.resolve_due <= at:
        parent = await chain.next_holder(issue.holder, profile) if issue.holder else None
        if parent is None or not issue.reminded:
            return await _remind_of_resolving(settings, issue, at)
        return await _escalate(settings, issue, parent, at)
    return None


async def _escalate(settings: Settings, issue: Issue, parent: Unit, at: datetime) -> Effects:
    came_from = issue.holder_id
    text = texts.LINE_ESCALATED if issue.state is State.OPEN else texts.LINE_NOT_DONE
    line = say(text, settings.territory.default_language, number=issue.number, parent=parent.name)
    _give_to(settings, issue, parent, at)
    effects = await _record(settings, issue, Action.ESCALATE, CLOCK, at)
    if came_from is None:
        # Nobody knows where the resident lives, so there is no leader to promise them.
        effects.show(issue, parent.id)
    else:
        await telling.moved(settings, issue, effects, line, texts.WENT_UP, at, came_from=came_from)
    return effects


async def _remind_of_answer(settings: Settings, issue: Issue, at: datetime) -> Effects:
    first = not issue.reminded
    issue.reminded = True
    issue.answer_due = due = _answer_window(settings, issue.holder, at)
    effects = await _record(settings, issue, Action.REMIND, CLOCK, at)
    await _remind(settings, issue, effects, texts.LINE_REMIND_ANSWER, due, at)
    if first and issue.holder is not None and issue.block is not None:
        language = names.language_of(issue.reporter, settings.territory)
        leader = await names.holder(issue.holder, settings.territory, language)
        still = say(texts.STILL_UP, language, number=issue.number, leader=leader)
        telling.reporter(issue, effects, still)
    return effects


async def _remind_of_resolving(settings: Settings, issue: Issue, at: datetime) -> Effects:
    issue.reminded = True
    issue.resolve_due = due = _resolve_window(settings, issue.holder, at)
    effects = await _record(settings, issue, Action.REMIND, CLOCK, at)
    await _remind(settings, issue, effects, texts.LINE_REMIND_RESOLVE, due, at)
    return effects


async def _remind(
    settings: Settings, issue: Issue, effects: Effects, text: Text, due: datetime, at: datetime
) -> None:
    if issue.holder is None:
        return
    profile = settings.territory
    language = profile.default_language
    time = clock_time(due, at, profile.zone, language)
    mention = [person.id for person in await chain.actors_of(issue.holder)]
    line = say(text, language, number=issue.number, time=time)
    effects.say(issue, issue.holder.id, line, mention=mention)
    effects.state(issue, issue.holder.id)


# --- what they share -----------------------------------------------------------------------------


def _check_state(settings: Settings, issue: Issue, action: Action) -> None:
    if issue.state not in RULES[action].start:
        state = say(texts.STATE_NAMES[issue.state], settings.territory.default_language)
        raise NotNow(texts.NOT_OPEN, number=issue.number, state=state)


async def _leader(settings: Settings, issue: Issue, actor: Actor) -> Person:
    unit = issue.block or issue.holder
    if actor.person and unit and await chain.unit_led(actor.person, unit):
        return actor.person
    raise await not_yours(settings, issue)


async def _record(
    settings: Settings, issue: Issue, action: Action, actor: Actor, at: datetime, *, detail: str = ""
) -> Effects:
    """Move the state by the action's rule, save, and append to the history.

    Everything but the state has been changed by the caller; the state is changed only here.
    """
    last = await History.filter(issue_id=issue.id).order_by("-seq").first() if issue.id else None
    before = issue.state if last else None
    if last:
        _check_state(settings, issue, action)
    issue.state = RULES[action].end or issue.state
    await issue.save()
    seq = last.seq + 1 if last else 1
    await History.create(
        issue_id=issue.id,
        seq=seq,
        at=at,
        action=action,
        actor=actor.person,
        bridge=actor.bridge,
        room_id=actor.room_id,
        from_state=before or "",
        to_state=issue.state,
        from_holder_id=last.to_holder_id if last else None,
        to_holder_id=issue.holder_id,
        detail=detail,
    )
    return Effects(f"i{issue.id}.{seq}", settings.clock.wall())


def _give_to(settings: Settings, issue: Issue, holder: Unit | None, at: datetime) -> None:
    issue.holder = holder
    issue.answer_due = _answer_window(settings, holder, at)
    issue.resolve_due = None
    issue.reminded = False


def _stop_answer_clock(settings: Settings, issue: Issue, at: datetime) -> None:
    issue.answered_at = issue.answered_at or at
    issue.answer_due = None
    issue.resolve_due = _resolve_window(settings, issue.holder, at)
    issue.reminded = False


def _answer_window(settings: Settings, holder: Unit | None, at: datetime) -> datetime:
    profile = settings.territory
    tier = profile.tier(holder.tier) if holder else profile.bottom
    return profile.calendar.add(at, tier.answer_window, profile.zone)


def _resolve_window(settings: Settings, holder: Unit | None, at: datetime) -> datetime:
    profile = settings.territory
    tier = profile.tier(holder.tier) if holder else profile.bottom
    return profile.calendar.add(at, tier.resolve_window, profile.zone)


async def _keep(issue: Issue, words: Message, voice: Voice) -> None:
    words.issue_id = issue.id
    words.voice = voice
    await words.save()


async def _tell_words(
    settings: Settings,
    issue: Issue,
    effects: Effects,
    speaker: Person,
    words: Message,
    *,
    corrected: bool = False,
) -> None:
    profile = settings.territory
    language = names.language_of(issue.reporter, profile)
    text = say(
        texts.CORRECTION if corrected else texts.ANSWER,
        language,
        leader=await names.speaker(speaker, issue.block or issue.holder, profile, language),
        number=issue.number,
        words=words.text,
    )
    telling.reporter(issue, effects, text, message=words.id)


async def _ask(issue: Issue, kind: QuestionKind, at: datetime) -> None:
    await Question.create(person_id=issue.reporter_id, issue_id=issue.id, kind=kind, asked_at=at)


async def _settle(issue: Issue, kind: QuestionKind, at: datetime) -> None:
    await Question.filter(issue_id=issue.id, kind=kind, settled_at=None).update(settled_at=at)


if __name__ == "__main__":
    print("| action | from | to | who | what |\n|---|---|---|---|---|")
    for action, rule in RULES.items():
        start = ", ".join(sorted(rule.start)) or "–"
        print(f"| {action} | {start} | {rule.end or 'as before'} | {rule.who} | {rule.says} |")
