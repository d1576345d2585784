"""What the workshop gives back: a file that is fit to be shown, and what a client needs to know of it.

Shapes only, and how they go through a pipe.
"""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from attachments.kinds import Family


class Use(StrEnum):
    """For whom a file is made."""

    ROOM = "room"  # Matrix clients: all of them show these kinds, and nothing of quality is given away
    PHONE = "phone"  # a resident's phone, by MMS or in an old browser: small, and of the oldest kinds


class NotTaken(Exception):
    """A file that cannot be shown: of another kind than it says, broken, or too much to unpack."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file, made fit.

    Attributes:
        content: Its bytes.
        content_type: Its MIME type.
        extension: How its name ends, without the dot.
        family: How it is shown.
        width: Of a picture or film.
        height: Of a picture or film.
        duration: Milliseconds of a sound or film.
        waveform: How loud a sound is along its way: numbers from 0 to 1024.
        poster: A film's first picture, as a JPEG of the same width and height.
    """

    content: bytes
    content_type: str
    extension: str
    family: Family
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    waveform: list[int] = field(default_factory=list)
    poster: bytes = b""


def pack(made: Made) -> bytes:
    """Something made, for a pipe: a line of JSON, then the bytes of the file and of the poster."""
    facts: dict[str, Any] = asdict(made)
    del facts["content"], facts["poster"]
    facts |= {"size": len(made.content), "poster_size": len(made.poster)}
    return json.dumps(facts).encode() + b"\n" + made.content + made.poster


def unpack(data: bytes) -> Made:
    """The opposite of `pack`.

    Raises:
        ValueError: It was cut off.
    """
    line, _, rest = data.partition(b"\n")
    facts = json.loads(line)
    size, poster_size = facts.pop("size"), facts.pop("poster_size")
    if len(rest) != size + poster_size:
        raise ValueError("The workshop's answer was cut off.")
    facts["family"] = Family(facts["family"])
    return Made(content=rest[:size], poster=rest[size:], **facts)
