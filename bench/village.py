"""A village on the running stack: blocks with a resident each, and one leader who reads along at a client."""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp
from tortoise.transactions import in_transaction

from demo.stack import Stack
from models import Address, Inbox, InboxState, Leadership, Outbox, OutboxState, Person, Role, Unit

#: From the top down; the last one is there many times.
_TIERS = ("city", "county", "township", "village", "section", "group")
_PASSWORD = "bench-password"

#: Seconds that `/sync` waits for something to happen.
_POLL = 10

_FILTER = json.dumps(
    {
        "room": {
            "timeline": {"limit": 200, "types": ["m.room.message"]},
            "state": {"types": []},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
        },
        "presence": {"types": []},
        "account_data": {"types": []},
    }
)

#: By it a message is known again: by its words alone, whatever is written around them.
_NUMBER = re.compile(r"第(\d+)号")

_UNDONE = (OutboxState.WAITING, OutboxState.CALLING)


def words(number: int) -> str:
    """A trouble by whose words it is known again."""
    return f"第{number}号路灯坏了三天，晚上看不见路，没人来修。"


@dataclass
class Watcher:
    """The leader, at a client that joins where it is invited and notes when it has seen what.

    Attributes:
        rooms: Those that they are in.
        seen: When each message was first seen, by its number; seconds of `time.perf_counter`.
    """

    url: str
    http: aiohttp.ClientSession
    rooms: list[str] = field(default_factory=list)
    seen: dict[int, float] = field(default_factory=dict)
    _waiting: dict[int, asyncio.Event] = field(default_factory=dict)

    async def log_in(self, user_id: str) -> None:
        """Log in."""
        identifier = {"type": "m.id.user", "user": user_id}
        login = {"type": "m.login.password", "identifier": identifier, "password": _PASSWORD}
        async with self.http.post(f"{self.url}/_matrix/client/v3/login", json=login) as answer:
            answer.raise_for_status()
            token = (await answer.json())["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    async def watch(self) -> None:
        """Read, until cancelled."""
        since = ""
        while True:
            query = {"timeout": str(_POLL * 1000), "filter": _FILTER} | ({"since": since} if since else {})
            async with self.http.get(f"{self.url}/_matrix/client/v3/sync", params=query) as answer:
                answer.raise_for_status()
                told = await answer.json()
            now = time.perf_counter()
            rooms = told.get("rooms", {})
            for room_id, room in rooms.get("join", {}).items():
                if room_id not in self.rooms:
                    self.rooms.append(room_id)
                for event in room.get("timeline", {}).get("events", []):
                    self._see(str(event["content"].get("body", "")), now)
            for room_id in rooms.get("invite", {}):
                join = f"{self.url}/_matrix/client/v3/rooms/{quote(room_id)}/join"
                async with self.http.post(join, json={}) as answer:
                    answer.raise_for_status()
            since = told["next_batch"]

    async def expect(self, number: int) -> float:
        """Wait until a message was seen; returns when."""
        while number not in self.seen:
            await self._waiting.setdefault(number, asyncio.Event()).wait()
        return self.seen[number]

    def _see(self, body: str, now: float) -> None:
        for found in _NUMBER.findall(body):
            number = int(found)
            if number not in self.seen:
                self.seen[number] = now
                if number in self._waiting:
                    self._waiting.pop(number).set()


async def enrol(stack: Stack) -> str:
    """Give the leader an account; returns its Matrix id."""
    return await stack.homeserver.register_user("leader", _PASSWORD, "陈建国")


async def plant(stack: Stack, user_id: str, blocks: int) -> Sequence[str]:
    """Write so many blocks with a resident each, and their leader, into the open database.

    Returns:
        The residents' phone numbers.
    """
    since = stack.clock.now()
    phones = []
    async with in_transaction():
        above: Unit | None = None
        line = []
        for depth, tier in enumerate(_TIERS):
            code = f"{above.code if above else ''}{34 + depth}"
            path = f"{above.path if above else ''}{code}/"
            above = await Unit.create(code=code, name=f"第{depth}级", tier=tier, parent=above, path=path)
            line.append(above)
        assert above is not None
        for number in range(blocks):
            code = f"{above.code}{number:03d}"
            path = f"{above.path}{code}/"
            line.append(
                await Unit.create(code=code, name=f"{number}邻", tier="block", parent=above, path=path)
            )
        leader = await Person.create(name="陈建国", block=line[-1], language="zh-Hans")
        await _reached(stack, leader, "matrix", user_id)
        for unit in line:
            await Leadership.create(unit=unit, person=leader, role=Role.LEADER, since=since)
        for number, block in enumerate(line[-blocks:]):
            phone = f"+8610000{number:06d}"  # nobody has such a number in China
            person = await Person.create(name=f"居民{number}", block=block, language="zh-Hans")
            await _reached(stack, person, "sms", phone)
            phones.append(phone)
    return phones


async def _reached(stack: Stack, person: Person, bridge: str, address: str) -> None:
    vault = stack.settings.vault
    facts = {"lookup": vault.lookup(bridge, address), "sealed": vault.seal(address)}
    await Address(person=person, bridge=bridge, **facts).save()


async def at_rest() -> None:
    """Wait until nothing waits for the worker in the open database."""
    while True:
        if not await _something_waits():
            return
        await asyncio.sleep(0.1)


async def _something_waits() -> bool:
    waiting = Inbox.filter(state=InboxState.WAITING)
    undone = Outbox.filter(state__in=_UNDONE, hold_until=None)
    return await waiting.exists() or await undone.exists()
