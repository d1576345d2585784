"""A small town on the whole real stack, with phones and leaders that a test can read like a diary."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from nio import (
    AsyncClient,
    Event,
    InviteMemberEvent,
    JoinResponse,
    LoginResponse,
    MatrixRoom,
    RoomKickResponse,
    RoomSendResponse,
)

from demo.stack import Stack
from linzhang.database import database
from models import Address, Inbox, InboxState, Leadership, Outbox, OutboxState, Person, Role, Unit
from tests.factories import make_tables

#: Seconds after which a test stops waiting for something that should have happened at once.
PATIENCE = 90.0

TIERS = ("city", "county", "township", "village", "section", "group", "block")
NAMES = ("亳州市", "谯城区", "魏岗镇", "魏岗村委会", "第一片", "张庄组", "第3邻")
LEADERS = {
    "township": "李书记",
    "village": "赵刚",
    "section": "孙梅",
    "group": "周强",
    "block": "陈建国",
}
CARD_CODE = "12345674"
PASSWORD = "demo-password"

Found = TypeVar("Found")


async def until(find: Callable[[], Awaitable[Found | None]], what: str) -> Found:
    """Wait until `find` finds something.

    Raises:
        AssertionError: It did not within `PATIENCE`.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = await find()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE:g} s in vain for {what}")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone on the carrier's side of the wire."""

    number: str
    carrier: httpx.AsyncClient

    async def text(self, body: str, **options: Any) -> dict[str, Any]:
        """Send a text; returns what the carrier saw of the webhook."""
        answer = await self.carrier.post(
            f"/_carrier/phones/{self.number}/texts", json={"body": body, **options}, timeout=60
        )
        answer.raise_for_status()
        seen: dict[str, Any] = answer.json()
        return seen

    async def received(self) -> list[str]:
        """Every text that this phone has got, oldest first."""
        answer = await self.carrier.get(f"/_carrier/phones/{self.number}/messages")
        return [each["body"] for each in answer.json()["messages"] if each["direction"] == "outbound"]

    async def expect(self, *words: str) -> str:
        """Wait for a text that holds all these words; returns it."""

        async def find() -> str | None:
            got = await self.received()
            return next((text for text in got if all(word in text for word in words)), None)

        try:
            return await until(find, f"a text with {words}")
        except AssertionError as error:
            raise AssertionError(f"{error}; there were {await self.received()}") from None

    async def count(self, words: str) -> int:
        """How many texts with these words it has got."""
        return sum(words in text for text in await self.received())


