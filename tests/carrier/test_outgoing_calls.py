"""The application calls a phone: the SDK, what the phone does, what the application hears of it."""

from typing import Any

import httpx
import pytest
from fastapi import Response
from twilio.base.exceptions import TwilioRestException

from demo.carrier.process import CarrierProcess
from tests.carrier.line import (
    ACCOUNT,
    ALSO_OURS,
    OTHER_PHONE,
    OURS,
    PHONE,
    Application,
    Line,
)

ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
LINE_GREETING = (
    "<Response><Say language='zh-CN'>家里有急事。</Say><Gather numDigits='1' action='/key'/></Response>"
)


async def place(sdk: Any, app: Application, to: str = PHONE, **more: Any) -> str:
    """Call a phone; the application answers on /urgent and hears of the call on /status."""
    call = await sdk.calls.create_async(
        to=to,
        from_=OURS,
        **{"url": f"{app.url}/urgent?issue=7"} | more,
    )
    return str(call.sid)


def statuses(app: Application) -> list[str]:
    """The statuses that were reported."""
    return [call.params["CallStatus"] for call in app.on("/status")]


async def test_a_phone_rings_is_picked_up_and_hears(sdk_async: Any, line: Line, app: Application) -> None:
    app.says("/urgent", LINE_GREETING)
    app.says("/key", "<Response><Say>谢谢</Say></Response>")
    sid = await place(
        sdk_async, app, status_callback=f"{app.url}/status?key=9", status_callback_event=ALL_EVENTS
    )
    assert await line.rings() == sid
    assert (await line.read_call(sid))["waits_for"]["kind"] == "answer"
    assert (await sdk_async.calls(sid).fetch_async()).status == "ringing"
    call = await line.on_call(sid, "answer")
    (asked,) = app.on("/urgent")
    assert asked.genuine
    assert (asked.query, asked.params["CallSid"]) == ("issue=7", sid)
    assert (asked.params["Direction"], asked.params["CallStatus"]) == ("outbound-api", "in-progress")
    assert (asked.params["To"], asked.params["From"]) == (PHONE, OURS)
    assert call["heard"][0]["text"] == "家里有急事。"
    call = await line.on_call(sid, "digits", digits="1")
    assert app.on("/key")[0].params["Digits"] == "1"
    assert call["status"] == "completed"
    told = await app.expect("/status", 4)
    assert statuses(app) == ["initiated", "ringing", "in-progress", "completed"]
    assert [each.params["SequenceNumber"] for each in told] == ["0", "1", "2", "3"]
    assert all(each.genuine and each.query == "key=9" for each in told)
    assert (told[-1].params["CallDuration"], "CallDuration" in told[2].params) == ("1", False)
    fetched = await sdk_async.calls(sid).fetch_async()
    assert (fetched.status, fetched.duration, fetched.direction) == ("completed", "1", "outbound-api")
    assert fetched.start_time is not None
    assert fetched.end_time is not None


async def test_only_the_end_is_told_unless_more_is_asked(
    sdk_async: Any, line: Line, app: Application
) -> None:
    sid = await place(sdk_async, app, status_callback=f"{app.url}/status", status_callback_method="GET")
    await line.on_call(sid, "decline")
    (told,) = await app.expect("/status")
    assert (told.method, told.genuine, told.params["CallStatus"]) == ("GET", True, "busy")
    assert (told.params["SequenceNumber"], told.params["CallDuration"]) == ("0", "0")


@pytest.mark.parametrize(
    ("deed", "status"),
    [
        ("decline", "busy"),
        ("busy", "busy"),
        ("no-answer", "no-answer"),
        ("wait", "no-answer"),
        ("fail", "failed"),
    ],
)
async def test_a_phone_that_rings_can_stay_down(
    sdk_async: Any, line: Line, app: Application, deed: str, status: str
) -> None:
    sid = await place(sdk_async, app)
    await line.rings()
    assert (await line.on_call(sid, deed))["status"] == status
    fetched = await sdk_async.calls(sid).fetch_async()
    assert (fetched.status, fetched.duration, fetched.start_time) == (status, None, None)
    assert app.on("/urgent") == []
    assert status in await line.refused(sid, "answer")


