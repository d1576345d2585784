"""What the page's server lets in, and what it says to the rest."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from demo.page.config import PageConfig
from demo.page.server import create_app
from linzhang.clock import FileClock
from tests.page.village import LEADERS, RESIDENTS, SERVICE_NUMBER, WANG

PAGE = "http://127.0.0.1:8700"
LEADER = "@block:localhost"


@pytest.fixture
def clock(tmp_path: Path) -> FileClock:
    clock = FileClock(tmp_path / "clock.json")
    clock.set(datetime(2026, 11, 24, 6, 32, tzinfo=UTC), 1)
    return clock


@pytest_asyncio.fixture
async def page(tmp_path: Path, clock: FileClock) -> AsyncIterator[httpx.AsyncClient]:
    """The page, while neither carrier nor homeserver is there."""
    config = PageConfig.model_validate(
        {
            "carrier_url": "http://127.0.0.1:1",
            "homeserver_url": "http://127.0.0.1:1",
            "server_name": "localhost",
            "service_number": SERVICE_NUMBER,
            "clock_file": tmp_path / "clock.json",
            "residents": RESIDENTS,
            "leaders": [
                leader | {"user_id": f"@{leader['tier']}:localhost", "password": "known to all"}
                for leader in LEADERS
            ],
        }
    )
    transport = httpx.ASGITransport(create_app(config))
    async with httpx.AsyncClient(transport=transport, base_url=PAGE) as client:
        yield client


TEXT = {"number": WANG, "body": "停水"}
CALL = {"number": WANG}
SAYING = {"user_id": LEADER, "room": "!room:localhost", "body": "马上来"}
REACTION = {"user_id": LEADER, "room": "!room:localhost", "event": "$post", "key": "✅"}


@pytest.mark.parametrize(
    ("path", "order", "words"),
    [
        ("/texts", TEXT | {"number": "+8613900000000"}, "none of the phones"),
        ("/texts", TEXT | {"body": "   "}, "neither words nor a picture"),
        ("/texts", TEXT | {"body": "水" * 1601}, "body: String should have at most 1600 characters"),
        ("/texts", {"number": WANG}, "body: Field required"),
        ("/texts", TEXT | {"key": "../../"}, "key: String should match"),
        ("/texts", TEXT | {"colour": "red"}, "colour: Extra inputs are not permitted"),
        ("/calls", {"number": "+8613900000000"}, "none of the phones"),
        ("/calls", CALL | {"key": "../../"}, "key: String should match"),
        ("/calls/CA1", {"deed": "explode"}, "deed: Input should be"),
        ("/calls/CA1", {"deed": "digits", "digits": "call me"}, "digits: String should match"),
        ("/calls/CA1", {"deed": "speak", "sound": "<script>"}, "sound: String should match"),
        ("/say", SAYING | {"user_id": "@somebody:localhost"}, "none of the people"),
        ("/say", SAYING | {"body": ["not", "words"]}, "body: Input should be a valid string"),
        ("/say", SAYING | {"room": ""}, "room: String should have at least 1 character"),
        ("/react", REACTION | {"user_id": "@somebody:localhost"}, "none of the people"),
        ("/react", REACTION | {"key": "✅" * 40}, "key: String should have at most 32 characters"),
        ("/clock", {"advance_seconds": -3600}, "advance_seconds: Input should be greater than 0"),
        ("/clock", {"advance_seconds": 1e9}, "advance_seconds: Input should be less than or equal"),
        ("/clock", {"advance_seconds": "soon"}, "advance_seconds: Input should be a valid number"),
        ("/clock", [], "body: Input should be a valid dictionary"),
    ],
)
async def test_bad_orders_are_told_what_is_wrong(
    page: httpx.AsyncClient, path: str, order: Any, words: str
) -> None:
    answer = await page.post(path, json=order)

    assert answer.status_code == 422
    assert words in answer.json()["detail"]


async def test_broken_json_is_told_so(page: httpx.AsyncClient) -> None:
    answer = await page.post("/texts", content="{", headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert "JSON decode error" in answer.json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://127.0.0.1:8701"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": PAGE},
        {"Host": "rebound.example"},
    ],
)
async def test_other_websites_may_not_order(
    page: httpx.AsyncClient, clock: FileClock, headers: dict[str, str]
) -> None:
    before = clock.now()

    answer = await page.post("/clock", json={"advance_seconds": 3600}, headers=headers)

    assert answer.status_code == 403
    assert answer.json()["detail"]
    assert (clock.now() - before).total_seconds() < 60


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_what_a_foreign_form_can_send_is_not_taken(page: httpx.AsyncClient, kind: str) -> None:
    body = json.dumps({"advance_seconds": 3600})

    answer = await page.post("/clock", content=body, headers={"Content-Type": kind})

    assert answer.status_code == 415


async def test_nothing_is_read_under_a_foreign_name(page: httpx.AsyncClient) -> None:
    answer = await page.get("/state", headers={"Host": "rebound.example:8700"})

    assert answer.status_code == 403
    assert "known to all" not in answer.text


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/state"])
async def test_only_the_pages_own_files_run(page: httpx.AsyncClient, path: str) -> None:
    answer = await page.get(path)

    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers


async def test_no_file_beside_the_pages_own_is_served(page: httpx.AsyncClient) -> None:
    for path in ("/static/../config.py", "/static/%2e%2e/config.py", "/static//etc/passwd"):
        assert (await page.get(path)).status_code == 404


async def test_the_clock_jumps_for_all(page: httpx.AsyncClient, clock: FileClock) -> None:
    answer = await page.post("/clock", json={"advance_seconds": 4 * 3600}, headers={"Origin": PAGE})

    assert answer.status_code == 200
    assert clock.now() >= datetime(2026, 11, 24, 10, 32, tzinfo=UTC)
    shown = (await page.get("/state")).json()["clock"]
    assert shown["programme"] == answer.json()["programme"]
    assert shown["speed"] == 1


@pytest.mark.parametrize(
    ("path", "order"), [("/texts", TEXT), ("/calls", CALL), ("/say", SAYING), ("/react", REACTION)]
)
async def test_what_is_away_is_said_to_be_away(page: httpx.AsyncClient, path: str, order: Any) -> None:
    answer = await page.post(path, json=order)

    assert answer.status_code == 503
    assert "Cannot be reached at the moment" in answer.json()["detail"]


async def test_the_state_tells_who_is_there(page: httpx.AsyncClient) -> None:
    state = (await page.get("/state")).json()

    assert [resident["number"] for resident in state["residents"]] == [each["number"] for each in RESIDENTS]
    assert [(leader["unit"], leader["parent"]) for leader in state["leaders"]] == [
        ("张庄第1邻", LEADERS[1]["unit_code"]),
        ("张庄组", ""),
    ]
    assert state["residents"][0]["unit"] == LEADERS[0]["unit_code"]
    assert state["residents"][2]["unit"] == ""
    assert state["leaders"][0]["password"] == "known to all"
