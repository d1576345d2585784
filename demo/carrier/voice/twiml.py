"""Reads and checks what the application answers to a call: <Response> with its verbs, in order.

Every fault is a `Problem` with Twilio's code and a sentence, as Twilio's debugger would show it. A
wrong attribute counts as not given, a wrong element as not there; a document that cannot be read at
all is a `VoiceTwimlError`. It must never do what a verb says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from demo.carrier.voice.grammar import ELEMENTS, NOT_IMITATED, SCHEMA_WARNING
from demo.carrier.voice.records import Method

TEXT_LIMIT = 64 * 1024
"""Bytes of an answer. 'Error 11750: TwiML response body too large'."""

SAY_LIMIT = 4096
"""Characters of one <Say>. 'Error 13521: Say element character limits exceeded'."""

NUMBERS_LIMIT = 10
"""Numbers that ring at once. 'TwiML Voice: Number'."""

_XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
_SOUND_TYPES = frozenset(
    {"audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav", "audio/aiff", "audio/x-aifc", "audio/x-aiff"}
    | {"audio/x-gsm", "audio/gsm", "audio/ulaw"}
)

NOT_IMITATED_CODE = 501
"""Stands where Twilio has no code, because Twilio would do what this carrier does not imitate."""


class VoiceTwimlError(Exception):
    """The answer cannot be understood at all; the fallback URL is tried.

    Attributes:
        code: Twilio's.
        detail: One sentence.
    """

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Say:
    """Reads a text aloud."""

    text: str
    voice: str | None = None
    language: str | None = None
    loop: int = 1


@dataclass(frozen=True)
class Play:
    """Plays a sound, or the tones of keys."""

    url: str = ""
    digits: str | None = None
    loop: int = 1


@dataclass(frozen=True)
class Pause:
    """Is silent for some seconds."""

    seconds: int = 1


@dataclass(frozen=True)
class Gather:
    """Waits for keys, and says something meanwhile."""

    prompts: tuple[Say | Play | Pause, ...] = ()
    action: str | None = None
    method: Method = "POST"
    num_digits: int | None = None
    finish_on_key: str = "#"
    timeout: int = 5
    acts_on_nothing: bool = False


@dataclass(frozen=True)
class Record:
    """Records the caller."""

    action: str | None = None
    method: Method = "POST"
    timeout: int = 5
    finish_on_key: str = "1234567890*#"
    max_length: int = 3600
    beeps: bool = True
    callback: str | None = None
    callback_method: Method = "POST"
    callback_events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True)
class Number:
    """One number of a <Dial>."""

    number: str
    url: str | None = None
    method: Method = "POST"
    status_callback: str | None = None
    status_method: Method = "POST"
    status_events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True)
class Dial:
    """Calls somebody else and connects the two."""

    numbers: tuple[Number, ...] = ()
    action: str | None = None
    method: Method = "POST"
    timeout: int = 30
    caller_id: str | None = None
    in_turn: bool = False
    hangup_on_star: bool = False
    answers_late: bool = False


@dataclass(frozen=True)
class Redirect:
    """Goes on with another document."""

    url: str
    method: Method = "POST"


@dataclass(frozen=True)
class Hangup:
    """Ends the call."""


@dataclass(frozen=True)
class Reject:
    """Does not pick up."""

    reason: str = "rejected"


@dataclass(frozen=True)
class NotImitated:
    """Something that Twilio does and this carrier does not."""

    name: str


Verb = Say | Play | Pause | Gather | Record | Dial | Redirect | Hangup | Reject | NotImitated


@dataclass
class Script:
    """An answer that was understood.

    Attributes:
        verbs: What is to be done, in order.
        problems: Code and sentence of what was wrong without spoiling the rest.
    """

    verbs: list[Verb] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def read(content_type: str, text: str) -> Script:
    """Understand an answer with a 2xx status.

    Plain text is read aloud, a sound is played. After 'TwiML for Programmable Voice', 'Twilio
    understands MIME types'.

    Raises:
        VoiceTwimlError: 11750, 11770, 12100, 12102 or 12300.
    """
    if len(text.encode()) > TEXT_LIMIT:
        raise VoiceTwimlError(11750, f"The answer has more than {TEXT_LIMIT} bytes.")
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _SOUND_TYPES:
        return Script([Play()])
    if not text.strip():
        raise VoiceTwimlError(11770, "The answer is empty; a call needs a <Response>.")
    if kind == "text/plain":
        return Script([Say(text.strip())])
    if kind not in _XML_TYPES:
        raise VoiceTwimlError(12300, f"The content type {kind or '(none)'!r} carries no TwiML.")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise VoiceTwimlError(12100, "TwiML has no document type.")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise VoiceTwimlError(12100, f"The answer is not well-formed XML: {error}.") from error
    if root.tag != "Response":
        raise VoiceTwimlError(12102, f"The root element is <{root.tag}>, not <Response>.")
    script = Script()
    reader = _Reader(script)
    script.verbs.extend(reader.children(root, "Response"))
    return script


class _Reader:
    """Turns elements into verbs, and writes down what is wrong with them."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def complain(self, code: int, detail: str) -> None:
        self._script.problems.append((code, detail))

    def children(self, parent: ElementTree.Element, name: str) -> Iterator[Verb]:
        """The verbs of an element, after a look at all of its own."""
        self.check(parent, name)
        for child in parent:
            if child.tag in ELEMENTS[name].children:
                verb = _READERS[child.tag](self, child)
                if verb is not None:
                    yield verb
            elif child.tag in NOT_IMITATED.get(name, ()):
                yield self.refuse(f"<{child.tag}>")

    def refuse(self, what: str) -> NotImitated:
        self.complain(NOT_IMITATED_CODE, f"This carrier does not imitate {what}.")
        return NotImitated(what)

    def attributes(self, element: ElementTree.Element) -> dict[str, str]:
        """The attributes that are as they should be."""
        good: dict[str, str] = {}
        known = ELEMENTS[element.tag].attributes
        for name, value in element.attrib.items():
            if name not in known:
                self.complain(SCHEMA_WARNING, f"<{element.tag}> has no attribute {name!r}.")
                continue
            test, code = known[name]
            if test(value):
                good[name] = value
            else:
                self.complain(code, f"<{element.tag}>: {name}={value!r} is not valid.")
        return good

    def prompt_text(self, element: ElementTree.Element) -> str:
        """The text of a <Say>, with what stands in its SSML."""
        for inner in element.iter():
            if inner is not element and inner.tag not in ELEMENTS["Say"].children:
                self.complain(SCHEMA_WARNING, f"<{inner.tag}> may not stand in <Say>.")
        return " ".join("".join(element.itertext()).split())

    def check(self, element: ElementTree.Element, name: str) -> None:
        """Complain of what may not stand in an element."""
        rule = ELEMENTS[name]
        if name == "Response" and element.attrib:
            self.complain(SCHEMA_WARNING, "<Response> has no attributes.")
        texts = [element.text or "", *(child.tail or "" for child in element)]
        if not rule.has_text and any(text.strip() for text in texts):
            self.complain(SCHEMA_WARNING, f"Text may not stand in <{name}>.")
        for child in element:
            if child.tag not in rule.children and child.tag not in NOT_IMITATED.get(name, ()):
                self.complain(rule.misplaced, f"<{child.tag}> may not stand in <{name}>.")


