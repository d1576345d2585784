"""A homeserver, an application behind it and people at their own clients, for tests to write with."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI
from nio import AsyncClient, LoginResponse, UpdateReceiptMarkerResponse
from nio.api import ReceiptType

from bridges.contract import Inbound, Kind
from bridges.matrix.appservice import AppService
from bridges.matrix.bridge import MatrixBridge
from demo.homeserver import EmbeddedHomeserver
from linzhang.settings import Homeserver

#: Seconds after which a test stops waiting for something that should have happened at once.
PATIENCE = 90.0

PASSWORD = "a leader's password"

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


class Store:
    """What `accept` has stored, as a database with a unique key would.

    Attributes:
        events: Everything that was new, in the order in which it came.
        offered: External ids of everything that was handed in, also if it was refused or known.
        refusals: How many of the next events that satisfy `refused` are not taken.
        refused: Which events `refusals` is about.
        seen: Who has read something, and in which room.
        answering: Whether anybody who hands something in gets an answer; who does not, waits.
    """

    def __init__(self) -> None:
        self.events: list[Inbound] = []
        self.offered: list[str] = []
        self.seen: list[tuple[str, str]] = []
        self.refusals = 0
        self.refused: Callable[[Inbound], bool] = lambda _: True
        self.answering = asyncio.Event()
        self.answering.set()

    async def accept(self, inbound: Inbound) -> bool:
        """Store an event once, or fail as a database does that is away."""
        if inbound.kind is Kind.SEEN:
            self.seen.append((inbound.sender, inbound.room))
            return False
        self.offered.append(inbound.external_id)
        await self.answering.wait()
        if self.refusals and self.refused(inbound):
            self.refusals -= 1
            raise OSError("the database is away")
        if any(each.external_id == inbound.external_id for each in self.events):
            return False
        self.events.append(inbound)
        return True


@dataclass
class Person:
    """Somebody at a Matrix client of their own, which knows nothing of the service."""

    client: AsyncClient
    user_id: str

    async def join(self, room_id: str) -> None:
        """Accept an invitation."""
        answer = await self.client.join(room_id)
        assert getattr(answer, "room_id", None) == room_id, answer

    async def leave(self, room_id: str) -> None:
        """Leave a room."""
        await self.client.room_leave(room_id)

    async def send(self, room_id: str, content: Mapping[str, Any], event_type: str = "m.room.message") -> str:
        """Send an event; returns its id."""
        answer = await self.client.room_send(room_id, event_type, dict(content))
        event_id = getattr(answer, "event_id", None)
        assert isinstance(event_id, str), answer
        return event_id

    async def say(self, room_id: str, text: str, **more: Any) -> str:
        """Say something; returns the event's id."""
        return await self.send(room_id, {"msgtype": "m.text", "body": text, **more})

    async def read(self, room_id: str, event_id: str) -> None:
        """Have the client say that this has been read."""
        answer = await self.client.update_receipt_marker(room_id, event_id, ReceiptType.read)
        assert isinstance(answer, UpdateReceiptMarkerResponse), answer

    async def event(self, room_id: str, event_id: str) -> dict[str, Any]:
        """An event as this person's server shows it."""
        answer = await self.client.room_get_event(room_id, event_id)
        source: dict[str, Any] = answer.event.source
        return source

    async def state(self, room_id: str, event_type: str, state_key: str = "") -> dict[str, Any]:
        """A piece of a room's state."""
        answer = await self.client.room_get_state_event(room_id, event_type, state_key)
        content: dict[str, Any] = answer.content
        return content


@dataclass
class House:
    """A running Synapse with our application service behind it.

    Attributes:
        synapse: The homeserver's process.
        homeserver: Its settings.
        url: Where our application listens.
        store: What the application has accepted.
        bridge: A bridge to it.
    """

    synapse: EmbeddedHomeserver
    homeserver: Homeserver
    url: str
    store: Store
    bridge: MatrixBridge
    _people: list[Person] = field(default_factory=list)

    @property
    def service(self) -> AppService:
        """The service on the homeserver."""
        return self.bridge.service(self.homeserver.server_name)

    async def person(self, localpart: str) -> Person:
        """Somebody with an account, logged in."""
        user_id = await self.synapse.register_user(localpart, PASSWORD, localpart.title())
        client = AsyncClient(self.homeserver.url, user_id)
        person = Person(client, user_id)
        self._people.append(person)
        answer = await client.login(PASSWORD)
        assert isinstance(answer, LoginResponse), answer
        return person

    async def room(self, alias: str, *leaders: Person) -> str:
        """A room in which these leaders are."""
        ids = [leader.user_id for leader in leaders]
        room_id = await self.service.create_room(alias=alias, name=alias, topic="", invite=ids, leaders=ids)
        for leader in leaders:
            await leader.join(room_id)
        return room_id

    async def expect(self, external_id: str) -> Inbound:
        """Wait until the application has got an event."""

        async def find() -> Inbound | None:
            return next((each for each in self.store.events if each.external_id == external_id), None)

        return await until(find, f"the event {external_id}")

    async def expect_membership(self, room_id: str, member: str, membership: str) -> Inbound:
        """Wait until the application has heard that somebody joined, left or was removed."""
        detail = {"member": member, "membership": membership}

        async def find() -> Inbound | None:
            return next(
                (
                    each
                    for each in self.store.events
                    if each.kind is Kind.MEMBERSHIP and each.room == room_id and each.detail == detail
                ),
                None,
            )

        return await until(find, f"{detail}")

    async def leave(self) -> None:
        """Log everybody out."""
        await self.bridge.close()
        for person in self._people:
            await person.client.close()


@contextlib.asynccontextmanager
async def serving(app: FastAPI, listener: Any) -> Any:
    """Serve an application on a socket that listens already."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))

    async def started() -> bool:
        return server.started

    try:
        await until(started, "the application")
        yield
    finally:
        server.should_exit = True
        await serving
