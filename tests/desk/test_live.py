"""Live pages: what changes reaches those who may see it, at once, and nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from asyncpg.exceptions import CannotConnectNowError

from linzhang.settings import Settings
from models import Change, ChangeKind, Issue, Level, Person, Session
from tests.desk.desk import Browser, Desk
from tests.factories import MORNING, Territory, resident
from tests.issues.diary import Phone
from web.desk.live import feed


@dataclass
class Line:
    """A browser's line to the events, as the server sees it."""

    heard: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> dict[str, Any]:
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self.heard.put(dict(message))

    async def status(self) -> int:
        return int((await self.heard.get())["status"])

    async def told(self) -> list[tuple[str, str, Any]]:
        """The next events: id, kind and data; of a sign of life, none."""
        message = await asyncio.wait_for(self.heard.get(), 10)
        found = []
        for block in message["body"].decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "event" in lines:
                found.append((lines["id"], lines["event"], json.loads(lines["data"])))
        return found


@asynccontextmanager
async def listening(desk: Desk, browser: Browser, last: str = "") -> AsyncIterator[Line]:
    """A page that listens."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    headers = [(b"cookie", cookies.encode()), (b"host", b"127.0.0.1:1")]
    headers += [(b"last-event-id", last.encode())] if last else []
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": "GET", "path": "/desk/events", "raw_path": b"/desk/events", "query_string": b"",
        "root_path": "", "scheme": "http", "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
    }  # fmt: skip
    line = Line()
    task = asyncio.create_task(desk.app(scope, line.receive, line.send))
    try:
        yield line
    finally:
        line.hung_up.set()
        await asyncio.wait_for(task, 10)


async def changed(settings: Settings, issue: Issue) -> Change:
    """The duty writes that an issue has changed."""
    wall = settings.clock.wall()
    return await Change.create(at=wall, kind=ChangeKind.ISSUE, path=issue.path, issue_id=issue.id)


async def reported(settings: Settings, territory: Territory) -> Issue:
    await resident(settings, territory.block)
    await Phone(settings).text("路灯坏了")
    issue = await Issue.first()
    assert issue is not None
    return issue


async def test_a_change_reaches_those_who_see_it(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    issue = await reported(settings, territory)
    unit = territory.units["peace"]
    async with (
        desk.browser(territory.leaders["township"]) as above,
        desk.browser(territory.leaders["peace"]) as neighbour,
        listening(desk, above) as line,
        listening(desk, neighbour) as other,
    ):
        assert await line.status() == 200
        assert await other.status() == 200
        assert await line.told() == []
        assert await other.told() == []
        first = await changed(settings, issue)
        wall = settings.clock.wall()
        level = await Change.create(
            at=wall, kind=ChangeKind.LEVEL, path=unit.path, unit_id=unit.id, level=Level.RED
        )
        told = await line.told()
        told += await line.told() if len(told) < 2 else []
        codes = territory.block.path.rstrip("/").split("/")
        assert told == [
            (str(first.id), "issue", {"number": issue.number, "units": codes, "state": "open"}),
            (str(level.id), "level", {"unit": unit.code, "level": "red"}),
        ]
        theirs: list[Any] = []
        while not theirs:
            theirs = await other.told()
        assert [kind for _, kind, _ in theirs] == ["level"]
        async with listening(desk, above, last=str(first.id)) as again:
            assert await again.status() == 200
            assert [each[0] for each in await again.told()] == [str(level.id)]
        async with listening(desk, above, last="999999") as lost:
            assert await lost.status() == 200
            assert [kind for _, kind, _ in await lost.told()] == ["again"]


async def test_a_session_that_ends_hears_nothing_more_and_has_few_lines(
    settings: Settings, territory: Territory, desk: Desk
) -> None:
    issue = await reported(settings, territory)
    leader: Person = territory.leaders["block"]
    async with desk.browser(leader) as browser:
        async with listening(desk, browser) as line:
            assert await line.status() == 200
            assert await line.told() == []
            await Session.all().update(ended_at=settings.clock.wall())
            await changed(settings, issue)
            last = await asyncio.wait_for(line.heard.get(), 10)
            assert last == {"type": "http.response.body", "body": b"", "more_body": False}
        async with listening(desk, browser) as line:
            assert await line.status() == 401
    async with desk.browser(leader) as browser:
        session = await Session.get(ended_at=None)
        for _ in range(feed.PAGES):
            desk.app.state.feed._pages[session.id] += 1
        async with listening(desk, browser) as line:
            assert await line.status() == 429


async def test_whoever_serves_lets_the_pages_go(territory: Territory, desk: Desk) -> None:
    async with (
        desk.browser(territory.leaders["block"]) as browser,
        listening(desk, browser) as line,
    ):
        assert await line.status() == 200
        assert await line.told() == []
        desk.app.state.feed.close()
        assert (await asyncio.wait_for(line.heard.get(), 10))["more_body"] is False


class Falters(feed.Feed):
    """A feed whose database is away once, as PostgreSQL says it that starts anew."""

    is_away = True

    async def _look(self) -> None:
        if self.is_away:
            self.is_away = False
            raise CannotConnectNowError("the database system is starting up")
        await super()._look()


async def test_pages_hear_on_after_the_database_was_away_for_a_moment(territory: Territory) -> None:
    falters = Falters()
    unit = territory.block
    async with falters.listening(1) as listener:
        line = await Change.create(
            at=MORNING, kind=ChangeKind.LEVEL, path=unit.path, unit_id=unit.id, level=Level.RED
        )
        assert [each.id for each in await listener.take(10)] == [line.id]
    assert not falters.is_away
