"""What people say and do in rooms, turned into transitions of issues.

Runs in the transaction in which its event leaves the inbox. Being in a room gives no right: who may
act is the lifecycle's to say, and what it refuses is answered with its sentence.
"""

from dataclasses import dataclass
from datetime import datetime

from bridges.contract import Inbound, Kind
from issues import chain, intake, lifecycle, texts, wording
from issues.effects import Effects
from issues.errors import IssueError
from issues.lifecycle import Actor
from issues.wording import Verdict
from linzhang.settings import Settings
from linzhang.words import say
from models import (
    Address,
    Issue,
    Message,
    Outbox,
    OutboxState,
    Person,
    Question,
    QuestionKind,
    Room,
    RoomEvent,
    RoomEventKind,
    RoomKind,
    Unit,
    Voice,
)
from rooms import commands
from rooms.commands import Command, Verb


@dataclass(frozen=True, slots=True)
class Heard:
    """An event in a unit's room, with what is known about it.

    Attributes:
        inbound: The event.
        room: Where.
        person: Who; None: nobody of whom we know.
        issue_id: The issue in whose thread it stands, or which it reacts or replies to.
        at: When it was accepted, in programme time.
    """

    inbound: Inbound
    room: Room
    person: Person | None
    issue_id: int | None
    at: datetime

    @property
    def actor(self) -> Actor:
        """The person as somebody who acts from this room."""
        return Actor(self.person, self.inbound.bridge, self.room.room_id, self.room.unit_id)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Do what an event in a room asks for.

    Args:
        settings: The service's.
        inbound: Said or done in a room.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    if inbound.kind is Kind.MEMBERSHIP:
        await _watch_own_membership(settings, inbound)
        return set()
    room = await Room.get_or_none(room_id=inbound.room, kind=RoomKind.ROOM, lost_at=None)
    if room is None:
        return set()
    lookup = settings.vault.lookup(inbound.bridge, inbound.sender)
    address = await Address.filter(bridge=inbound.bridge, lookup=lookup).select_related("person").first()
    person = address.person if address else None
    heard = Heard(inbound, room, person, await _issue_of(inbound), at)
    try:
        match inbound.kind:
            case Kind.REACTION:
                effects = await _reaction(settings, heard)
            case Kind.EDIT:
                effects = await _edit(settings, heard)
            case Kind.REDACTION:
                effects = await _redaction(settings, heard)
            case _:
                effects = await _text(settings, heard)
    except IssueError as error:
        effects = _retort(settings, heard, error.sentence(settings.territory.default_language))
    return await effects.save() if effects else set()


async def _text(settings: Settings, heard: Heard) -> Effects | None:
    inbound = heard.inbound
    if inbound.detail.get("encrypted"):
        return _retort(settings, heard, say(texts.ENCRYPTED, settings.territory.default_language))
    text = wording.clean(inbound.text)
    command = commands.command(text)
    if command:
        return await _command(settings, heard, command)
    if wording.is_blank(text) and not inbound.media:
        return None
    if heard.issue_id is None:
        return await _outside_threads(settings, heard, text)
    issue = await lifecycle.lock(heard.issue_id)
    if heard.person is None:
        raise await lifecycle.not_yours(settings, issue)
    if heard.person.id == issue.reporter_id:
        return await _reporter(settings, heard, issue, text)
    words = _message(heard, text)
    note = commands.inside(text)
    if note is not None:
        words.text = note
        await lifecycle.note(settings, issue, heard.actor, words)
        return None
    return await lifecycle.answer(settings, issue, heard.actor, words, heard.at)


async def _reporter(settings: Settings, heard: Heard, issue: Issue, text: str) -> Effects:
    """The resident speaks in their own issue's thread: a yes, a no, or more about it."""
    asked = await Question.exists(issue_id=issue.id, kind=QuestionKind.SOLVED, settled_at=None)
    verdict = wording.verdict(text) if asked else None
    if verdict is Verdict.YES:
        return await lifecycle.confirm(settings, issue, heard.actor, heard.at)
    if verdict is Verdict.NO:
        return await lifecycle.reject(settings, issue, heard.actor, heard.at)
    return await lifecycle.add(settings, issue, _message(heard, text), heard.at)


async def _outside_threads(settings: Settings, heard: Heard, text: str) -> Effects | None:
    """Leaders chat freely; what anybody else says in a block's room is a report."""
    unit = await Unit.get(id=heard.room.unit_id)
    if unit.tier != settings.territory.bottom.key:
        return None
    if heard.person and await chain.unit_led(heard.person, unit):
        return None
    address = await intake.sender(settings, heard.inbound)
    if not address.person.name:
        address.person.name = heard.inbound.sender.lstrip("@").split(":")[0]
        await address.person.save()
    known = address.person.block_id == unit.id
    words = intake.message(heard.inbound, address.person, text, heard.at)
    issue, effects = await lifecycle.report(
        settings,
        address=address,
        unit=unit,
        words=words,
        at=heard.at,
        known=known,
        room_id=heard.room.room_id,
    )
    await RoomEvent.create(
        issue_id=issue.id,
        room_id=heard.room.room_id,
        event_id=heard.inbound.external_id,
        kind=RoomEventKind.POST,
    )
    return effects