@pytest.mark.parametrize(
    ("behaviour", "status", "told"),
    [
        ("answers", "in-progress", ["initiated", "ringing", "in-progress"]),
        ("machine", "completed", ["initiated", "ringing", "in-progress", "completed"]),
        ("busy", "busy", ["initiated", "busy"]),
        ("blocked", "busy", ["initiated", "busy"]),
        ("no-answer", "no-answer", ["initiated", "ringing", "no-answer"]),
        ("off", "no-answer", ["initiated", "ringing", "no-answer"]),
        ("unknown", "failed", ["initiated", "failed"]),
        ("unreachable", "failed", ["initiated", "failed"]),
        ("landline", "ringing", ["initiated", "ringing"]),
        ("30008", "ringing", ["initiated", "ringing"]),
    ],
)
async def test_a_call_ends_as_its_phone_behaves(
    sdk_async: Any, line: Line, app: Application, behaviour: str, status: str, told: list[str]
) -> None:
    app.says("/urgent", LINE_GREETING)
    await line.behave(behaviour)
    sid = await place(sdk_async, app, status_callback=f"{app.url}/status", status_callback_event=ALL_EVENTS)
    await line.call_ends(sid, status)
    await app.expect("/status", len(told))
    assert statuses(app) == told


async def test_the_application_can_ask_who_answered(sdk_async: Any, line: Line, app: Application) -> None:
    app.says("/urgent", LINE_GREETING)
    await line.behave("machine")
    machine = await place(sdk_async, app, machine_detection="Enable")
    await line.call_ends(machine, "completed")
    human = await place(sdk_async, app, to=OTHER_PHONE, machine_detection="Enable")
    await line.on_call(human, "answer")
    assert [each.params["AnsweredBy"] for each in app.on("/urgent")] == ["machine_start", "human"]
    assert (await sdk_async.calls(machine).fetch_async()).answered_by == "machine_start"
    texted = await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="打不通")
    assert (await line.ends(texted.sid))["error_code"] is None


async def test_the_words_can_come_with_the_call(sdk_async: Any, line: Line, app: Application) -> None:
    twiml = f"<Response><Say>救命</Say><Pause lenght='1'/><Redirect>{app.url}/urgent</Redirect></Response>"
    app.says("/urgent", "<Response><Say>再见</Say></Response>")
    sid = await place(sdk_async, app, url=None, twiml=twiml)
    call = await line.on_call(sid, "answer")
    assert [heard.get("text") for heard in call["heard"]] == ["救命", None, "再见"]
    assert [each["code"] for each in call["errors"]] == [12200]


@pytest.mark.parametrize(
    ("twiml", "code"),
    [
        ("<Response><Say>", 12100),
        ("<Response><Redirect>/nowhere</Redirect></Response>", 11100),
        ("<Response><Gather numDigits='1'/></Response>", 11100),
    ],
)
async def test_words_that_come_with_the_call_can_be_wrong(
    sdk_async: Any, line: Line, app: Application, twiml: str, code: int
) -> None:
    sid = await place(sdk_async, app, url=None, twiml=twiml)
    call = await line.on_call(sid, "answer")
    if call["waits_for"] is not None:
        call = await line.on_call(sid, "digits", digits="1")
    assert (call["status"], [each["code"] for each in call["errors"]]) == ("completed", [code])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"to": "grandmother"}, 21211),
        ({"to": "+8612"}, 21217),
        ({"from_": "12345"}, 21212),
        ({"from_": "+8613900000009"}, 21210),
        ({"url": None}, 21205),
        ({"url": "/urgent"}, 21205),
        ({"fallback_url": "urgent"}, 21205),
        ({"status_callback": "urgent"}, 21609),
        ({"status_callback_event": ["answered", "sung"]}, 21626),
        ({"timeout": 0}, 21208),
        ({"timeout": 601}, 21208),
        ({"method": "PUT"}, 21209),
        ({"machine_detection": "Perhaps"}, 21234),
    ],
)
async def test_a_wrong_request_is_refused_with_its_code(
    sdk_async: Any, line: Line, app: Application, changes: dict[str, Any], code: int
) -> None:
    wanted = {"to": PHONE, "from_": OURS, "url": f"{app.url}/urgent"} | changes
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.calls.create_async(**wanted)
    assert (caught.value.status, caught.value.code) == (400, code)
    assert (await line.records())["calls"] == []


