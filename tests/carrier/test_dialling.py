"""A caller is put through: <Dial>, its legs, and what the application hears of both."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.carrier.line import ALSO_OURS, OTHER_PHONE, OURS, PHONE, Application, Line

THIRD_PHONE = "+8610000000003"


def dials(app: Application, inside: str = OTHER_PHONE, **attributes: str) -> None:
    """The application puts callers through, and says something when that has not worked."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    app.says("/voice", f"<Response><Dial{given}>{inside}</Dial><Say>没有接通。</Say></Response>")
    app.says("/dialled", "<Response><Say>谢谢来电。</Say></Response>")


def told(app: Application) -> dict[str, str | None]:
    """What the action was told of the dialled leg."""
    (action,) = app.on("/dialled")
    assert action.genuine
    names = ("DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged", "CallStatus")
    return {name: action.params.get(name) for name in names}


async def test_two_talk_until_the_called_one_hangs_up(sdk: Any, line: Line, app: Application) -> None:
    dials(app, action="/dialled", timeout="20")
    caller = await line.call()
    assert (caller["status"], caller["waits_for"]["kind"], caller["waits_for"]["timeout"]) == (
        "in-progress",
        "answer",
        20,
    )
    leg = await line.rings(OTHER_PHONE)
    assert caller["waits_for"]["calls"] == [leg]
    called = await line.on_call(leg, "answer")
    assert (called["from"], called["parent_sid"], called["kind"]) == (PHONE, caller["sid"], "outbound-dial")
    assert called["heard"] == [{"kind": "connected", "numbers": [PHONE]}]
    talking = await line.read_call(caller["sid"])
    assert [each["kind"] for each in talking["heard"]] == ["dial", "connected"]
    assert talking["waits_for"]["kind"] == "hangup"
    assert "hangup" in await line.refused(caller["sid"], "wait")
    assert (await line.on_call(leg, "hangup", seconds=75))["status"] == "completed"
    assert told(app) == {
        "DialCallStatus": "completed",
        "DialCallSid": leg,
        "DialCallDuration": "75",
        "DialBridged": "true",
        "CallStatus": "in-progress",
    }
    ended = await line.read_call(caller["sid"])
    assert (ended["status"], ended["heard"][-1]["text"]) == ("completed", "谢谢来电。")
    fetched = sdk.calls(leg).fetch()
    assert (fetched.parent_call_sid, fetched.direction) == (caller["sid"], "outbound-dial")
    assert [each.sid for each in sdk.calls.list(parent_call_sid=caller["sid"])] == [leg]


async def test_the_caller_hangs_up_while_they_talk(line: Line, app: Application) -> None:
    dials(app, action="/dialled")
    caller = (await line.call())["sid"]
    await line.on_call(caller, "answer")
    ended = await line.on_call(caller, "hangup")
    await app.expect("/dialled")
    assert (told(app)["DialCallStatus"], told(app)["CallStatus"]) == ("completed", "completed")
    assert (await line.calls(OTHER_PHONE))[0]["status"] == "completed"
    assert [each["kind"] for each in ended["heard"]] == ["dial", "connected"]


async def test_the_caller_hangs_up_while_it_rings(line: Line, app: Application) -> None:
    dials(app, action="/dialled")
    caller = (await line.call())["sid"]
    await line.rings(OTHER_PHONE)
    await line.on_call(caller, "hangup")
    await app.expect("/dialled")
    assert (told(app)["DialCallStatus"], told(app)["DialBridged"]) == ("canceled", "false")
    assert (await line.calls(OTHER_PHONE))[0]["status"] == "canceled"


