"""What the carrier asks during calls: understood, kept, answered in TwiML, and never believed unsigned."""

import logging
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridges.calls import Connect, Gather, Hangup, Happened, Record, Say
from bridges.contract import Inbound, Kind, Media
from bridges.sms.twiml import document
from demo.carrier.voice import twiml
from issues.telephone.places import Place, Spot, read
from tests.sms.wire import OUR_NUMBER, PHONE, PUBLIC_URL, Store
from tests.voice.wire import (
    CALL_SID,
    RECORDING_SID,
    SOUND,
    TELEPHONE,
    Line,
    Script,
    call_params,
    query_of,
    ready_params,
    recorded_params,
    verbs,
)

TURN, RECORDING, STATUS = "/voice/call", "/voice/recording", "/voice/status"


async def test_a_call_is_kept_and_greeted(wire: Line, store: Store, script: Script) -> None:
    script.steps = [Say("您好", "zh-Hans"), Hangup()]
    answer = await wire.post(TURN, call_params())
    said, end = verbs(answer)
    assert said == twiml.Say("您好", voice="Polly.Zhiyu-Neural", language="cmn-CN")
    assert isinstance(end, twiml.Hangup)
    assert (script.only.person, script.only.bridge, script.only.happened) == (PHONE, "sms", Happened.BEGAN)
    assert (store.only.kind, store.only.external_id, store.only.sender) == (Kind.CALL, CALL_SID, PHONE)


async def test_every_step_is_said_as_the_carrier_wants_it(wire: Line, script: Script) -> None:
    script.steps = [
        Gather([Say("Press 1.", "en"), Say("请按1。", "zh-Hans")], "menu"),
        Gather([], "code", digits=0),
        Record(120, "message"),
        Connect("+8613900000009", 25, "talk", "ask"),
        Hangup(),
    ]
    one, many, record, dial, end = verbs(await wire.post(TURN, call_params()))
    assert isinstance(one, twiml.Gather)
    assert [getattr(prompt, "language", None) for prompt in one.prompts] == ["en-US", "cmn-CN"]
    assert (one.num_digits, one.finish_on_key, query_of(one.action)) == (1, "", {"place": "menu"})
    assert isinstance(many, twiml.Gather)
    assert (many.num_digits, many.finish_on_key) == (None, "#")
    assert isinstance(record, twiml.Record)
    assert (record.max_length, record.beeps, record.finish_on_key) == (120, True, "1234567890*#")
    assert query_of(record.action) == {"place": "message"}
    assert str(record.callback).startswith(f"{PUBLIC_URL}{RECORDING}")
    assert isinstance(dial, twiml.Dial)
    assert (dial.caller_id, dial.timeout, query_of(dial.action)) == (OUR_NUMBER, 25, {"place": "talk"})
    assert [(each.number, query_of(each.url)) for each in dial.numbers] == [
        ("+8613900000009", {"place": "ask"})
    ]
    assert isinstance(end, twiml.Hangup)


async def test_keys_come_with_the_place_where_they_were_pressed(wire: Line, script: Script) -> None:
    await wire.post(f"{TURN}?place=menu.zh-Hans.0", call_params(Digits="*"))
    turn = script.only
    assert (turn.happened, turn.digits, turn.place) == (Happened.PRESSED, "*", "menu.zh-Hans.0")


async def test_a_message_is_kept_before_anything_else(wire: Line, store: Store, script: Script) -> None:
    await wire.post(f"{TURN}?place=message.zh-Hans.0", recorded_params())
    assert script.only.happened is Happened.RECORDED
    assert store.only == Inbound(
        bridge="sms",
        external_id=RECORDING_SID,
        sender=PHONE,
        media=[Media(SOUND, "audio/x-wav", seconds=23)],
        detail={"call": CALL_SID},
    )


async def test_the_sound_is_fetched_from_the_carrier_whatever_a_parameter_names(
    wire: Line, store: Store
) -> None:
    await wire.post(TURN, recorded_params() | {"RecordingUrl": "https://169.254.169.254/latest/meta-data"})
    await wire.post(TURN, recorded_params() | {"RecordingSid": "../../Messages"})
    assert [medium.url for medium in store.only.media] == [SOUND]


async def test_a_recording_that_is_ready_is_known_by_its_call(wire: Line, store: Store) -> None:
    answer = await wire.post(RECORDING, ready_params())
    assert answer.status_code == 204
    assert (store.only.external_id, store.only.sender) == (RECORDING_SID, "")
    assert store.only.detail == {"call": CALL_SID}
    await wire.post(RECORDING, ready_params(RecordingSid="RE" + "e" * 32, RecordingStatus="absent"))
    assert store.offered == 1, "what was never said is nothing"


