"""A phone calls one of our numbers: the webhook, what is heard, keys, recordings, and how it ends."""

import base64
import io
import wave
from typing import Any

import httpx
import pytest
from fastapi import Response
from twilio.base.exceptions import TwilioRestException
from twilio.twiml.voice_response import Gather, VoiceResponse

from demo.carrier.voice.sounds import convert
from tests.carrier.line import (
    ACCOUNT,
    ALSO_OURS,
    AUTH,
    OTHER_PHONE,
    OURS,
    PHONE,
    Application,
    Line,
)

WAV = {"content_type": "audio/wav", "base64": base64.b64encode(b"RIFF a voice").decode(), "seconds": 7}
MP3 = {"content_type": "audio/mpeg", "base64": base64.b64encode(b"ID3 a voice").decode(), "seconds": 3}


def menu(**options: Any) -> VoiceResponse:
    """The greeting with its menu; without a key, it says so and hangs up."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, action="/chosen?key=a%20b", **options)
    gather.say("您好，这里是幸福邻里。", language="cmn-CN", voice="Polly.Zhiyu")
    gather.play("/sound")
    gather.pause(length=2)
    response.append(gather)
    response.say("没有听到按键。", language="zh-CN")
    return response


def recorder(**options: Any) -> VoiceResponse:
    """Leave a message; a silent one hears so."""
    response = VoiceResponse()
    response.record(action="/recorded", max_length=60, timeout=4, **options)
    response.say("Nothing was recorded.", language="en-US")
    return response


def kinds(call: dict[str, Any]) -> list[str]:
    """What was heard, by kind."""
    return [heard["kind"] for heard in call["heard"]]


async def test_a_call_is_reported_signed_and_greeted(line: Line, app: Application) -> None:
    app.says("/voice", menu())
    call = await line.call()
    (asked,) = app.on("/voice")
    assert (asked.method, asked.genuine) == ("POST", True)
    sides = ("From", "Caller", "To", "Called")
    assert asked.params == {
        "CallSid": call["sid"],
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": PHONE,
        "Caller": PHONE,
        "To": OURS,
        "Called": OURS,
        **{f"{side}Country": "CN" for side in sides},
        **{f"{side}{part}": "" for side in sides for part in ("City", "State", "Zip")},
    }
    assert call["status"] == "in-progress"
    assert call["heard"] == [
        {
            "kind": "say",
            "text": "您好，这里是幸福邻里。",
            "language": "cmn-CN",
            "voice": "Polly.Zhiyu",
            "loop": 1,
        },
        {"kind": "play", "url": f"{app.url}/sound", "content_type": "audio/mpeg", "loop": 1},
        {"kind": "pause", "seconds": 2},
    ]
    assert (call["waits_for"]["kind"], call["waits_for"]["num_digits"]) == ("digits", 1)
    assert call["errors"] == []


async def test_a_key_is_told_and_the_call_goes_on(line: Line, app: Application) -> None:
    app.says("/voice", menu())
    app.says("/chosen", "<Response><Say>好的</Say><Hangup/><Say>never</Say></Response>")
    sid = (await line.call())["sid"]
    call = await line.on_call(sid, "digits", digits="2")
    (told,) = app.on("/chosen")
    assert (told.query, told.genuine) == ("key=a%20b", True)
    assert (told.params["Digits"], told.params["CallStatus"], told.params["CallSid"]) == (
        "2",
        "in-progress",
        sid,
    )
    assert (call["status"], call["heard"][-2:]) == (
        "completed",
        [{"kind": "pressed", "digits": "2"}, {"kind": "say", "text": "好的", "loop": 1}],
    )
    assert [step["status"] for step in call["history"]] == ["ringing", "in-progress", "completed"]


async def test_without_a_key_the_next_verb_follows(line: Line, app: Application) -> None:
    app.says("/voice", menu())
    sid = (await line.call())["sid"]
    call = await line.on_call(sid, "wait")
    assert (call["status"], call["heard"][-1]["text"]) == ("completed", "没有听到按键。")
    assert len(app.calls) == 1


async def test_the_key_that_finishes_is_no_digit(line: Line, app: Application) -> None:
    app.says("/voice", '<Response><Gather action="/chosen" finishOnKey="*"/><Say>none</Say></Response>')
    app.says("/chosen", "<Response/>")
    sid = (await line.call())["sid"]
    assert (await line.on_call(sid, "digits", digits="12"))["waits_for"]["typed"] == "12"
    await line.on_call(sid, "digits", digits="3*4")
    assert [(told.params["Digits"], told.params["FinishedOnKey"]) for told in app.on("/chosen")] == [
        ("123", "*")
    ]
    sid = (await line.call())["sid"]
    assert (await line.on_call(sid, "digits", digits="*"))["heard"][-1] == {
        "kind": "say",
        "text": "none",
        "loop": 1,
    }
    sid = (await line.call())["sid"]
    await line.on_call(sid, "digits", digits="45")
    await line.on_call(sid, "wait")
    assert app.on("/chosen")[-1].params["Digits"] == "45"


async def test_an_empty_result_can_be_told_too(line: Line, app: Application) -> None:
    app.says("/voice", '<Response><Gather action="/chosen" actionOnEmptyResult="true"/></Response>')
    app.says("/chosen", "<Response><Reject/></Response>")
    sid = (await line.call())["sid"]
    assert (await line.on_call(sid, "wait"))["status"] == "completed"
    assert app.on("/chosen")[0].params["Digits"] == ""


async def test_without_an_action_the_same_document_is_asked_again(line: Line, app: Application) -> None:
    app.says("/voice", '<Response><Gather method="GET" numDigits="1"/></Response>')
    sid = (await line.call())["sid"]
    await line.on_call(sid, "digits", digits="7")
    first, second = app.on("/voice")
    assert (first.method, second.method, second.params["Digits"]) == ("POST", "GET", "7")
    assert second.genuine


async def test_a_voice_is_recorded_and_fetched(sdk: Any, line: Line, app: Application) -> None:
    app.says("/voice", recorder(recording_status_callback="/sounds"))
    app.says("/recorded", "<Response><Say>Thank you</Say></Response>")
    call = await line.call()
    assert (kinds(call), call["waits_for"]["max_length"]) == (["beep"], 60)
    call = await line.on_call(call["sid"], "record", **WAV, digits="#")
    (told,) = app.on("/recorded")
    sid = told.params["RecordingSid"]
    assert told.genuine
    assert (told.params["RecordingDuration"], told.params["Digits"]) == ("7", "#")
    assert told.params["RecordingUrl"].endswith(f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{sid}")
    assert (call["status"], kinds(call)) == ("completed", ["beep", "recorded", "say"])
    async with httpx.AsyncClient(trust_env=False) as http:
        sound = await http.get(told.params["RecordingUrl"], auth=AUTH)
        as_wav = await http.get(told.params["RecordingUrl"] + ".wav", auth=AUTH)
        stranger = await http.get(told.params["RecordingUrl"] + ".wav")
    assert (sound.content, sound.headers["content-type"]) == (b"RIFF a voice", "audio/x-wav")
    assert as_wav.content == sound.content
    assert stranger.status_code == 401
    (report,) = await app.expect("/sounds")
    assert report.genuine
    assert (report.params["RecordingSid"], report.params["RecordingStatus"]) == (sid, "completed")
    assert (report.params["CallSid"], report.params["RecordingSource"]) == (call["sid"], "RecordVerb")
    recording = sdk.recordings(sid).fetch()
    assert (recording.call_sid, recording.duration, recording.status) == (call["sid"], "7", "completed")
    assert [each.sid for each in sdk.calls(call["sid"]).recordings.list()] == [sid]
    assert sdk.recordings(sid).delete()
    assert sdk.recordings.list() == []
    with pytest.raises(TwilioRestException):
        sdk.recordings(sid).fetch()
    (shown,) = (await line.read_call(call["sid"]))["recordings"]
    kept = await line.control.get(shown["url"].removeprefix("/_carrier"))
    assert (shown["deleted"], kept.content) == (True, b"RIFF a voice")


async def test_a_recording_can_be_late(line: Line, app: Application) -> None:
    app.says("/voice", recorder())
    app.says("/recorded", "<Response/>")
    call = await line.call()
    await line.on_call(call["sid"], "record", **MP3)
    url = app.on("/recorded")[0].params["RecordingUrl"]
    await line.fault("recording_late", count=2)
    async with httpx.AsyncClient(trust_env=False, auth=AUTH) as http:
        answers = [await http.get(f"{url}.mp3") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 200]
    assert (answers[2].headers["content-type"], answers[2].content) == ("audio/mpeg", b"ID3 a voice")


def beep() -> bytes:
    """A second of sound, as a telephone would send it."""
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(
            b"".join((8000 * (n % 16 < 8) - 4000).to_bytes(2, "little", signed=True) for n in range(8000))
        )
    return written.getvalue()


async def test_a_recording_is_there_in_both_formats(line: Line, app: Application) -> None:
    app.says("/voice", recorder())
    app.says("/recorded", "<Response/>")
    spoken = convert(beep(), "mp3")
    for content_type, content in (
        ("audio/wav", beep()),
        ("audio/mpeg", spoken),
        ("audio/mpeg", b"ID3 no voice"),
    ):
        sound = {"content_type": content_type, "base64": base64.b64encode(content).decode(), "seconds": 1}
        await line.on_call((await line.call())["sid"], "record", **sound)
    urls = [told.params["RecordingUrl"] for told in app.on("/recorded")]
    async with httpx.AsyncClient(trust_env=False, auth=AUTH) as http:
        as_sent = await http.get(urls[0])
        as_mp3 = await http.get(urls[0] + ".mp3")
        as_wav = await http.get(urls[1])
        none = await http.get(urls[2])
        unknown = await http.get(urls[0] + ".ogg")
    assert as_sent.content == beep()
    assert (as_mp3.headers["content-type"], as_wav.headers["content-type"]) == ("audio/mpeg", "audio/x-wav")
    assert as_mp3.content == spoken
    with wave.open(io.BytesIO(as_wav.content)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        assert 0.9 < sound.getnframes() / 8000 < 1.2
    assert (none.status_code, unknown.status_code) == (404, 404)


async def test_who_says_nothing_leaves_no_recording(sdk: Any, line: Line, app: Application) -> None:
    app.says(
        "/voice", recorder(recording_status_callback="/sounds", recording_status_callback_event="absent")
    )
    call = await line.on_call((await line.call())["sid"], "wait")
    assert (kinds(call), call["recordings"], app.on("/recorded")) == (["beep", "say"], [], [])
    (report,) = await app.expect("/sounds")
    assert report.params["RecordingStatus"] == "absent"
    call = await line.on_call((await line.call())["sid"], "digits", digits="#")
    assert kinds(call) == ["beep", "pressed", "say"]
    assert sdk.recordings.list() == []


async def test_who_hangs_up_after_the_beep_is_recorded_nevertheless(line: Line, app: Application) -> None:
    app.says("/voice", recorder(play_beep=False))
    app.says("/recorded", "<Response><Say>to nobody</Say></Response>")
    call = await line.call()
    call = await line.on_call(call["sid"], "record", **WAV | {"seconds": 90}, digits="hangup")
    (told,) = await app.expect("/recorded")
    assert (told.params["Digits"], told.params["CallStatus"]) == ("hangup", "completed")
    assert told.params["RecordingDuration"] == "60"
    assert (call["status"], kinds(call)) == ("completed", ["recorded"])


async def test_who_hangs_up_is_gone(line: Line, app: Application) -> None:
    await line.settle(voice_status_url=f"{app.url}/over")
    app.says("/voice", menu())
    sid = (await line.call(to=ALSO_OURS))["sid"]
    assert (await line.on_call(sid, "hangup", seconds=61))["status"] == "completed"
    (told,) = await app.expect("/over")
    assert told.genuine
    assert (told.params["CallStatus"], told.params["To"]) == ("completed", ALSO_OURS)
    assert (told.params["CallDuration"], told.params["Duration"]) == ("61", "2")
    assert (told.params["SequenceNumber"], told.params["CallbackSource"]) == ("0", "call-progress-events")
    assert told.params["Timestamp"].endswith("+0000")
    for deed, how in (("digits", {"digits": "1"}), ("hangup", {}), ("wait", {}), ("record", WAV)):
        assert "completed" in await line.refused(sid, deed, **how)


async def test_a_call_can_be_sent_elsewhere(line: Line, app: Application) -> None:
    app.says(
        "/voice", '<Response><Redirect method="GET">/elsewhere?a=1</Redirect><Say>never</Say></Response>'
    )
    app.says("/elsewhere", "<Response><Pause/></Response>")
    call = await line.call()
    (told,) = app.on("/elsewhere")
    assert (told.method, told.genuine, told.params["a"]) == ("GET", True, "1")
    assert (told.params["CallStatus"], kinds(call)) == ("in-progress", ["pause"])


async def test_a_call_that_is_sent_in_circles_ends(line: Line, app: Application) -> None:
    app.says("/voice", "<Response><Redirect/></Response>")
    call = await line.call()
    assert (call["status"], [each["code"] for each in call["errors"]]) == ("completed", [14106])
    assert len(app.calls) == 50


@pytest.mark.parametrize(
    ("verb", "status"),
    [("<Reject/>", "no-answer"), ('<Reject reason="busy"/>', "busy"), ("<Hangup/>", "completed")],
)
async def test_a_call_can_be_refused(line: Line, app: Application, verb: str, status: str) -> None:
    app.says("/voice", f"<Response>{verb}</Response>")
    call = await line.call()
    assert (call["status"], call["heard"]) == (status, [])


async def test_a_call_that_nobody_wants_fails(line: Line) -> None:
    assert (await line.call())["status"] == "failed"


@pytest.mark.parametrize("signature", ["wrong", "none"])
async def test_a_forged_call_can_be_ordered(line: Line, app: Application, signature: str) -> None:
    app.says("/voice", menu())
    await line.call(signature=signature)
    assert not app.on("/voice")[0].genuine


async def test_the_same_call_is_made_once(line: Line, app: Application) -> None:
    app.says("/voice", menu())
    sid = "CA" + "0" * 32
    first = await line.call(sid=sid)
    assert await line.call(sid=sid) == first
    assert len(app.calls) == 1
    stranger = await line.control.post(f"/phones/{OTHER_PHONE}/calls", json={"sid": sid})
    wrong = await line.control.post(f"/phones/{PHONE}/calls", json={"to": OTHER_PHONE})
    assert (stranger.status_code, wrong.status_code) == (409, 422)
    assert (await line.control.get(f"/calls/CA{'1' * 32}")).status_code == 404


async def test_a_call_can_ask_twice(line: Line, app: Application) -> None:
    app.says("/voice", menu())
    await line.fault("voice_twice")
    call = await line.call()
    first, second = app.on("/voice")
    assert first.params == second.params
    assert first.headers["i-twilio-idempotency-token"] == second.headers["i-twilio-idempotency-token"]
    assert len(call["heard"]) == 3


async def test_the_second_address_is_asked_when_the_first_fails(line: Line, app: Application) -> None:
    await line.settle(voice_fallback_url=f"{app.url}/fallback")
    app.answers["/voice"] = Response("no", status_code=503)
    app.says("/fallback", "<Response><Say>请稍后再打。</Say></Response>")
    call = await line.call()
    (told,) = app.on("/fallback")
    assert told.genuine
    assert (told.params["ErrorCode"], told.params["ErrorUrl"]) == ("11200", f"{app.url}/voice")
    assert (call["heard"][0]["text"], [each["code"] for each in call["errors"]]) == (
        "请稍后再打。",
        [11200],
    )
    kept = (await line.records())["webhooks"]
    assert [(each["purpose"], each["call_sid"], each["errors"]) for each in kept] == [
        ("voice", call["sid"], [11200]),
        ("voice_fallback", call["sid"], []),
    ]


async def test_a_call_to_a_broken_application_says_so(line: Line, app: Application) -> None:
    await line.settle(voice_fallback_url=f"{app.url}/fallback", webhook_timeout=0.2)
    app.open.clear()
    call = await line.call()
    assert (call["status"], kinds(call)) == ("completed", ["error"])
    assert [each["code"] for each in call["errors"]] == [11205, 11205]


@pytest.mark.parametrize(
    ("fragment", "tries"),
    [
        ("", 1),
        ("#rc=2&rp=5xx", 3),
        ("#rp=5xx,rt", 2),
        ("#rc=2&rp=4xx", 1),
        ("#rc=1&rp=all", 2),
        ("#rc=0&rp=5xx", 1),
    ],
)
async def test_an_address_can_ask_for_persistence(
    line: Line, app: Application, fragment: str, tries: int
) -> None:
    await line.settle(voice_url=f"{app.url}/voice{fragment}", sms_url=f"{app.url}/inbound{fragment}")
    app.answers["/voice"] = app.answers["/inbound"] = Response("no", status_code=500)
    await line.call()
    await line.text()
    assert (len(app.on("/voice")), len(app.on("/inbound"))) == (tries, tries)
    assert {call.headers["i-twilio-idempotency-token"] for call in app.on("/voice")} == {
        app.on("/voice")[0].headers["i-twilio-idempotency-token"]
    }
    assert all(call.genuine for call in app.calls)
    assert [kept["tries"] for kept in (await line.records())["webhooks"]] == [tries, tries]


async def test_persistence_ends_in_time(line: Line, app: Application) -> None:
    await line.settle(voice_url=f"{app.url}/voice#rc=5&rp=rt&rt=200&tt=500")
    app.open.clear()
    call = await line.call()
    assert [each["code"] for each in call["errors"]] == [11205]
    assert len(app.on("/voice")) == 3


@pytest.mark.parametrize("fragment", ["rp=6xx", "rc=6", "rc=x", "rt=5", "tt=20000"])
async def test_persistence_that_there_is_not_is_named(line: Line, app: Application, fragment: str) -> None:
    await line.settle(voice_url=f"{app.url}/voice#{fragment}")
    assert [each["code"] for each in (await line.call())["errors"]] == [11243]
    assert app.calls == []


async def test_a_withheld_number_is_told_as_anonymous(line: Line, app: Application) -> None:
    app.says("/voice", menu())
    call = await line.call(withheld=True)
    (asked,) = app.on("/voice")
    assert (asked.params["From"], asked.params["Caller"]) == ("+266696687", "+266696687")
    assert call["phone"] == PHONE
