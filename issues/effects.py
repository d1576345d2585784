"""What a transition does to the outside world, collected as outbox rows.

Rows are written in the transition's own transaction (DESIGN, rule 2); nothing here calls anybody.
A key is made of what caused the effect, so that the same cause can never write it twice.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from linzhang import tracing
from models import Address, Issue, Outbox, OutboxState, Question

#: The deliverer of everything that happens in rooms, and the one that calls phones.
ROOMS, CALLS = "rooms", "voice"

#: How long an invitation waits for the event that tells what the room is for.
_BEFORE_DECLINING = timedelta(seconds=2)

#: Within this time whatever was on its way when it was called off has arrived: a call is given up earlier.
_ARRIVES = timedelta(minutes=3)

#: Where a text has a phone number, which only the deliverer fills in.
PHONE = "☎"

#: Where a text has something that stands in its row sealed, which only the deliverer opens.
SEALED = "🔑"

#: The deliverer of what passes between rooms and the groups that are tied to them.
TIES = "ties"

#: The status of what was announced and stands in the room as a poll, in which people vote with their clients.
AS_POLL = "poll"

#: Where a row keeps the ids of the parts of long words that have gone out, all but the last.
PARTS = "parts"

#: Characters that the name of a lane may have.
_LANE = 64


@dataclass
class Effects:
    """The effects of one cause, in the order in which people are to see them.

    Attributes:
        cause: Names the cause, unique for ever: 'i12.3' is the third transition of issue 12.
        wall: Machine time, from which the rows may be delivered.
        patient: Whether the clock is the cause, so that nobody waits for them; see `Outbox`.
        lanes: The lanes that have got rows; whoever commits wakes the worker for them.
    """

    cause: str
    wall: datetime
    patient: bool = False
    lanes: set[str] = field(default_factory=set)
    _rows: list[Outbox] = field(default_factory=list)
    _heard: list[Outbox] = field(default_factory=list)
    _asked: dict[tuple[int, int, str], Question] = field(default_factory=dict)
    _made: int = 0

    def tell(
        self,
        address: Address,
        text: str,
        issue: Issue | None = None,
        *,
        hold_until: datetime | None = None,
        topic: str = "",
        even_stopped: bool = False,
        phone_of: int | None = None,
        secret: str = "",
        ending: str = "",
        **facts: Any,
    ) -> None:
        """Send words to a person at one of their addresses; a telephone that takes no texts is called.

        Args:
            address: Where.
            text: What.
            issue: What it is about.
            hold_until: Programme time until which it can wait. Something that goes earlier to the same
                address takes it along, since order holds.
            topic: While it waits, something later about the same topic of the same issue takes its place.
            even_stopped: Whether it goes out even if the person has asked for no messages: the last word on
                that, and whom to call when a life is in danger.
            phone_of: Id of the address whose number stands in the text where `PHONE` does: a row holds none.
            secret: What stands in the text where `SEALED` does, sealed: a row holds no code.
            ending: Of the row's key, where its place among the cause's effects does not name it.
            facts: What else the deliverer needs.
        """
        payload = {"text": text, **facts}
        if even_stopped:
            payload["even_stopped"] = True
        if phone_of is not None:
            payload["phone_of"] = phone_of
        if secret:
            payload["secret"] = secret
        lane, bridge = f"address:{address.id}", address.bridge
        if address.fixed_line:
            lane, bridge = _calls_to(address), CALLS
        row = self._add(lane, bridge, payload, issue, address.id, ending)
        row.hold_until, row.topic = hold_until, topic

    def call(
        self,
        address: Address,
        text: str,
        language: str,
        issue: Issue | None = None,
        *,
        hold_until: datetime | None = None,
        topic: str = "",
        ending: str = "",
        **facts: Any,
    ) -> None:
        """Call a person's phone and read words to them; nothing that is written waits for it.

        Args:
            address: Whose phone.
            text: What.
            language: In which it is read.
            issue: What it is about.
            hold_until: See `tell`.
            topic: See `tell`.
            ending: See `tell`.
            facts: See `tell`.
        """
        payload = {"text": text, "language": language, **facts}
        row = self._add(_calls_to(address), CALLS, payload, issue, address.id, ending)
        row.hold_until, row.topic = hold_until, topic

    def show(self, issue: Issue, unit_id: int) -> None:
        """Make sure that the issue's post stands in the unit's room."""
        self._in_room(issue, unit_id, {"do": "show"})

    def hide(self, issue: Issue, unit_id: int) -> None:
        """Take the issue out of the unit's room, where it must not be read any more."""
        self._in_room(issue, unit_id, {"do": "hide"})

    def wipe(self, issue: Issue, room_id: str, unit_id: int | None, *, later: bool) -> None:
        """Redact all that stands of an issue in a room, whatever it is.

        Args:
            issue: Which.
            room_id: In which room.
            unit_id: Whose room it is; None: somebody's direct room.
            later: Whether something about it may be on its way there: it is waited for.
        """
        lane = f"issue:{issue.id}:{unit_id}" if unit_id is not None else lane_of_room(room_id)
        row = self._add(lane, ROOMS, {"do": "wipe", "room": room_id}, issue, None)
        if later:
            row.not_before = self.wall + _ARRIVES

    def redact(self, room_id: str, event_id: str) -> None:
        """Redact one event in a room."""
        self._add(
            lane_of_room(room_id), ROOMS, {"do": "redact", "room": room_id, "event": event_id}, None, None
        )

    def rename_ghost(self, person_id: int) -> None:
        """Let a resident's ghost be called as somebody who has no name."""
        self._add(f"person:{person_id}", ROOMS, {"do": "rename", "person": person_id}, None, None)

    def state(self, issue: Issue, unit_id: int) -> None:
        """Bring the post's state line in the unit's room up to date."""
        self._in_room(issue, unit_id, {"do": "state"})

    def say(self, issue: Issue, unit_id: int, text: str, *, mention: list[int] | None = None) -> None:
        """Let the service say a line in the issue's thread of the unit's room.

        Args:
            issue: Whose thread.
            unit_id: In whose room.
            text: The line.
            mention: Ids of the people who are to be pinged.
        """
        self._in_room(issue, unit_id, {"do": "say", "text": text, "mention": mention or []})

    def relay(self, issue: Issue, unit_id: int, message_id: int) -> None:
        """Let the resident's ghost say a message's words in the issue's thread of the unit's room."""
        self._in_room(issue, unit_id, {"do": "relay", "message": message_id})

    def retort(
        self,
        room_id: str,
        event_id: str,
        thread: str,
        text: str,
        issue_id: int | None = None,
        **facts: Any,
    ) -> None:
        """Answer an event in a room with one line, in its thread if it stands in one.

        Args:
            room_id: Where.
            event_id: What is answered.
            thread: The root of the thread in which it stands; empty: in none.
            text: The line.
            issue_id: The issue that it is about, so that a reply to the line is about it too.
            facts: See `tell`.
        """
        payload = {"do": "retort", "room": room_id, "event": event_id, "thread": thread, "text": text}
        payload |= facts
        self._add(lane_of_room(room_id), ROOMS, payload, None, None).issue_id = issue_id

    def whisper(
        self, address: Address, text: str, issue: Issue | None = None, *, secret: str = "", **facts: Any
    ) -> None:
        """Tell somebody who is in rooms something that only they may read, at once.

        Args:
            address: Theirs on the rooms' platform.
            text: What; addresses of events in it become links.
            issue: What it is about.
            secret: See `tell`.
            facts: See `tell`.
        """
        payload = {"do": "whisper", "text": text, **facts}
        if secret:
            payload["secret"] = secret
        self._add(f"address:{address.id}", ROOMS, payload, issue, address.id)

    def dial(self, to: Address, number_of: Address, text: str) -> None:
        """Tell somebody who is in rooms another's telephone number, as something to press.

        The number itself stands in no row: it is filled in when the words are on their way.
        """
        payload = {"do": "dial", "of": number_of.id, "text": text}
        self._add(f"address:{to.id}", ROOMS, payload, None, to.id)

    def pass_on(self, tie_id: int, speaker: Address | None, **what: Any) -> None:
        """Show in a room what was said in a group that is tied to it, or the other way round.

        Args:
            tie_id: Between which two.
            speaker: Who has said it in the group.
            what: As `rooms.tied` understands it.
        """
        payload = {"tie": tie_id, **what}
        self._add(f"tie:{tie_id}", TIES, payload, None, speaker.id if speaker else None)

    def invite(self, unit_id: int, person_id: int) -> None:
        """Let somebody into a unit's room who is to act for it."""
        self._add(
            f"unit:{unit_id}", ROOMS, {"do": "invite", "unit": unit_id, "person": person_id}, None, None
        )

    def announce(self, unit_id: int, text: str, *, mention: list[int], **facts: Any) -> None:
        """Say a line in a unit's room that is about no single issue.

        Args:
            unit_id: In whose room.
            text: The line.
            mention: Ids of the people who are to be pinged.
            facts: See `tell`; with a 'poll', its 'question' and 'options', it stands there as a poll if all
                who are there can see one.
        """
        payload = {"do": "announce", "unit": unit_id, "text": text, "mention": mention, **facts}
        self._add(f"unit:{unit_id}", ROOMS, payload, None, None)

    def conclude(self, room_id: str, event_id: str, text: str) -> None:
        """End a poll that stands in a room; clients that know no polls show the text."""
        payload = {"do": "conclude", "room": room_id, "event": event_id, "text": text}
        self._add(lane_of_room(room_id), ROOMS, payload, None, None)

    def hear(self, room_id: str, homeserver: str, text: str) -> None:
        """Go into a room in which a stranger is alone, and say a first word there."""
        payload = {"do": "hear", "room": room_id, "homeserver": homeserver, "text": text}
        self._add(f"room:{room_id}", ROOMS, payload, None, None)

    def mend(self, room_id: int, lane: str) -> None:
        """Look a unit's room over, by the row's id, and mend what is not as the roster wants it.

        Args:
            room_id: Of the row.
            lane: One of its own: no words wait for it.
        """
        self._add(lane, ROOMS, {"do": "mend", "room": room_id}, None, None)

    def greet(self, address: Address, room_id: str, homeserver: str, text: str) -> None:
        """Accept somebody's invitation into a direct room, and say a first word there."""
        payload = {"do": "greet", "room": room_id, "homeserver": homeserver, "text": text}
        self._add(lane_of_room(room_id), ROOMS, payload, None, address.id)

    def decline(self, room_id: str, homeserver: str, text: str, *, join: bool = False) -> None:
        """Decline an invitation and say why; `join`: in the room itself, which is left at once."""
        payload = {"do": "decline", "room": room_id, "homeserver": homeserver, "text": text, "join": join}
        row = self._add(lane_of_room(room_id), ROOMS, payload, None, None)
        # Into a room that takes another's place somebody invites in the moment in which it is made.
        row.not_before = self.wall + _BEFORE_DECLINING

    def press(self, room_id: str, event_id: str, emoji: str) -> None:
        """React to an event in a room."""
        payload = {"do": "press", "room": room_id, "event": event_id, "emoji": emoji}
        self._add(lane_of_room(room_id), ROOMS, payload, None, None)

    def bridge(self, bridge_id: int, network: str, do: str, *, step: int = 0) -> None:
        """Let a bridge's bot into a room, tell it something, or take it out of there.

        Args:
            bridge_id: Which room's bridge.
            network: Name of the network: what its bot is told, it is told in order.
            do: 'let_in', 'take_out', or of which steps it is told one: 'join' or 'leave'.
            step: Which of them.
        """
        payload = {"do": do, "bridge": bridge_id, "step": step}
        self._add(f"network:{network}", ROOMS, payload, None, None)

    def ask(self, question: Question) -> None:
        """Note that somebody is asked something by what they are told, once however often they are told."""
        self._asked.setdefault((question.person_id, question.issue_id, question.kind), question)

    def spare(self, address: Address) -> None:
        """Tell a person nothing after all: they have heard it already, and what it made pointless is so."""
        self._heard += [row for row in self._rows if row.address_id == address.id]
        self._rows = [row for row in self._rows if row.address_id != address.id]
        self.lanes = {row.lane for row in self._rows}

    async def save_once(self) -> set[str]:
        """Write the rows, unless this cause has had its effects before."""
        known = await Outbox.exists(key__in=[row.key for row in self._rows])
        return set() if known else await self.save()

    async def save(self) -> set[str]:
        """Write the rows, once; returns the lanes that have got some."""
        return await save_all([self])

    def take_places(self, held: "_Held") -> list[Outbox]:
        """Put the rows in order among themselves and among what is held, and return them."""
        for row in self._heard:
            held.take_back(row)
        sooner: dict[str, datetime | None] = {}
        for row in reversed(self._rows):
            row.hold_until = _earlier(row.hold_until, sooner.get(row.lane, row.hold_until))
            sooner[row.lane] = row.hold_until
        for row in self._rows:
            held.make_way(row)
        held.add(self._rows)
        return self._rows

    def lanes_of_people(self) -> set[str]:
        """The lanes in which something may be held."""
        return {row.lane for row in [*self._rows, *self._heard] if row.address_id is not None}

    @property
    def asked(self) -> list[Question]:
        """What people are asked."""
        return list(self._asked.values())

    def _in_room(self, issue: Issue, unit_id: int, payload: dict[str, Any]) -> None:
        # One lane per issue and unit: a homeserver that is away never delays another's rooms.
        payload["unit"] = unit_id
        self._add(f"issue:{issue.id}:{unit_id}", ROOMS, payload, issue, None)

    def _add(
        self,
        lane: str,
        bridge: str,
        payload: dict[str, Any],
        issue: Issue | None,
        address_id: int | None,
        ending: str = "",
    ) -> Outbox:
        self.lanes.add(lane)
        row = Outbox(
            key=f"{self.cause}.{ending or self._made}",
            lane=lane,
            bridge=bridge,
            issue_id=issue.id if issue else None,
            address_id=address_id,
            payload=payload,
            created_at=self.wall,
            not_before=self.wall,
            trace=tracing.carried(),
            patient=self.patient,
        )
        self._made += 1
        self._rows.append(row)
        return row