@dataclass
class LeaderClient:
    """A leader at their own Matrix client, which knows nothing of Linzhang."""

    client: AsyncClient
    user_id: str
    name: str = ""
    events: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    _syncing: asyncio.Task[None] | None = None

    async def log_in(self) -> None:
        """Log in, accept every invitation, and watch."""
        answer = await self.client.login(PASSWORD)
        assert isinstance(answer, LoginResponse), answer
        self.client.add_event_callback(self._see, (Event,))
        self.client.add_event_callback(self._accept, (InviteMemberEvent,))
        self._syncing = asyncio.create_task(
            self.client.sync_forever(timeout=10_000, full_state=True, loop_sleep_time=10)
        )

    async def log_out(self) -> None:
        """Stop watching."""
        if self._syncing:
            self._syncing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._syncing
        await self.client.close()

    async def expect(self, room_id: str, *words: str, thread: str = "") -> Mapping[str, Any]:
        """Wait for a message in a room, or in one of its threads, that holds all these words."""

        async def find() -> Mapping[str, Any] | None:
            return next(iter(self.seen(room_id, *words, thread=thread)), None)

        try:
            return await until(find, f"a message with {words}")
        except AssertionError as error:
            said = [each["content"].get("body") for each in self.events.get(room_id, [])]
            raise AssertionError(f"{error}; there were {said}") from None

    def seen(self, room_id: str, *words: str, thread: str = "") -> list[Mapping[str, Any]]:
        """Messages in a room that hold all these words; edits are left out."""
        found = []
        for event in self.events.get(room_id, []):
            content = event["content"]
            relation = content.get("m.relates_to", {})
            stands_in = relation.get("event_id", "") if relation.get("rel_type") == "m.thread" else ""
            if event["type"] != "m.room.message" or relation.get("rel_type") == "m.replace":
                continue
            if stands_in == thread and all(word in content.get("body", "") for word in words):
                found.append(event)
        return found

    async def expect_state(self, room_id: str, event_id: str, state: str) -> None:
        """Wait until the last edit of a post tells this state."""

        async def find() -> bool:
            edits = [
                event["content"]["m.new_content"]
                for event in self.events.get(room_id, [])
                if event["content"].get("m.relates_to", {}).get("rel_type") == "m.replace"
                and event["content"]["m.relates_to"]["event_id"] == event_id
            ]
            return bool(edits) and edits[-1]["org.linzhang.issue"]["state"] == state

        await until(find, f"the state {state}")

    async def say(self, room_id: str, text: str, *, thread: str = "") -> str:
        """Say something, in a thread or outside; returns the event's id."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if thread:
            content["m.relates_to"] = {
                "rel_type": "m.thread",
                "event_id": thread,
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": thread},
            }
        return await self.send(room_id, "m.room.message", content)

    async def react(self, room_id: str, event_id: str, emoji: str) -> str:
        """React to an event."""
        relation = {"rel_type": "m.annotation", "event_id": event_id, "key": emoji}
        return await self.send(room_id, "m.reaction", {"m.relates_to": relation})

    async def edit(self, room_id: str, event_id: str, text: str) -> str:
        """Put other words in the place of an earlier message's."""
        words = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event_id}
        content = words | {"body": f"* {text}", "m.new_content": words, "m.relates_to": relation}
        return await self.send(room_id, "m.room.message", content)

    async def reply(self, room_id: str, event_id: str, text: str) -> str:
        """Answer a message outside threads, as old clients do everywhere."""
        relation = {"m.in_reply_to": {"event_id": event_id}}
        content = {"msgtype": "m.text", "body": text, "m.relates_to": relation}
        return await self.send(room_id, "m.room.message", content)

    async def redact(self, room_id: str, event_id: str) -> str:
        """Take a message back; returns the id of the event that does it."""
        answer = await self.client.room_redact(room_id, event_id)
        redaction: str = answer.event_id
        return redaction

    async def rung(self, room_id: str) -> int:
        """How often this client would have rung in a room since its person last spoke there."""
        answer = await self.client.sync(timeout=0, full_state=True)
        notes = answer.rooms.join[room_id].unread_notifications
        return int(notes.highlight_count or 0) if notes else 0

    async def send(self, room_id: str, kind: str, content: dict[str, Any]) -> str:
        """Send an event of any kind; returns its id."""
        answer = await self.client.room_send(room_id, kind, content)
        assert isinstance(answer, RoomSendResponse), answer
        event_id: str = answer.event_id
        return event_id

    async def _see(self, room: MatrixRoom, event: Event) -> None:
        self.events.setdefault(room.room_id, []).append(event.source)

    async def _accept(self, room: MatrixRoom, event: InviteMemberEvent) -> None:
        if event.state_key != self.user_id or event.membership != "invite":
            return

        async def is_in() -> bool:
            return isinstance(await self.client.join(room.room_id), JoinResponse)

        # Another homeserver may show an invitation before it lets anybody in; people press again.
        await until(is_in, "being let in")