@pytest.mark.parametrize("code", [21211, 21214, 21215, 21216])
async def test_a_behaviour_can_be_a_code_that_calls_are_refused_with(
    sdk_async: Any, line: Line, app: Application, code: int
) -> None:
    await line.behave(str(code))
    with pytest.raises(TwilioRestException) as caught:
        await place(sdk_async, app)
    assert (caught.value.status, caught.value.code) == (400, code)


async def test_what_is_not_imitated_is_refused(sdk_async: Any, line: Line, app: Application) -> None:
    for more in ({"record": True}, {"send_digits": "1"}, {"application_sid": "AP" + "0" * 32}):
        with pytest.raises(TwilioRestException) as caught:
            await place(sdk_async, app, **more)
        assert caught.value.status == 501


async def test_calls_need_the_credentials(carrier: CarrierProcess, line: Line) -> None:
    async with httpx.AsyncClient(base_url=carrier.url, trust_env=False, auth=(ACCOUNT, "another")) as http:
        for resource in ("Calls", "Recordings", f"Calls/CA{'0' * 32}", f"Recordings/RE{'0' * 32}"):
            answer = await http.get(f"/2010-04-01/Accounts/{ACCOUNT}/{resource}.json")
            assert (answer.status_code, answer.json()["code"]) == (401, 20003)
        placed = await http.post(
            f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json",
            data={"To": PHONE, "From": OURS, "Twiml": "<Response/>"},
        )
    assert placed.status_code == 401
    assert (await line.records())["calls"] == []


async def test_a_call_can_be_ended_and_sent_elsewhere(sdk_async: Any, line: Line, app: Application) -> None:
    app.says("/urgent", LINE_GREETING)
    app.says("/other", "<Response><Play>/sound</Play><Gather/></Response>")
    sid = await place(sdk_async, app)
    await line.rings()
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.calls(sid).update_async(url=f"{app.url}/other")
    assert (caught.value.status, caught.value.code) == (400, 21220)
    await line.on_call(sid, "answer")
    await sdk_async.calls(sid).update_async(url=f"{app.url}/other", method="GET")
    (asked,) = await app.expect("/other")
    assert asked.method == "GET"
    await line.hears(sid, "play")
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.calls(sid).update_async(url="/other")
    assert caught.value.code == 21205
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.calls(sid).update_async(status="canceled")
    assert caught.value.code == 21220
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.calls(sid).delete_async()
    assert (caught.value.status, caught.value.code) == (409, 20009)
    await sdk_async.calls(sid).update_async(twiml="<Response><Say>换一句</Say><Gather/></Response>")
    assert (await sdk_async.calls(sid).update_async(status="completed")).status == "completed"
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.calls(sid).update_async(status="completed")
    assert caught.value.code == 21220
    heard = (await line.read_call(sid))["heard"]
    assert [each["kind"] for each in heard][:2] == ["say", "play"]
    assert await sdk_async.calls(sid).delete_async()
    with pytest.raises(TwilioRestException) as caught:
        await sdk_async.calls(sid).fetch_async()
    assert (caught.value.status, caught.value.code) == (404, 20404)


async def test_a_call_that_rings_can_be_canceled(sdk_async: Any, line: Line, app: Application) -> None:
    sid = await place(sdk_async, app, status_callback=f"{app.url}/status")
    await line.rings()
    assert (await sdk_async.calls(sid).update_async(status="canceled")).status == "canceled"
    await app.expect("/status")
    assert statuses(app) == ["canceled"]


