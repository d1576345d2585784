"""Phones and leaders without any platform: texts go in by the inbox, and are read from the outbox.

What a phone is *told* stands in the outbox; what it *receives* has been carried out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from tortoise.transactions import in_transaction

from bridges.contract import Delivered, Inbound, Media
from escalator import inbox as inbox_worker
from escalator import outbox
from issues import inbox, lifecycle
from issues.effects import AS_POLL, ROOMS
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Message, Outbox, OutboxState, Person, Voice
from tests.factories import MORNING, clock_of

_ids = count(1)

#: Longer than two texts may be apart that are one.
THOUGHT = timedelta(seconds=31)


@dataclass
class Phone:
    """A phone that texts the service and shows what it gets."""

    settings: Settings
    number: str = "+8613800138000"
    bridge: str = "sms"
    _texted: bool = False
    _told: set[int] = field(default_factory=set)
    _received: set[int] = field(default_factory=set)

    async def text(
        self, words: str, *, media: Sequence[Media] = (), opt_out: str = "", after: timedelta = THOUGHT
    ) -> list[str]:
        """Send a text; returns what the phone is told meanwhile.

        Args:
            words: What it says.
            media: What comes with it.
            opt_out: What the carrier takes it for.
            after: How long its owner has thought since the text before.
        """
        if self._texted:
            self.pass_time(after)
        self._texted = True
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

    def pass_time(self, step: timedelta) -> None:
        """Let time pass."""
        clock_of(self.settings).advance(step)

    async def told(self) -> list[str]:
        """What the phone has been told since it was last looked at."""
        return _new(await self._rows(), self._told)

    async def receives(self) -> list[str]:
        """What has gone out to the phone since it was last looked at, now that all is sent that may be."""
        await carry_out(self.settings)
        return _new(await self._rows(state=OutboxState.SENT), self._received)

    async def _rows(self, **which: Any) -> list[Outbox]:
        lookup = self.settings.vault.lookup(self.bridge, self.number)
        return await Outbox.filter(address__lookup=lookup, bridge=self.bridge, **which).order_by("id")


def _new(rows: list[Outbox], seen: set[int]) -> list[str]:
    new = [row for row in rows if row.id not in seen]
    seen |= {row.id for row in new}
    return [row.payload["text"] for row in new]


class _Air:
    """Takes all that the outbox hands over, as a carrier and a homeserver do on a good day."""

    async def deliver(self, row: Outbox) -> Delivered:
        return Delivered(f"out-{row.key}", AS_POLL if "poll" in row.payload else "")

    async def find(self, row: Outbox) -> Delivered | None:
        raise AssertionError(f"nothing was ever uncertain about {row.key}")


async def carry_out(settings: Settings) -> None:
    """Let all leave the outbox that may leave it now."""
    while lanes := await outbox.due_lanes(settings, 100):
        for lane in lanes:
            await outbox.drain(
                settings, dict.fromkeys(("sms", "whatsapp", "voice", "matrix", "rooms"), _Air()), lane
            )


async def rooms_of(number: int) -> list[dict[str, Any]]:
    """What happens in rooms because of an issue, in order: the payloads of the effects."""
    rows = await Outbox.filter(issue_id=Issue.id_of(number), bridge=ROOMS).order_by("id")
    return [row.payload for row in rows]


def photo() -> Media:
    """A picture as a phone sends one."""
    return Media("https://carrier.test/1", "image/jpeg")


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

    async def passes_up(self, number: int, reason: str) -> None:
        """Pass it to the unit above."""
        async with in_transaction():
            issue = await lifecycle.lock(Issue.id_of(number))
            at = self.settings.clock.now()
            effects = await lifecycle.pass_up(self.settings, issue, self._actor, reason, at)
            await effects.save()
