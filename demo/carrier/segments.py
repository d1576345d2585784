"""How many SMS a text becomes: GSM-7 where every character fits, else UCS-2.

The rules are 3GPP TS 23.038 as Twilio's 'What is GSM-7 Character Encoding?', 'What is UCS-2
Character Encoding?' and 'What the Heck is a Segment?' tell them. It must never change the text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Characters of one septet each."""

GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Characters of two septets each, the escape and the character, that one segment must hold both."""

_ALONE = {"GSM-7": 160, "UCS-2": 70}
_JOINED = {"GSM-7": 153, "UCS-2": 67}


@dataclass(frozen=True)
class Segmentation:
    """How a text is cut.

    Attributes:
        encoding: The alphabet on the air.
        units: Its length in septets (GSM-7) or 16-bit units (UCS-2).
        segments: How many SMS it takes; an empty text takes one.
    """

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    segments: int


def segment(text: str) -> Segmentation:
    """Cut `text` as a carrier does."""
    encoding: Literal["GSM-7", "UCS-2"] = "GSM-7"
    if all(character in GSM7_BASIC or character in GSM7_EXTENSION for character in text):
        widths = [2 if character in GSM7_EXTENSION else 1 for character in text]
    else:
        encoding = "UCS-2"
        widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    units = sum(widths)
    segments = 1 if units <= _ALONE[encoding] else _packed(widths, _JOINED[encoding])
    return Segmentation(encoding, units, segments)


def _packed(widths: Iterable[int], room: int) -> int:
    """Segments of `room` units for characters of these `widths`, none of which is torn apart."""
    segments, used = 1, 0
    for width in widths:
        if used + width > room:
            segments, used = segments + 1, 0
        used += width
    return segments
