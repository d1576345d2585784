"""A unit's room without a homeserver: events go in by the inbox, answers are read from the outbox.

What the homeserver would have answered, the ids of posts, is written into the tables by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bridges.contract import Inbound, Kind, Media
from escalator import inbox as inbox_worker
from issues import inbox
from issues.effects import ROOMS, lane_of_room
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import (
    Address,
    Inbox,
    InboxState,
    Issue,
    Outbox,
    OutboxState,
    Person,
    Room,
    RoomEvent,
    RoomEventKind,
    RoomKind,
    Unit,
)
from tests.factories import MORNING, Territory, resident
from tests.issues.diary import Phone

_ids = count(1)


@dataclass
class Chat:
    """A room with what is said in it."""

    settings: Settings
    room_id: str
    _seen: set[int] = field(default_factory=set)

    async def post(self, number: int) -> str:
        """Let an issue's post stand in the room; returns the post's event id."""
        event_id = f"$post{number}{self.room_id}"
        issue_id = Issue.id_of(number)
        await RoomEvent.create(
            issue_id=issue_id, room_id=self.room_id, event_id=event_id, kind=RoomEventKind.POST
        )
        return event_id

    async def says(
        self,
        person: Person | str,
        words: str,
        *,
        thread: str = "",
        reply: str = "",
        media: Sequence[Media] = (),
        detail: dict[str, Any] | None = None,
    ) -> list[str]:
        """Let somebody say something; returns how the service answers it."""
        return await self._happens(
            person, text=words, thread=thread, target=reply, media=media, detail=detail or {}
        )

    async def reacts(self, person: Person | str, emoji: str, target: str) -> list[str]:
        """Let somebody react to something."""
        return await self._happens(person, kind=Kind.REACTION, text=emoji, target=target)

    async def votes(self, person: Person | str, chosen: str, poll: str) -> list[str]:
        """Let somebody vote in a poll with their client."""
        return await self._happens(person, kind=Kind.VOTE, text=chosen, target=poll)

    async def edits(self, person: Person | str, target: str, words: str) -> list[str]:
        """Let somebody edit what they said."""
        return await self._happens(person, kind=Kind.EDIT, text=words, target=target)

    async def redacts(self, person: Person | str, target: str) -> list[str]:
        """Let somebody take something back."""
        return await self._happens(person, kind=Kind.REDACTION, target=target)

    async def changes(self, sender: str, member: str, membership: str, *, direct: bool = False) -> list[str]:
        """Let somebody's membership change."""
        detail = {"member": member, "membership": membership, "direct": direct}
        return await self._happens(sender, kind=Kind.MEMBERSHIP, detail=detail)

    @property
    def last(self) -> str:
        """Id of the last event."""
        return f"$event{self._last}"

    _last: int = 0

    async def _happens(self, person: Person | str, **facts: Any) -> list[str]:
        self._last = next(_ids)
        sender = person if isinstance(person, str) else matrix_id(person)
        inbound = Inbound(bridge="matrix", external_id=self.last, sender=sender, room=self.room_id, **facts)
        lane = await inbox.store(self.settings, inbound)
        assert lane is not None
        await inbox_worker.drain(self.settings, lane)
        row = await Inbox.get(external_id=inbound.external_id)
        assert row.state is InboxState.DONE, row.error
        return await self.answers()

    async def answers(self) -> list[str]:
        """How the service has answered in the room since it was last asked."""
        rows = await Outbox.filter(bridge=ROOMS, lane=lane_of_room(self.room_id)).order_by("id")
        new = [row for row in rows if row.id not in self._seen]
        self._seen |= {row.id for row in new}
        return [row.payload["text"] for row in new if row.payload["do"] == "retort"]

    async def deeds(self) -> list[dict[str, Any]]:
        """Everything that the service has to do in the room and not for an issue, oldest first."""
        rows = await Outbox.filter(bridge=ROOMS, lane=lane_of_room(self.room_id)).order_by("id")
        return [row.payload for row in rows]

    async def delivered(self) -> str:
        """Let the room's last answer be delivered; returns its event id."""
        row = await Outbox.filter(lane=lane_of_room(self.room_id)).order_by("-id").first()
        assert row is not None
        row.external_id, row.state = f"$ours{row.id}", OutboxState.SENT
        await row.save()
        return row.external_id


async def direct_with(settings: Settings, person: Person) -> Chat:
    """The direct room of the service with a person, into which it has invited them."""
    chat = Chat(settings, f"!direct{person.id}:test")
    bot = settings.homeservers[0].bot_id
    await chat.changes(bot, matrix_id(person), "invite", direct=True)
    return chat


async def whispers(person: Person) -> list[str]:
    """What a person was told that only they may read, oldest first."""
    rows = await Outbox.filter(address__person_id=person.id, bridge=ROOMS).order_by("id")
    return [row.payload["text"] for row in rows if row.payload["do"] == "whisper"]


async def room_of(settings: Settings, unit: Unit) -> Chat:
    """The room of a unit, made."""
    room_id = f"!{unit.code}:test"
    await Room.create(unit=unit, kind=RoomKind.ROOM, room_id=room_id, homeserver="test", made_at=MORNING)
    return Chat(settings, room_id)


async def with_account(settings: Settings, person: Person) -> Person:
    """Give a person an account on the homeserver."""
    address = matrix_id(person)
    await Address.create(
        person=person,
        bridge="matrix",
        lookup=settings.vault.lookup("matrix", address),
        sealed=settings.vault.seal(address),
    )
    return person


def matrix_id(person: Person) -> str:
    """The account that `with_account` gives."""
    return f"@person{person.id}:test"


async def lines(unit: Unit) -> list[str]:
    """What the service has said in the threads of a unit's room, oldest first."""
    rows = await Outbox.filter(bridge=ROOMS, lane__endswith=f":{unit.id}").order_by("id")
    return [row.payload["text"] for row in rows if row.payload["do"] == "say"]


def zh(text: Text, **values: object) -> str:
    """A text as the service says it in a room."""
    return say(text, "zh-Hans", **values)


@dataclass
class Block:
    """A block's room with one issue in it, and the phone that reported it.

    Attributes:
        territory: Around it; everybody who leads something there has an account.
        leader: Of the block.
        number: Of the issue.
        post: Event id of the issue's post.
    """

    settings: Settings
    territory: Territory
    leader: Person
    phone: Phone
    room: Chat
    number: int = 0
    post: str = ""

    async def report(self, words: str) -> int:
        """Let the phone report something else; returns its number."""
        await self.phone.text(words)
        issue = await Issue.all().order_by("-id").first()
        assert issue is not None
        return issue.number

    async def issue(self, number: int = 0) -> Issue:
        """The issue as it is now."""
        return await Issue.get(id=Issue.id_of(number or self.number)).select_related("holder")

    async def room_of(self, name: str) -> Chat:
        """The room of another unit."""
        return await room_of(self.settings, self.territory.units[name])


async def block_in(settings: Settings, territory: Territory) -> Block:
    """A block with an issue: '路灯坏了'."""
    for person in territory.leaders.values():
        await with_account(settings, person)
    await resident(settings, territory.block)
    room = await room_of(settings, territory.block)
    block = Block(settings, territory, territory.leaders["block"], Phone(settings), room)
    block.number = await block.report("路灯坏了")
    block.post = await room.post(block.number)
    await block.phone.told()
    return block
