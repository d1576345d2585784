"""Passes: short words in links, each of which opens one picture for a while, and nothing else.

A pass says which row, which of what came with it, and until when; a keyed hash over the three makes that
nobody can write one. Which table the row is in, the purpose of the pass decides: a pass for one is none for
another. It is not a secret of ours that can be taken back: what has been taken back or erased is
asked for in the database when the pass is shown.
"""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

#: Bytes of each part: enough for a million million rows, for ten media of each, until the year 2106,
#: and for nobody to guess one.
_ROW, _NUMBER, _UNTIL, _PROOF = 5, 1, 4, 12

#: Characters of a pass.
LENGTH = (_ROW + _NUMBER + _UNTIL + _PROOF) * 4 // 3 + 1


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass opens.

    Attributes:
        row: Id of that with which it came.
        number: Which of what came with it, from 0.
        until: When it ends; whole seconds.
    """

    row: int
    number: int
    until: datetime


class Passes:
    """Writes passes and reads them.

    Args:
        key: A secret; a key for these passes alone is made of it, so that they tell nothing of it.
        purpose: What they are for.
    """

    def __init__(self, key: str, purpose: str) -> None:
        self._key = hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest()

    def write(self, given: Pass) -> str:
        """The pass as it stands in a link."""
        said = (
            given.row.to_bytes(_ROW)
            + given.number.to_bytes(_NUMBER)
            + int(given.until.timestamp()).to_bytes(_UNTIL)
        )
        return urlsafe_b64encode(said + self._proof(said)).decode().rstrip("=")

    def read(self, word: str) -> Pass | None:
        """What a pass opens, whether or not it has ended; None: it is none of ours."""
        try:
            shown = urlsafe_b64decode(word + "=" * (-len(word) % 4))
        except (binascii.Error, ValueError):
            return None
        said, proof = shown[:-_PROOF], shown[-_PROOF:]
        if len(word) > LENGTH or not hmac.compare_digest(proof, self._proof(said)):
            return None
        row, number, until = said[:_ROW], said[_ROW:-_UNTIL], said[-_UNTIL:]
        moment = datetime.fromtimestamp(int.from_bytes(until), UTC)
        return Pass(int.from_bytes(row), int.from_bytes(number), moment)

    def _proof(self, said: bytes) -> bytes:
        return hmac.new(self._key, said, hashlib.sha256).digest()[:_PROOF]
