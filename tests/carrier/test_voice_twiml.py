"""The carrier checks the TwiML that a call is answered with, and says what is wrong as Twilio would."""

from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from fastapi import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.twiml.voice_response import Dial, Gather, Number, Say, VoiceResponse

from demo.carrier.voice.twiml import VoiceTwimlError, read
from tests.carrier.line import OTHER_PHONE, Application, Line


def everything() -> str:
    """All that the SDK can say and the carrier can do."""
    response = VoiceResponse()
    say = Say("", language="cmn-CN", voice="Polly.Zhiyu-Neural", loop=2)
    say.append("您好")
    say.break_(strength="weak", time="200ms")
    say.prosody("请听", rate="slow")
    response.append(say)
    response.play("/sound", loop=1)
    response.play(digits="12w#")
    response.pause(length=3)
    gather = Gather(
        input="dtmf",
        action="/chosen",
        method="POST",
        timeout=8,
        num_digits=1,
        finish_on_key="",
        action_on_empty_result=False,
        barge_in=True,
    )
    gather.say("按1留言", language="zh-CN", voice="alice")
    response.append(gather)
    response.record(
        action="/recorded",
        method="POST",
        timeout=5,
        finish_on_key="#*",
        max_length=120,
        play_beep=True,
        trim="trim-silence",
        recording_status_callback="/sounds",
        recording_status_callback_method="POST",
        recording_status_callback_event="in-progress completed absent",
        transcribe=False,
    )
    dial = Dial(action="/dialled", timeout=20, answer_on_bridge=True, ring_tone="cn", time_limit=600)
    dial.append(
        Number(OTHER_PHONE, url="/whisper", status_callback="/legs", status_callback_event="ringing answered")
    )
    response.append(dial)
    response.redirect("/voice", method="GET")
    response.hangup()
    response.reject(reason="busy")
    return str(response)