async def test_an_answer_that_a_newer_word_has_overtaken_is_dropped(
    sdk_async: Any, line: Line, app: Application
) -> None:
    app.says("/urgent", LINE_GREETING)
    await line.behave("answers")
    app.open.clear()
    sid = await place(sdk_async, app)
    await app.expect("/urgent")
    await sdk_async.calls(sid).update_async(status="completed")
    app.open.set()
    assert (await line.read_call(sid))["heard"] == []
    kept = (await line.records())["webhooks"]
    assert [each["purpose"] for each in kept] in ([], ["voice"])


async def test_calls_are_listed_in_pages(sdk_async: Any, line: Line, app: Application) -> None:
    app.says("/voice", "<Response><Reject/></Response>")
    placed = [await place(sdk_async, app, to=to) for to in (PHONE, OTHER_PHONE, PHONE)]
    came = (await line.call(to=ALSO_OURS))["sid"]
    await line.on_call(placed[0], "decline")
    calls = sdk_async.calls
    assert [each.sid for each in await calls.list_async(page_size=2)] == [came, *reversed(placed)]
    assert [each.sid for each in await calls.list_async(to=PHONE)] == [placed[2], placed[0]]
    assert [each.sid for each in await calls.list_async(from_=PHONE)] == [came]
    assert [each.sid for each in await calls.list_async(status="busy")] == [placed[0]]
    assert [each.sid for each in await calls.list_async(status="no-answer")] == [came]
    assert await calls.list_async(parent_call_sid=came) == []
    created = (await calls(came).fetch_async()).date_created
    assert len(await calls.list_async(start_time=created.date())) == 4
    assert [each.sid for each in await calls.list_async(end_time_after=created)] in (
        [came, placed[0]],
        [came],
    )


async def test_a_call_whose_answer_never_came_was_placed(
    sdk_async: Any, line: Line, app: Application
) -> None:
    await line.fault("timeout_after_accept", resource="Calls")
    await sdk_async.messages.create_async(to=PHONE, from_=OURS, body="不受影响")
    with pytest.raises(Exception, match=r"."):  # whatever the SDK's transport makes of a torn connection
        await place(sdk_async, app)
    await line.rings()
    (listed,) = await sdk_async.calls.list_async(to=PHONE)
    assert (await line.on_call(listed.sid, "answer"))["status"] == "completed"


@pytest.mark.parametrize(("kind", "status"), [("429", 429), ("500", 500), ("503", 503)])
async def test_a_call_can_be_refused_for_now(
    sdk_async: Any, line: Line, app: Application, kind: str, status: int
) -> None:
    await line.fault(kind)
    with pytest.raises(TwilioRestException) as caught:
        await place(sdk_async, app)
    assert caught.value.status == status
    assert (await line.records())["calls"] == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("callbacks_twice", ["initiated", "initiated", "ringing", "busy"]),
        ("callbacks_lost", ["ringing", "busy"]),
        ("callbacks_reordered", ["busy", "ringing", "initiated"]),
    ],
)
async def test_callbacks_can_go_wrong(
    sdk_async: Any, line: Line, app: Application, kind: str, told: list[str]
) -> None:
    await line.fault(kind)
    sid = await place(sdk_async, app, status_callback=f"{app.url}/status", status_callback_event=ALL_EVENTS)
    await line.on_call(sid, "decline")
    await app.expect("/status", len(told))
    assert statuses(app) == told


async def test_an_application_that_fails_is_asked_at_its_second_address(
    sdk_async: Any, line: Line, app: Application
) -> None:
    app.answers["/urgent"] = Response("{}", media_type="application/json")
    app.says("/second", "<Response><Say>对不起</Say></Response>")
    sid = await place(sdk_async, app, fallback_url=f"{app.url}/second")
    call = await line.on_call(sid, "answer")
    (asked,) = app.on("/second")
    assert (asked.params["ErrorCode"], asked.params["AccountSid"]) == ("12300", ACCOUNT)
    assert call["heard"][0]["text"] == "对不起"