def lane_of_room(room_id: str) -> str:
    """The lane of what happens in a room; by its hash where its id is longer than the name of a lane."""
    lane = f"room:{room_id}"
    return lane if len(lane) <= _LANE else f"room:{hashlib.sha256(room_id.encode()).hexdigest()[:40]}"


def _calls_to(address: Address) -> str:
    """The lane of all calls to a phone: one call at a time, so that each can be told from the others."""
    return f"call:{address.id}"


async def save_all(causes: Sequence[Effects]) -> set[str]:
    """Write the rows of several causes together, as if one had been written after the other.

    Returns:
        The lanes that have got some.
    """
    held = await _Held.of({lane for cause in causes for lane in cause.lanes_of_people()})
    rows = [row for cause in causes for row in cause.take_places(held)]
    await held.write()
    for cause in causes:
        await _wait_for(cause)
    if rows:
        await Outbox.bulk_create(rows)
    if questions := [question for cause in causes for question in cause.asked]:
        await Question.bulk_create(questions)
    return {lane for cause in causes for lane in cause.lanes}


async def _wait_for(cause: Effects) -> None:
    """Let somebody who waits for something wait also for what stands before it in the same conversation."""
    if not cause.patient and cause.lanes:
        before = Outbox.filter(lane__in=cause.lanes, state=OutboxState.WAITING, patient=True, attempts=0)
        await before.update(patient=False, not_before=cause.wall)