def test_what_the_sdk_writes_is_found_right() -> None:
    script = read("text/xml; charset=utf-8", everything())
    assert script.problems == []
    assert [type(verb).__name__ for verb in script.verbs] == [
        "Say", "Play", "Play", "Pause", "Gather", "Record", "Dial", "Redirect", "Hangup", "Reject",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "code", "sentence"),
    [
        ("<Sing>la</Sing>", 12200, "<Sing> may not stand in <Response>"),
        ("<say>small</say>", 12200, "<say>"),
        ("loose words", 12200, "Text may not stand in <Response>"),
        ("<Number>1</Number>", 12200, "<Number>"),
        ('<Say lang="zh-CN">您好</Say>', 12200, "'lang'"),
        ('<Say language="klingon">nuqneH</Say>', 12200, "language='klingon'"),
        ('<Say voice="grandmother">您好</Say>', 13511, "voice"),
        ('<Say loop="often">您好</Say>', 13510, "loop"),
        ("<Say>您好<Pause/></Say>", 12200, "<Pause> may not stand in <Say>"),
        ("<Say> </Say>", 13520, "no text"),
        (f"<Say>{'好' * 4097}</Say>", 13521, "4097"),
        ("<Play/>", 11100, "no address"),
        ('<Play loop="x">/sound</Play>', 13410, "loop"),
        ('<Play digits="x">/sound</Play>', 13430, "digits"),
        ("<Play>/sound<Say>no</Say></Play>", 12200, "<Say> may not stand in <Play>"),
        ('<Pause length="0"/>', 13910, "length"),
        ('<Gather input="thoughts"/>', 13326, "input"),
        ('<Gather method="PUT"/>', 13312, "method"),
        ('<Gather timeout="-1"/>', 13313, "timeout"),
        ('<Gather finishOnKey="12"/>', 13310, "finishOnKey"),
        ('<Gather numDigits="0"/>', 13314, "numDigits"),
        ('<Gather actionOnEmptyResult="1"/>', 13338, "actionOnEmptyResult"),
        ('<Gather action="mailto:a@b"/>', 11100, "action"),
        ("<Gather><Record/></Gather>", 13320, "<Record> may not stand in <Gather>"),
        ("<Gather>press</Gather>", 12200, "Text may not stand in <Gather>"),
        ('<Record method="x"/>', 13610, "method"),
        ('<Record timeout="x"/>', 13611, "timeout"),
        ('<Record maxLength="0"/>', 13612, "maxLength"),
        ('<Record finishOnKey="x"/>', 13613, "finishOnKey"),
        ('<Record playBeep="yes"/>', 13616, "playBeep"),
        ('<Record trim="x"/>', 13699, "trim"),
        ('<Record recordingStatusCallbackEvent="x"/>', 13621, "recordingStatusCallbackEvent"),
        ('<Record recordingStatusCallback="ftp://x/"/>', 13256, "recordingStatusCallback"),
        ("<Record><Say>after the beep</Say></Record>", 12200, "<Say> may not stand in <Record>"),
        (f'<Dial method="x">{OTHER_PHONE}</Dial>', 13210, "method"),
        (f'<Dial timeout="x">{OTHER_PHONE}</Dial>', 13212, "timeout"),
        (f'<Dial timeLimit="x">{OTHER_PHONE}</Dial>', 13216, "timeLimit"),
        (f'<Dial record="maybe">{OTHER_PHONE}</Dial>', 13217, "record"),
        (f"<Dial>{OTHER_PHONE}<Say>wait</Say></Dial>", 13215, "<Say> may not stand in <Dial>"),
        (f"<Dial>{f'<Number>{OTHER_PHONE}</Number>' * 11}</Dial>", 13215, "11 numbers"),
        (f'<Dial><Number sendDigits="x">{OTHER_PHONE}</Number></Dial>', 13222, "sendDigits"),
        (f'<Dial><Number statusCallbackEvent="x">{OTHER_PHONE}</Number></Dial>', 12200, "Event"),
        ('<Redirect method="x">/voice</Redirect>', 13710, "method"),
        ('<Reject reason="tired"/>', 13810, "reason"),
        ("<Hangup>now</Hangup>", 12200, "Text may not stand in <Hangup>"),
    ],
)
def test_what_is_wrong_is_named(verb: str, code: int, sentence: str) -> None:
    ((found, detail),) = read("text/xml", f"<Response>{verb}</Response>").problems
    assert found == code
    assert sentence in detail


@pytest.mark.parametrize(
    ("content_type", "text", "code"),
    [
        ("application/json", "{}", 12300),
        ("", "<Response/>", 12300),
        ("text/xml", "", 11770),
        ("text/xml", "<Response>", 12100),
        ("text/xml", "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'b'>]><Response/>", 12100),
        ("text/xml", "<Reply/>", 12102),
        ("text/xml", f"<Response><!--{'x' * 65536}--></Response>", 11750),
    ],
)
async def test_an_answer_that_is_none_ends_the_call(
    line: Line, app: Application, content_type: str, text: str, code: int
) -> None:
    app.answers["/voice"] = Response(text, headers={"content-type": content_type})
    call = await line.call()
    assert (call["status"], call["heard"][-1]["kind"]) == ("completed", "error")
    assert [(each["code"], each["url"]) for each in call["errors"]] == [(code, f"{app.url}/voice")]
    assert (await line.records())["webhooks"][0]["errors"] == [code]


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        ("<Enqueue>support</Enqueue>", "<Enqueue>"),
        ("<Dial><Conference>room</Conference></Dial>", "<Conference>"),
        (f'<Dial record="true">{OTHER_PHONE}</Dial>', "<Dial record>"),
        ('<Gather input="speech"/>', "speech"),
        ('<Record transcribe="true"/>', "transcribe"),
    ],
)
async def test_what_is_not_imitated_is_said_aloud(line: Line, app: Application, verb: str, name: str) -> None:
    app.says("/voice", f"<Response>{verb}<Say>never</Say></Response>")
    call = await line.call()
    assert call["status"] == "completed"
    assert {each["code"] for each in call["errors"]} == {501}
    assert name in call["errors"][0]["detail"]