async def test_who_calls_from_a_telephone_takes_no_texts(wire: Line, store: Store, script: Script) -> None:
    await wire.post(TURN, call_params(From=TELEPHONE))
    assert script.only.fixed_line
    assert store.only.detail == {"call": CALL_SID, "fixed_line": True}


@pytest.mark.parametrize(
    "number",
    ["+266696687", "+7378742833", "+2562533", "+86282452253", "+8656696", "anonymous", "Restricted", ""],
)
async def test_a_withheld_number_is_nobodys(wire: Line, store: Store, script: Script, number: str) -> None:
    await wire.post(TURN, call_params(From=number))
    assert (script.only.withheld, script.only.person) == (True, f"withheld:{CALL_SID}")
    await wire.post(TURN, recorded_params() | {"From": number})
    message = store.events[1]
    assert message.sender == f"withheld:{CALL_SID}"
    assert message.detail == {"call": CALL_SID, "withheld": True}


async def test_on_calls_of_ours_the_person_is_who_was_called(wire: Line, script: Script) -> None:
    outwards = {"From": OUR_NUMBER, "To": PHONE}
    await wire.post(f"{TURN}?key=i1.2.0", call_params(Direction="outbound-api", **outwards))
    await wire.post(f"{TURN}?place=ask.en.0", call_params(Direction="outbound-dial", **outwards))
    assert [(turn.person, turn.key, turn.place) for turn in script.heard] == [
        (PHONE, "i1.2.0", ""),
        (PHONE, "", "ask.en.0"),
    ]


async def test_the_key_goes_along_from_turn_to_turn(wire: Line, script: Script) -> None:
    script.steps = [Gather([], "words")]
    answer = await wire.post(f"{TURN}?key=i1.2.0", call_params(Direction="outbound-api"))
    (gather,) = verbs(answer)
    assert isinstance(gather, twiml.Gather)
    assert query_of(gather.action) == {"key": "i1.2.0", "place": "words"}


@pytest.mark.parametrize(
    ("params", "happened"),
    [
        ({"DialCallStatus": "completed", "DialBridged": "true"}, Happened.TALKED),
        ({"DialCallStatus": "completed", "DialBridged": "false"}, Happened.NOT_CONNECTED),
        ({"DialCallStatus": "no-answer", "DialBridged": "false"}, Happened.NOT_CONNECTED),
        ({"DialCallStatus": "busy"}, Happened.NOT_CONNECTED),
    ],
)
async def test_a_talk_is_one_only_if_both_were_on_the_line(
    wire: Line, script: Script, params: dict[str, str], happened: Happened
) -> None:
    await wire.post(f"{TURN}?place=talk.en.0", call_params(**params))
    assert script.only.happened is happened


async def test_what_the_switchboard_keeps_is_stored_before_the_answer(
    wire: Line, store: Store, script: Script
) -> None:
    script.keep = [Inbound("sms", f"{CALL_SID}:code", PHONE, text="12345674")]
    store.away = True
    answer = await wire.post(f"{TURN}?place=code.en.0", call_params(Digits="12345674"))
    assert answer.status_code == 503
    store.away = False
    for _ in range(3):
        await wire.post(f"{TURN}?place=code.en.0", call_params(Digits="12345674"))
    assert store.only.text == "12345674"


