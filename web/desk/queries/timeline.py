"""The story of an issue: what was said on all ways, what happened, and what was sent, the first first.

All of it is shown to whoever may read it; of what is private to others only that it happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from attachments.kinds import Family
from issues import names
from linzhang.settings import Settings
from linzhang.words import say
from models import Action, History, Issue, Message, Person, State, Unit, Voice
from web.desk.queries import deliveries
from web.desk.queries.deliveries import Delivery
from web.desk.texts import issue as texts
from web.desk.texts import ways

#: What the words themselves tell.
_TOLD_BY_WORDS = (Action.REPORT, Action.ADD, Action.ANSWER, Action.SAY)

#: Of which the detail is what somebody gave as a reason, or said before.
_WITH_REASON = (Action.PASS_UP, Action.REFER, Action.RETURN, Action.WITHDRAW, Action.CORRECT)


@dataclass(frozen=True, slots=True)
class Medium:
    """Something that came with words.

    Attributes:
        number: Which of what came with them.
        family: 'picture', 'sound', 'film' or 'paper'.
        name: The file's; empty: nobody knows.
        seconds: How long a sound or film is.
    """

    number: int
    family: str
    name: str
    seconds: int | None


@dataclass(slots=True)
class Entry:
    """One thing of the story.

    Attributes:
        key: Names it on the page, and stays the same.
        at: When, in programme time.
        who: Who said or did it; empty: the clock.
        text: What happened, in the reader's language; empty: something was said.
        words: What was said, or given as a reason.
        voice: Whose words they are; None: something happened.
        way: How it came in, as people call the bridge; empty: it does not matter.
        message_id: Of what was said.
        media: What came with the words.
        retracted: Whether the words were taken back.
        deliveries: What was sent because of it.
        seq: Its place in the history; None: none of its own.
    """

    key: str
    at: datetime
    who: str = ""
    text: str = ""
    words: str = ""
    voice: Voice | None = None
    way: str = ""
    message_id: int | None = None
    media: Sequence[Medium] = ()
    retracted: bool = False
    deliveries: list[Delivery] = field(default_factory=list)
    seq: int | None = None


async def of(
    settings: Settings, issue: Issue, language: str, at: datetime, *, readable: bool
) -> Sequence[Entry]:
    """The whole story.

    Args:
        settings: The service's.
        issue: With its reporter and block fetched.
        language: The reader's.
        at: Programme time.
        readable: Whether they may read what was said.
    """
    called = _Called(settings, issue, language, readable=readable)
    entries: list[Entry] = []
    for message in await _messages(issue) if readable else ():
        entries.append(await _said(message, called, language))
    for step in await History.filter(issue_id=issue.id).select_related("actor").order_by("seq"):
        said = next((each for each in entries if _is_told_by(step, each)), None)
        if said is not None:
            said.seq = step.seq
        else:
            entries.append(await _happened(step, called, language, readable=readable))
    entries.sort(key=lambda each: (each.at, each.seq is None, each.seq or 0, each.message_id or 0))
    if readable:
        _attach(entries, await deliveries.of(settings, issue, language, at))
    return entries


async def _messages(issue: Issue) -> list[Message]:
    return await Message.filter(issue_id=issue.id).select_related("author").order_by("id")


async def _said(message: Message, called: "_Called", language: str) -> Entry:
    is_gone = message.retracted_at is not None
    return Entry(
        key=f"m{message.id}",
        at=message.said_at,
        who=await called.by(message.author, message.voice, message.said_at),
        words="" if is_gone else message.text,
        voice=message.voice,
        way=ways.called(message.bridge, language),
        message_id=message.id,
        media=() if is_gone else media(message.media),
        retracted=is_gone,
    )


def media(rows: Sequence[dict[str, Any]]) -> Sequence[Medium]:
    """What came with a message, as it is shown."""
    return [
        Medium(
            number,
            Family.stated(str(row.get("content_type", ""))),
            str(row.get("name", "")),
            row.get("seconds"),
        )
        for number, row in enumerate(rows)
    ]


def _is_told_by(step: History, entry: Entry) -> bool:
    """Whether words on the page are what a step of the history is about."""
    if entry.seq is not None or entry.message_id is None or entry.at != step.at:
        return False
    by_leader = step.action in (Action.ANSWER, Action.SAY)
    return step.action in _TOLD_BY_WORDS and by_leader is (entry.voice is Voice.LEADER)


async def _happened(step: History, called: "_Called", language: str, *, readable: bool) -> Entry:
    voice = Voice.LEADER
    if step.actor is not None and step.actor.id == called.issue.reporter_id:
        voice = Voice.RESIDENT
    who = await called.by(step.actor, voice, step.at) if step.actor else ""
    blanks = {
        "name": who,
        "unit": await called.unit(step.from_holder_id),
        "parent": await called.unit(step.to_holder_id),
        "reason": step.detail,
    }
    text = texts.STEPS[step.action]
    if step.action is Action.REPORT and step.detail:
        text = texts.SPLIT_FROM
    elif step.action is Action.REMIND and step.to_state == State.RESOLVED:
        text = texts.ASKED_AGAIN
    with_reason = readable and step.action in _WITH_REASON
    return Entry(
        key=f"s{step.seq}",
        at=step.at,
        who=who,
        text=say(text, language, **blanks),
        words=step.detail if with_reason else "",
        way=ways.called(step.bridge, language) if step.bridge else "",
        seq=step.seq,
    )


def _attach(entries: Sequence[Entry], sent: Sequence[Delivery]) -> None:
    """Put what was sent below what it tells of; of what tells of no step, below what came before it."""
    by_seq = {each.seq: each for each in entries if each.seq is not None}
    last = entries[0] if entries else None
    for each in sent:
        if each.seq in by_seq:
            last = by_seq[each.seq]
        if last is not None:
            last.deliveries.append(each)


class _Called:
    """How people and units are called in one story; each is looked up once."""

    def __init__(self, settings: Settings, issue: Issue, language: str, *, readable: bool) -> None:
        self.issue = issue
        self._readable = readable
        self._settings = settings
        self._language = language
        self._people: dict[tuple[int, Voice], str] = {}
        self._units: dict[int, str] = {}

    async def by(self, person: Person, voice: Voice, at: datetime) -> str:
        """Somebody who speaks in a voice; a leader with the title that they had when they first spoke."""
        if voice is Voice.RESIDENT:
            known = names.resident(person, self._language)
            return known if self._readable else say(texts.A_RESIDENT, self._language)
        key = (person.id, voice)
        if key not in self._people:
            profile = self._settings.territory
            about = self.issue.block or self.issue.holder
            self._people[key] = await names.speaker(person, about, profile, self._language, at)
        return self._people[key]

    async def unit(self, unit_id: int | None) -> str:
        """A unit by its name."""
        if unit_id is None:
            return ""
        if unit_id not in self._units:
            self._units[unit_id] = (await Unit.get(id=unit_id)).name
        return self._units[unit_id]
