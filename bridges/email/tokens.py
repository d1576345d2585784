"""Words in our mail addresses and ids that nobody can guess: who shows one has got a mail of ours.

A keyed hash says which matter a mail was about and to whom it went, so that nothing has to be kept: an
answer is good only if it comes from where the mail went to. Not a secret that can be taken back.
"""

import hashlib
import hmac
import re
from base64 import b32encode

#: The matter of a mail that is about none.
NOTHING = "0"

#: 80 bits, in letters and digits that survive a mail system which changes their case.
_LENGTH = 16

_TOKEN = re.compile(rf"([a-z0-9]{{1,20}})\.([a-z2-7]{{{_LENGTH}}})")
_MATTER = re.compile(r"[a-z0-9]{1,20}")


class Tokens:
    """Writes tokens and reads them.

    Args:
        key: A secret; a key for tokens alone is made of it, so that they tell nothing of it.
    """

    def __init__(self, key: str) -> None:
        self._key = hmac.new(key.encode(), b"mail", hashlib.sha256).digest()

    def write(self, about: str, address: str) -> str:
        """The token for answers.

        Args:
            about: The matter; empty: none.
            address: Whom the mail goes to.
        """
        matter = about if _MATTER.fullmatch(about) else NOTHING
        return f"{matter}.{self._proof('reply', matter, address.lower())}"

    def read(self, token: str, sender: str) -> str | None:
        """The matter of a token that somebody shows, empty for none; None: it is no good from them."""
        found = _TOKEN.fullmatch(token.lower())
        if found is None:
            return None
        matter, proof = found.groups()
        expected = self._proof("reply", matter, sender.lower())
        if not hmac.compare_digest(expected, proof):
            return None
        return "" if matter == NOTHING else matter

    def mark(self, key: str) -> str:
        """What stands in a mail's id: its key, and the proof that the id is ours."""
        return f"{key}.{self._proof('id', key)}"

    def key_of(self, mark: str) -> str | None:
        """The key in a mail's id; None: the id is not ours."""
        key, _, proof = mark.rpartition(".")
        return key if hmac.compare_digest(self._proof("id", key).encode(), proof.encode()) else None

    def _proof(self, *parts: str) -> str:
        said = "\0".join(parts).encode()
        digest = hmac.new(self._key, said, hashlib.sha256).digest()
        return b32encode(digest).decode().lower()[:_LENGTH]
