"""Tokens: made on the desk and at the terminal, shown once, limited, and gone when they are revoked."""

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from linzhang.settings import Settings
from models import AdminAction, ApiToken, Leadership
from tests.api.programme import Api, api_for
from tests.desk.desk import Desk
from tests.factories import MORNING, PROFILE, Territory, make_settings, open_database, plant
from web.access.tokens import Right

WORD = re.compile(r"lz_[A-Za-z0-9_-]{43}")


async def test_a_leader_makes_a_token_sees_it_once_and_revokes_it(
    settings: Settings, territory: Territory, api: Api
) -> None:
    leader = territory.leaders["village"]
    desk = Desk(settings, api.app)
    async with desk.browser(leader) as browser, api.programme() as programme:
        given = {"name": "<b>waterworks", "rights": "units:read", "units": "3401010101", "days": "30"}
        word = WORD.findall((await browser.post("/desk/tokens", **given)).text)[0]
        listed = (await browser.get("/desk/tokens")).text
        assert "&lt;b&gt;waterworks" in listed
        assert word not in listed
        programme.headers["Authorization"] = f"Bearer {word}"
        codes = [each["code"] for each in (await programme.get("/api/v1/units")).json()]
        assert codes == ["3401010101"]
        token = await ApiToken.get()
        assert token.expires_at - token.made_at == timedelta(days=30)
        async with desk.browser(territory.leaders["peace"]) as neighbour:
            assert (await neighbour.post(f"/desk/tokens/{token.id}/revoke")).status_code == 404
        assert (await browser.post(f"/desk/tokens/{token.id}/revoke")).status_code == 303
        refused = await programme.get("/api/v1/units")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
        assert "Make another one at /desk/tokens" in refused.json()["detail"]
    rows = await AdminAction.all().order_by("id")
    assert [(row.action, row.who) for row in rows] == [
        ("token made", leader.name),
        ("token revoked", leader.name),
    ]
    assert not any(word in f"{row.subject}{row.detail}" for row in rows)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "", "rights": "units:read"}, "至少选一项权限"),
        ({"name": "x"}, "至少选一项权限"),
        ({"name": "x", "rights": "units:read", "units": "34010102"}, "没有34010102"),
        ({"name": "x", "rights": "units:read", "days": "5000"}, "1至730天"),
    ],
)
async def test_a_token_that_cannot_be_is_not_made(
    settings: Settings, territory: Territory, api: Api, given: dict[str, str], why: str
) -> None:
    async with Desk(settings, api.app).browser(territory.leaders["village"]) as browser:
        refused = await browser.post("/desk/tokens", **given)
        assert refused.status_code == 422
        assert why in refused.text
    assert not await ApiToken.exists()


async def test_a_token_can_no_more_than_its_owner_at_that_moment(territory: Territory, api: Api) -> None:
    leader = territory.leaders["village"]
    async with (
        api.programme(leader) as whole,
        api.programme(leader, units=[territory.block]) as block,
        api.programme(leader, Right.READ_UNITS) as reader,
    ):
        assert (await whole.get("/api/v1/units/3401010101")).status_code == 200
        assert (await block.get("/api/v1/units/3401010101")).status_code == 404
        assert (await block.get(f"/api/v1/units/{territory.block.code}")).status_code == 200
        lacking = await reader.get("/api/v1/issues")
        assert (lacking.status_code, lacking.json()["title"]) == (403, "Not allowed")
        assert "issues:read" in lacking.json()["detail"]
        await Leadership.filter(person=leader).update(until=MORNING)
        assert (await whole.get("/api/v1/units")).status_code == 403
        assert (await block.get("/api/v1/units")).status_code == 403


async def test_a_token_ends_by_itself(settings: Settings, territory: Territory, api: Api) -> None:
    async with api.programme(territory.leaders["village"]) as programme:
        assert (await programme.get("/api/v1/units")).status_code == 200
        assert (await ApiToken.get()).last_used_at is not None
        await ApiToken.all().update(expires_at=settings.clock.wall())
        assert (await programme.get("/api/v1/units")).status_code == 401


async def test_who_asks_too_often_is_told_for_how_long_to_wait(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, api_requests_per_minute=2)
    async with open_database(settings):
        territory, api = await plant(), api_for(settings)
        leader = territory.leaders["village"]
        async with api.programme(leader) as wild, api.programme(leader) as other:
            codes = [(await wild.get("/api/v1/units")).status_code for _ in range(3)]
            assert codes == [200, 200, 429]
            told = await wild.get("/api/v1/units")
            assert 1 <= int(told.headers["retry-after"]) <= 30
            assert (await other.get("/api/v1/units")).status_code == 200


def test_an_operator_makes_lists_and_revokes_tokens_at_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path)

    async def prepare() -> None:
        async with open_database(settings):
            await plant()

    asyncio.run(prepare())
    server = settings.homeservers[0]
    homeserver = {"server_name": server.server_name, "url": server.url, "as_token": "a", "hs_token": "h"}
    for key, value in {
        "LINZHANG_DATABASE_URL": settings.database_url,
        "LINZHANG_REDIS_URL": settings.redis_url,
        "LINZHANG_PUBLIC_URL": settings.public_url,
        "LINZHANG_PROFILE": str(PROFILE),
        "LINZHANG_SEAL_KEYS": json.dumps([key.get_secret_value() for key in settings.seal_keys]),
        "LINZHANG_LOOKUP_KEY": settings.lookup_key.get_secret_value(),
        "LINZHANG_HOMESERVERS": json.dumps([homeserver]),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "200",
    }.items():
        monkeypatch.setenv(key, value)
    terminal = CliRunner()

    def run(*words: str) -> str:
        return terminal.invoke(
            app, ["tokens", *words, *(["--who", "op"] if words[0] != "list" else [])]
        ).output

    assert WORD.fullmatch(run("make", "34010101", "waterworks", "issues:read", "units:read").strip())
    assert "Nobody leads 34010101010102" in run("make", "34010101010102", "x", "issues:read")
    assert "waterworks" in run("list")
    assert run("revoke", "1").strip() == "waterworks counts no more."
    assert "There is no token 1." in run("revoke", "1")
    assert "waterworks" not in run("list")
