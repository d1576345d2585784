"""The real application and the real inbox on a database of their own, called by tests that are not async.

Hypothesis tries hundreds of requests in one test, so one service serves them all; what came in
before stays, as it does in life.
"""

import asyncio
import json
import re
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI
from twilio.request_validator import RequestValidator

from escalator import inbox as inbox_worker
from linzhang.database import migrate
from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Person, Room, RoomEvent, RoomEventKind, RoomKind
from tests.factories import MORNING, PROFILE, Territory, make_settings, plant, resident
from tests.issues.chat import matrix_id, with_account
from tests.issues.diary import Phone
from web.app import create_app

ACCOUNT, TOKEN, OUR_NUMBER = "AC" + "0" * 32, "secret", "+865581234567"
PUBLIC_URL = "http://127.0.0.1:1"
ROOM = "!block:test"

_ids = count(1)

Answer = TypeVar("Answer")


@dataclass
class Service:
    """One running application.

    Attributes:
        settings: With which it runs.
        territory: In its database.
        people: Who is in the block's room, by what they are.
        post: Id of the event under which an open issue stands in the block's room.
    """

    settings: Settings
    territory: Territory = field(default_factory=Territory)
    people: dict[str, Person] = field(default_factory=dict)
    post: str = "$post"
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _resources: AsyncExitStack = field(default_factory=AsyncExitStack)
    _app: FastAPI = field(init=False)
    _http: httpx.AsyncClient = field(init=False)

    def start(self) -> None:
        """Open it, with a small territory in which one issue is open."""
        self._app = create_app(self.settings)
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)
        self.run(self._start())

    def stop(self) -> None:
        """Close it."""
        self.run(self._resources.aclose())
        self._runner.close()

    def run(self, what: Coroutine[Any, Any, Answer]) -> Answer:
        """Wait for something that happens in the service's own loop."""
        return self._runner.run(what)

    def webhooks(self) -> list[str]:
        """The paths that the carrier can call."""
        paths: dict[str, dict[str, object]] = self._app.openapi()["paths"]
        return [path for path in paths if "post" in paths[path] and not path.startswith("/_matrix")]

    def call(self, path: str, params: Mapping[str, str]) -> httpx.Response:
        """Call a webhook with a signed form."""
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, params)
        return self.send(path, urlencode(params).encode(), signature)

    def send(self, path: str, body: bytes, signature: str) -> httpx.Response:
        """Send bytes to a webhook."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        return self.run(self._http.post(path, content=body, headers=headers))

    def transact(self, events: object) -> httpx.Response:
        """Send a transaction as the homeserver does."""
        return self.run(
            self._http.put(
                f"/_matrix/app/v1/transactions/{next(_ids)}",
                content=json.dumps({"events": events}).encode(),
                headers={"Authorization": "Bearer h"},
            )
        )

    def stored(self, bridge: str, external_id: str) -> Inbox | None:
        """What is kept of an event."""

        async def find() -> Inbox | None:
            return await Inbox.get_or_none(bridge=bridge, external_id=external_id)

        return self.run(find())

    def kept(self) -> int:
        """How many events are kept."""

        async def count_rows() -> int:
            return await Inbox.all().count()

        return self.run(count_rows())

    def work(self) -> None:
        """Let the worker take out all that came in.

        Raises:
            AssertionError: It could not work on something; says on what.
        """
        self.run(self._work())

    async def _work(self) -> None:
        for lane in await Inbox.filter(state=InboxState.WAITING).distinct().values_list("lane", flat=True):
            await inbox_worker.drain(self.settings, str(lane))
        failed = await Inbox.exclude(state=InboxState.DONE)
        assert not failed, [(row.error, row.body) for row in failed]

    async def _start(self) -> None:
        await migrate(self.settings.database_url)
        await self._resources.enter_async_context(self._app.router.lifespan_context(self._app))
        self.territory = await plant()
        block = self.territory.block
        await resident(self.settings, block)
        neighbour = await Person.create(name="小王", block=block)
        leaders = self.territory.leaders
        self.people = {"leader": leaders["block"], "above": leaders["group"], "neighbour": neighbour}
        for person in self.people.values():
            await with_account(self.settings, person)
        await Room.create(unit=block, kind=RoomKind.ROOM, room_id=ROOM, homeserver="test", made_at=MORNING)
        await Phone(self.settings).text("路灯坏了")
        issue = await Issue.all().get()
        await RoomEvent.create(issue_id=issue.id, room_id=ROOM, event_id=self.post, kind=RoomEventKind.POST)

    @property
    def senders(self) -> list[str]:
        """Matrix ids of the people in the block's room, and of somebody whom nobody knows."""
        return [*(matrix_id(person) for person in self.people.values()), "@guest:test"]


def make_service(folder: Path, database_url: str) -> Service:
    """A service on a database, with its clock in a folder; it is not started yet."""
    twilio = {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "number": OUR_NUMBER,
        "whatsapp_number": OUR_NUMBER,
    }
    # Hundreds of texts from one phone are no flood here: each of them is to be worked on.
    profile = folder / "profile.toml"
    words = PROFILE.read_text(encoding="utf-8")
    profile.write_text(re.sub(r"messages = \d+", "messages = 1000000", words), encoding="utf-8")
    settings = make_settings(
        folder, database_url=database_url, twilio=twilio, public_url=PUBLIC_URL, profile=profile
    )
    return Service(settings)