async def _command(settings: Settings, heard: Heard, command: Command) -> Effects | None:
    language = settings.territory.default_language
    if command.verb is Verb.HELP:
        return _retort(settings, heard, say(texts.HELP, language))
    if command.verb is None:
        known = " ".join(f"!{words[0]}" for words in commands.WORDS.values())
        return _retort(
            settings, heard, say(texts.UNKNOWN_COMMAND, language, word=f"!{command.word}", commands=known)
        )
    issue_id = Issue.id_of(command.number) if command.number else heard.issue_id
    if issue_id is None:
        form = f"!{commands.WORDS[command.verb][0]} 1024"
        return _retort(settings, heard, say(texts.WHICH_ISSUE, language, form=form))
    return await _do(settings, heard, command.verb, issue_id, command.rest)


async def _reaction(settings: Settings, heard: Heard) -> Effects | None:
    verb = commands.reaction(heard.inbound.text)
    if verb is None or heard.issue_id is None:
        return None
    return await _do(settings, heard, verb, heard.issue_id, "")


async def _do(settings: Settings, heard: Heard, verb: Verb, issue_id: int, reason: str) -> Effects:
    issue = await lifecycle.lock(issue_id)
    if verb is Verb.DONE:
        return await lifecycle.resolve(settings, issue, heard.actor, heard.at)
    return await lifecycle.pass_up(settings, issue, heard.actor, wording.clean(reason), heard.at)


async def _edit(settings: Settings, heard: Heard) -> Effects | None:
    """New words for an earlier message, if it is the editor's own."""
    words = await _own_message(heard)
    if words is None:
        return None
    issue = await lifecycle.lock(words.issue_id)
    text = wording.clean(heard.inbound.text)
    if wording.is_blank(text) or text == words.text:
        return None
    if words.voice is Voice.RESIDENT:
        return await lifecycle.add(settings, issue, _message(heard, text), heard.at)
    unsent = await _stop(words)
    return await lifecycle.correct(settings, issue, heard.actor, words, text, heard.at, unsent=unsent)


async def _redaction(settings: Settings, heard: Heard) -> Effects | None:
    words = await _own_message(heard)
    if words is None or words.voice is Voice.RESIDENT or words.retracted_at is not None:
        return None
    issue = await lifecycle.lock(words.issue_id)
    unsent = await _stop(words)
    return await lifecycle.retract(settings, issue, heard.actor, words, heard.at, unsent=unsent)


async def _stop(words: Message) -> bool:
    """Stop the message that carries these words to the resident, if it has not left yet."""
    waiting = await Outbox.filter(issue_id=words.issue_id, state=OutboxState.WAITING).select_for_update()
    ids = [row.id for row in waiting if row.payload.get("message") == words.id]
    stopped = await Outbox.filter(id__in=ids, state=OutboxState.WAITING).update(state=OutboxState.CANCELLED)
    return stopped > 0


async def _own_message(heard: Heard) -> Message | None:
    words = await Message.get_or_none(bridge=heard.inbound.bridge, external_id=heard.inbound.target)
    if words is None or heard.person is None or words.author_id != heard.person.id:
        return None
    return words


async def _issue_of(inbound: Inbound) -> int | None:
    """The issue whose post, thread or message an event points at."""
    for event_id in (inbound.thread, inbound.target):
        if not event_id:
            continue
        event = await RoomEvent.get_or_none(event_id=event_id)
        if event:
            return event.issue_id
        message = await Message.get_or_none(bridge=inbound.bridge, external_id=event_id)
        if message:
            return message.issue_id
    return None


def _message(heard: Heard, text: str) -> Message:
    assert heard.person is not None
    return intake.message(heard.inbound, heard.person, text, heard.at)


def _retort(settings: Settings, heard: Heard, text: str) -> Effects:
    effects = Effects(intake.cause_of(heard.inbound), settings.clock.wall())
    inbound = heard.inbound
    effects.retort(heard.room.room_id, inbound.external_id, inbound.thread, text)
    return effects


async def _watch_own_membership(settings: Settings, inbound: Inbound) -> None:
    """A room from which the service was removed is lost; its unit gets another when it needs one."""
    ours = {homeserver.bot_id for homeserver in settings.homeservers}
    removed = inbound.detail.get("membership") in ("leave", "ban")
    if removed and inbound.detail.get("member") in ours:
        await Room.filter(room_id=inbound.room, lost_at=None).update(lost_at=settings.clock.wall())
