"""Whatever the carrier calls with: no crash, and nothing that was acknowledged is lost."""

from itertools import count
from urllib.parse import urlencode

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz.service import ACCOUNT, OUR_NUMBER, Service

_ids = count(1)

_PHONE = "+8613800138000"

#: What the carrier's parameters are called, for texts, receipts and calls.
_NAMES = [
    *("MessageSid", "SmsSid", "AccountSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MediaUrl1"),
    *(
        "MediaContentType0",
        "OptOutType",
        "Latitude",
        "Longitude",
        "Label",
        "Address",
        "MessageStatus",
        "ErrorCode",
        "ProfileName",
        "WaId",
        "ButtonText",
    ),
    *("CallSid", "CallStatus", "Digits", "RecordingUrl", "RecordingSid", "RecordingDuration"),
    *("RecordingStatus", "DialCallStatus", "Direction", "AnsweredBy", "SpeechResult", "Timestamp"),
]

_VALUES = st.one_of(
    st.text(max_size=50),
    st.text(min_size=200, max_size=2000),
    st.sampled_from(
        [
            *("", " ", "\0", "0", "1", "-1", "11", "²", "9" * 20, "9" * 5000, "30003", "21610"),
            *(
                "STOP",
                "START",
                "HELP",
                "stop",
                "delivered",
                "undelivered",
                "failed",
                "completed",
                "no-answer",
            ),
            *(_PHONE, "10086", "BANK", "whatsapp:+8613800138000", "anonymous", "+", "client:x"),
            *("https://api.twilio.com/x", "http://127.0.0.1/x", "https://[", "file:///etc/passwd"),
            *(
                "image/jpeg",
                "text/html",
                "audio/amr",
                "新",
                "1",
                "没好",
                "救命",
                "{number}",
                "%s",
                "<Say>x</Say>",
            ),
        ]
    ),
)


@st.composite
def forms(draw: st.DrawFn) -> dict[str, str]:
    """A form as the carrier sends it, with some of it missing, strange or too much."""
    sid = f"{next(_ids):032x}"
    form = {
        "MessageSid": f"SM{sid}",
        "CallSid": f"CA{sid}",
        "AccountSid": ACCOUNT,
        "From": _PHONE,
        "To": OUR_NUMBER,
        "Body": draw(_VALUES),
        "NumMedia": "0",
        "MessageStatus": "delivered",
        "CallStatus": "in-progress",
    }
    form |= draw(
        st.dictionaries(st.one_of(st.sampled_from(_NAMES), st.text(max_size=20)), _VALUES, max_size=5)
    )
    for name in draw(st.lists(st.sampled_from(_NAMES), max_size=2)):
        form.pop(name, None)
    return form


@settings(max_examples=200, deadline=None)
@given(forms(), st.data())
def test_no_form_breaks_a_webhook_and_none_that_was_taken_is_lost(
    service: Service, form: dict[str, str], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(service.webhooks()))
    before = service.kept()
    if data.draw(st.booleans()):
        path += "?" + urlencode({"key": data.draw(_VALUES)})
    answer = service.call(path, form)
    assert answer.status_code < 500, (path, form, answer.text)
    if not answer.is_success:
        assert service.kept() == before
        return
    bridge, _, what = path.partition("?")[0].removeprefix("/").partition("/")
    if what == "inbound":
        row = service.stored(bridge, form["MessageSid"].replace("\0", "").strip())
        assert row is not None
        is_replay = service.kept() == before
        # A place that was pinned on a map stands below the words.
        assert is_replay or row.body["text"].startswith(form.get("Body", "").replace("\0", ""))
    service.work()


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=500), st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=40))
@example(b"\xff=\xfe", "x")
@example(b"a=1&" * 600, "x")
@example(b"x" * 70_000, "x")
def test_no_bytes_without_the_carriers_signature_get_in(
    service: Service, body: bytes, signature: str
) -> None:
    before = service.kept()
    for path in service.webhooks():
        assert service.send(path, body, signature).status_code in (400, 403, 413)
    assert service.kept() == before
