"""A chain of entries: each one's hash covers what it says and the hash of the one before it.

Who changes, removes or puts in one entry breaks the chain there, unless all that follow are written anew.
What is hashed, and how, must never change: chains that exist would seem to be broken.
"""

import hashlib
import json
from datetime import UTC, datetime

#: What stands before the first entry.
START = "0" * 64


def link(previous: str, seq: int, at: datetime, *words: str) -> str:
    """The hash of an entry: 64 hexadecimal digits.

    Args:
        previous: The hash of the entry before it, or `START`.
        seq: Its place in the chain, from 1.
        at: When it was written; to the microsecond, whatever its zone.
        words: All else that it says, in a fixed order.
    """
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    # JSON, so that no two lists of words run together into the same text.
    said = json.dumps([previous, seq, moment, *words], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(said.encode("ascii")).hexdigest()