class _Held:
    """What waits for a time in some lanes: what was there, and what comes with the rows to be written."""

    def __init__(self, rows: Iterable[Outbox]) -> None:
        self._by_lane: dict[str, list[Outbox]] = defaultdict(list)
        self._cancelled: list[int] = []
        self._moved: dict[int, datetime | None] = {}
        self.add(rows)

    @classmethod
    async def of(cls, lanes: set[str]) -> "_Held":
        """As it is in the database."""
        if not lanes:
            return cls([])
        waiting = Outbox.filter(lane__in=lanes, state=OutboxState.WAITING).exclude(hold_until=None)
        return cls(await waiting.order_by("id"))

    def add(self, rows: Iterable[Outbox]) -> None:
        """Let rows wait behind the others that are held."""
        for row in rows:
            if row.hold_until is not None:
                self._by_lane[row.lane].append(row)

    def take_back(self, row: Outbox) -> None:
        """Take back what is held in a row's lane and is made pointless by it."""
        if not row.topic:
            return
        for each in self._by_lane[row.lane]:
            if (each.topic, each.issue_id) == (row.topic, row.issue_id):
                each.state = OutboxState.CANCELLED
                self._cancelled += [each.id] if each.id else []
        self._by_lane[row.lane] = [
            each for each in self._by_lane[row.lane] if each.state is OutboxState.WAITING
        ]

    def make_way(self, row: Outbox) -> None:
        """Let nothing hold up a row that stood before it, and take back what the row makes pointless."""
        if row.address_id is None:
            return
        self.take_back(row)
        for each in self._by_lane[row.lane]:
            assert each.hold_until is not None
            if row.hold_until is None or each.hold_until > row.hold_until:
                each.hold_until = row.hold_until
                self._moved |= {each.id: row.hold_until} if each.id else {}
        if row.hold_until is None:
            self._by_lane[row.lane] = []

    async def write(self) -> None:
        """Write what has changed of what was there, and is held still."""
        still = Outbox.filter(state=OutboxState.WAITING).exclude(hold_until=None)
        for until in set(self._moved.values()):
            ids = [row_id for row_id, moved_to in self._moved.items() if moved_to == until]
            await still.filter(id__in=ids).update(hold_until=until)
        if self._cancelled:
            await Outbox.filter(id__in=self._cancelled, state=OutboxState.WAITING).update(
                state=OutboxState.CANCELLED
            )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two moments; None is at once."""
    return min(one, other) if one is not None and other is not None else None