@pytest.mark.parametrize(
    ("behaviour", "deed", "status"),
    [
        ("normal", "decline", "busy"),
        ("normal", "no-answer", "no-answer"),
        ("normal", "wait", "no-answer"),
        ("normal", "fail", "failed"),
        ("busy", None, "busy"),
        ("off", None, "no-answer"),
        ("unknown", None, "failed"),
    ],
)
async def test_who_is_called_does_not_come(
    line: Line, app: Application, behaviour: str, deed: str | None, status: str
) -> None:
    await line.behave(behaviour, OTHER_PHONE)
    dials(app, action="/dialled")
    caller = (await line.call())["sid"]
    if deed is not None:
        await line.on_call(caller, deed)
    await app.expect("/dialled")
    leg = (await line.calls(OTHER_PHONE))[0]
    assert told(app) == {
        "DialCallStatus": status,
        "DialCallSid": leg["sid"],
        "DialCallDuration": None,
        "DialBridged": "false",
        "CallStatus": "in-progress",
    }
    assert leg["status"] == status
    assert (await line.call_ends(caller, "completed"))["heard"][-1]["text"] == "谢谢来电。"


async def test_without_an_action_the_next_verb_follows(line: Line, app: Application) -> None:
    dials(app)
    caller = (await line.call())["sid"]
    await line.on_call(caller, "decline")
    assert (await line.read_call(caller))["heard"][-1]["text"] == "没有接通。"
    assert len(app.calls) == 1


async def test_many_ring_at_once_and_the_first_to_answer_gets_the_call(line: Line, app: Application) -> None:
    numbers = (OTHER_PHONE, THIRD_PHONE)
    told_of = 'statusCallback="/legs" statusCallbackEvent="initiated ringing answered completed"'
    dials(
        app,
        "".join(f"<Number {told_of}>{number}</Number>" for number in numbers),
        callerId=OURS,
        action="/dialled",
    )
    caller = (await line.call())["sid"]
    first, second = await line.rings(OTHER_PHONE), await line.rings(THIRD_PHONE)
    assert (await line.on_call(second, "answer"))["from"] == OURS
    assert (await line.read_call(first))["status"] == "canceled"
    await line.on_call(second, "hangup")
    assert (told(app)["DialCallSid"], told(app)["DialCallStatus"]) == (second, "completed")
    reports = await app.expect("/legs", 7)
    heard = {
        leg: [each.params["CallStatus"] for each in reports if each.params["CallSid"] == leg]
        for leg in (first, second)
    }
    assert heard == {
        first: ["initiated", "ringing", "canceled"],
        second: ["initiated", "ringing", "in-progress", "completed"],
    }
    assert all(each.genuine and each.params["ParentCallSid"] == caller for each in reports)


async def test_one_after_the_other_rings(line: Line, app: Application) -> None:
    numbers = f"<Number>{OTHER_PHONE}</Number><Number>{THIRD_PHONE}</Number>"
    dials(app, numbers, sequential="true", action="/dialled")
    caller = (await line.call())["sid"]
    first = await line.rings(OTHER_PHONE)
    assert await line.calls(THIRD_PHONE) == []
    await line.on_call(first, "decline")
    second = await line.rings(THIRD_PHONE)
    assert app.on("/dialled") == []
    await line.on_call(caller, "decline")
    await app.expect("/dialled")
    assert told(app)["DialCallSid"] == second


async def test_all_of_many_do_not_come(line: Line, app: Application) -> None:
    dials(app, f"<Number>{OTHER_PHONE}</Number><Number>{THIRD_PHONE}</Number>", action="/dialled")
    caller = (await line.call())["sid"]
    await line.on_call(await line.rings(OTHER_PHONE), "decline")
    assert app.on("/dialled") == []
    await line.rings(THIRD_PHONE)
    await line.on_call(caller, "wait")
    await app.expect("/dialled")
    assert told(app)["DialCallStatus"] == "no-answer"


