"""Something heard in a room, with what is known about it: who, about which issue, how to answer.

Looks things up and builds answers; decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridges.contract import Inbound, Kind
from bridges.matrix.events import BRIDGE
from issues import intake, names, texts, wording
from issues.effects import ROOMS, Effects
from issues.lifecycle import Actor
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import (
    Address,
    DirectRoom,
    Issue,
    Message,
    Outbox,
    OutboxState,
    Person,
    Room,
    RoomEvent,
    RoomEventKind,
    Twin,
)

#: The sign that something was answered in the direct room.
_ELSEWHERE = "📬"

#: So long after a call began its end is written down, if all goes well.
_SURELY_WRITTEN = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Heard:
    """An event in a room, with what is known about it.

    Attributes:
        settings: The service's.
        inbound: The event.
        address: Whose it is, with the person fetched; None: nobody of whom we know.
        unit_id: The unit whose room it is; None: it is a direct room.
        issue_id: The issue in whose thread it stands, or which it reacts or replies to.
        thread: Root of the thread in which it is answered; empty: in none.
        at: When it was accepted, in programme time.
    """

    settings: Settings
    inbound: Inbound
    address: Address | None
    unit_id: int | None
    issue_id: int | None
    thread: str
    at: datetime

    @property
    def person(self) -> Person | None:
        """Who; None: nobody of whom we know."""
        return self.address.person if self.address else None

    @property
    def text(self) -> str:
        """The words as they may be shown; a place is said as a link to a map."""
        words, place = wording.clean(self.inbound.text), self.inbound.detail.get("place")
        if not place:
            return words
        return f"{words}\n{self.settings.territory.on_map(*place)}".strip()

    @property
    def language(self) -> str:
        """In which they are answered: a room has one language for all, a direct room its person's."""
        return self.own_language if self.is_direct else self.settings.territory.default_language

    @property
    def is_direct(self) -> bool:
        """Whether nobody else is there."""
        return self.unit_id is None

    @property
    def sees_no_threads(self) -> bool:
        """Whether it is somebody of another network, who sees no threads and no notices in them."""
        network = self.settings.network_of(self.inbound.sender)
        return network is not None and not network.threads

    @property
    def is_in_the_open(self) -> bool:
        """Whether it is somebody of another network, who can only be answered by a message in the room."""
        network = self.settings.network_of(self.inbound.sender)
        return network is not None and network.in_the_open

    @property
    def own_language(self) -> str:
        """The language of the person, for what only they read."""
        profile = self.settings.territory
        return names.language_of(self.person, profile) if self.person else profile.default_language

    @property
    def actor(self) -> Actor:
        """The person as somebody who acts from this room."""
        inbound = self.inbound
        return Actor(self.person, inbound.bridge, inbound.room, self.unit_id, inbound.external_id)

    def message(self, text: str) -> Message:
        """The row that keeps what they said; not saved yet."""
        assert self.person is not None
        return intake.message(self.inbound, self.person, text, self.at)

    def effects(self) -> Effects:
        """What the event leads to that is no transition; one for each event."""
        return Effects(intake.cause_of(self.inbound), self.settings.clock.wall())

    def retort(self, text: Text, issue: Issue | None = None, **values: object) -> Effects:
        """Answer with one line where it was said; see `retort_words`."""
        return self.retort_words(say(text, self.language, **values), issue)

    def retort_words(
        self, words: str, issue: Issue | None = None, *, effects: Effects | None = None, **facts: Any
    ) -> Effects:
        """Answer with these words where it was said.

        Args:
            words: In the language of the place.
            issue: What they are about, where that is not the thread's issue: a reply will be too.
            effects: Of the same event, to which the answer is added.
            facts: What else the row is to say, for who reacts to the answer.
        """
        effects = effects or self.effects()
        inbound = self.inbound
        if self.sees_no_threads and self.address is not None:
            effects.tell(self.address, words)
            return effects
        about = issue.id if issue else self.issue_id
        effects.retort(inbound.room, inbound.external_id, self.thread, words, about, **facts)
        return effects

    def privately(
        self, words: str, issue: Issue | None = None, *, effects: Effects | None = None, **facts: Any
    ) -> Effects:
        """Answer the person alone; where others are, a sign shows that it was answered elsewhere.

        Args:
            words: In their language.
            issue: What they are about.
            effects: Of the same event, to which the answer is added.
            facts: What else the row is to say, for what follows on the answer.
        """
        if self.is_direct:
            return self.retort_words(words, issue, effects=effects, **facts)
        assert self.address is not None
        if self.is_in_the_open:
            return self.retort_words(say(texts.NOT_IN_THE_OPEN, self.own_language), effects=effects)
        effects = effects or self.effects()
        effects.press(self.inbound.room, self.inbound.external_id, _ELSEWHERE)
        effects.whisper(self.address, words, issue, **facts)
        return effects

    def pressed(self) -> Effects:
        """Answer with a sign that the person has got something in their direct room."""
        effects = self.effects()
        effects.press(self.inbound.room, self.inbound.external_id, _ELSEWHERE)
        return effects


