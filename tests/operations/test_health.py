"""`/health` and `/ready`: the truth about each dependency, without hammering any."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from tortoise import connections

from bridges.contract import Checks, Unavailable
from bridges.registry import bridges, matrix_bridge
from escalator.beating import Pulse
from linzhang.settings import Settings
from models import Worker
from tests.factories import make_settings
from tests.sms.wire import account
from web.app import create_app
from web.dependencies import Dependency, Watch


@asynccontextmanager
async def asked(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The application's door; it opens the database itself, and closes all connections at the end."""
    app = create_app(settings)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), http:
        yield http


async def ready(settings: Settings) -> tuple[int, dict[str, Any]]:
    """What `/ready` answers, and its dependencies by name with their status."""
    async with asked(settings) as http:
        answer = await http.get("/ready")
    told = answer.json()
    return answer.status_code, told


async def test_it_says_of_each_dependency_how_it_is(settings: Settings) -> None:
    status, told = await ready(settings)
    found = {name: each["status"] for name, each in told["dependencies"].items()}
    assert (status, told["status"]) == (200, "degraded"), "webhooks accept all the same"
    assert found == {
        "database": "ok",
        "workers": "down",
        "redis": "down",
        "homeserver test": "down",
        "sms": "ok",
    }
    assert told["dependencies"]["homeserver test"]["detail"].endswith("the homeserver cannot be reached")
    assert told["outbox_waiting"] == told["overdue"] == 0


async def test_a_worker_lives_that_gives_signs_and_looks_for_what_is_due(settings: Settings) -> None:
    wall = settings.clock.wall()
    pulse = Pulse("a", started_at=wall)
    await pulse.beat(wall)
    assert (await ready(settings))[1]["dependencies"]["workers"]["status"] == "unknown", "it has just begun"
    await Worker.filter(name="a").update(started_at=wall - timedelta(minutes=5))
    assert (await ready(settings))[1]["dependencies"]["workers"]["status"] == "down", "it does nothing"
    pulse.swept_at = wall
    await pulse.beat(wall)
    assert (await ready(settings))[1]["dependencies"]["workers"] == {"status": "ok", "detail": "1 alive"}
    await Worker.filter(name="a").update(seen_at=wall - timedelta(minutes=1))
    assert (await ready(settings))[1]["dependencies"]["workers"]["status"] == "down"


async def test_only_a_database_that_is_away_or_too_old_is_an_error(
    settings: Settings, tmp_path: Path
) -> None:
    await connections.all()[0].execute_script(
        "DELETE FROM tortoise_migrations WHERE name LIKE '0019%'; INSERT INTO tortoise_migrations"
        " (app, name, applied_at) VALUES ('linzhang', '9999_of_a_later_version', '2026-11-24')"
    )
    status, told = await ready(settings)
    assert (status, told["status"]) == (503, "down")
    assert told["dependencies"]["database"]["detail"] == "it waits for `linzhang migrate`: 0019_audit_chain"
    away = make_settings(tmp_path, database_url=f"sqlite://{tmp_path}/no/such/folder.db")
    status, told = await ready(away)
    assert (status, told["dependencies"]["database"]["status"]) == (503, "down")
    async with asked(away) as http:
        assert (await http.get("/health")).status_code == 200, "starting this process anew would help nobody"


async def test_a_far_side_is_asked_once_however_many_ask_us() -> None:
    calls = 0

    async def ask() -> None:
        nonlocal calls
        calls += 1
        raise Unavailable("it is away")

    watch = Watch({"far": Dependency(ask, 60.0)})
    for _ in range(50):
        found = await watch.look()
    assert calls == 1
    assert (found["far"].well, found["far"].detail) == (False, "it is away")


async def test_what_was_heard_long_ago_is_not_told_as_if_it_were_so_now() -> None:
    asked = 0

    async def ask() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise Unavailable("it is away")

    far = Dependency(ask, 60.0)
    far.refresh(now := time.monotonic())
    task = far.awaited(now)
    assert task is not None
    await task
    assert far.answer(now + 119).well is True
    assert far.answer(now + 121).well is None
    far.refresh(now + 121)
    task = far.awaited(now + 121)
    assert task is not None, "so it is waited for"
    await task
    assert far.answer(now + 1).well is False


async def test_the_carrier_says_what_is_not_as_we_need_it(settings: Settings) -> None:
    bridge = bridges(settings, matrix_bridge(settings))["sms"]
    assert isinstance(bridge, Checks)
    await bridge.check()
    (todo,) = await bridge.review()  # texts go where they should; calls go nowhere
    assert todo.startswith("At the carrier, let the number's 'a call comes in' go to POST")
    await bridge.close()


async def test_a_carrier_that_does_not_know_us_is_no_dependency_that_is_well(settings: Settings) -> None:
    assert settings.twilio is not None
    twilio = account(settings.twilio.api_url, auth_token="wrong")
    _, told = await ready(settings.model_copy(update={"twilio": twilio}))
    problem = "the carrier does not accept our credentials"
    assert (told["dependencies"]["sms"]["status"], told["dependencies"]["sms"]["detail"]) == ("down", problem)
