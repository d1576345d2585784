"""A message whose fate is unknown is found at the carrier exactly if it is there."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bridges.contract import Outbound, Unavailable, Uncertain
from bridges.sms.bridge import SmsBridge
from tests.sms.wire import PHONE, PUBLIC_URL, account

WORDS = Outbound("issue:7/taken", PHONE, "收到,编号 7。")


async def test_what_was_taken_is_found_and_nothing_else(
    bridge: SmsBridge, control: httpx.AsyncClient
) -> None:
    since = datetime.now(UTC)
    known = [
        (await bridge.deliver(WORDS)).external_id,
        (await bridge.deliver(Outbound("issue:7/asked", PHONE, "收到,编号 7。 "))).external_id,
        (await bridge.deliver(Outbound("issue:8/taken", "+8613800000002", WORDS.text))).external_id,
    ]
    await control.post(f"/phones/{PHONE}/texts", json={"body": WORDS.text})
    await control.post("/faults", json={"kind": "timeout_after_accept", "seconds": 10})
    with pytest.raises(Uncertain):
        await bridge.deliver(WORDS)
    listed = (await control.get(f"/phones/{PHONE}/messages")).json()["messages"]
    (lost,) = [each["sid"] for each in listed if each["direction"] == "outbound" and each["sid"] not in known]
    found = await bridge.find(WORDS, since, known[:1])
    assert found is not None
    assert found.external_id == lost


async def test_what_was_not_taken_is_not_found(bridge: SmsBridge, control: httpx.AsyncClient) -> None:
    since = datetime.now(UTC)
    await control.post("/faults", json={"kind": "connection_reset"})
    with pytest.raises(Uncertain):
        await bridge.deliver(WORDS)
    assert await bridge.find(WORDS, since, []) is None


async def test_a_message_that_still_waits_in_the_queue_is_found(
    bridge: SmsBridge, control: httpx.AsyncClient
) -> None:
    await control.patch("/settings", json={"status_delay": 600})
    delivered = await bridge.deliver(WORDS)
    assert await bridge.find(WORDS, datetime.now(UTC), []) == delivered


async def test_the_same_words_of_earlier_are_another_message(
    bridge: SmsBridge, control: httpx.AsyncClient
) -> None:
    await bridge.deliver(WORDS)
    assert await bridge.find(WORDS, datetime.now(UTC) + timedelta(minutes=10), []) is None


async def test_the_moment_may_be_of_any_time_zone(bridge: SmsBridge, control: httpx.AsyncClient) -> None:
    delivered = await bridge.deliver(WORDS)
    since = datetime.now().astimezone()
    found = await bridge.find(WORDS, since, [])
    assert found is not None
    assert found.external_id == delivered.external_id


async def test_a_long_conversation_is_read_to_its_end(carrier_url: str, control: httpx.AsyncClient) -> None:
    bridge = SmsBridge(account(carrier_url), public_url=PUBLIC_URL, region="CN")
    since = datetime.now(UTC)
    first = await bridge.deliver(WORDS)
    for start in range(0, 1000, 50):  # a page has a thousand
        many = [Outbound(f"k{start + more}", PHONE, f"第{start + more}条") for more in range(50)]
        await asyncio.gather(*(bridge.deliver(each) for each in many))
    found = await bridge.find(WORDS, since, [])
    await bridge.close()
    assert found is not None
    assert found.external_id == first.external_id


@pytest.mark.parametrize("fault", ["429", "500", "connection_reset", "timeout_after_accept"])
async def test_a_carrier_that_cannot_be_asked_says_nothing(
    bridge: SmsBridge, control: httpx.AsyncClient, fault: str
) -> None:
    await bridge.deliver(WORDS)
    # A list may be read again by itself on a new connection: that goes wrong, too.
    await control.post("/faults", json={"kind": fault, "seconds": 10, "count": 2})
    with pytest.raises(Unavailable) as caught:
        await bridge.find(WORDS, datetime.now(UTC), [])
    assert PHONE[1:] not in str(caught.value)