def _method(value: str | None) -> Method:
    return "GET" if value is not None and value.upper() == "GET" else "POST"


def _say(reader: _Reader, element: ElementTree.Element) -> Say | None:
    given = reader.attributes(element)
    text = reader.prompt_text(element)
    if not text:
        reader.complain(13520, "<Say> has no text.")
        return None
    if len(text) > SAY_LIMIT:
        reader.complain(13521, f"<Say> has {len(text)} characters; {SAY_LIMIT} are allowed.")
        return None
    return Say(text, given.get("voice"), given.get("language"), int(given.get("loop", "1")))


def _play(reader: _Reader, element: ElementTree.Element) -> Play | None:
    given = reader.attributes(element)
    list(reader.children(element, "Play"))
    url = (element.text or "").strip()
    if not url and "digits" not in given:
        reader.complain(11100, "<Play> has no address.")
        return None
    return Play(url, given.get("digits"), int(given.get("loop", "1")))


def _pause(reader: _Reader, element: ElementTree.Element) -> Pause:
    given = reader.attributes(element)
    list(reader.children(element, "Pause"))
    return Pause(int(given.get("length", "1")))


def _gather(reader: _Reader, element: ElementTree.Element) -> Gather | NotImitated:
    given = reader.attributes(element)
    prompts = [verb for verb in reader.children(element, "Gather") if isinstance(verb, Say | Play | Pause)]
    if given.get("input") == "speech":
        return reader.refuse("<Gather input='speech'>")
    return Gather(
        prompts=tuple(prompts),
        action=given.get("action"),
        method=_method(given.get("method")),
        num_digits=int(given["numDigits"]) if "numDigits" in given else None,
        finish_on_key=given.get("finishOnKey", "#"),
        timeout=int(given.get("timeout", "5")),
        acts_on_nothing=given.get("actionOnEmptyResult") == "true",
    )


