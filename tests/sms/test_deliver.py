"""What the carrier takes, refuses, or leaves in the dark; each with the right kind of error."""

import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response

from bridges.contract import (
    DeliveryError,
    Media,
    OptedOut,
    Outbound,
    Refused,
    Unasked,
    Unavailable,
    Uncertain,
)
from bridges.sms.bridge import SmsBridge
from demo.children import free_port
from tests.sms.wire import HOST, OUR_NUMBER, PHONE, PUBLIC_URL, account, serving

WORDS = Outbound("issue:7/taken", PHONE, "收到,编号 7。")


async def on_phone(control: httpx.AsyncClient, number: str = PHONE) -> list[dict[str, Any]]:
    """What a phone sent and got."""
    answer = await control.get(f"/phones/{number}/messages")
    return list(answer.json()["messages"])


async def test_a_message_reaches_the_phone(bridge: SmsBridge, control: httpx.AsyncClient) -> None:
    delivered = await bridge.deliver(WORDS)
    (message,) = await on_phone(control)
    assert delivered.external_id == message["sid"]
    assert delivered.status == "queued"
    assert (message["from"], message["body"]) == (OUR_NUMBER, WORDS.text)


@pytest.mark.parametrize("text", ["字" * 1600, "👨‍👩‍👧‍👦 שלום\n+&=%", "a\u200bb"])
async def test_words_arrive_as_they_were_sent(
    bridge: SmsBridge, control: httpx.AsyncClient, text: str
) -> None:
    await bridge.deliver(Outbound("k", PHONE, text))
    assert [message["body"] for message in await on_phone(control)] == [text]


async def test_pictures_go_along(bridge: SmsBridge, control: httpx.AsyncClient) -> None:
    picture = Media("https://linzhang.example/a.png", "image/png")
    delivered = await bridge.deliver(Outbound("k", PHONE, "", [picture, picture]))
    assert delivered.external_id.startswith("MM")


async def test_a_text_that_is_too_long_is_never_sent(bridge: SmsBridge, control: httpx.AsyncClient) -> None:
    with pytest.raises(Refused) as caught:
        await bridge.deliver(Outbound("k", PHONE, "x" * 1601))
    assert caught.value.code == 21617
    assert await on_phone(control) == []


async def test_half_a_character_is_refused(bridge: SmsBridge, control: httpx.AsyncClient) -> None:
    with pytest.raises(Refused):
        await bridge.deliver(Outbound("k", PHONE, "\ud83d"))


async def test_who_said_stop_gets_nothing_until_start(bridge: SmsBridge, control: httpx.AsyncClient) -> None:
    await control.post(f"/phones/{PHONE}/texts", json={"body": "STOP"})
    with pytest.raises(OptedOut) as caught:
        await bridge.deliver(WORDS)
    assert caught.value.code == 21610
    await control.post(f"/phones/{PHONE}/texts", json={"body": "START"})
    assert (await bridge.deliver(WORDS)).external_id


@pytest.mark.parametrize(
    ("behaviour", "code"), [("21211", 21211), ("landline", 21635), ("21620", 21620), ("21602", 21602)]
)
async def test_what_the_carrier_will_never_take_is_refused(
    bridge: SmsBridge, control: httpx.AsyncClient, behaviour: str, code: int
) -> None:
    await control.put(f"/phones/{PHONE}", json={"behaviour": behaviour})
    with pytest.raises(Refused) as caught:
        await bridge.deliver(WORDS)
    assert not isinstance(caught.value, OptedOut)
    assert caught.value.code == code
    assert PHONE[1:] not in str(caught.value)
    assert caught.value.__suppress_context__  # the carrier's own words, in a trace, hold the number


@pytest.mark.parametrize(("fault", "code"), [("429", 20429), ("503", 20503)])
async def test_a_busy_carrier_is_tried_again(
    bridge: SmsBridge, control: httpx.AsyncClient, fault: str, code: int
) -> None:
    await control.post("/faults", json={"kind": fault})
    with pytest.raises(Unavailable) as caught:
        await bridge.deliver(WORDS)
    assert (caught.value.code, caught.value.retry_after) == (code, None)
    assert await on_phone(control) == []
    await bridge.deliver(WORDS)
    assert len(await on_phone(control)) == 1


async def test_what_is_beyond_our_own_pace_waits_in_its_lane(control: httpx.AsyncClient) -> None:
    url = str(control.base_url).removesuffix("/_carrier/")
    slow = account(url).model_copy(update={"messages_per_second": 0.001})
    bridge = SmsBridge(slow, public_url=PUBLIC_URL, region="CN")
    await bridge.deliver(WORDS)
    with pytest.raises(Unavailable) as caught:
        await bridge.deliver(WORDS)
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 1000
    assert len(await on_phone(control)) == 1
    await bridge.close()


async def test_a_carrier_that_asks_for_time_is_left_in_peace(
    bridge: SmsBridge, control: httpx.AsyncClient
) -> None:
    await control.post("/faults", json={"kind": "429", "seconds": 1000})
    with pytest.raises(Unavailable):
        await bridge.deliver(WORDS)
    with pytest.raises(Unasked) as caught:
        await bridge.deliver(replace(WORDS, key="another"))
    assert 0 < caught.value.retry_after <= 1000
    assert await on_phone(control) == []


