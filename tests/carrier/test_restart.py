"""A carrier that is killed forgets nothing that it has taken, and goes on where it was."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from twilio.base.exceptions import TwilioRestException

from demo.carrier.process import CarrierProcess
from demo.children import ChildError
from tests.carrier.line import (
    ACCOUNT,
    AUTH,
    OTHER_PHONE,
    OURS,
    PHONE,
    TOKEN,
    Application,
    Line,
    process,
    until,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """What the carrier keeps everything in."""
    return tmp_path / "carrier.jsonl"


@pytest.fixture
async def carrier(data: Path) -> AsyncIterator[CarrierProcess]:
    """A carrier of this test alone, which may be killed."""
    carrier = process(data)
    await carrier.start()
    yield carrier
    await carrier.stop()


@pytest.fixture(autouse=True)
def _empty() -> None:
    """It is new: there is nothing to forget."""


def command_lines_with(word: str) -> list[str]:
    """The command lines of this machine that hold a word."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            found.append(path.read_text(encoding="utf-8", errors="replace"))
    return [line for line in found if word in line]


async def crash(carrier: CarrierProcess) -> None:
    """Kill it without warning, and start it again."""
    await carrier.kill()
    assert not carrier.running
    await carrier.start()


async def test_nothing_that_was_taken_is_forgotten_under_fire(
    carrier: CarrierProcess, sdk_async: Any, line: Line
) -> None:
    taken: list[str] = []

    async def keep_sending() -> None:
        while True:
            try:
                message = await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="已记下")
            except (aiohttp.ClientError, OSError):
                return
            taken.append(message.sid)

    senders = [asyncio.create_task(keep_sending()) for _ in range(4)]

    async def enough() -> bool:
        return len(taken) >= 40

    await until(enough, "forty messages to be taken")
    await carrier.kill()
    await asyncio.gather(*senders)
    await carrier.start()
    assert {message.sid for message in await sdk_async.messages.list_async(to=PHONE)} >= set(taken)

    async def all_arrived() -> bool:
        return {each["status"] for each in await line.received()} == {"delivered"}

    await until(all_arrived, "everything to arrive")


async def test_everything_is_as_it_was(carrier: CarrierProcess, sdk_async: Any, line: Line) -> None:
    picture = {"content_type": "image/png", "base64": base64.b64encode(b"a lamp").decode()}
    text = await line.text("灯坏了", media=[picture])
    await line.text("STOP", phone=OTHER_PHONE)
    await line.behave("off")
    sid = (await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="已记下")).sid
    await line.ends(sid, "undelivered")
    before = await line.records()
    await crash(carrier)
    assert await line.records() == before
    (medium,) = await sdk_async.messages(text["sid"]).media.list_async()
    async with httpx.AsyncClient(base_url=carrier.url, auth=AUTH, trust_env=False) as http:
        content = await http.get(medium.uri.removesuffix(".json"))
    assert content.content == b"a lamp"
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.messages.create_async(to=OTHER_PHONE, from_=OURS, body="已记下")
    assert caught.value.code == 21610
    assert (await line.text("again", sid=text["sid"]))["replay"]


async def test_a_message_that_was_on_its_way_arrives(
    carrier: CarrierProcess, sdk_async: Any, line: Line, app: Application
) -> None:
    await line.settle(status_delay=60)
    message = await sdk_async.messages.create_async(
        to=PHONE, from_=OURS, body="已记下", status_callback=f"{app.url}/status?key=1"
    )
    await crash(carrier)
    assert (await line.ends(message.sid))["body"] == "已记下"
    calls = await app.expect("/status", 2)
    assert app.statuses() == ["sent", "delivered"]
    assert all(call.genuine for call in calls)


async def test_a_callback_that_was_cut_off_is_made_up_for(
    carrier: CarrierProcess, sdk_async: Any, line: Line, app: Application
) -> None:
    app.open.clear()
    message = await sdk_async.messages.create_async(
        to=PHONE, from_=OURS, body="已记下", status_callback=f"{app.url}/status"
    )
    await app.expect("/status")
    await line.ends(message.sid)
    await carrier.kill()
    app.open.set()
    await carrier.start()
    await app.expect("/status", 3)
    assert app.statuses() == ["sent", "sent", "delivered"]


async def test_no_callback_is_made_up_for_that_was_made_or_lost_on_purpose(
    carrier: CarrierProcess, sdk_async: Any, line: Line, app: Application
) -> None:
    await line.fault("callbacks_lost")
    await sdk_async.messages.create_async(
        to=PHONE, from_=OURS, body="已记下", status_callback=f"{app.url}/status"
    )

    async def kept() -> bool:
        return bool((await line.records())["callbacks"])

    await until(kept, "the callback to be kept")
    await crash(carrier)
    later = await sdk_async.messages.create_async(
        to=OTHER_PHONE, from_=OURS, body="二", status_callback=f"{app.url}/later"
    )
    await line.ends(later.sid)
    await app.expect("/later", 2)
    assert app.statuses() == ["delivered"]


