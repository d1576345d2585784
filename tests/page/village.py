"""The demo page on a real homeserver and a real carrier, with a test that plays the service."""

import asyncio
import contextlib
import json
import secrets
import shutil
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import httpx
from nio import AsyncClient, Event, LoginResponse
from playwright.async_api import Browser, async_playwright

from demo.children import Child, answers, free_port, listens
from demo.homeserver import EmbeddedHomeserver
from linzhang.clock import FileClock

#: Seconds after which a test stops waiting for something that should have happened at once.
PATIENCE = 90.0

SERVICE_NUMBER = "+865581234567"
WANG, LI, STRANGER = "+8610000000001", "+8610000000002", "+8610000099999"

BLOCK, GROUP = "3416020103201-01-01-01", "3416020103201-01-01"

LEADERS: list[dict[str, str]] = [
    {
        "name": "陈建国",
        "title": "邻长 / block leader",
        "tier": "block",
        "unit": "张庄第1邻",
        "unit_code": BLOCK,
        "parent_code": GROUP,
    },
    {
        "name": "周强",
        "title": "组长 / group leader",
        "tier": "group",
        "unit": "张庄组",
        "unit_code": GROUP,
    },
]

RESIDENTS: list[dict[str, Any]] = [
    {"name": "王秀英", "number": WANG, "block": "张庄第1邻", "about": "七十四岁 / aged 74"},
    {"name": "李大爷", "number": LI, "block": "张庄第1邻"},
    {"name": "陌生人 / A stranger", "number": STRANGER, "known": False},
]

_BROWSER_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

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


@dataclass
class Village:
    """What stands around the page, and the hands of the service.

    Attributes:
        homeserver: A real Synapse.
        carrier: Speaks the carrier's HTTP.
        account: The service's account there.
        clock: The programme's clock.
        page: The page's process.
        page_url: Where the page is.
        service: The service's own Matrix session.
        heard: Every event that the service has seen.
        rooms: Room id per unit code.
    """

    homeserver: EmbeddedHomeserver
    carrier: httpx.AsyncClient
    account: str
    clock: FileClock
    page: Child
    page_url: str
    service: AsyncClient
    heard: list[dict[str, Any]] = field(default_factory=list)
    rooms: dict[str, str] = field(default_factory=dict)

    async def open_room(self, unit: str, name: str, *members: str) -> None:
        """Make a unit's room and invite people."""
        answer = await self.service.room_create(alias=f"lz-{unit}", name=name, invite=members)
        self.rooms[unit] = answer.room_id

    async def send(self, unit: str, content: dict[str, Any]) -> str:
        """Send a message into a unit's room; returns the event's id."""
        answer = await self.service.room_send(self.rooms[unit], "m.room.message", content)
        event_id: str = answer.event_id
        return event_id

    def card(
        self, words: str, *, number: int, unit: str, holder: str = "", state: str = "open", hours: float = 4
    ) -> dict[str, Any]:
        """The content of an issue's post, as the service writes it."""
        due = (self.clock.now() + timedelta(hours=hours)).isoformat() if state == "open" else None
        facts = {"number": number, "state": state, "answer_due": due, "holder": holder or unit, "unit": unit}
        said = f"<blockquote>{escape(words)}</blockquote>"
        head, standing = f"编号{number} · 王秀英 · 今天08:00", "💬 请在这里回复"
        return {
            "msgtype": "m.text",
            "body": f"{head}\n{words}\n{standing}",
            "format": "org.matrix.custom.html",
            "formatted_body": f"<strong>{head}</strong>{said}<p>{standing}</p>",
            "org.linzhang.issue": facts,
        }

    async def edit(self, unit: str, event_id: str, content: dict[str, Any]) -> None:
        """Put other words, and another state, in the place of a post's."""
        relation = {"rel_type": "m.replace", "event_id": event_id}
        await self.send(unit, content | {"body": "* …", "m.new_content": content, "m.relates_to": relation})

    async def thread(self, unit: str, root: str, content: dict[str, Any]) -> str:
        """Say something in a thread."""
        return await self.send(unit, content | {"m.relates_to": {"rel_type": "m.thread", "event_id": root}})

    async def hear(self, fits: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Wait until the service has seen an event that fits."""

        async def find() -> dict[str, Any] | None:
            return next((event for event in self.heard if fits(event)), None)

        return await until(find, what)

    async def got(self, number: str) -> list[str]:
        """What a phone has sent."""
        answer = await self.carrier.get(f"/_carrier/phones/{number}/messages")
        return [each["body"] for each in answer.json()["messages"] if each["direction"] == "inbound"]

    async def text(self, number: str, body: str) -> None:
        """The service texts a phone, through the carrier's own API."""
        answer = await self.carrier.post(
            f"/2010-04-01/Accounts/{self.account}/Messages.json",
            data={"From": SERVICE_NUMBER, "To": number, "Body": body},
            auth=(self.account, "secret"),
        )
        assert answer.status_code == 201, answer.text


@contextlib.asynccontextmanager
async def village_at(
    folder: Path, leaders: list[dict[str, str]] | None = None, speed: float = 1
) -> AsyncIterator[Village]:
    """Start everything around the page, and the page; stop all at the end."""
    homeserver = EmbeddedHomeserver(folder / "homeserver", free_port())
    clock = FileClock(folder / "clock.json")
    clock.set(datetime.now(UTC), speed)
    carrier, account = _carrier(folder)
    await homeserver.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(homeserver.stop)
        people = [
            leader | await _account(homeserver, f"{leader['tier']}-{leader['unit_code']}", leader["name"])
            for leader in leaders or LEADERS
        ]
        service_account = await _account(homeserver, "linzhang", "邻长服务")
        stack.push_async_callback(carrier.stop)
        await carrier.start()
        carrier_url = f"http://127.0.0.1:{carrier.argv[carrier.argv.index('--port') + 1]}"
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=carrier_url, trust_env=False))
        heard: list[dict[str, Any]] = []
        service = await stack.enter_async_context(_listening(homeserver, service_account, heard))
        config = {
            "carrier_url": carrier_url,
            "homeserver_url": homeserver.url,
            "server_name": homeserver.server_name,
            "service_number": SERVICE_NUMBER,
            "clock_file": str(folder / "clock.json"),
            "residents": RESIDENTS,
            "leaders": people,
        }
        (folder / "page.json").write_text(json.dumps(config), encoding="utf-8")
        page, page_url = _page(folder)
        stack.push_async_callback(page.stop)
        await page.start()
        village = Village(homeserver, client, account, clock, page, page_url, service, heard)
        for leader in people:
            below = [each["user_id"] for each in people if each.get("parent_code") == leader["unit_code"]]
            await village.open_room(leader["unit_code"], leader["unit"], leader["user_id"], *below)
        yield village


