"""A phone of the page calls and is called: a real Chromium and carrier, and TwiML that the test writes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from tests.carrier.line import Application, application
from tests.page.village import LI, SERVICE_NUMBER, WANG, Village, chromium, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
]

HOSTILE = '<img src=x onerror="window.stolen=1"> & </p>'
LEADER = "+8610000000077"


@pytest_asyncio.fixture(loop_scope="session")
async def service(village: Village) -> AsyncIterator[Application]:
    """What answers calls."""
    async with application() as served:
        answer = await village.carrier.patch("/_carrier/settings", json={"voice_url": f"{served.url}/voice"})
        assert answer.status_code == 200
        yield served


def menu() -> VoiceResponse:
    """Greets, and waits for a key."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, action="/chosen", finish_on_key="")
    gather.say("您好，要留言请按1。", language="cmn-CN")
    response.append(gather)
    return response


def recorder() -> VoiceResponse:
    """Takes a message."""
    response = VoiceResponse()
    response.say(HOSTILE, language="en-US")
    response.record(action="/recorded", finish_on_key="#")
    return response


def thanks() -> VoiceResponse:
    """Says so, and hangs up."""
    response = VoiceResponse()
    response.say("谢谢您。", language="cmn-CN")
    response.hangup()
    return response


async def test_a_resident_calls_and_leaves_a_message(
    village: Village, service: Application, page: Page
) -> None:
    service.says("/voice", menu())
    service.says("/chosen", recorder())
    service.says("/recorded", thanks())
    await page.get_by_test_id("call-start").click()
    call = page.get_by_test_id("call")
    await expect(call).to_contain_text("要留言请按1")
    await page.locator("#keypad button", has_text="1").first.click()
    await expect(call.get_by_test_id("heard-pressed")).to_have_text("1")
    await expect(call).to_contain_text(HOSTILE)
    assert await page.evaluate("window.stolen") is None
    await page.get_by_test_id("call-speak").click()
    await expect(call).to_contain_text("🎤 3 s")
    await expect(call).to_contain_text("谢谢您。")
    await expect(call).to_contain_text("通话结束")
    (recorded,) = service.on("/recorded")
    assert recorded.params["RecordingDuration"] == "3"
    await page.get_by_test_id("call-close").click()
    await expect(call).to_be_hidden()
    await expect(page.get_by_test_id("sms-input")).to_be_visible()


async def test_a_microphone_is_heard(village: Village, service: Application) -> None:
    service.says("/voice", recorder())
    service.says("/recorded", thanks())
    fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    async with chromium(*fake) as browser:
        page = await browser.new_page()
        await page.goto(village.page_url)
        await page.get_by_test_id("call-start").click()
        speak = page.get_by_test_id("call-speak")
        await speak.click()
        await expect(speak).to_contain_text("说完了")
        await asyncio.sleep(1.2)  # one hears only what has been said
        await speak.click()
        await expect(page.get_by_test_id("call")).to_contain_text("谢谢您。")
    sid = service.on("/recorded")[-1].params["RecordingSid"]
    sound = (await village.carrier.get(f"/_carrier/recordings/{sid}")).content
    assert sound[:4] == b"RIFF"
    assert any(sound[44:]), "it is not silence"


async def test_a_phone_that_rings_is_answered(village: Village, page: Page) -> None:
    await page.get_by_test_id(f"phone-{LI}").click()
    words = VoiceResponse()
    words.say("有话转告您。", language="cmn-CN")
    await place(village, WANG, words)
    await expect(page.get_by_test_id(f"phone-{WANG}").locator(".badge")).to_have_text("📞")
    await page.get_by_test_id(f"phone-{WANG}").click()
    await page.get_by_test_id("call-answer").click()
    await expect(page.get_by_test_id("call")).to_contain_text("有话转告您。")
    await place(village, WANG, words)
    await page.get_by_test_id("call-decline").click()
    await expect(page.get_by_test_id("call")).to_contain_text("占线")


async def test_who_is_dialled_picks_up_or_does_not(
    village: Village, service: Application, page: Page
) -> None:
    response = VoiceResponse()
    dial = Dial(action="/over", caller_id=SERVICE_NUMBER)
    dial.number(LEADER, url="/ask")
    response.append(dial)
    ask = VoiceResponse()
    ask.append(Gather(num_digits=1, action="/asked"))
    ask.hangup()
    service.says("/voice", response)
    service.says("/ask", ask)
    service.says("/asked", VoiceResponse())
    service.says("/over", thanks())
    await page.get_by_test_id(f"phone-{LI}").click()
    await page.get_by_test_id("call-start").click()
    call = page.get_by_test_id("call")
    await page.get_by_test_id("call-somebody").click()
    await expect(call).to_contain_text("接通了")
    await page.get_by_test_id("call-hangup").click()
    await expect(call).to_contain_text("通话结束")
    await page.get_by_test_id("call-close").click()
    await page.get_by_test_id("call-start").click()
    await page.get_by_test_id("call-nobody").click()
    await expect(call).to_contain_text("谢谢您。")
    state = (await page.request.get(f"{village.page_url}/state")).text
    assert LEADER not in await state()


async def test_only_calls_of_the_page_are_acted_on(village: Village) -> None:
    stranger = await village.carrier.post("/_carrier/phones/+8610000000055/calls", json={})
    sid = stranger.json()["sid"]
    async with httpx.AsyncClient(base_url=village.page_url, trust_env=False) as client:
        answer = await client.post(f"/calls/{sid}", json={"deed": "hangup"})
        assert answer.status_code == 404
        assert (await client.post("/calls", json={"number": "+8610000000055"})).status_code == 422


async def place(village: Village, number: str, words: VoiceResponse) -> None:
    """The service calls a phone; wait until it rings."""
    answer = await village.carrier.post(
        f"/2010-04-01/Accounts/{village.account}/Calls.json",
        data={"From": SERVICE_NUMBER, "To": number, "Twiml": str(words)},
        auth=(village.account, "secret"),
    )
    assert answer.status_code == 201, answer.text
    sid = answer.json()["sid"]

    async def rings() -> dict[str, Any] | None:
        call: dict[str, Any] = (await village.carrier.get(f"/_carrier/calls/{sid}")).json()
        return call if call["status"] == "ringing" else None

    await until(rings, "the phone to ring")


async def test_a_phone_of_the_page_can_be_dialled_too(
    village: Village, service: Application, page: Page
) -> None:
    response = VoiceResponse()
    dial = Dial(action="/over", caller_id=SERVICE_NUMBER)
    dial.number(WANG, url="/ask")
    response.append(dial)
    ask = VoiceResponse()
    gather = Gather(num_digits=1, action="/asked")
    gather.say("有居民打电话找您。", language="cmn-CN")
    ask.append(gather)
    service.says("/voice", response)
    service.says("/ask", ask)
    service.says("/asked", VoiceResponse())
    service.says("/over", thanks())
    await page.get_by_test_id(f"phone-{LI}").click()
    await page.get_by_test_id("call-start").click()
    await page.get_by_test_id("call-somebody").wait_for()
    await page.get_by_test_id(f"phone-{WANG}").click()
    await page.get_by_test_id("call-answer").click()
    call = page.get_by_test_id("call")
    await expect(call).to_contain_text("有居民打电话找您。")
    await page.locator("#keypad button", has_text="5").first.click()
    await expect(call).to_contain_text("接通了")
    await page.get_by_test_id(f"phone-{LI}").click()
    await expect(call).to_contain_text("接通了")
