"""An issue's post taken apart: whose it is, what was said, what happened since, how it stands.

Reads the one form in which the service writes its posts. It keeps words and drops all markup, so that
nothing from outside can ever become part of the page; what has another form is no card.
"""

from html.parser import HTMLParser
from typing import Any

_BLOCKS = frozenset({"strong", "blockquote", "li", "p"})
_LONGEST = 20_000


class _Blocks(HTMLParser):
    """Collects the words of each block, in reading order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._inside = ""

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
        elif tag in _BLOCKS:
            self._inside = tag
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            tag, words = self.found[-1]
            self.found[-1] = (tag, words + data)


def take_apart(html: str) -> dict[str, Any] | None:
    """The parts of a post, or None where it is not written as the service writes posts.

    Args:
        html: The event's 'formatted_body'.
    """
    parser = _Blocks()
    parser.feed(html[:_LONGEST])
    parser.close()
    tags = [tag for tag, _ in parser.found]
    if tags[:1] != ["strong"] or tags[-1:] != ["p"]:
        return None
    words = [text for tag, text in parser.found if tag == "blockquote"]
    return {
        "head": parser.found[0][1],
        "words": words[0] if words else "",
        "story": [text for tag, text in parser.found if tag == "li"],
        "state": parser.found[-1][1],
    }