async def test_who_is_called_is_told_something_first(line: Line, app: Application) -> None:
    dials(app, f'<Number url="/whisper">{OTHER_PHONE}</Number>', action="/dialled")
    app.says(
        "/whisper", '<Response><Gather numDigits="1" action="/taken"><Say>按1接听</Say></Gather></Response>'
    )
    app.says("/taken", "<Response/>")
    caller = (await line.call())["sid"]
    leg = await line.rings(OTHER_PHONE)
    called = await line.on_call(leg, "answer")
    (asked,) = app.on("/whisper")
    assert (asked.params["CallSid"], asked.params["ParentCallSid"]) == (leg, caller)
    assert (called["heard"][0]["text"], called["waits_for"]["kind"]) == ("按1接听", "digits")
    assert (await line.read_call(caller))["waits_for"]["kind"] == "answer"
    await line.on_call(leg, "digits", digits="1")
    assert (await line.read_call(caller))["heard"][-1]["kind"] == "connected"


async def test_who_does_not_take_the_call_ends_it(line: Line, app: Application) -> None:
    dials(app, f'<Number url="/whisper">{OTHER_PHONE}</Number>', action="/dialled")
    app.says("/whisper", '<Response><Gather numDigits="1"/><Hangup/></Response>')
    await line.call()
    leg = await line.rings(OTHER_PHONE)
    await line.on_call(leg, "answer")
    assert (await line.on_call(leg, "wait"))["status"] == "completed"
    assert (told(app)["DialCallStatus"], told(app)["DialBridged"]) == ("completed", "false")


async def test_the_caller_can_hear_it_ring(line: Line, app: Application) -> None:
    dials(app, answerOnBridge="true")
    caller = await line.call()
    assert caller["status"] == "ringing"
    await line.on_call(caller["sid"], "answer")
    assert (await line.read_call(caller["sid"]))["status"] == "in-progress"


async def test_a_star_can_end_it(line: Line, app: Application) -> None:
    dials(app, hangupOnStar="true", action="/dialled")
    caller = (await line.call())["sid"]
    await line.on_call(caller, "answer")
    await line.on_call(caller, "digits", digits="12")
    assert app.on("/dialled") == []
    assert (await line.on_call(caller, "digits", digits="*"))["status"] == "completed"
    assert told(app)["DialCallStatus"] == "completed"
    dials(app)
    caller = (await line.call())["sid"]
    await line.on_call(caller, "answer")
    assert "hangup" in await line.refused(caller, "digits", digits="*")


@pytest.mark.parametrize(
    ("inside", "attributes", "codes"),
    [
        ("12345", {}, [13223]),
        ("", {}, [13223]),
        (OTHER_PHONE, {"callerId": "+8613900000009"}, [13214]),
        (f"<Number>{OTHER_PHONE}</Number><Number>1</Number>", {"callerId": "x"}, [13223, 13214]),
    ],
)
async def test_a_dial_that_leads_nowhere_fails(
    line: Line, app: Application, inside: str, attributes: dict[str, str], codes: list[int]
) -> None:
    dials(app, inside, action="/dialled", **attributes)
    caller = await line.call()
    assert told(app)["DialCallStatus"] == "failed"
    assert told(app)["DialCallSid"] is None
    assert [each["code"] for each in caller["errors"]] == codes
    assert await line.calls(OTHER_PHONE) == []


async def test_our_own_number_and_both_ends_may_be_shown(line: Line, app: Application) -> None:
    for shown in (OURS, ALSO_OURS, PHONE):
        dials(app, callerId=shown)
        caller = await line.call()
        assert caller["errors"] == []
        await line.on_call(caller["sid"], "decline")
    assert [each["from"] for each in await line.calls(OTHER_PHONE)] == [OURS, ALSO_OURS, PHONE]


async def test_who_is_sent_elsewhere_leaves_the_other_alone(
    sdk_async: Any, line: Line, app: Application
) -> None:
    dials(app, action="/dialled")
    caller = (await line.call())["sid"]
    leg = await line.rings(OTHER_PHONE)
    await line.on_call(leg, "answer")
    await sdk_async.calls(caller).update_async(twiml="<Response><Say>换人</Say><Gather/></Response>")
    assert (await line.read_call(leg))["status"] == "completed"
    assert app.on("/dialled") == []
    assert (await line.read_call(caller))["heard"][-1]["text"] == "换人"
    with pytest.raises(TwilioRestException):
        await sdk_async.calls(leg).update_async(status="completed")
