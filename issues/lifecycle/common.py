"""What all transitions share: locking, the history, clocks, words kept, questions asked.

Nothing here decides whether a transition may be made, but by the law.
"""

from datetime import datetime
from typing import Any

from issues import chain, enclosing, names, reaching, standing, telling, texts, together
from issues.effects import Effects
from issues.errors import NotAllowed, NotFound, NotNow
from issues.lifecycle import clocks
from issues.lifecycle.book import Book
from issues.lifecycle.law import CLOCK, RULES, Actor
from issues.reading import add, at_hand
from linzhang import logs
from linzhang.settings import Settings
from linzhang.words import say
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

#: States in which a leader's text without a number may still be about the issue.
_TALKED_ABOUT = (State.OPEN, State.ANSWERED, State.RESOLVED)

#: What every transition needs to know of an issue.
_FETCHED = ("address", "reporter", "block", "holder")


async def lock(issue_id: int) -> Issue:
    """Fetch an issue for a transition; nobody else can make one until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    issue = await Issue.select_for_update().get_or_none(id=issue_id)
    if issue is None:
        raise NotFound(texts.NO_SUCH_ISSUE, number=Issue(id=issue_id).number)
    logs.note(issue=issue.number)
    await issue.fetch_related(*_FETCHED)
    return issue


async def not_yours(settings: Settings, issue: Issue, at: datetime) -> NotAllowed:
    """What to raise when somebody acts on an issue who may not."""
    language = settings.territory.default_language
    holder = say(texts.SOMEBODY, language)
    if issue.holder:
        holder = await names.holder(issue.holder, settings.territory, language, at)
    return NotAllowed(texts.NOT_YOURS, number=issue.number, holder=holder)


def check_state(settings: Settings, issue: Issue, action: Action) -> None:
    """Make sure that the law allows a transition from the issue's state.

    Raises:
        NotNow: It does not.
    """
    if issue.state not in RULES[action].start:
        state = say(texts.STATE_NAMES[issue.state], settings.territory.default_language)
        raise NotNow(texts.NOT_OPEN, number=issue.number, state=state)


def check_in_hand(settings: Settings, issue: Issue) -> None:
    """Make sure that somebody has to do something about an issue.

    Raises:
        NotNow: Nobody has.
    """
    if issue.state not in standing.IN_HAND:
        state = say(texts.STATE_NAMES[issue.state], settings.territory.default_language)
        raise NotNow(texts.NOT_OPEN, number=issue.number, state=state)


async def leader(settings: Settings, issue: Issue, actor: Actor, at: datetime) -> Person:
    """The actor as somebody who may act on the issue as a leader.

    Raises:
        NotAllowed: They lead, or deputise for, no unit from the issue's up to the root, nor the
            department that has it.
    """
    if actor.person and await chain.right_on(actor.person, issue, at):
        return actor.person
    raise await not_yours(settings, issue, at)


async def record(
    settings: Settings,
    issue: Issue,
    action: Action,
    actor: Actor,
    at: datetime,
    *,
    detail: str = "",
    due: datetime | None = None,
    book: Book | None = None,
) -> Effects:
    """Move the state by the action's rule, save, and append to the history.

    Everything but the state has been changed by the caller; the state is changed only here. An issue
    that has got a new holder goes on past vacant posts, so that after every transition it is with
    somebody, or at the top of the chain: `issue.holder` may be another unit than the caller gave it to.
    With a book it is written down there, and nothing is saved yet.
    """
    last = await _last_step(issue)
    before = issue.state if last else None
    if last:
        check_state(settings, issue, action)
    issue.state = RULES[action].end or issue.state
    await _follow(issue, actor)
    clocks.follow(settings, issue, before, action, at)
    await _save(settings, issue, book)
    if issue.state not in _TALKED_ABOUT:
        await settle(issue, QuestionKind.REPLY, at)
    logs.note(issue=issue.number)
    step = await _append(
        issue, last, action, actor, at, book, from_state=before or "", detail=detail, due=due
    )
    moved = issue.holder_id != step.from_holder_id
    if moved or issue.state is not State.OPEN:
        if book is None:
            await reaching.taken_away([issue.id])
        else:
            book.left.append(issue.id)
    if moved and issue.state is State.OPEN:
        await _pass_vacant_posts(settings, issue, step, at, book)
    patient = actor is CLOCK and not issue.urgent
    effects = Effects(f"i{issue.id}.{step.seq}", settings.clock.wall(), patient=patient)
    if book is not None:
        book.effects.append(effects)
    return effects


async def _last_step(issue: Issue) -> History | None:
    """The last thing that has happened to an issue; None: it is new."""
    steps = at_hand(issue.history)
    if steps is not None:
        return steps[-1] if steps else None
    return await History.filter(issue_id=issue.id).order_by("-seq").first() if issue.id else None


async def _save(settings: Settings, issue: Issue, book: Book | None) -> None:
    """Save the issue, and let the projections hear of it."""
    about = issue.block or issue.holder
    issue.path = about.path if about else ""
    tiers = [len(chain.codes(unit.path)) if unit else 0 for unit in (about, issue.holder)]
    issue.climbed = max(0, tiers[0] - tiers[1]) if issue.holder else 0
    issue.stale_at = settings.clock.wall()
    if book is None:
        await issue.save()
    else:
        book.issues[issue.id] = issue


async def _append(
    issue: Issue,
    last: History | None,
    action: Action,
    actor: Actor,
    at: datetime,
    book: Book | None,
    *,
    from_state: str,
    detail: str = "",
    due: datetime | None = None,
) -> History:
    step = History(
        issue_id=issue.id,
        seq=last.seq + 1 if last else 1,
        at=at,
        action=action,
        actor=actor.person,
        bridge=actor.bridge,
        room_id=actor.room_id,
        event_id=actor.event_id,
        from_state=from_state,
        to_state=issue.state,
        from_holder_id=last.to_holder_id if last else None,
        to_holder_id=issue.holder_id,
        detail=detail,
        due=due,
    )
    if book is None:
        await step.save()
    else:
        book.steps.append(step)
    add(issue.history, step)
    return step


async def _pass_vacant_posts(
    settings: Settings, issue: Issue, last: History, at: datetime, book: Book | None
) -> None:
    """Let an issue go on to the first unit upwards for which somebody answers now."""
    profile = settings.territory
    while issue.holder and profile.tier(issue.holder.tier).chain and not await chain.acting(issue.holder, at):
        parent = await chain.next_holder(issue.holder, profile)
        if parent is None:
            return
        give_to(settings, issue, parent, at)
        await _save(settings, issue, book)
        last = await _append(issue, last, Action.VACANT, CLOCK, at, book, from_state=issue.state)


async def _follow(issue: Issue, actor: Actor) -> None:
    """Answer the reporter from now on where they have just written from, if that is another way."""
    by_reporter = actor.person is not None and actor.person.id == issue.reporter_id
    if not by_reporter or actor.room_id or actor.bridge == issue.address.bridge:
        return
    address = await Address.filter(person_id=issue.reporter_id, bridge=actor.bridge).order_by("-id").first()
    if address is not None:
        issue.address = address


def give_to(settings: Settings, issue: Issue, holder: Unit | None, at: datetime) -> None:
    """Let a unit hold the issue from now on: its answer window starts."""
    issue.holder = holder
    issue.returns_to = None
    issue.resolve_due = None
    issue.reminded = False
    clocks.start_answer(settings, issue, at)


def end(issue: Issue, at: datetime) -> None:
    """Note that an issue needs nothing any more: nothing of it is due."""
    issue.closed_at = issue.talked_at = at
    issue.answer_due = issue.resolve_due = None


async def keep(settings: Settings, issue: Issue, words: Message, voice: Voice) -> None:
    """Keep words as part of the issue."""
    words.issue_id = issue.id
    words.voice = voice
    await words.save()
    issue.stale_at = settings.clock.wall()
    await issue.save(update_fields=["stale_at"])


async def tell_words(
    settings: Settings,
    issue: Issue,
    effects: Effects,
    speaker: Person,
    words: Message,
    at: datetime,
    *,
    corrected: bool = False,
) -> None:
    """Tell all who hear of it a leader's words, and send what came with them; a correction is words alone."""
    profile = settings.territory
    if words.text:
        text = texts.CORRECTION if corrected else texts.ANSWER
        await telling.everybody(
            settings, issue, effects, text, at, speaker=speaker, message=words.id, words=words.text
        )
    for each in await together.heard_by(issue) if not corrected else ():
        language = names.language_of(each.reporter, profile)
        leader = await names.speaker(speaker, issue.block or issue.holder, profile, language, at)
        await enclosing.enclose(settings, each, effects, leader, words, at)


async def ask(
    issue: Issue,
    kind: QuestionKind,
    at: datetime,
    *,
    due: datetime | None = None,
    pending: dict[str, Any] | None = None,
) -> None:
    """Note that the reporter was asked something; of an issue about their silence they are asked nothing.

    Args:
        issue: What it was about.
        kind: What was asked.
        at: Programme time.
        due: When it settles itself.
        pending: What waits for the answer; see `Question`.
    """
    if issue.silent:
        return
    await Question.create(
        person_id=issue.reporter_id, issue_id=issue.id, kind=kind, asked_at=at, due=due, pending=pending
    )


async def settle(issue: Issue, kind: QuestionKind, at: datetime) -> None:
    """Note that a question needs no answer any more, of anybody who hears of the issue."""
    ids = [each.id for each in [issue, *await together.parts(issue)]]
    asked = at_hand(issue.questions)
    if asked is not None and ids == [issue.id]:
        open_ones = [each for each in asked if each.kind is kind and each.settled_at is None]
        if not open_ones:
            return
    await Question.filter(issue_id__in=ids, kind=kind, settled_at=None).update(settled_at=at)
