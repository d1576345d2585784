"""The carrier goes wrong on request: refusals, torn connections, answers that never come."""

import asyncio
import time
from typing import Any

import aiohttp
import httpx
import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient

from demo.carrier.process import CarrierProcess
from tests.carrier.line import ACCOUNT, AUTH, OURS, PHONE, Application, Line, connect, until

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


async def send(sdk: Any) -> str:
    """Send a message; returns its sid."""
    return str((await sdk.messages.create_async(to=PHONE, from_=OURS, body="已记下")).sid)


@pytest.mark.parametrize(
    ("kind", "status", "code"), [("429", 429, 20429), ("500", 500, 20500), ("503", 503, 20503)]
)
async def test_a_busy_or_broken_carrier_takes_nothing(
    sdk_async: Any, line: Line, kind: str, status: int, code: int
) -> None:
    await line.fault(kind, count=2)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as caught:
            await send(sdk_async)
        assert (caught.value.status, caught.value.code) == (status, code)
    assert await line.received() == []
    await send(sdk_async)
    assert len(await line.received()) == 1


async def test_a_carrier_that_breaks_over_what_it_has_taken(sdk_async: Any, line: Line) -> None:
    await line.fault("500_after_accept")
    with pytest.raises(TwilioRestException) as caught:
        await send(sdk_async)
    assert (caught.value.status, caught.value.code) == (500, 20500)
    assert len(await line.received()) == 1


@pytest.mark.parametrize(("seconds", "header"), [(7, "7"), (0.2, "1"), (0, None)])
async def test_a_busy_carrier_says_how_long_to_wait(
    carrier: CarrierProcess, line: Line, seconds: float, header: str | None
) -> None:
    await line.fault("429", seconds=seconds)
    async with httpx.AsyncClient(base_url=carrier.url, auth=AUTH, trust_env=False) as http:
        answer = await http.get(MESSAGES)
    assert (answer.status_code, answer.headers.get("retry-after")) == (429, header)
    assert answer.json()["message"] == "Too Many Requests"


async def test_more_than_is_allowed_in_a_second_is_refused(sdk_async: Any, line: Line) -> None:
    await line.settle(messages_per_second=0.001)
    await send(sdk_async)
    with pytest.raises(TwilioRestException) as caught:
        await send(sdk_async)
    assert (caught.value.status, caught.value.code) == (429, 20429)
    assert len(await line.received()) == 1


async def test_an_answer_can_fail_to_come_although_the_message_was_taken(
    sdk_async: Any, line: Line, app: Application
) -> None:
    await line.fault("timeout_after_accept", seconds=60)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(send(sdk_async), 0.5)
    (taken,) = await sdk_async.messages.list_async(to=PHONE)
    assert taken.body == "已记下"
    await line.ends(taken.sid)


async def test_the_connection_can_break_although_the_message_was_taken(sdk_async: Any, line: Line) -> None:
    await line.fault("timeout_after_accept")
    with pytest.raises(aiohttp.ClientError):
        await send(sdk_async)
    assert len(await line.received()) == 1


def test_the_blocking_sdk_runs_into_the_same(carrier: CarrierProcess) -> None:
    control = httpx.Client(base_url=f"{carrier.url}/_carrier", trust_env=False)
    sdk = connect(carrier.url, TwilioHttpClient(timeout=0.3))
    with control:
        control.post("/faults", json={"kind": "timeout_after_accept", "seconds": 60})
        with pytest.raises(requests.Timeout):
            sdk.messages.create(to=PHONE, from_=OURS, body="一")
        control.post("/faults", json={"kind": "connection_reset"})
        with pytest.raises(requests.ConnectionError):
            sdk.messages.create(to=PHONE, from_=OURS, body="二")
    assert [message.body for message in sdk.messages.list()] == ["一"]


async def test_a_torn_connection_takes_nothing(sdk_async: Any, line: Line) -> None:
    await line.fault("connection_reset")
    with pytest.raises(aiohttp.ClientError):
        await send(sdk_async)
    assert await line.received() == []
    await send(sdk_async)
    assert len(await line.received()) == 1


async def test_a_fault_leaves_other_connections_alone(sdk_async: Any, line: Line) -> None:
    await line.fault("timeout_after_accept", seconds=60)
    stalled = asyncio.create_task(send(sdk_async))

    async def taken() -> bool:
        return [message["status"] for message in await line.received()] == ["delivered"]

    await until(taken, "the message to be taken")
    assert not stalled.done()
    await send(sdk_async)
    assert len(await line.received()) == 2
    stalled.cancel()


async def test_a_slow_carrier_answers_late(sdk_async: Any, line: Line) -> None:
    await line.fault("slow", seconds=0.3)
    started = time.monotonic()
    await send(sdk_async)
    assert time.monotonic() - started >= 0.3
    assert len(await line.received()) == 1


async def test_a_fault_can_be_of_one_method(sdk_async: Any, line: Line) -> None:
    await line.fault("503", method="GET")
    sid = await send(sdk_async)
    with pytest.raises(TwilioRestException):
        await sdk_async.messages(sid).fetch_async()
    await sdk_async.messages(sid).fetch_async()


async def test_faults_happen_in_the_order_in_which_they_were_ordered(sdk_async: Any, line: Line) -> None:
    await line.fault("500")
    await line.fault("429", count=2)
    waiting = (await line.control.get("/faults")).json()["faults"]
    assert [(fault["kind"], fault["count"]) for fault in waiting] == [("500", 1), ("429", 2)]
    codes = []
    for _ in range(2):
        with pytest.raises(TwilioRestException) as caught:
            await send(sdk_async)
        codes.append(caught.value.code)
    assert codes == [20500, 20429]
    waiting = (await line.control.get("/faults")).json()["faults"]
    assert [(fault["kind"], fault["count"]) for fault in waiting] == [("429", 1)]
    assert (await line.control.delete("/faults")).json() == {"faults": []}
    await send(sdk_async)


async def test_a_reset_ends_all_faults(sdk_async: Any, line: Line) -> None:
    await line.fault("500", count=1000)
    await line.control.post("/reset")
    await send(sdk_async)


@pytest.mark.parametrize(
    "fault", [{"kind": "earthquake"}, {"kind": "500", "count": 0}, {"kind": "500", "times": 2}, {}]
)
async def test_what_is_no_fault_is_refused(line: Line, fault: dict[str, Any]) -> None:
    assert (await line.control.post("/faults", json=fault)).status_code == 422
    assert (await line.control.get("/faults")).json() == {"faults": []}