@contextlib.asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """A real browser without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*_BROWSER_ARGS, *flags]
        )
        try:
            yield browser
        finally:
            await browser.close()


async def _account(homeserver: EmbeddedHomeserver, localpart: str, name: str) -> dict[str, str]:
    password = secrets.token_urlsafe(6)
    return {"user_id": await homeserver.register_user(localpart, password, name), "password": password}


@contextlib.asynccontextmanager
async def _listening(
    homeserver: EmbeddedHomeserver, account: dict[str, str], heard: list[dict[str, Any]]
) -> AsyncIterator[AsyncClient]:
    """The service's session, which appends all that it hears to `heard`."""
    client = AsyncClient(homeserver.url, account["user_id"])
    answer = await client.login(account["password"])
    assert isinstance(answer, LoginResponse), answer
    client.add_event_callback(lambda _, event: heard.append(event.source), Event)
    syncing = asyncio.create_task(client.sync_forever(timeout=5000, loop_sleep_time=10))
    try:
        yield client
    finally:
        syncing.cancel()
        await asyncio.gather(syncing, return_exceptions=True)
        await client.close()


def _carrier(folder: Path) -> tuple[Child, str]:
    port, account = free_port(), f"AC{secrets.token_hex(16)}"
    argv = [sys.executable, "-m", "demo.carrier", "--port", str(port)]
    argv += ["--account-sid", account, "--auth-token", "secret", "--number", SERVICE_NUMBER]
    return Child("the carrier", argv, folder / "carrier.log", listens(port)), account


def _page(folder: Path) -> tuple[Child, str]:
    port = free_port()
    argv = [sys.executable, "-m", "demo.page", "--config", str(folder / "page.json"), "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    return Child("the page", argv, folder / "page.log", answers(f"{url}/")), url
