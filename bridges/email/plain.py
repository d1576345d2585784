"""A mail's words as plain text, from whatever it came in: other character sets, or only as HTML.

Nothing of the HTML is kept but its words and where its lines end.
"""

from email.message import EmailMessage, Message
from html.parser import HTMLParser

#: Sets that people's programmes name and that really are larger ones.
_REALLY = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "ascii": "utf-8", "us-ascii": "utf-8"}

_LINES = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "pre", "hr", "table"})
_SILENT = frozenset({"style", "script", "head", "title", "blockquote"})

#: Names by which programmes mark what they quote.
_QUOTES = (
    "gmail_quote",
    "divrplyfwdmsg",
    "isreplycontent",
    "ntes_",
    "qqmail_quote",
    "mailquote",
)

_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr"})


def text_of(mail: EmailMessage) -> str:
    """The words of a mail; empty where it has none."""
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    words = decoded(body)
    if body.get_content_type() == "text/html":
        reader = _Reader()
        reader.feed(words)
        words = reader.text
    return words.replace("\xa0", " ")


def decoded(part: Message) -> str:
    """A part's text, with a mark for each character that nobody can read."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = str(part.get_content_charset("utf-8")).lower()
    try:
        return content.decode(_REALLY.get(charset, charset), errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


class _Reader(HTMLParser):
    """Collects the words that are not quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._words: list[str] = []
        self._silent: list[str] = []

    @property
    def text(self) -> str:
        """What was collected."""
        lines = [" ".join(line.split()) for line in "".join(self._words).split("\n")]
        return "\n".join(lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            if tag not in _VOID:
                self._silent.append(tag)
            return
        named = " ".join(value or "" for name, value in attrs if name in ("class", "id", "name")).lower()
        if tag not in _VOID and (tag in _SILENT or any(each in named for each in _QUOTES)):
            self._silent.append(tag)
        if tag in _LINES:
            self._words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                while self._silent.pop() != tag:
                    pass
        elif tag in _LINES and tag != "br":
            self._words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words.append(data.replace("\r", "").replace("\n", " "))
