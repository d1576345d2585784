"""The grammar of voice TwiML: which verbs there are, what they may carry, what may stand in them.

A table, after the pages of Twilio's 'TwiML for Programmable Voice' and its 'Error and Warning
Dictionary': each attribute has a test of its value and the code that a wrong one is reported with.
It must never do what a verb says.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SCHEMA_WARNING = 12200
"""'Schema validation warning': for everything that has no code of its own."""

Test = Callable[[str], bool]

_LANGUAGE = re.compile(
    "ar-(AE|XA)|arb|af-ZA|bg-BG|bn-IN|ca-ES|cmn-(CN|TW)|cs-CZ|cy-GB|da-DK|de-(AT|DE)|el-GR"
    "|en-(AU|CA|GB|GB-WLS|IE|IN|NZ|US|ZA)|es-(ES|MX|US)|eu-ES|fi-FI|fil-PH|fr-(BE|CA|CH|FR)|gl-ES|gu-IN|he-IL"
    "|hi-IN|hu-HU|id-ID|is-IS|it-IT|ja-JP|kn-IN|ko-KR|lt-LT|lv-LV|ml-IN|mr-IN|ms-MY|nb-NO|nl-(BE|NL)|pa-IN"
    "|pl-PL|pt-(BR|PT)|ro-RO|ru-RU|sk-SK|sr-RS|sv-SE|ta-IN|te-IN|th-TH|tr-TR|uk-UA|vi-VN|yue-(CN|HK)"
    "|zh-(CN|HK|TW)"
)
"""Languages of <Say>. 'TwiML Voice: Say', text-to-speech languages and voices."""

_VOICE = re.compile(
    r"man|woman|alice|Polly\.[A-Z][A-Za-z]+(-Neural|-Generative|-Long-Form)?"
    r"|Google\.[a-z]{2,3}-[A-Z]{2}-(Standard|Wavenet|Neural2|Chirp3-HD)-[A-Za-z]+"
)


def _matches(pattern: str) -> Test:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def is_reference(value: str) -> bool:
    """Whether it is an address, or a part of one that is read relative to the document's."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https", "") and bool(parts.hostname)
    return bool(value.strip()) and not re.search(r"\s", value.strip())


_flag = _matches("true|false")
_method = _matches("GET|POST|get|post")
_positive = _matches("[1-9][0-9]{0,5}")
_count = _matches("[0-9]{1,6}")
_key = _matches("[0-9#*]?")
_keys = _matches("[0-9#*]*")
_events = _matches("(initiated|ringing|answered|completed)( +(initiated|ringing|answered|completed))*")
_recording_events = _matches("(in-progress|completed|absent)( +(in-progress|completed|absent))*")


def _anything(_: str) -> bool:
    return True


@dataclass(frozen=True)
class Element:
    """One verb or noun.

    Attributes:
        attributes: The test of each attribute's value, and the code of a wrong one.
        children: What may stand in it.
        misplaced: The code of what may not.
        has_text: Whether text may stand in it.
    """

    attributes: dict[str, tuple[Test, int]] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    misplaced: int = SCHEMA_WARNING
    has_text: bool = False


SSML = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
    | {"amazon:domain", "amazon:effect"}
)
"""What may stand in <Say> for the synthesiser; the text in it is read all the same."""