async def test_a_refused_connection_is_tried_again() -> None:
    bridge = SmsBridge(account(f"http://{HOST}:{free_port()}"), public_url=PUBLIC_URL, region="CN")
    with pytest.raises(Unavailable):
        await bridge.deliver(WORDS)
    with pytest.raises(Unavailable):
        await bridge.find(WORDS, datetime.now(UTC), [])
    await bridge.close()


async def test_a_connection_that_is_never_made_is_tried_again() -> None:
    with contextlib.ExitStack() as full, socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(0)
        for _ in range(4):  # more than may wait: what comes after them is not even answered
            waiting = full.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        bridge = SmsBridge(account(url), public_url=PUBLIC_URL, region="CN", timeout=0.5)
        with pytest.raises(Unavailable):
            await bridge.deliver(WORDS)
        await bridge.close()


async def test_the_environment_moves_nothing(
    bridge: SmsBridge, control: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    await bridge.deliver(WORDS)
    assert len(await on_phone(control)) == 1


async def test_wrong_credentials_wait_for_an_operator(carrier_url: str) -> None:
    bridge = SmsBridge(account(carrier_url, "another token"), public_url=PUBLIC_URL, region="CN")
    with pytest.raises(Unavailable) as caught:
        await bridge.deliver(WORDS)
    assert caught.value.code == 20003
    await bridge.close()


@pytest.mark.parametrize("fault", ["timeout_after_accept", "connection_reset"])
async def test_an_answer_that_never_comes_leaves_us_in_the_dark(
    bridge: SmsBridge, control: httpx.AsyncClient, fault: str
) -> None:
    await control.post("/faults", json={"kind": fault, "seconds": 10})
    with pytest.raises(Uncertain):
        await bridge.deliver(WORDS)
    assert len(await on_phone(control)) == (fault == "timeout_after_accept")


async def test_a_closed_bridge_opens_again(bridge: SmsBridge, control: httpx.AsyncClient) -> None:
    await bridge.deliver(WORDS)
    await bridge.close()
    await bridge.close()
    await bridge.deliver(WORDS)
    assert len(await on_phone(control)) == 2


async def test_no_number_is_logged(
    bridge: SmsBridge, control: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await control.put(f"/phones/{PHONE}", json={"behaviour": "21211"})
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Refused):
        await bridge.deliver(WORDS)
    assert await bridge.find(WORDS, datetime.now(UTC), []) is None
    assert PHONE[1:] not in caplog.text


class Oddity:
    """A carrier that answers everything in the same odd way.

    Attributes:
        answer: The way.
    """

    def __init__(self) -> None:
        self.answer = Response()
        self.app = FastAPI()

        @self.app.post("/2010-04-01/Accounts/{account_sid}/Messages.json")
        @self.app.get("/2010-04-01/Accounts/{account_sid}/Messages.json")
        async def _(account_sid: str) -> Response:
            return self.answer


@pytest.fixture
async def odd() -> AsyncIterator[tuple[Oddity, SmsBridge]]:
    """An odd carrier and a bridge to it."""
    oddity = Oddity()
    async with serving(oddity.app, socket.create_server((HOST, 0))) as url:
        bridge = SmsBridge(account(url), public_url=PUBLIC_URL, region="CN")
        yield oddity, bridge
        await bridge.close()


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (400, '{"code": 21614, "message": "+8613800000001"}', Refused, 21614),
        (403, '{"code": 21408, "message": "+8613800000001"}', Refused, 21408),
        (400, '{"code": 21999, "message": "+8613800000001"}', Refused, 21999),
        (400, '{"code": 21610, "message": "+8613800000001"}', OptedOut, 21610),
        (400, '{"code": 21611, "message": "+8655812345678"}', Unavailable, 21611),
        (400, '{"code": 21606, "message": "+8655812345678"}', Unavailable, 21606),
        (404, '{"code": 20404, "message": "not found"}', Unavailable, 20404),
        (403, '{"code": 20005, "message": "not active"}', Unavailable, 20005),
        (
            400,
            '{"type": "about:blank", "title": "+8613800000001", "status": 400, "code": 21211}',
            Refused,
            21211,
        ),
        (401, "", Unavailable, None),
        (302, "", Unavailable, None),
        (500, "<html>", Uncertain, None),
        (500, '{"code": 20500, "message": "Internal server error"}', Uncertain, 20500),
        (503, "<html>", Unavailable, None),
        (502, "<html>", Uncertain, None),
        (504, "<html>", Uncertain, None),
        (400, "<html>", Refused, None),
        (201, "<html>", Uncertain, None),
        (201, "{}", Uncertain, None),
    ],
)
async def test_each_answer_has_its_meaning(
    odd: tuple[Oddity, SmsBridge], status: int, body: str, error: type[DeliveryError], code: int | None
) -> None:
    oddity, bridge = odd
    oddity.answer = Response(body, status)
    with pytest.raises(DeliveryError) as caught:
        await bridge.deliver(WORDS)
    assert type(caught.value) is error
    assert caught.value.code == code
    assert PHONE[1:] not in str(caught.value)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("soon", None)])
async def test_the_carrier_says_how_long_to_wait(
    odd: tuple[Oddity, SmsBridge], header: str, seconds: float | None
) -> None:
    oddity, bridge = odd
    oddity.answer = Response("{}", 429, headers={"Retry-After": header})
    with pytest.raises(Unavailable) as sending:
        await bridge.deliver(WORDS)
    with pytest.raises(Unavailable) as finding:
        await bridge.find(WORDS, datetime.now(UTC), [])
    assert [caught.value.retry_after for caught in (sending, finding)] == [seconds, seconds]
