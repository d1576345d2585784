"""A village in which notices go out: leaders with rooms, residents with phones, and a clock to move."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bridges.contract import Inbound, Kind
from escalator import inbox as inbox_worker
from escalator import noticing
from issues import inbox
from issues.effects import ROOMS
from linzhang.settings import Settings
from models import (
    Address,
    Inbox,
    InboxState,
    Notice,
    NoticePost,
    NoticeTally,
    Outbox,
    OutboxState,
    Person,
    Unit,
)
from programme.notices import receipts
from tests.factories import Territory, clock_of, resident
from tests.issues.chat import Chat, matrix_id, room_of, with_account
from tests.issues.diary import Phone, carry_out

#: Machine seconds that a slice waits for the one before: a test says that they have passed.
_SECOND = timedelta(seconds=5)


@dataclass
class Village:
    """Everybody whom a village's notice reaches.

    Attributes:
        territory: Around it; its leaders have their chats open.
        rooms: By the names of the territory's units.
        phones: Of residents of the block, by their names.
    """

    settings: Settings
    territory: Territory
    rooms: dict[str, Chat] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)

    @property
    def leaders(self) -> dict[str, Person]:
        """By the names of their units."""
        return self.territory.leaders

    def unit(self, name: str) -> Unit:
        """A unit by its name in the territory."""
        return self.territory.units[name]

    async def lives_here(self, name: str, number: str, *, block: str = "block", language: str = "") -> Phone:
        """Let somebody with a phone live in a block."""
        await resident(self.settings, self.unit(block), name=name, number=number, language=language)
        self.phones[name] = Phone(self.settings, number)
        return self.phones[name]

    async def goes_on(self, *, times: int = 1) -> None:
        """Let the duty of notices do all that is due, and let it all leave the outbox."""
        for _ in range(times):
            await Notice.filter(sliced_at__isnull=False).update(
                sliced_at=self.settings.clock.wall() - _SECOND
            )
            await noticing.run(self.settings, 50)
            await self.leaves()
        await noticing.run(self.settings, 50)

    async def answers(self, phone: Phone, words: str) -> list[str]:
        """Let a phone text something; returns what it is told because of that."""
        await phone.told()
        return await phone.text(words)

    async def leaves(self) -> None:
        """Let all leave the outbox that may."""
        await carry_out(self.settings)

    async def posts(self) -> list[tuple[str, str, list[int]]]:
        """What was announced in rooms: the unit's name, the words, and whom it rings for."""
        rows = await Outbox.filter(bridge=ROOMS, state=OutboxState.SENT).order_by("id")
        said = [row.payload for row in rows if row.payload["do"] == "announce"]
        names = {unit.id: name for name, unit in self.territory.units.items()}
        return [(names[each["unit"]], each["text"], each["mention"]) for each in said]

    async def reads(self, person: Person, name: str) -> None:
        """Let a leader's chat tell that they have read what stands in a unit's room by now."""
        await receipts.seen(
            self.settings,
            Inbound(
                bridge="matrix",
                external_id="",
                sender=matrix_id(person),
                kind=Kind.SEEN,
                room=self.rooms[name].room_id,
                sent_at=self.settings.clock.wall(),
            ),
        )

    async def presses(self, person: Person, name: str, emoji: str = "✅") -> list[str]:
        """Let somebody react to the notice in a unit's room."""
        post = await NoticePost.filter(unit_id=self.unit(name).id).order_by("-id").first()
        assert post is not None
        return await self.rooms[name].reacts(person, emoji, post.event_id)

    async def votes(self, person: Person | str, name: str, chosen: str) -> list[str]:
        """Let somebody vote with their client in the poll that stands in a unit's room."""
        post = await NoticePost.filter(unit_id=self.unit(name).id).order_by("-id").first()
        assert post is not None
        return await self.rooms[name].votes(person, chosen, post.event_id)

    async def concluded(self) -> list[tuple[str, str]]:
        """The events in rooms of polls that were closed, and what else clients show then."""
        rows = await Outbox.filter(bridge=ROOMS, state=OutboxState.SENT).order_by("id")
        said = [row.payload for row in rows if row.payload["do"] == "conclude"]
        return [(each["event"], each["text"]) for each in said]

    async def arrives(self, phone: Phone, status: str = "delivered", *, code: int | None = None) -> None:
        """Let the carrier say what became of the last text to a phone."""
        lookup = self.settings.vault.lookup("sms", phone.number)
        row = await Outbox.filter(address__lookup=lookup).order_by("-id").first()
        assert row is not None
        said = Inbound(
            bridge="sms",
            external_id=f"{row.key}:{status}",
            sender="",
            kind=Kind.RECEIPT,
            target=row.external_id or "",
            detail={"status": status, "code": code},
        )
        lane = await inbox.store(self.settings, said)
        assert lane is not None
        await inbox_worker.drain(self.settings, lane)
        kept = await Inbox.get(external_id=said.external_id)
        assert kept.state is InboxState.DONE, kept.error

    async def sums(self, name: str = "village") -> NoticeTally:
        """What the last notice has come to at a unit."""
        await noticing.run(self.settings, 50)
        last = await Notice.all().order_by("-id").first()
        assert last is not None
        return await NoticeTally.get(notice_id=last.id, unit_id=self.unit(name).id)

    def pass_time(self, step: timedelta) -> None:
        """Let time pass."""
        clock_of(self.settings).advance(step)


async def village_in(settings: Settings, territory: Territory) -> Village:
    """A village with two residents who have phones; its leaders have accounts and rooms."""
    village = Village(settings, territory)
    for name in ("township", "village", "section", "group", "block"):
        await with_account(settings, territory.leaders[name])
        await Address.filter(person_id=territory.leaders[name].id).update(seen_at=settings.clock.now())
        village.rooms[name] = await room_of(settings, territory.units[name])
    await village.lives_here("刘大爷", "+8613800138000")
    await village.lives_here("Grace", "+8613800138001", language="en")
    return village


def said(lines: Sequence[str], *words: str) -> bool:
    """Whether one of some lines has all these words."""
    return any(all(word in line for word in words) for line in lines)