ELEMENTS: dict[str, Element] = {
    "Response": Element(
        children=frozenset(
            {"Say", "Play", "Pause", "Gather", "Record", "Dial", "Redirect", "Hangup", "Reject"}
        )
    ),
    "Say": Element(
        {
            "voice": (lambda value: _VOICE.fullmatch(value) is not None, 13511),
            "language": (lambda value: _LANGUAGE.fullmatch(value) is not None, SCHEMA_WARNING),
            "loop": (_count, 13510),
        },
        children=SSML,
        has_text=True,
    ),
    "Play": Element({"loop": (_count, 13410), "digits": (_matches("[0-9wW#*]+"), 13430)}, has_text=True),
    "Pause": Element({"length": (_positive, 13910)}),
    "Gather": Element(
        {
            "input": (_matches("dtmf|speech|dtmf speech|speech dtmf"), 13326),
            "action": (is_reference, 11100),
            "method": (_method, 13312),
            "timeout": (_positive, 13313),
            "finishOnKey": (_key, 13310),
            "numDigits": (_positive, 13314),
            "actionOnEmptyResult": (_flag, 13338),
            "bargeIn": (_flag, 13332),
            "language": (_anything, 13331),
            "hints": (_anything, 13330),
            "profanityFilter": (_flag, 13333),
            "speechTimeout": (_matches("auto|[1-9][0-9]*"), 13327),
            "maxSpeechTime": (_positive, 13328),
            "speechModel": (_anything, 13334),
            "enhanced": (_flag, SCHEMA_WARNING),
            "debug": (_flag, SCHEMA_WARNING),
            "partialResultCallback": (is_reference, 11100),
            "partialResultCallbackMethod": (_method, 13329),
        },
        children=frozenset({"Say", "Play", "Pause"}),
        misplaced=13320,
    ),
    "Record": Element(
        {
            "action": (is_reference, 11100),
            "method": (_method, 13610),
            "timeout": (_positive, 13611),
            "finishOnKey": (_keys, 13613),
            "maxLength": (_positive, 13612),
            "playBeep": (_flag, 13616),
            "trim": (_matches("trim-silence|do-not-trim"), 13699),
            "recordingStatusCallback": (is_reference, 13256),
            "recordingStatusCallbackMethod": (_method, SCHEMA_WARNING),
            "recordingStatusCallbackEvent": (_recording_events, 13621),
            "transcribe": (_flag, 13614),
            "transcribeCallback": (is_reference, 13257),
        }
    ),
    "Dial": Element(
        {
            "action": (is_reference, 11100),
            "method": (_method, 13210),
            "timeout": (_positive, 13212),
            "hangupOnStar": (_flag, 13213),
            "timeLimit": (_positive, 13216),
            "callerId": (_anything, 13214),
            "record": (
                _matches("true|false|do-not-record|record-from-(answer|ringing)(-dual)?"),
                13217,
            ),
            "sequential": (_flag, 13218),
            "answerOnBridge": (_flag, 13219),
            "ringTone": (_matches("[a-z]{2}(-old)?"), 13220),
            "trim": (_matches("trim-silence|do-not-trim"), 13699),
            "recordingStatusCallback": (is_reference, 13256),
            "recordingStatusCallbackMethod": (_method, SCHEMA_WARNING),
            "recordingStatusCallbackEvent": (_recording_events, 13621),
        },
        children=frozenset({"Number"}),
        misplaced=13215,
        has_text=True,
    ),
    "Number": Element(
        {
            "url": (is_reference, 11100),
            "method": (_method, 13221),
            "sendDigits": (_matches("[0-9wW#*]+"), 13222),
            "statusCallback": (is_reference, 11100),
            "statusCallbackMethod": (_method, SCHEMA_WARNING),
            "statusCallbackEvent": (_events, SCHEMA_WARNING),
        },
        has_text=True,
    ),
    "Redirect": Element({"method": (_method, 13710)}, has_text=True),
    "Hangup": Element(),
    "Reject": Element({"reason": (_matches("rejected|busy"), 13810)}),
}
"""Everything that this carrier walks through."""

NOT_IMITATED: dict[str, frozenset[str]] = {
    "Response": frozenset(
        {"Connect", "Echo", "Enqueue", "Leave", "Pay", "Prompt", "Queue", "Refer", "Sms", "Start", "Stop"}
    ),
    "Dial": frozenset({"Application", "Client", "Conference", "Queue", "Sim", "Sip", "WhatsApp"}),
}
"""What Twilio knows and this carrier does not do: better said aloud than passed over."""
