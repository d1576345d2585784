"""What a card or a poster says of one person, before anybody knows how it is printed."""

from collections.abc import Sequence
from typing import NamedTuple


class Card(NamedTuple):
    """A card or a poster.

    Attributes:
        heading: In the band at its top.
        role: What the person is.
        name: The person's.
        place: Where they are that.
        phone: Their telephone as people read it; empty: none is printed.
        code: A number in large type; empty: none.
        code_name: What it is.
        scan: What a camera reads in the square code; empty: there is none.
        scan_note: What one does with it.
        foot: Lines at its bottom.
        picture: The person's, as a JPEG; None: the first letter of the name stands there.
    """

    heading: str
    role: str
    name: str
    place: str
    phone: str = ""
    code: str = ""
    code_name: str = ""
    scan: str = ""
    scan_note: str = ""
    foot: Sequence[str] = ()
    picture: bytes | None = None


class Back(NamedTuple):
    """The other side of cards, the same for all of them.

    Attributes:
        heading: At its top.
        points: What is listed, each a word or two and a sentence.
        foot: A line at its bottom.
    """

    heading: str
    points: Sequence[tuple[str, str]]
    foot: str = ""
