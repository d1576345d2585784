"""What a mail that comes in is: somebody's answer, the fate of a mail of ours, or nothing for us.

An answer counts only with the token that its writer got, from the address to which it went. Machines are not
listened to (RFC 3834), or two of them would talk for ever. Whether the sender's address is really theirs is
for the mail server to find out (SPF, DKIM, DMARC) before the mail comes here. This module must never log an
address.
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parsedate_to_datetime

from bridges.contract import Inbound, Kind, Media
from bridges.email import plain
from bridges.email.composing import Ours
from bridges.email.quoting import own_words

NAME = "email"

log = logging.getLogger(__name__)

_ID_LIMIT = 200  # characters of an id that are kept as they are
_TEXT_LIMIT = 100_000  # characters of a mail, quoted ones too, that are looked at
_MEDIA_LIMIT = 10
_DECORATION = 8 * 1024  # bytes; smaller pictures among the words are signatures' logos and smiling faces
_ANY_TYPE = "application/octet-stream"

_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_ANSWERED = ("In-Reply-To", "References")
_POSTMASTERS = frozenset({"mailer-daemon", "postmaster"})

#: How subjects of machines' answers begin where their headers do not say what they are.
_AUTOMATIC = re.compile(
    r"\s*(?:自动回复|自动答复|自動回覆|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office)",
    re.IGNORECASE,
)

#: An id in angle brackets.
_ID = re.compile(rb"<([^<>\s]{1,200}@[^<>\s]{1,100})>")


def understood(content: bytes, ours: Ours, kept_at: str = "") -> Inbound | None:
    """What a mail says; None: nothing that is for us.

    Args:
        content: The mail as it came.
        ours: Our side.
        kept_at: Where the mail can be fetched again, before the number of an attachment; empty: nowhere, so
            that attachments are only counted in `detail['left']`.
    """
    try:
        return _understood(parse(content), content, ours, kept_at)
    except Exception as error:  # anybody can send us anything, and nobody's mail must hold up another's
        log.error("a mail was left that cannot be read: %s", type(error).__name__)
        return None


def _understood(mail: EmailMessage, content: bytes, ours: Ours, kept_at: str) -> Inbound | None:
    fate = _fate(mail, content, ours)
    if fate is not None:
        return fate
    sender = _sender(mail)
    if sender is None or sender == ours.address.lower() or _is_automatic(mail, sender):
        log.info("a mail was left: a machine has written it, or nobody")
        return None
    about = next((each for each in _matters(mail, ours, sender)), None)
    if about is None:
        log.warning("a mail was left: it shows no token, or not from where the token was sent to")
        return None
    files = attachments(mail)
    detail: dict[str, object] = {"about": about} if about else {}
    if files and not kept_at:
        detail["left"] = len(files)
    return Inbound(
        bridge=NAME,
        external_id=_id(mail, content),
        sender=sender,
        text=own_words(plain.text_of(mail)[:_TEXT_LIMIT]).replace("\0", ""),
        media=[_medium(part, f"{kept_at}{number}") for number, part in enumerate(files)] if kept_at else [],
        detail=detail,
        sent_at=_date(mail),
    )


def attachments(mail: EmailMessage) -> Sequence[Message]:
    """What comes with a mail, in its order: files, and pictures among the words that are no decoration."""
    found = [part for part in mail.walk() if not part.is_multipart() and _is_file(part)]
    return found[:_MEDIA_LIMIT]


def content_of(part: Message) -> bytes:
    """The bytes of an attachment."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def parse(content: bytes) -> EmailMessage:
    """A mail with its parts."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def _is_file(part: Message) -> bool:
    if part.get_content_disposition() == "attachment":
        return part.get_content_type() not in ("text/calendar", "application/pgp-signature")
    if part.get_content_maintype() in ("image", "audio", "video"):
        return len(content_of(part)) >= _DECORATION
    return bool(part.get_filename()) and part.get_content_maintype() != "text"


def _medium(part: Message, url: str) -> Media:
    name = (part.get_filename() or "").replace("\0", "")[:100]
    return Media(url, part.get_content_type() or _ANY_TYPE, len(content_of(part)), name)


def _sender(mail: EmailMessage) -> str | None:
    """The one address that a mail says it is from."""
    try:
        # A mail with two of them is one thing to the mail server and another to us.
        headers = mail.get_all("From", [])
        addresses = [each.addr_spec.lower() for header in headers for each in header.addresses]
    except (AttributeError, ValueError, IndexError):  # what the standard library cannot take apart
        return None
    return addresses[0] if len(addresses) == 1 and "@" in addresses[0] else None


def _is_automatic(mail: EmailMessage, sender: str) -> bool:
    """Whether a machine has written it."""
    submitted = str(mail.get("Auto-Submitted", "no")).strip().lower()
    return (
        not submitted.startswith("no")
        or str(mail.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply")
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id"))
        or str(mail.get("Return-Path", "")).strip() == "<>"
        or mail.get_content_type() == "multipart/report"
        or sender.partition("@")[0] in _POSTMASTERS
        or _AUTOMATIC.match(str(mail.get("Subject", ""))) is not None
    )


def _matters(mail: EmailMessage, ours: Ours, sender: str) -> Iterator[str]:
    """The matters of the tokens that a mail shows and that are good from its sender.

    They stand in the address that it goes to, or in the ids of what it answers.
    """
    local, _, domain = (re.escape(part) for part in ours.address.rpartition("@"))
    token_at = rf"([a-z0-9]{{1,20}}\.[a-z0-9]{{1,40}})@{domain}"
    address = re.compile(rf"{local}\+{token_at}", re.IGNORECASE)
    answered = re.compile(rf"[<.]{token_at}>", re.IGNORECASE)
    shown = [(name, address) for name in _RECIPIENTS] + [(name, answered) for name in _ANSWERED]
    for name, pattern in shown:
        for value in mail.get_all(name, []):
            for token in pattern.findall(str(value)):
                about = ours.tokens.read(token, sender)
                if about is not None:
                    yield about


def _fate(mail: EmailMessage, content: bytes, ours: Ours) -> Inbound | None:
    """What became of a mail of ours, if that is what the mail tells; delays are waited for."""
    report = next(
        (part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None
    )
    if report is None and not _is_postmasters(mail):
        return None
    key = next((key for each in _ID.findall(content) if (key := ours.key_of(_ascii(each)))), None)
    if key is None:
        return None
    action, status = _told(report) if report is not None else ("failed", "")
    if action != "failed":
        return None
    digits = re.fullmatch(r"([245])\.(\d{1,3})\.(\d{1,3})\b.*", status)
    code = int("".join(digits.groups())) if digits else None
    return Inbound(
        bridge=NAME,
        external_id=_id(mail, content),
        sender=ours.address.lower(),
        kind=Kind.RECEIPT,
        target=key,
        detail={"status": "undelivered", "code": code, "key": key},
    )


def _is_postmasters(mail: EmailMessage) -> bool:
    sender = _sender(mail) or ""
    return sender.partition("@")[0] in _POSTMASTERS


def _told(report: Message) -> tuple[str, str]:
    """Action and status of the first recipient that a report has (RFC 3464)."""
    blocks = report.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message) and "Action" in block:
            return str(block["Action"]).strip().lower(), str(block.get("Status", "")).strip()
    return "", ""


def _id(mail: EmailMessage, content: bytes) -> str:
    """The mail's own id; where it has none that can be kept, one of its content."""
    own = str(mail.get("Message-ID", "")).strip().replace("\0", "")
    return own if 0 < len(own) <= _ID_LIMIT else hashlib.sha256(content).hexdigest()


def _date(mail: EmailMessage) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(mail["Date"]))
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC)


def _ascii(value: bytes) -> str:
    return value.decode("ascii", errors="replace")
