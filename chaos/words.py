"""The sign in each message by which the checker knows it again, wherever it stands.

Eight capitals without a vowel: no word of any language that the service listens for, and no number.
"""

import hashlib
import random
import re

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_LONG = 8
_SIGN = re.compile(rf"(?<![A-Z])[{_LETTERS}]{{{_LONG}}}(?![A-Z])")

#: How a text begins that only leaders may see.
PRIVATE = "私密"


def sign_from(source: random.Random) -> str:
    """A sign out of a random source."""
    return "".join(source.choices(_LETTERS, k=_LONG))


def sign_of(*cause: object) -> str:
    """The sign that always follows from the same cause."""
    digest = hashlib.sha256("\0".join(map(str, cause)).encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_LONG])


def sign_in(text: str) -> str:
    """The first sign in a text; empty: it has none."""
    found = _SIGN.search(text)
    return found.group() if found else ""


def signs_in(text: str) -> list[str]:
    """All signs in a text, as often as they stand there."""
    return _SIGN.findall(text)
