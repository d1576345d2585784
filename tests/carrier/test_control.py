"""The control API: what a page and a test see of the phones, live and afterwards."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from fastapi import Response

from demo.carrier.process import CarrierProcess
from tests.carrier.line import ALSO_OURS, OTHER_PHONE, OURS, PHONE, Application, Line, until


async def events(
    line: Line, params: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> AsyncGenerator[tuple[int, str, dict[str, Any]], None]:
    """Follow the stream of events: id, kind, data."""
    async with line.control.stream("GET", "/events", params=params, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, str] = {}
        async for each in answer.aiter_lines():
            if each:
                name, _, value = each.partition(": ")
                fields[name] = value
            elif "event" in fields:
                yield int(fields["id"]), fields["event"], json.loads(fields["data"])
                fields = {}


async def test_a_page_sees_everything_and_then_every_change(sdk_async: Any, line: Line) -> None:
    await line.text("早就来了")
    stream = events(line, {"snapshot": "true"})
    _, kind, data = await anext(stream)
    assert kind == "snapshot"
    assert [message["body"] for message in data["messages"]] == ["早就来了"]
    assert [phone["number"] for phone in data["phones"]] == [PHONE]
    sent = await sdk_async.messages.create_async(to=OTHER_PHONE, from_=OURS, body="已记下")
    _, kind, data = await anext(stream)
    assert (kind, data["sid"], data["phone"]) == ("message", sent.sid, OTHER_PHONE)
    assert (data["body"], data["status"], data["direction"]) == ("已记下", "queued", "outbound")
    seen = [await anext(stream) for _ in range(3)]
    assert [(kind, data["status"], data["sid"]) for _, kind, data in seen] == [
        ("status", status, sent.sid) for status in ("sending", "sent", "delivered")
    ]
    await line.behave("off")
    assert (await anext(stream))[1:2] == ("phone",)
    await line.text("STOP")
    kinds = [(await anext(stream))[1] for _ in range(3)]
    assert kinds == ["message", "message", "opt_out"]
    await stream.aclose()


async def test_a_page_sees_pictures_with_their_text(line: Line) -> None:
    stream = events(line, {"snapshot": "true"})
    await anext(stream)
    picture = {"content_type": "image/png", "base64": base64.b64encode(b"a lamp").decode()}
    await line.text("看", media=[picture])
    _, kind, data = await anext(stream)
    assert (kind, data["body"]) == ("message", "看")
    (medium,) = data["media"]
    content = await line.control.get(medium["url"].removeprefix("/_carrier"))
    assert (content.content, content.headers["content-type"]) == (b"a lamp", "image/png")
    assert content.headers["content-security-policy"] == "sandbox"
    await stream.aclose()


async def test_a_page_hears_when_a_picture_was_fetched(sdk_async: Any, line: Line, app: Application) -> None:
    app.answers["/lamp"] = Response(b"a lamp", media_type="image/png")
    stream = events(line, {"snapshot": "true"})
    await anext(stream)
    sent = await sdk_async.messages.create_async(
        to=PHONE, from_=OURS, body="请看", media_url=[f"{app.url}/lamp"]
    )
    seen = [await anext(stream) for _ in range(3)]
    assert [kind for _, kind, _ in seen] == ["message", "media", "status"]
    assert seen[0][2]["media"] == []
    medium = seen[1][2]
    assert (medium["message_sid"], medium["content_type"]) == (sent.sid, "image/png")
    assert (await line.control.get(f"/media/{medium['sid']}")).content == b"a lamp"
    await stream.aclose()


async def test_a_page_that_was_away_catches_up(line: Line) -> None:
    await line.text("一")
    last = (await line.records())["last_event_id"]
    await line.text("二")
    await line.text("三")
    for resumed in (
        events(line, headers={"Last-Event-ID": str(last)}),
        events(line, params={"last_event_id": last, "snapshot": "true"}),
    ):
        assert [(await anext(resumed))[2]["body"] for _ in range(2)] == ["二", "三"]
        await resumed.aclose()


async def test_a_reset_is_told_and_forgets_all(line: Line, app: Application) -> None:
    await line.text("STOP")
    await line.behave("off")
    stream = events(line, {"snapshot": "true"})
    number, _, _ = await anext(stream)
    answer = await line.control.post("/reset")
    following, kind, _ = await anext(stream)
    while kind != "reset":  # the reply to STOP may still be on its way
        following, kind, _ = await anext(stream)
    assert number < following == answer.json()["last_event_id"]
    await stream.aclose()
    records = await line.records()
    assert records.pop("last_event_id") == following
    assert not any(records.values())
    assert (await line.control.get("/settings")).json()["sms_url"] is None


async def test_a_webhook_that_a_reset_overtook_leaves_no_trace(line: Line, app: Application) -> None:
    app.answers["/inbound"] = Response("已记下", media_type="text/plain")
    app.open.clear()
    text = asyncio.create_task(line.text())
    await app.expect("/inbound")
    await line.control.post("/reset")
    app.open.set()
    await text
    records = await line.records()
    assert (records["messages"], records["webhooks"]) == ([], [])


async def test_phones_are_known_by_what_they_did(line: Line, app: Application) -> None:
    await line.text("STOP", to=ALSO_OURS)
    await line.behave("off", OTHER_PHONE)
    phones = {phone["number"]: phone for phone in (await line.control.get("/phones")).json()["phones"]}
    assert phones[PHONE]["opted_out"] == [ALSO_OURS]
    assert (phones[PHONE]["behaviour"], phones[PHONE]["messages"]) == ("normal", 2)
    assert phones[PHONE]["last_at"] is not None
    assert (phones[OTHER_PHONE]["behaviour"], phones[OTHER_PHONE]["messages"]) == ("off", 0)
    assert phones[OTHER_PHONE]["last_at"] is None


async def test_the_messages_of_a_phone_are_its_own_in_order(sdk_async: Any, line: Line) -> None:
    sid = (await line.text("一"))["sid"]
    await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="二")
    await line.text("三", phone=OTHER_PHONE)
    messages = (await line.control.get(f"/phones/{PHONE}/messages")).json()["messages"]
    assert [(each["body"], each["direction"], each["origin"]) for each in messages] == [
        ("一", "inbound", "phone"),
        ("二", "outbound", "api"),
    ]
    assert (messages[0]["sid"], messages[0]["from"], messages[0]["to"]) == (sid, PHONE, OURS)


async def test_the_records_hold_each_call_as_it_was(line: Line, app: Application) -> None:
    seen = await line.text("停水了")
    (kept,) = (await line.records())["webhooks"]
    (call,) = app.on("/inbound")
    assert (kept["url"], kept["params"]) == (f"{app.url}/inbound", call.params)
    assert kept["signature"] == call.headers["x-twilio-signature"]
    assert (kept["status_code"], kept["errors"], kept["message_sid"]) == (204, [], seen["sid"])


async def test_a_page_follows_a_call(sdk_async: Any, line: Line, app: Application) -> None:
    app.says("/voice", '<Response><Say>您好</Say><Record action="/recorded"/></Response>')
    app.says("/recorded", "<Response><Say>谢谢</Say></Response>")
    early = (await line.call())["sid"]
    stream = events(line, {"snapshot": "true"})
    _, kind, data = await anext(stream)
    assert (kind, [call["sid"] for call in data["calls"]]) == ("snapshot", [early])
    assert data["calls"][0]["waits_for"]["kind"] == "recording"
    sound = {"content_type": "audio/mpeg", "base64": base64.b64encode(b"ID3").decode(), "seconds": 5}
    await line.on_call(early, "record", **sound)
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["status"] != "completed":
        _, kind, data = await anext(stream)
        assert (kind, data["sid"], data["phone"]) == ("call", early, PHONE)
        seen.append(data)
    await stream.aclose()
    assert seen[-1]["heard"][-1]["text"] == "谢谢"
    (recording,) = seen[-1]["recordings"]
    content = await line.control.get(recording["url"].removeprefix("/_carrier"))
    assert (content.content, content.headers["content-type"]) == (b"ID3", "audio/mpeg")
    assert content.headers["content-security-policy"] == "sandbox"


async def test_the_records_hold_calls_with_all_that_was_asked(line: Line, app: Application) -> None:
    await line.settle(voice_status_url=f"{app.url}/over")
    app.says("/voice", "<Response><Shout/><Gather/></Response>")
    sid = (await line.call())["sid"]
    await line.on_call(sid, "hangup")
    await app.expect("/over")

    async def told() -> dict[str, Any] | None:
        records = await line.records()
        return records if records["callbacks"] else None

    records = await until(told, "the callback to be kept")
    (call,), (asked,), (report,) = records["calls"], records["webhooks"], records["callbacks"]
    assert (call["sid"], call["status_callback"], call["deleted"]) == (sid, f"{app.url}/over", False)
    assert call["errors"][0]["detail"] == "<Shout> may not stand in <Response>."
    assert (asked["purpose"], asked["call_sid"], asked["message_sid"]) == ("voice", sid, None)
    assert (asked["answer"], asked["errors"]) == ("<Response><Shout/><Gather/></Response>", [12200])
    assert asked["params"] == app.on("/voice")[0].params
    assert (report["purpose"], report["call_sid"], report["status_code"]) == ("call_status", sid, 204)
    assert [phone["number"] for phone in records["phones"]] == [PHONE]


async def test_a_reset_forgets_calls_and_who_listens_to_them(line: Line, app: Application) -> None:
    app.open.clear()
    calling = asyncio.create_task(line.control.post(f"/phones/{PHONE}/calls", json={}))
    await app.expect("/voice")
    await line.control.post("/reset")
    app.open.set()
    assert (await calling).status_code == 404
    records = await line.records()
    assert (records["calls"], records["webhooks"]) == ([], [])


@pytest.mark.parametrize(
    "changes", [{"status_delay": -1}, {"webhook_timeout": 0}, {"opt_out": "maybe"}, {"colour": "red"}]
)
async def test_a_wrong_setting_changes_nothing(line: Line, changes: dict[str, Any]) -> None:
    before = (await line.control.get("/settings")).json()
    assert (await line.control.patch("/settings", json=changes)).status_code == 422
    assert (await line.control.get("/settings")).json() == before


async def test_a_phone_cannot_behave_in_unknown_ways(line: Line) -> None:
    for behaviour in ("asleep", "99999"):
        answer = await line.control.put(f"/phones/{PHONE}", json={"behaviour": behaviour})
        assert answer.status_code == 422
    assert (await line.control.get("/phones")).json() == {"phones": []}


async def test_pages_from_elsewhere_do_not_get_in(carrier: CarrierProcess) -> None:
    async with httpx.AsyncClient(base_url=carrier.url, trust_env=False) as http:
        rebound = await http.get("/_carrier/records", headers={"Host": "evil.example"})
        foreign = await http.get("/_carrier/phones", headers={"Origin": "https://evil.example"})
        ours = await http.get("/_carrier/phones", headers={"Origin": "http://127.0.0.1:8700"})
    assert rebound.status_code == 403
    assert "access-control-allow-origin" not in foreign.headers
    assert ours.headers["access-control-allow-origin"] == "http://127.0.0.1:8700"