async def test_a_wrong_attribute_counts_as_not_given(line: Line, app: Application) -> None:
    app.says(
        "/voice", '<Response><Sing/><Gather numDigits="one" timeout="soon"><Say>1</Say></Gather></Response>'
    )
    call = await line.call()
    assert (call["waits_for"]["num_digits"], call["waits_for"]["timeout"]) == (None, 5)
    assert [each["code"] for each in call["errors"]] == [12200, 13314, 13313]
    (webhook,) = (await line.records())["webhooks"]
    assert webhook["errors"] == [12200, 13314, 13313]
    assert webhook["answer"].startswith("<Response>")


@pytest.mark.parametrize(
    ("content_type", "body", "heard"),
    [
        ("text/plain", "您好", {"kind": "say", "text": "您好", "loop": 1}),
        ("audio/mpeg", "ID3", {"kind": "play", "content_type": "audio/mpeg", "loop": 1}),
        ("text/html", "<Response><Say>您好</Say></Response>", {"kind": "say", "text": "您好", "loop": 1}),
    ],
)
async def test_words_and_other_types_are_understood(
    line: Line, app: Application, content_type: str, body: str, heard: dict[str, Any]
) -> None:
    app.answers["/voice"] = Response(body, media_type=content_type)
    if heard["kind"] == "play":
        heard = heard | {"url": f"{app.url}/voice"}
    assert (await line.call())["heard"] == [heard]


@pytest.mark.parametrize(
    ("verb", "codes"),
    [
        ("<Play>/picture</Play>", [13420]),
        ("<Gather><Play>/picture</Play></Gather>", [13325]),
        ("<Play>/nothing</Play>", [13420]),
        ("<Play>http://127.0.0.1:9/none</Play>", [11200]),
        ("<Play>http://example.com/sound.mp3</Play>", [11200]),
    ],
)
async def test_what_is_played_must_be_a_sound(
    line: Line, app: Application, verb: str, codes: list[int]
) -> None:
    app.answers["/nothing"] = Response("?", media_type="text/plain")
    app.says("/voice", f"<Response>{verb}<Say>weiter</Say></Response>")
    call = await line.call()
    assert [each["code"] for each in call["errors"]] == codes
    assert call["heard"][0]["kind"] == "play"


NAMES = ["Say", "Play", "Gather", "Record", "Dial", "Number", "Pause", "Redirect", "x"]
ATTRIBUTES = ["action", "timeout", "numDigits", "loop", "url", "x"]


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Any verb with anything in it."""
    values = st.text(max_size=5) | st.sampled_from(["http://[", "//[x", "0", "9" * 9, "/a b"])
    return st.builds(
        lambda name, given, children: (
            f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in given.items())}>"
            f"{''.join(children)}</{name}>"
        ),
        st.sampled_from(NAMES),
        st.dictionaries(st.sampled_from(ATTRIBUTES), values, max_size=3),
        st.lists(inner, max_size=3),
    )


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(st.text(max_size=8), element, max_leaves=8))
def test_no_answer_brings_the_reader_down(inside: str) -> None:
    codes: set[int]
    try:
        codes = {code for code, _ in read("text/xml", f"<Response>{inside}</Response>").problems}
    except VoiceTwimlError as error:
        codes = {error.code}
    assert codes <= {501, 11100, *range(11750, 11771), *range(12100, 12301), *range(13200, 13911)}


@pytest.mark.parametrize("verb", ["<Redirect>http://[</Redirect>", "<Play>//[x</Play>"])
async def test_an_address_that_is_none_brings_no_call_down(line: Line, app: Application, verb: str) -> None:
    app.says("/voice", f"<Response>{verb}</Response>")
    call = await line.call()
    assert (call["status"], [each["code"] for each in call["errors"]]) == ("completed", [11100])
