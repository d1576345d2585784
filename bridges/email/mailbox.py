"""Reads our mail box by IMAP: what is new, and later what came with it.

The standard library's client, which blocks, and therefore is called in threads. A mail that was taken is
marked as seen and stays: attachments are fetched from it later, and a person can look. This module must
never log an address or a subject.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from linzhang.settings import Mail

#: Bytes of a mail that is still read; mail servers take 25 to 50 MB.
LIMIT = 40 * 2**20

#: Mails that are read before it is looked again.
BATCH = 20

_TIMEOUT = 15.0  # seconds for each step

#: What the connection raises.
FAILURES = (imaplib.IMAP4.error, OSError, ssl.SSLError)

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that is new.

    Attributes:
        uid: Its number in the mail box.
        place: Names it for ever, together with the box: 'validity.uid'.
        content: The mail; empty: it is too large.
    """

    uid: str
    place: str
    content: bytes


class Mailbox:
    """One connection to our mail box, opened when it is needed and again after a failure.

    Args:
        mail: The settings.
    """

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._imap: imaplib.IMAP4 | None = None
        self._validity = ""

    def waiting(self) -> Iterator[Waiting]:
        """What is new, oldest first, one after the other; each stays new until it is `seen`."""
        imap = self._open()
        imap.noop()
        _, found = imap.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").decode().split()[:BATCH]:
            content = self._content(uid, LIMIT)
            if content is not None:
                yield Waiting(uid, f"{self._validity}.{uid}", content)

    def look(self) -> None:
        """Open it and read nothing."""
        self._open().noop()

    def seen(self, uid: str) -> None:
        """Mark a mail as taken."""
        self._open().uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def content(self, place: str, limit: int) -> bytes | None:
        """A mail by its place; None: it is not there any more. Empty: it is larger than `limit`."""
        imap = self._open()
        imap.noop()
        validity, _, uid = place.partition(".")
        return self._content(uid, limit) if validity == self._validity and uid.isdecimal() else None

    def close(self) -> None:
        """Let go of the connection; the next call opens another."""
        imap, self._imap = self._imap, None
        if imap is not None:
            try:
                imap.logout()
            except FAILURES:
                imap.shutdown()

    def _content(self, uid: str, limit: int) -> bytes | None:
        imap = self._open()
        _, answer = imap.uid("FETCH", uid, "(RFC822.SIZE)")
        # The server may tell other things in between, such as new flags.
        told = _SIZE.search(b" ".join(each for each in answer if isinstance(each, bytes)))
        if told is None:
            return None
        if int(told[1]) > limit:
            return b""
        _, answer = imap.uid("FETCH", uid, "(BODY.PEEK[])")
        literals = [each[1] for each in answer if isinstance(each, tuple)]
        return literals[0] if literals else None

    def _open(self) -> imaplib.IMAP4:
        if self._imap is None:
            imap = self._connected()
            try:
                imap.login(self._mail.imap_user, self._mail.imap_password.get_secret_value())
                if "ID" in imap.capabilities:  # some, such as 163.com's, let nobody in who does not say it
                    imap.xatom("ID", '("name" "linzhang")')
                status, _ = imap.select(f'"{self._mail.imap_folder}"')
                if status != "OK":
                    raise imaplib.IMAP4.error("there is no such folder")
                _, validity = imap.response("UIDVALIDITY")
                self._validity = (validity[-1] or b"0").decode() if validity else "0"
            except BaseException:
                imap.shutdown()
                raise
            self._imap = imap
        return self._imap

    def _connected(self) -> imaplib.IMAP4:
        mail = self._mail
        context = ssl.create_default_context()
        if mail.imap_tls == "tls":
            return imaplib.IMAP4_SSL(mail.imap_host, mail.imap_port, ssl_context=context, timeout=_TIMEOUT)
        imap = imaplib.IMAP4(mail.imap_host, mail.imap_port, timeout=_TIMEOUT)
        if mail.imap_tls == "starttls":
            imap.starttls(context)
        return imap