async def test_calls_are_as_they_were_and_go_on(
    carrier: CarrierProcess, sdk_async: Any, line: Line, app: Application
) -> None:
    app.says("/voice", '<Response><Gather numDigits="1"/><Record action="/recorded"/></Response>')
    app.says("/recorded", f"<Response><Dial action='/dialled'>{OTHER_PHONE}</Dial></Response>")
    app.says("/dialled", "<Response><Say>再见</Say></Response>")
    caller = (await line.call())["sid"]
    ringing = (await sdk_async.calls.create_async(to=PHONE, from_=OURS, url=f"{app.url}/voice")).sid
    assert await line.rings() == ringing
    before = await line.records()
    await crash(carrier)
    assert await line.records() == before
    await line.on_call(caller, "wait")
    await crash(carrier)
    sound = {"content_type": "audio/wav", "base64": base64.b64encode(b"RIFF").decode(), "seconds": 2}
    await line.on_call(caller, "record", **sound)
    leg = await line.rings(OTHER_PHONE)
    await crash(carrier)
    await line.on_call(leg, "answer")
    await crash(carrier)
    await line.on_call(leg, "hangup")
    call = await line.read_call(caller)
    assert (call["status"], call["heard"][-1]["text"]) == ("completed", "再见")
    assert (await line.on_call(ringing, "answer"))["waits_for"]["kind"] == "digits"
    assert len(await sdk_async.calls(caller).recordings.list_async()) == 1
    async with httpx.AsyncClient(auth=AUTH, trust_env=False) as http:
        kept = await http.get(app.on("/recorded")[0].params["RecordingUrl"])
    assert kept.content == b"RIFF"


async def test_a_call_that_was_asking_asks_again(
    carrier: CarrierProcess, line: Line, app: Application
) -> None:
    app.says("/voice", "<Response><Say>您好</Say><Gather/></Response>")
    app.open.clear()
    calling = asyncio.create_task(line.call(sid="CA" + "1" * 32))
    await app.expect("/voice")
    await carrier.kill()
    with pytest.raises(httpx.TransportError):
        await calling
    app.open.set()
    await carrier.start()
    await line.settle(voice_url=f"{app.url}/voice")
    call = await line.call(sid="CA" + "1" * 32)
    assert [heard["text"] for heard in call["heard"]] == ["您好"]
    first, second = app.on("/voice")
    assert first.params == second.params


async def test_a_call_that_was_on_its_way_rings_and_its_callbacks_are_made_up_for(
    carrier: CarrierProcess, sdk_async: Any, line: Line, app: Application
) -> None:
    app.open.clear()
    call = await sdk_async.calls.create_async(
        to=PHONE,
        from_=OURS,
        twiml="<Response/>",
        status_callback=f"{app.url}/status",
        status_callback_event=["initiated", "ringing", "completed"],
    )
    await app.expect("/status")
    await carrier.kill()
    app.open.set()
    await carrier.start()
    await line.on_call(call.sid, "answer")
    told = await app.expect("/status", 4)
    assert [each.params["CallStatus"] for each in told] == ["initiated", "initiated", "ringing", "completed"]
    assert [each.params["SequenceNumber"] for each in told] == ["0", "0", "1", "2"]


async def test_a_line_that_a_crash_cut_short_is_dropped(
    carrier: CarrierProcess, data: Path, sdk_async: Any, line: Line
) -> None:
    first = (await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="一")).sid
    await line.ends(first)
    await carrier.kill()
    with data.open("a", encoding="utf-8") as log:
        log.write('{"id": 99, "kind": "mess')
    await carrier.start()
    second = (await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="二")).sid
    await line.ends(second)
    await crash(carrier)
    assert [message.sid for message in await sdk_async.messages.list_async()] == [second, first]


async def test_what_a_reset_forgot_does_not_come_back(carrier: CarrierProcess, line: Line) -> None:
    await line.text("一")
    await line.control.post("/reset")
    await line.text("二", phone=OTHER_PHONE)
    last = (await line.records())["last_event_id"]
    await crash(carrier)
    records = await line.records()
    assert [message["body"] for message in records["messages"]] == ["二"]
    assert records["last_event_id"] == last


async def test_it_can_be_stopped_while_somebody_listens(carrier: CarrierProcess, line: Line) -> None:
    async with line.control.stream("GET", "/events", params={"snapshot": "true"}) as stream:
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith("id: ")
        await asyncio.wait_for(carrier.stop(), 5)
    assert not carrier.running
    await carrier.start()
    assert (await line.control.get("/phones")).status_code == 200


async def test_two_carriers_cannot_have_one_port(carrier: CarrierProcess, tmp_path: Path) -> None:
    port = int(carrier.url.rpartition(":")[2])
    second = CarrierProcess(
        account_sid=ACCOUNT, auth_token=TOKEN, numbers=[OURS], data=tmp_path / "second.jsonl", port=port
    )
    with pytest.raises(ChildError, match="Somebody else"):
        await second.start()
    assert not second.running


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [({"account_sid": "AC1"}, "32 hexadecimal digits"), ({"numbers": ["+8655"]}, "not a phone number")],
)
async def test_a_wrong_flag_is_named(tmp_path: Path, changes: dict[str, Any], complaint: str) -> None:
    wanted: dict[str, Any] = {"account_sid": ACCOUNT, "auth_token": TOKEN, "numbers": [OURS]} | changes
    with pytest.raises(ChildError, match=complaint):
        await CarrierProcess(data=tmp_path / "carrier.jsonl", **wanted).start()


async def test_the_secret_stands_in_no_command_line(data: Path, carrier: CarrierProcess) -> None:
    assert carrier.running
    (ours,) = command_lines_with(str(data))
    assert TOKEN not in ours