async def who(settings: Settings, inbound: Inbound) -> Address | None:
    """The address that an event came from, with its person, if the roster knows it."""
    lookup = settings.vault.lookup(inbound.bridge, inbound.sender)
    return await Address.filter(bridge=inbound.bridge, lookup=lookup).select_related("person").first()


async def listen_to(
    settings: Settings, inbound: Inbound, address: Address | None, unit_id: int | None, at: datetime
) -> Heard:
    """An event with all that is known about it; see `Heard`."""
    issue_id = await about(inbound)
    thread = inbound.thread or await thread_of(issue_id, inbound.room)
    return Heard(settings, inbound, address, unit_id, issue_id, thread, at)


async def thread_of(issue_id: int | None, room_id: str) -> str:
    """The root of an issue's thread in a room; empty: it has none there."""
    if issue_id is None:
        return ""
    post = await RoomEvent.filter(issue_id=issue_id, room_id=room_id, kind=RoomEventKind.POST).first()
    return post.event_id if post else ""


async def about(inbound: Inbound) -> int | None:
    """The issue whose post, thread or message an event points at."""
    for event_id in (inbound.thread, inbound.target):
        if event_id and (issue_id := await _shown_by(inbound.bridge, event_id)):
            return issue_id
    return None


async def is_ahead(settings: Settings, inbound: Inbound) -> bool:
    """Whether an event may point at something of ours that is in the room and not written down yet.

    People see a post when the homeserver has it; whoever has called it may have died before the answer, and
    until the far side was asked nobody here knows whose thread it is that they answer in.
    """
    if inbound.kind not in (Kind.TEXT, Kind.REACTION, Kind.VOTE) or not (inbound.thread or inbound.target):
        return False
    if not inbound.room or await about(inbound) is not None:
        return False
    long_ago = settings.clock.wall() - _SURELY_WRITTEN
    doubtful = Outbox.filter(bridge=ROOMS, state=OutboxState.CALLING, called_at__lte=long_ago)
    room = await Room.get_or_none(room_id=inbound.room)
    if room is not None:
        return await doubtful.filter(lane__endswith=f":{room.unit_id}").exists()
    alone = DirectRoom.filter(room_id=inbound.room)
    return await alone.exists() and await doubtful.filter(issue__private=True).exists()


async def ours(inbound: Inbound) -> Mapping[str, Any]:
    """What the row says of the words of ours that an event points at; empty: it points at none."""
    if not inbound.target:
        return {}
    row = await Outbox.filter(bridge__in=(ROOMS, inbound.bridge), external_id=inbound.target).first()
    return row.payload if row is not None else {}


async def is_post(inbound: Inbound) -> bool:
    """Whether an event points at the very post of an issue, and not at a line below it."""
    posts = RoomEvent.filter(event_id=inbound.target, kind__in=(RoomEventKind.POST, RoomEventKind.CARD))
    return await posts.exists()


async def _shown_by(bridge: str, event_id: str) -> int | None:
    event = await RoomEvent.get_or_none(event_id=event_id)
    if event:
        return event.issue_id
    message = await _message(bridge, event_id)
    if message:
        return message.issue_id
    # Our own one-line answers, and what was told in person: a reply to it is about the same issue.
    row = await Outbox.filter(bridge__in=(ROOMS, bridge), external_id=event_id).exclude(issue_id=None).first()
    return row.issue_id if row else None


async def _message(bridge: str, event_id: str) -> Message | None:
    """What was said by an event: in the room itself, or in a group that is tied to it."""
    message = await Message.filter(bridge__in=(bridge, BRIDGE), external_id=event_id).first()
    twin = None if message else await Twin.filter(event_id=event_id).select_related("tie").first()
    if twin is None:
        return message
    return await Message.get_or_none(bridge=twin.tie.bridge, external_id=event_id)
