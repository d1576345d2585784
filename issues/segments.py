"""How many SMS a text takes, and how words are cut so that it takes no more than two.

Counts as carriers do: 3GPP TS 23.038, 6.2.1, for the alphabet; TS 23.040 for the joined parts.
"""

from dataclasses import dataclass

from linzhang.words import Text, say

#: Segments of one text to a resident.
LIMIT = 2

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Each of these takes two septets: its own and the escape before it.
_EXTENSION = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Length:
    """A text's length.

    Attributes:
        alphabet: 'GSM-7' or 'UCS-2'.
        size: Septets or 16-bit units.
        segments: How many SMS.
    """

    alphabet: str
    size: int
    segments: int


def length(text: str) -> Length:
    """How a carrier counts a text."""
    if _is_seven_bit(text):
        alphabet, alone, joined = "GSM-7", 160, 153
        widths = [2 if character in _EXTENSION else 1 for character in text]
    else:
        alphabet, alone, joined = "UCS-2", 70, 67
        widths = [2 if character > "\uffff" else 1 for character in text]
    size = sum(widths)
    return Length(alphabet, size, 1 if size <= alone else _parts(widths, joined))


def cut(words: str, limit: int) -> str:
    """The beginning of somebody's words on one line, with a mark where something is left out."""
    line = " ".join(words.split())
    if len(line) <= limit:
        return line
    left_out = "..." if _is_seven_bit(line) else "…"
    return f"{line[: max(1, limit - len(left_out))].rstrip()}{left_out}"


def say_short(text: Text, language: str, words: str, **values: object) -> str:
    """A text of the catalogue that quotes somebody's words, cut so far that it takes two SMS.

    Args:
        text: With a blank {words}.
        language: See `linzhang.words.say`.
        words: As they were said.
        values: For the other blanks.
    """
    limit = len(words)
    said = say(text, language, words=cut(words, limit), **values)
    while length(said).segments > LIMIT and limit > 1:
        limit -= 1
        said = say(text, language, words=cut(words, limit), **values)
    return said


def _is_seven_bit(text: str) -> bool:
    return all(character in _GSM7 or character in _EXTENSION for character in text)


def _parts(widths: list[int], room: int) -> int:
    """Parts of `room` units for characters of these widths, none of which is torn apart."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
