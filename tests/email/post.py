"""A post office for tests: a real SMTP server, a real IMAP server, and people's mail programmes."""

import asyncio
import imaplib
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from linzhang.settings import Mail

HOST = "127.0.0.1"
OURS = "report@lz.example.org"
WATER = "water@bozhou.example.org"
USER, PASSWORD = "report", "our secret"
WEBHOOK_TOKEN = "what the mail server shows"

_ids = count(1)


@dataclass
class Office:
    """Takes mails as a mail server does, and refuses on request.

    Attributes:
        port: Where it listens.
        taken: Envelopes with their mails, oldest first.
        refuses: Answers to the next recipients instead of taking them.
        refuses_data: Answers to the next mails.
        hangs_up: How often it takes a mail and breaks the connection before it says so.
    """

    port: int = 0
    taken: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    refuses: list[str] = field(default_factory=list)
    refuses_data: list[str] = field(default_factory=list)
    hangs_up: int = 0

    async def handle_RCPT(
        self, _server: Server, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient."""
        if self.refuses:
            return self.refuses.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Server, _session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        if self.refuses_data:
            return self.refuses_data.pop(0)
        mail = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(mail, EmailMessage)
        self.taken.append((envelope.mail_from or "", envelope.rcpt_tos, mail))
        if self.hangs_up:
            self.hangs_up -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    def last(self) -> EmailMessage:
        """The mail that came last."""
        return self.taken[-1][2]

    def settings(self, **more: object) -> Mail:
        """The settings of a service that sends through it."""
        facts: dict[str, object] = {
            "address": OURS,
            "smtp_host": HOST,
            "smtp_port": self.port,
            "smtp_tls": "none",
            "webhook_token": SecretStr(WEBHOOK_TOKEN),
        }
        return Mail.model_validate(facts | more)


@asynccontextmanager
async def office(tls: ssl.SSLContext | None = None) -> AsyncIterator[Office]:
    """An office that is open.

    Args:
        tls: With what it goes over to TLS and then asks for the password; empty: it does neither.
    """
    opened = Office()
    loop = asyncio.get_running_loop()

    def server() -> Server:
        return Server(
            opened,
            hostname="mx.example.org",
            loop=loop,
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=tls is not None,
            authenticator=_knows,
        )

    listening = await loop.create_server(server, HOST, 0)
    opened.port = listening.sockets[0].getsockname()[1]
    try:
        yield opened
    finally:
        listening.close()


def _knows(_server: Server, _session: Session, _envelope: Envelope, _way: str, shown: Any) -> AuthResult:
    return AuthResult(success=(shown.login, shown.password) == (USER.encode(), PASSWORD.encode()))


def certificate(folder: Path) -> Path:
    """A certificate for this machine with its key, signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return file


def text_of(mail: EmailMessage) -> str:
    """The words of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def answer(
    to: EmailMessage, words: str, *, sender: str = WATER, headers: Mapping[str, str] | None = None
) -> EmailMessage:
    """What a mail programme makes of somebody's answer.

    Args:
        to: What is answered.
        words: What they type.
        sender: From where.
        headers: More of them.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"水务局 <{sender}>"
    mail["To"] = str(to["Reply-To"])
    mail["Subject"] = f"回复：{to['Subject']}"
    mail["Message-ID"] = f"<{next(_ids)}@bozhou.example.org>"
    mail["In-Reply-To"] = str(to["Message-ID"])
    mail["Date"] = "Tue, 24 Nov 2026 10:30:00 +0800"
    for name, value in (headers or {}).items():
        mail[name] = value
    below = "\n".join(f"> {line}" for line in text_of(to).splitlines())
    mail.set_content(f"{words}\n\n------------------ 原始邮件 ------------------\n{below}")
    return mail


def bounce(of: EmailMessage, status: str = "5.1.1", action: str = "failed") -> EmailMessage:
    """What a mail server reports about a mail (RFC 3464)."""
    report = (
        "From: Mail Delivery System <MAILER-DAEMON@mx.bozhou.example.org>\r\n"
        f"To: {of['Reply-To']}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <{next(_ids)}@mx.bozhou.example.org>\r\nAuto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nI'm sorry.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.bozhou.example.org\r\nArrival-Date: Tue, 24 Nov 2026 10:00:00 +0800\r\n\r\n"
        f"Final-Recipient: rfc822; {WATER}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        "--B\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"From: {of['From']}\r\nTo: {of['To']}\r\nMessage-ID: {of['Message-ID']}\r\n\r\n--B--\r\n"
    )
    mail = message_from_bytes(report.encode(), policy=SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def put(port: int, mail: EmailMessage | bytes) -> None:
    """Put a mail into our box, as the mail server does."""
    with imaplib.IMAP4(HOST, port, timeout=10) as imap:
        imap.login(USER, PASSWORD)
        imap.append("INBOX", "", "", mail if isinstance(mail, bytes) else mail.as_bytes())


def empty(port: int) -> None:
    """Let nothing be in our box."""
    with imaplib.IMAP4(HOST, port, timeout=10) as imap:
        imap.login(USER, PASSWORD)
        imap.select("INBOX")
        imap.store("1:*", "+FLAGS", r"(\Deleted)")
        imap.expunge()
