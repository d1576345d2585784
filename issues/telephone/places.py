"""Where a conversation on the line stands, as a word that the carrier brings back. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

#: An id of a row at the most.
_COUNT = re.compile("[0-9]{1,18}")


class Spot(StrEnum):
    """A point of a conversation; what happens there is said by the module that sends callers to it."""

    # Somebody has called us.
    MENU = "menu"  # they choose
    MESSAGE = "message"  # they have spoken
    CODE = "code"  # they type the number on the card
    TALK = "talk"  # they wait for the leader, or have talked
    STATE = "state"  # they were asked whether it is solved

    # The other side of a talk.
    ASK = "ask"  # the leader has picked up
    ASKED = "asked"  # the leader wants to hear them

    # We have called somebody.
    WORDS = "words"  # they have heard, and press a key
    HOME = "home"  # they type the number on the card, or say where they live


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands.

    Attributes:
        spot: Its point.
        language: In which it is held.
        count: How often, with whom of several, or about which issue.
    """

    spot: Spot
    language: str
    count: int = 0

    def __str__(self) -> str:
        return f"{self.spot}.{self.language}.{self.count}"


def read(word: str) -> Place | None:
    """The place that a word names; None: none of ours."""
    spot, _, rest = word.partition(".")
    language, _, count = rest.rpartition(".")
    if spot not in set(Spot) or not language or not _COUNT.fullmatch(count):
        return None
    return Place(Spot(spot), language, int(count))
