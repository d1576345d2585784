"""Phones and leaders without any platform: texts go in by the inbox, and are read from the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Media
from escalator import inbox as inbox_worker
from issues import inbox, lifecycle
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Message, Outbox, Person, Voice
from tests.factories import MORNING

_ids = count(1)


@dataclass
class Phone:
    """A phone that texts the service and shows what it gets."""

    settings: Settings
    number: str = "+8613800138000"
    bridge: str = "sms"
    _seen: set[int] = field(default_factory=set)

    async def text(self, words: str, *, media: Sequence[Media] = (), opt_out: str = "") -> list[str]:
        """Send a text; returns what the phone is told meanwhile."""
        inbound = Inbound(
            bridge=self.bridge,
            external_id=f"SM{next(_ids)}",
            sender=self.number,
            text=words,
            media=media,
            detail={"opt_out": opt_out} if opt_out else {},
        )
        lane = await inbox.store(self.settings, inbound)
        assert lane is not None
        await inbox_worker.drain(self.settings, lane)
        row = await Inbox.get(external_id=inbound.external_id)
        assert row.state is InboxState.DONE, row.error
        return await self.told()

    async def told(self) -> list[str]:
        """What the phone has been told since it was last looked at."""
        lookup = self.settings.vault.lookup(self.bridge, self.number)
        rows = await Outbox.filter(address__lookup=lookup, bridge=self.bridge).order_by("id")
        new = [row for row in rows if row.id not in self._seen]
        self._seen |= {row.id for row in new}
        return [row.payload["text"] for row in new]


def spoken(author: Person, text: str) -> Message:
    """Something that a leader said in a room, not saved yet."""
    return Message(
        author_id=author.id,
        voice=Voice.LEADER,
        bridge="matrix",
        external_id=f"$event{next(_ids)}",
        room_id="!room:test",
        text=text,
        said_at=MORNING,
    )


@dataclass(frozen=True)
class Leader:
    """A leader who acts on issues by their number."""

    settings: Settings
    person: Person

    @property
    def _actor(self) -> Actor:
        return Actor(self.person, "matrix", "!room:test")

    async def answers(self, number: int, words: str) -> None:
        """Say something to the resident."""
        async with in_transaction():
            issue = await lifecycle.lock(Issue.id_of(number))
            at = self.settings.clock.now()
            said = spoken(self.person, words)
            effects = await lifecycle.answer(self.settings, issue, self._actor, said, at)
            await effects.save()

    async def resolves(self, number: int) -> None:
        """Say that it is done."""
        async with in_transaction():
            issue = await lifecycle.lock(Issue.id_of(number))
            at = self.settings.clock.now()
            effects = await lifecycle.resolve(self.settings, issue, self._actor, at)
            await effects.save()
