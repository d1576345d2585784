"""The city's own login: a real provider of OpenID Connect, and who the roster says that it is."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread

from linzhang.settings import Settings
from models import Session, Way
from tests.desk.desk import Browser, Desk, desk_for
from tests.factories import Territory, make_settings, open_database, plant, reachable

LEADER, NEIGHBOUR, UNVERIFIED = "+8613800000001", "+8613800000002", "+8613800000003"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that knows some people by their numbers."""
    people = [
        User(sub="chen", claims={"phone_number": "138 0000 0001", "phone_number_verified": True}),
        User(sub="liu", claims={"phone_number": NEIGHBOUR}),
        User(sub="wu", claims={"phone_number": UNVERIFIED, "phone_number_verified": False}),
    ]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
async def settings(tmp_path: Path, issuer: str) -> AsyncIterator[Settings]:
    """Settings with that provider."""
    oidc = {"issuer": issuer, "client_id": "linzhang", "client_secret": "s", "name": {"zh-Hans": "皖事通"}}
    made = make_settings(tmp_path, oidc=oidc)
    async with open_database(made):
        yield made


@pytest.fixture
async def territory(settings: Settings) -> Territory:
    """A territory whose block leader and section leader have numbers."""
    planted = await plant()
    await reachable(settings, planted.leaders["block"], LEADER)
    await reachable(settings, planted.leaders["section"], UNVERIFIED)
    return planted


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """The desk."""
    return desk_for(settings)


async def come_back_as(browser: Browser, sub: str, *, lose_cookie: bool = False) -> httpx.Response:
    """Go to the provider, say who one is, and come back with its answer."""
    assert "皖事通" in (await browser.get("/desk/login")).text
    there = (await browser.get("/desk/oidc/go")).headers["location"]
    async with httpx.AsyncClient() as outside:
        answer = await outside.post(there, data={"sub": sub})
    back = urlsplit(answer.headers["location"])
    if lose_cookie:
        browser.http.cookies.clear()
    return await browser.get(f"{back.path}?{back.query}")


async def test_a_leader_comes_in_by_the_citys_login(territory: Territory, desk: Desk) -> None:
    async with desk.browser() as browser:
        assert (await come_back_as(browser, "chen")).headers["location"] == "/desk/"
        home = await browser.get("/desk/")
        assert home.headers["location"].endswith(territory.block.code)
    session = await Session.get()
    assert (session.person_id, session.way) == (territory.leaders["block"].id, Way.OIDC)


@pytest.mark.parametrize("sub", ["liu", "wu"])
async def test_whom_the_roster_does_not_know_or_the_city_not_for_sure_stays_outside(
    sub: str, territory: Territory, desk: Desk
) -> None:
    async with desk.browser() as browser:
        assert (await come_back_as(browser, sub)).headers["location"] == "/desk/login"
        assert "名册上没有" in (await browser.get("/desk/login")).text
    assert await Session.all().count() == 0


async def test_an_answer_that_this_browser_did_not_ask_for_lets_nobody_in(
    territory: Territory, desk: Desk
) -> None:
    async with desk.browser() as browser:
        answered = await come_back_as(browser, "chen", lose_cookie=True)
        assert answered.headers["location"] == "/desk/login"
        assert (await browser.get("/desk/oidc/back?code=x&state=y")).headers["location"] == "/desk/login"
    assert await Session.all().count() == 0
