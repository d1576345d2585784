"""A resident's text arrives as it was written, once, and nothing of it is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridges.contract import Kind, Media
from tests.sms.wire import PHONE, Caller, Store, text_params

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def test_a_text_is_taken_and_answered_with_silence(caller: Caller, store: Store) -> None:
    answer = await caller.post("/sms/inbound", text_params("路灯坏了"))
    assert (answer.status_code, answer.text) == (200, EMPTY_TWIML)
    assert answer.headers["content-type"].startswith("text/xml")
    event = store.only
    assert (event.bridge, event.kind, event.external_id) == ("sms", Kind.TEXT, "SM" + "a" * 32)
    assert (event.sender, event.text) == (PHONE, "路灯坏了")
    assert (event.media, event.detail) == ([], {})


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "字" * 1600,
        "👵🏽👨‍👩‍👧‍👦 🇨🇳",  # joined by ZWJ, with skin colour and flags
        "\u202eمرحبا\u202c שלום",
        "a\r\nb\tc\x07\x1b[31m\x7f",
        "<Response>&amp;</Response>' OR 1=1 --",
        "a+b=c&d%20e;f",
    ],
)
async def test_words_arrive_as_they_were_sent(caller: Caller, store: Store, body: str) -> None:
    answer = await caller.post("/sms/inbound", text_params(body))
    assert answer.status_code == 200
    assert store.only.text == body


async def test_nul_is_left_out_because_no_database_keeps_it(caller: Caller, store: Store) -> None:
    await caller.post("/sms/inbound", text_params("路\0灯"))
    assert store.only.text == "路灯"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=1600))
async def test_whatever_people_write_is_taken(body: str) -> None:
    store = Store()
    caller = Caller(store)
    answer = await caller.post("/sms/inbound", text_params(body))
    await caller.http.aclose()
    assert answer.status_code == 200
    assert store.only.text == body.replace("\0", "")


async def test_a_replay_is_answered_like_the_first(caller: Caller, store: Store) -> None:
    answers = [await caller.post("/sms/inbound", text_params()) for _ in range(5)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, EMPTY_TWIML)}
    assert (len(store.events), store.offered) == (1, 5)


async def test_what_could_not_be_stored_is_not_acknowledged(
    caller: Caller, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.away = True
    answer = await caller.post("/sms/inbound", text_params())
    assert (answer.status_code, answer.text) == (503, "It could not be stored.\n")
    assert "OSError" in caplog.text
    assert PHONE not in caplog.text
    store.away = False
    assert (await caller.post("/sms/inbound", text_params())).status_code == 200
    assert store.only.text == "路灯坏了"


@pytest.mark.parametrize("name", ["MessageSid", "From"])
async def test_without_its_id_or_its_sender_it_is_no_text(caller: Caller, store: Store, name: str) -> None:
    for params in (text_params(**{name: ""}), {k: v for k, v in text_params().items() if k != name}):
        answer = await caller.post("/sms/inbound", params)
        assert (answer.status_code, answer.text) == (400, f"{name} is missing.\n")
    assert store.offered == 0


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        ("+8613800000001", "+8613800000001"),
        ("+86 138 0000 0001", "+8613800000001"),
        ("13800000001", "+8613800000001"),
        ("+12025550123", "+12025550123"),
        ("10086", "10086"),
        ("BANK12345", "BANK12345"),
        ("whatsapp:+8613800000001", "whatsapp:+8613800000001"),
        ("+99912", "+99912"),
    ],
)
async def test_senders_have_one_form_and_strange_ones_are_kept(
    caller: Caller, store: Store, raw: str, sender: str
) -> None:
    assert (await caller.post("/sms/inbound", text_params(From=raw))).status_code == 200
    assert store.only.sender == sender


@pytest.mark.parametrize("word", ["STOP", "START", "HELP"])
async def test_a_word_that_the_carrier_acts_on_says_so(caller: Caller, store: Store, word: str) -> None:
    await caller.post("/sms/inbound", text_params(word.lower(), OptOutType=word))
    event = store.only
    assert (event.kind, event.text, event.detail) == (Kind.TEXT, word.lower(), {"opt_out": word})


async def test_pictures_come_with_their_types(caller: Caller, store: Store) -> None:
    media = {
        "NumMedia": "2",
        "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
        "MediaContentType0": "image/jpeg",
        "MediaUrl1": "https://media.example/film",
    }
    await caller.post("/sms/inbound", text_params("", **media))
    assert store.only.media == [
        Media(media["MediaUrl0"], "image/jpeg"),
        Media(media["MediaUrl1"], "application/octet-stream"),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://media.example/x",
        "file:///etc/passwd",
        "http://api.twilio.com/x",
        "https://[",
        "https:///x",
        "",
    ],
)
async def test_a_picture_elsewhere_is_left_out_and_the_words_stay(
    caller: Caller, store: Store, url: str
) -> None:
    params = text_params("看", NumMedia="1", MediaUrl0=url, MediaContentType0="image/png")
    assert (await caller.post("/sms/inbound", params)).status_code == 200
    assert (store.only.text, store.only.media) == ("看", [])


@pytest.mark.parametrize("count", ["", "-1", "many", "²", "9" * 30])
async def test_a_strange_count_of_pictures_breaks_nothing(caller: Caller, store: Store, count: str) -> None:
    answer = await caller.post("/sms/inbound", text_params("看", NumMedia=count))
    assert answer.status_code == 200
    assert (store.only.text, store.only.media) == ("看", [])
