"""Reads what the application answers to an incoming text.

TwiML for messaging: <Response> with <Message>, whose text stands in it or in <Body> and <Media>.
After Twilio's 'TwiML for Programmable Messaging' and 'TwiML Message'. It must never send anything.
"""

from dataclasses import dataclass, field
from xml.etree import ElementTree

_XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


class TwimlError(Exception):
    """The answer cannot be understood at all; the fallback URL is tried.

    Attributes:
        code: 12100 for what is no TwiML, 12300 for a content type that carries none.
    """

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reply:
    """One <Message>.

    Attributes:
        body: Its text.
        media_urls: Its media.
        to: Another recipient than who wrote; None for the one who wrote.
        sender: Another sender than the number written to; None for that number.
        status_callback: Where to report its statuses.
    """

    body: str
    media_urls: tuple[str, ...] = ()
    to: str | None = None
    sender: str | None = None
    status_callback: str | None = None


@dataclass
class Answer:
    """An answer that was understood.

    Attributes:
        replies: What is to be sent, in order.
        warnings: Codes of what was wrong without spoiling the rest: 12200.
    """

    replies: list[Reply] = field(default_factory=list)
    warnings: list[int] = field(default_factory=list)


def parse(content_type: str, text: str) -> Answer:
    """Understand an answer with a 2xx status.

    An empty answer sends nothing; plain text is sent as it is.

    Raises:
        TwimlError: It is neither.
    """
    if not text.strip():
        return Answer()
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        return Answer([Reply(text)])
    if kind not in _XML_TYPES:
        raise TwimlError(12300)
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise TwimlError(12100) from error
    if root.tag != "Response":
        raise TwimlError(12100)
    answer = Answer()
    for verb in root:
        if verb.tag == "Message":
            answer.replies.append(_message(verb, answer.warnings))
        else:
            answer.warnings.append(12200)
    return answer


def _message(verb: ElementTree.Element, warnings: list[int]) -> Reply:
    if not set(verb.attrib) <= {"to", "from", "action", "method", "statusCallback"}:
        warnings.append(12200)
    texts = [verb.text or ""]
    media: list[str] = []
    for noun in verb:
        if noun.tag == "Body":
            texts.append(noun.text or "")
        elif noun.tag == "Media":
            media.append((noun.text or "").strip())
        else:
            warnings.append(12200)
        texts.append(noun.tail or "")
    return Reply(
        body="".join(texts).strip(),
        media_urls=tuple(media),
        to=verb.get("to"),
        sender=verb.get("from"),
        status_callback=verb.get("action") or verb.get("statusCallback"),
    )