@dataclass
class Town:
    """One unit per tier, with its leader, on a running stack.

    Attributes:
        stack: On which it stands.
        carrier: The carrier's control API.
        leaders: Their clients, by tier.
        units: By tier.
    """

    stack: Stack
    carrier: httpx.AsyncClient
    leaders: dict[str, LeaderClient] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    _numbers: int = 0

    async def plant(self) -> None:
        """Write the territory, give its leaders accounts, and log them in."""
        parent: Unit | None = None
        for depth, (tier, name) in enumerate(zip(TIERS, NAMES, strict=True)):
            code = "34160201030102"[: 2 * (depth + 1)]
            parent = self.units[tier] = await Unit.create(
                code=code,
                name=name,
                tier=tier,
                parent=parent,
                path=f"{parent.path if parent else ''}{code}/",
                card_code=CARD_CODE if tier == "block" else None,
            )
        for tier, name in LEADERS.items():
            person = await Person.create(name=name, block=self.units["block"], language="zh-Hans")
            await Leadership.create(
                unit=self.units[tier], person=person, role=Role.LEADER, since=self.stack.clock.now()
            )
            self.leaders[tier] = await self.newcomer(f"leader-{tier}", name, person)

    async def newcomer(self, localpart: str, name: str, person: Person | None) -> LeaderClient:
        """Somebody with an account of their own; the roster knows it if a person is given."""
        await self.stack.homeserver.register_user(localpart, PASSWORD, name)
        user_id = f"@{localpart}:{self.stack.homeserver.server_name}"
        if person:
            await self._address(person, "matrix", user_id)
        leader = LeaderClient(AsyncClient(self.stack.homeserver.url, user_id), user_id, name)
        await leader.log_in()
        return leader

    async def resident(
        self,
        name: str = "王秀英",
        *,
        block: Unit | None = None,
        language: str = "zh-Hans",
        abroad: bool = False,
        telephone: bool = False,
    ) -> Phone:
        """A resident, of the block unless another is given, with a phone that the roster knows."""
        person = await Person.create(name=name, block=block or self.units["block"], language=language)
        return await self.phone_of(person, abroad=abroad, telephone=telephone)

    async def phone_of(self, person: Person, *, abroad: bool = False, telephone: bool = False) -> Phone:
        """A phone for somebody whom the roster knows already."""
        phone = self.stranger(abroad=abroad, telephone=telephone)
        await self._address(person, "sms", phone.number)
        return phone

    def stranger(self, *, abroad: bool = False, telephone: bool = False) -> Phone:
        """A phone that nobody knows; one from abroad can be sent pictures, a telephone takes no texts."""
        self._numbers += 1
        # Nobody has such a number in China; with a digit less it would be one in Beijing.
        china = f"+8610000{self._numbers:0{5 if telephone else 6}d}"
        return Phone(f"+1415555{self._numbers:04d}" if abroad else china, self.carrier)

    async def room(self, tier: str) -> str:
        """Id of the room that a unit has now, by its public alias."""
        alias = f"%23lz-{self.units[tier].code}:{self.stack.homeserver.server_name}"
        url = f"{self.stack.homeserver.url}/_matrix/client/v3/directory/room/{alias}"

        async def find() -> str | None:
            async with httpx.AsyncClient(trust_env=False) as client:
                answer = await client.get(url)
            return answer.json()["room_id"] if answer.status_code == 200 else None

        return await until(find, f"the {tier}'s room")

    async def expect_post(self, tier: str, *words: str) -> tuple[str, str]:
        """Wait until the unit's leader sees a post; returns the ids of room and post."""
        room_id = await self.room(tier)
        event = await self.leaders[tier].expect(room_id, *words)
        return room_id, event["event_id"]

    def pass_hours(self, hours: float) -> None:
        """Let programme time pass at once."""
        self.stack.clock.advance(timedelta(hours=hours))

    def has_the_day_before_it(self) -> bool:
        """Whether three windows can pass before it is night: it is eight, and not yet half past."""
        now = self.stack.clock.now().astimezone(self.stack.settings.territory.zone)
        return now.hour == 8 and now.minute < 30

    def wait_for(self, hour: int) -> None:
        """Let programme time pass until it is so late in the town."""
        clock = self.stack.clock
        now = clock.now().astimezone(self.stack.settings.territory.zone)
        then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        clock.set(then if then > now else then + timedelta(days=1))

    async def is_quiet(self) -> None:
        """Wait until nothing waits in the inbox, nor in the outbox for anything but its hour."""

        async def find() -> bool:
            waiting = await Inbox.filter(state=InboxState.WAITING).count()
            undone = Outbox.filter(state__in=(OutboxState.WAITING, OutboxState.CALLING))
            held = undone.filter(hold_until__gt=self.stack.clock.now())
            return waiting + await undone.count() - await held.count() == 0

        await until(find, "the inbox and the outbox to be empty")

    async def fault(self, fault: Mapping[str, Any]) -> None:
        """Order a fault of the carrier's."""
        answer = await self.carrier.post("/_carrier/faults", json=fault)
        assert answer.status_code == 201, answer.text

    async def leave(self, room_id: str, user_id: str) -> None:
        """Take the service out of a room, as its own operator could by hand."""
        await self.as_service("POST", f"rooms/{room_id}/leave", {}, user_id)

    async def kick_service(self, room_id: str, leader: LeaderClient) -> None:
        """Let a leader whom somebody has given all power throw the service out of a room."""
        bot = self.stack.settings.homeservers[0].bot_id
        path = f"rooms/{room_id}/state/m.room.power_levels"
        levels = await self.as_service("GET", path, None, bot)
        users = levels["users"] | {leader.user_id: 100}
        await self.as_service("PUT", path, levels | {"users": users | {bot: 0}}, bot)
        answer = await leader.client.room_kick(room_id, bot, "谁让你来的")
        assert isinstance(answer, RoomKickResponse), answer

    async def as_service(self, method: str, path: str, body: dict[str, Any] | None, user_id: str) -> Any:
        """Call the homeserver with the token of the application service."""
        homeserver = self.stack.settings.homeservers[0]
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.request(
                method,
                f"{homeserver.url}/_matrix/client/v3/{path}",
                params={"user_id": user_id},
                headers={"Authorization": f"Bearer {homeserver.as_token.get_secret_value()}"},
                json=body,
            )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def close(self) -> None:
        """Log everybody out."""
        for leader in self.leaders.values():
            await leader.log_out()
        await self.carrier.aclose()

    async def _address(self, person: Person, bridge: str, address: str) -> None:
        vault = self.stack.settings.vault
        await Address.create(
            person=person, bridge=bridge, lookup=vault.lookup(bridge, address), sealed=vault.seal(address)
        )


@contextlib.asynccontextmanager
async def town_on(stack: Stack) -> AsyncIterator[Town]:
    """Start a stack with a town on it, and stop it at the end."""
    await make_tables(stack.settings.database_url)
    try:
        await stack.start_outside()
        async with database(stack.settings.database_url):
            town = Town(stack, httpx.AsyncClient(base_url=stack.carrier.url, trust_env=False))
            await town.plant()
            await stack.start_service()
            try:
                yield town
            finally:
                await town.close()
    finally:
        await stack.stop()