def _record(reader: _Reader, element: ElementTree.Element) -> Record | NotImitated:
    given = reader.attributes(element)
    list(reader.children(element, "Record"))
    if given.get("transcribe") == "true" or "transcribeCallback" in given:
        return reader.refuse("<Record transcribe='true'>")
    return Record(
        action=given.get("action"),
        method=_method(given.get("method")),
        timeout=int(given.get("timeout", "5")),
        finish_on_key=given.get("finishOnKey", "1234567890*#"),
        max_length=int(given.get("maxLength", "3600")),
        beeps=given.get("playBeep") != "false",
        callback=given.get("recordingStatusCallback"),
        callback_method=_method(given.get("recordingStatusCallbackMethod")),
        callback_events=tuple(given.get("recordingStatusCallbackEvent", "completed").split()),
    )


def _number(reader: _Reader, element: ElementTree.Element) -> Number:
    given = reader.attributes(element)
    list(reader.children(element, "Number"))
    return Number(
        number=_dialled(element.text),
        url=given.get("url"),
        method=_method(given.get("method")),
        status_callback=given.get("statusCallback"),
        status_method=_method(given.get("statusCallbackMethod")),
        status_events=tuple(given.get("statusCallbackEvent", "completed").split()),
    )


def _dial(reader: _Reader, element: ElementTree.Element) -> Dial | NotImitated:
    given = reader.attributes(element)
    reader.check(element, "Dial")
    for child in element:
        if child.tag in NOT_IMITATED["Dial"]:
            return reader.refuse(f"<Dial><{child.tag}>")
    if given.get("record", "false") not in ("false", "do-not-record"):
        return reader.refuse("<Dial record>")
    numbers = [_number(reader, child) for child in element if child.tag == "Number"]
    if not numbers and _dialled(element.text):
        numbers = [Number(_dialled(element.text))]
    if not numbers:
        reader.complain(13223, "<Dial> has no number.")
    if len(numbers) > NUMBERS_LIMIT:
        reader.complain(13215, f"<Dial> has {len(numbers)} numbers; {NUMBERS_LIMIT} are allowed.")
    return Dial(
        numbers=tuple(numbers[:NUMBERS_LIMIT]),
        action=given.get("action"),
        method=_method(given.get("method")),
        timeout=int(given.get("timeout", "30")),
        caller_id=given.get("callerId"),
        in_turn=given.get("sequential") == "true",
        hangup_on_star=given.get("hangupOnStar") == "true",
        answers_late=given.get("answerOnBridge") == "true",
    )


def _redirect(reader: _Reader, element: ElementTree.Element) -> Redirect:
    given = reader.attributes(element)
    list(reader.children(element, "Redirect"))
    return Redirect((element.text or "").strip(), _method(given.get("method")))


def _hangup(reader: _Reader, element: ElementTree.Element) -> Hangup:
    reader.attributes(element)
    list(reader.children(element, "Hangup"))
    return Hangup()


def _reject(reader: _Reader, element: ElementTree.Element) -> Reject:
    given = reader.attributes(element)
    list(reader.children(element, "Reject"))
    return Reject(given.get("reason", "rejected"))


def _dialled(text: str | None) -> str:
    """A number as people write it: with blanks, brackets and hyphens."""
    return "".join(character for character in text or "" if character not in " ()-.\n\t\r")


_READERS: dict[str, Callable[[_Reader, ElementTree.Element], Verb | None]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Record": _record,
    "Dial": _dial,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
