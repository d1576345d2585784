"""Calls that we place: each once, with no number in an address, and found again when the answer was lost."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bridges.contract import Outbound, Refused, Unavailable, Uncertain
from bridges.sms.voice import VoiceBridge
from demo.carrier.process import CarrierProcess
from linzhang.settings import Twilio
from tests.carrier.line import ACCOUNT, OURS, PHONE, TOKEN, Line, line_to

URL = "http://127.0.0.1:9"
WORDS = Outbound("i7.2.0", PHONE, "您的事办好了。")


@pytest.fixture
async def line(carrier: CarrierProcess) -> AsyncIterator[Line]:
    """The phones."""
    async with line_to(carrier.url) as line:
        (await line.control.post("/reset")).raise_for_status()
        yield line


@pytest.fixture
async def bridge(carrier: CarrierProcess, line: Line) -> AsyncIterator[VoiceBridge]:
    """The bridge, connected to the carrier; it is impatient."""
    twilio = Twilio(account_sid=ACCOUNT, auth_token=TOKEN, number=OURS, api_url=carrier.url)  # type: ignore[arg-type]
    bridge = VoiceBridge(twilio, public_url=URL, region="CN", timeout=1.0)
    yield bridge
    await bridge.close()


async def test_a_phone_rings(bridge: VoiceBridge, line: Line) -> None:
    delivered = await bridge.deliver(WORDS)
    assert delivered.external_id == await line.rings()
    call = await line.read_call(delivered.external_id)
    assert (call["from"], call["to"], call["kind"]) == (OURS, PHONE, "outbound-api")
    assert call["waits_for"]["timeout"] == 40


async def test_addresses_hold_the_key_and_nothing_else(bridge: VoiceBridge, line: Line) -> None:
    sid = (await bridge.deliver(WORDS)).external_id
    await line.on_call(await line.rings(), "answer")
    await line.call_ends(sid, "completed")
    records = (await line.control.get("/records")).json()
    urls = {each["url"].partition("#")[0] for each in records["webhooks"] + records["callbacks"]}
    assert urls == {f"{URL}/voice/call?key=i7.2.0", f"{URL}/voice/status?key=i7.2.0"}


@pytest.mark.parametrize("code", [21211, 21214, 21215, 21216])
async def test_a_phone_that_can_never_be_called_is_refused(
    bridge: VoiceBridge, line: Line, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    await line.behave(str(code))
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Refused) as caught:
        await bridge.deliver(WORDS)
    assert caught.value.code == code
    assert PHONE[1:] not in str(caught.value)
    assert PHONE[1:] not in caplog.text


async def test_who_withheld_their_number_can_never_be_called(bridge: VoiceBridge, line: Line) -> None:
    with pytest.raises(Refused):
        await bridge.deliver(Outbound("k", "withheld:CA" + "0" * 32, "您好"))


@pytest.mark.parametrize("kind", ["429", "503"])
async def test_a_busy_carrier_is_tried_again(bridge: VoiceBridge, line: Line, kind: str) -> None:
    await line.fault(kind, resource="Calls")
    with pytest.raises(Unavailable):
        await bridge.deliver(WORDS)
    assert await line.calls() == []


async def test_our_own_number_is_the_operators_to_mend(carrier: CarrierProcess, line: Line) -> None:
    twilio = Twilio(account_sid=ACCOUNT, auth_token=TOKEN, number="+8655800000000", api_url=carrier.url)  # type: ignore[arg-type]
    bridge = VoiceBridge(twilio, public_url=URL, region="CN")
    with pytest.raises(Unavailable) as caught:
        await bridge.deliver(WORDS)
    await bridge.close()
    assert caught.value.code == 21210


async def test_a_call_whose_answer_was_lost_is_found(bridge: VoiceBridge, line: Line) -> None:
    since = datetime.now(UTC)
    known = [
        (await bridge.deliver(WORDS)).external_id,
        (await bridge.deliver(Outbound("other", "+8610000000002", WORDS.text))).external_id,
    ]
    await line.settle(voice_url=f"{URL}/voice/call")
    await line.call()
    await line.fault("timeout_after_accept", seconds=10, resource="Calls")
    with pytest.raises(Uncertain):
        await bridge.deliver(WORDS)
    placed = [each["sid"] for each in await line.calls() if each["kind"] == "outbound-api"]
    found = await bridge.find(WORDS, since, known[:1])
    assert found is not None
    assert [known[0], found.external_id] == placed


async def test_a_call_that_was_not_taken_is_not_found(bridge: VoiceBridge, line: Line) -> None:
    since = datetime.now(UTC)
    await line.fault("connection_reset", resource="Calls")
    with pytest.raises(Uncertain):
        await bridge.deliver(WORDS)
    assert await bridge.find(WORDS, since, []) is None


async def test_a_call_of_earlier_is_another(bridge: VoiceBridge, line: Line) -> None:
    await bridge.deliver(WORDS)
    assert await bridge.find(WORDS, datetime.now(UTC) + timedelta(minutes=10), []) is None


async def test_a_list_that_cannot_be_read_leaves_it_open(bridge: VoiceBridge, line: Line) -> None:
    await line.fault("503", resource="Calls", method="GET")
    with pytest.raises(Unavailable):
        await bridge.find(WORDS, datetime.now(UTC), [])


async def test_a_closed_bridge_opens_again(bridge: VoiceBridge, line: Line) -> None:
    await bridge.deliver(WORDS)
    await bridge.close()
    await bridge.close()
    await bridge.deliver(WORDS)
    assert len(await line.calls()) == 2
