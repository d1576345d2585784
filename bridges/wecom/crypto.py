"""How WeCom signs and encrypts what it calls us with.

After Tencent's 'Encryption and decryption scheme' (developer.work.weixin.qq.com, path 90968): SHA-1 over the
sorted parts; AES-256-CBC, its key's first half as the vector, padded by PKCS #7 to 32 bytes; inside stand 16
random bytes, the length, the message, and for whom it is. This module must never say why something was turned
away in a way that helps to guess.
"""

import binascii
import hashlib
import hmac
import secrets
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 32  # bytes; PKCS #7 to twice the cipher's own block
_RANDOM, _LENGTH = 16, 4


class Forged(ValueError):
    """What came is not WeCom's, or not for us."""


class MessageCrypt:
    """Opens and seals messages of one application.

    Args:
        token: Shared with WeCom; part of what is signed.
        encoding_aes_key: The 43 characters of the application's settings.
        receiver: For whom messages are: the corporation's id.
        random: Gives so many random bytes.
    """

    def __init__(
        self,
        token: str,
        encoding_aes_key: str,
        receiver: str,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._token = token
        self._key = b64decode(encoding_aes_key + "=")
        self._receiver = receiver.encode()
        self._random = random

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """What WeCom writes below an encrypted message."""
        parts = sorted([self._token, timestamp, nonce, encrypted])
        return hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324 - the platform's scheme

    def open(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bytes:
        """The message in what came.

        Raises:
            Forged: The signature does not fit, or it is for somebody else.
        """
        expected = self.signature(timestamp, nonce, encrypted)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise Forged("the signature does not fit")
        try:
            padded = self._decrypted(b64decode(encrypted, validate=True))
            return self._unpacked(padded)
        except (binascii.Error, ValueError, IndexError, struct.error) as error:
            raise Forged("it cannot be opened") from error

    def seal(self, message: bytes) -> str:
        """A message encrypted, as WeCom does it."""
        packed = self._random(_RANDOM) + struct.pack("!I", len(message)) + message + self._receiver
        missing = _BLOCK - len(packed) % _BLOCK
        encryptor = self._cipher().encryptor()
        return b64encode(encryptor.update(packed + bytes([missing]) * missing)).decode()

    def _decrypted(self, content: bytes) -> bytes:
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(content) + decryptor.finalize()
        missing = padded[-1]
        if not 1 <= missing <= _BLOCK or padded[-missing:] != bytes([missing]) * missing:
            raise ValueError("padding")
        return padded[:-missing]

    def _unpacked(self, packed: bytes) -> bytes:
        begin = _RANDOM + _LENGTH
        (length,) = struct.unpack("!I", packed[_RANDOM:begin])
        message, receiver = packed[begin : begin + length], packed[begin + length :]
        if len(message) != length or not hmac.compare_digest(receiver, self._receiver):
            raise ValueError("receiver")
        return message

    def _cipher(self) -> "Cipher[CBC]":
        return Cipher(AES(self._key), CBC(self._key[:16]))