@pytest.mark.parametrize("path", [f"{TURN}?place=message.en.0", RECORDING])
async def test_a_message_that_cannot_be_stored_is_not_acknowledged(
    wire: Line, store: Store, script: Script, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    params = ready_params() if path == RECORDING else recorded_params()
    store.away = True
    assert (await wire.post(path, params)).status_code == 503
    assert script.heard == []
    assert PHONE[1:] not in caplog.text
    store.away = False
    await wire.post(path, params)
    assert store.only.external_id == RECORDING_SID


async def test_a_call_is_answered_even_if_it_cannot_be_noted(
    wire: Line, store: Store, script: Script
) -> None:
    store.away = True
    script.steps = [Say("Sorry.", "en"), Hangup()]
    assert len(verbs(await wire.post(TURN, call_params()))) == 2


@pytest.mark.parametrize("status", ["in-progress", "completed", "no-answer", "busy", "failed", "canceled"])
async def test_the_fate_of_a_call_is_told_once(wire: Line, store: Store, status: str) -> None:
    params = call_params(CallStatus=status, Direction="outbound-api", From=OUR_NUMBER, To=PHONE)
    for _ in range(3):
        assert (await wire.post(f"{STATUS}?key=i1.2.0", params)).status_code == 204
    receipt = store.only
    assert (receipt.bridge, receipt.kind, receipt.target) == ("voice", Kind.RECEIPT, CALL_SID)
    assert receipt.external_id == f"{CALL_SID}:{status}"
    assert receipt.detail == {"status": status, "code": None, "key": "i1.2.0"}


@pytest.mark.parametrize("path", [TURN, f"{TURN}?place=message.en.0", RECORDING, STATUS])
async def test_a_wrong_signature_is_turned_away(
    wire: Line, store: Store, script: Script, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for how in ({"token": "another"}, {"signature": ""}, {"signed_url": "https://elsewhere.example"}):
        answer = await wire.post(path, recorded_params(), **how)  # type: ignore[arg-type]
        assert (answer.status_code, answer.text) == (403, "The signature does not fit.\n")
    forged = await wire.post(
        path, recorded_params() | {"RecordingSid": "RE" + "f" * 32}, signed=recorded_params()
    )
    assert forged.status_code == 403
    other = await wire.post(path, recorded_params(AccountSid="AC" + "9" * 32))
    assert other.status_code == 403
    assert (store.offered, script.heard) == (0, [])
    assert PHONE[1:] not in caplog.text


async def test_a_place_is_signed_too(wire: Line, script: Script) -> None:
    params = call_params(Digits="1")
    answer = await wire.post(f"{TURN}?place=menu.en.0", params, signed_url=f"{PUBLIC_URL}")
    assert answer.status_code == 200
    forged = await wire.http.post(
        f"{TURN}?place=words.en.1&key=i1.2.0",
        data=params,
        headers={"X-Twilio-Signature": str(answer.request.headers["X-Twilio-Signature"])},
    )
    assert forged.status_code == 403
    assert len(script.heard) == 1


@pytest.mark.parametrize(
    ("path", "name"), [(TURN, "CallSid"), (RECORDING, "CallSid"), (STATUS, "CallStatus")]
)
async def test_without_its_id_it_is_no_call(wire: Line, store: Store, path: str, name: str) -> None:
    answer = await wire.post(path, {key: value for key, value in call_params().items() if key != name})
    assert (answer.status_code, answer.text) == (400, f"{name} is missing.\n")
    assert store.events == []


@pytest.mark.parametrize("path", [TURN, RECORDING, STATUS])
async def test_only_posts_are_taken(wire: Line, path: str) -> None:
    assert (await wire.http.get(path)).status_code == 405


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=5000))
@example("\x85")
def test_whatever_leaders_write_can_be_said(words: str) -> None:
    made = document(
        [Gather([Say(words, "zh-Hans")], "words")], number=OUR_NUMBER, address=str, recording_url="/r"
    )
    ElementTree.fromstring(made)
    script = twiml.read("text/xml", made.decode())
    assert script.problems == []
    (gather,) = script.verbs
    assert isinstance(gather, twiml.Gather)


def test_words_stay_words() -> None:
    words = "</Say><Dial>+8613900000009</Dial> & <Hangup/>"
    made = document([Say(words, "en")], number=OUR_NUMBER, address=str, recording_url="/r")
    (said,) = twiml.read("text/xml", made.decode()).verbs
    assert isinstance(said, twiml.Say)
    assert said.text == "</Say><Dial>+8 6 1 3 9 0 0 0 0 0 0 0 9</Dial> & <Hangup/>"


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("zh-Hans", "cmn-CN"), ("zh-Hant", "cmn-TW"), ("en", "en-US"), ("id", "id-ID"), ("rw", "en-US")],
)
def test_each_language_has_a_voice(language: str, spoken: str) -> None:
    made = document([Say("1024", language)], number=OUR_NUMBER, address=str, recording_url="/r")
    script = twiml.read("text/xml", made.decode())
    assert script.problems == []
    (said,) = script.verbs
    assert isinstance(said, twiml.Say)
    assert (said.language, said.text) == (spoken, "1 0 2 4")


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["From", "To", "Direction", "Digits", "RecordingSid", "RecordingDuration", "DialCallStatus"]
        ),
        st.text(max_size=60) | st.from_regex(r"[0-9]{1,6000}", fullmatch=True),
    ),
    st.text(max_size=40),
    st.text(max_size=40),
)
async def test_whatever_a_call_brings_is_answered(params: dict[str, str], place: str, key: str) -> None:
    line = Line(Store(), Script())
    path = f"{TURN}?{urlencode({'place': place, 'key': key})}"
    answer = await line.post(path, call_params() | params)
    await line.http.aclose()
    assert answer.status_code == 200


@given(st.text(max_size=60))
def test_a_place_is_ours_or_none(word: str) -> None:
    place = read(word)
    assert place is None or read(str(place)) == place


@given(st.sampled_from(Spot), st.sampled_from(["zh-Hans", "en"]), st.integers(0, 10**17))
def test_a_place_comes_back_as_it_went(spot: Spot, language: str, count: int) -> None:
    assert read(str(Place(spot, language, count))) == Place(spot, language, count)
