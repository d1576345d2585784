"""Addresses as secrets: sealed for storage, found again through a keyed hash.

A phone number in the open exists only in memory on its way to or from a bridge (DESIGN, rule 7).
The vault never logs and never keeps what it has opened.
"""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    """Seals addresses and computes the keys under which they are looked up.

    Args:
        seal_keys: Fernet keys (url-safe base64 of 32 bytes). The first seals, all of them open,
            so that a new key can be put in front and the old rows sealed again at leisure
            (`issues.resealing`).
        lookup_key: The key of the hash. It cannot be rotated without opening every row.
    """

    def __init__(self, seal_keys: Sequence[str], lookup_key: str) -> None:
        self._keys = [Fernet(key) for key in seal_keys]
        self._fernet = MultiFernet(self._keys)
        self._lookup_key = lookup_key.encode()

    def seal(self, address: str) -> str:
        """Encrypt an address; two calls give two different texts."""
        return self._fernet.encrypt(address.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Decrypt what `seal` gave.

        Raises:
            cryptography.fernet.InvalidToken: None of the keys has sealed it.
        """
        return self._fernet.decrypt(sealed.encode("ascii")).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """Encrypt a piece of a file."""
        return self._fernet.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt what `seal_bytes` gave.

        Raises:
            cryptography.fernet.InvalidToken: None of the keys has sealed it.
        """
        return self._fernet.decrypt(sealed)

    def key_of(self, sealed: str | bytes) -> int | None:
        """Which of the keys has sealed something, from 0; None: none of them, or it is damaged."""
        for number, key in enumerate(self._keys):
            try:
                key.decrypt(sealed)
            except InvalidToken:
                continue
            return number
        return None

    def reseal(self, sealed: str | bytes) -> bytes:
        """Seal anew with the first key what any of them has sealed; the content is the same.

        Raises:
            cryptography.fernet.InvalidToken: None of the keys has sealed it.
        """
        return self._fernet.rotate(sealed)

    def lookup(self, bridge: str, address: str) -> str:
        """The keyed hash under which an address of a bridge is found: 64 hexadecimal digits."""
        message = f"{bridge}\0{address}".encode()
        return hmac.new(self._lookup_key, message, hashlib.sha256).hexdigest()
