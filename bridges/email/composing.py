"""What a mail of ours looks like: its headers, by which it is answered, threaded and known again.

The id is made of the effect's key, so that the same effect is always the same mail. Everything is written by
the standard library, which lets no line break of anybody's into a header.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bridges.contract import Outbound
from bridges.email.tokens import Tokens
from linzhang.words import REPLY_ABOVE, say

#: Stands around the line above which people answer; whatever comes behind such a line is not their own.
RULE = "##-"


@dataclass(frozen=True, slots=True)
class Ours:
    """Our side of every mail.

    Attributes:
        address: Our mail box.
        name: What we are called, in each language.
        tokens: What makes answers and ids ours.
        plus: Whether our box gets what goes to its address with '+' and a token; else only the ids of mails
            bring the token back.
    """

    address: str
    name: dict[str, str]
    tokens: Tokens
    plus: bool = True

    @property
    def domain(self) -> str:
        """The part behind the @."""
        return self.address.rpartition("@")[2]

    def answers_to(self, about: str, address: str) -> str:
        """Where somebody answers a mail about a matter, and where it comes back to."""
        if not self.plus:
            return self.address
        local, _, domain = self.address.rpartition("@")
        return f"{local}+{self.tokens.write(about, address)}@{domain}"

    def id_of(self, key: str, about: str, address: str) -> str:
        """The id of the mail of an effect: by its first part it is ours, by its last an answer is known."""
        return f"<{self.tokens.mark(key)}.{self.tokens.write(about, address)}@{self.domain}>"

    def matter_of(self, about: str, address: str) -> str:
        """The id on which all mails to somebody about a matter hang, so that they are one conversation."""
        return f"<{self.tokens.write(about, address)}@{self.domain}>"

    def key_of(self, message_id: str) -> str | None:
        """The key of the effect whose mail has this id; None: it is none of ours."""
        local, _, domain = message_id.strip().removeprefix("<").removesuffix(">").rpartition("@")
        mark, *token = local.rsplit(".", 2)
        return self.tokens.key_of(mark) if domain.lower() == self.domain.lower() and token else None


def compose(ours: Ours, outbound: Outbound, now: datetime) -> EmailMessage:
    """The mail for a message.

    Args:
        ours: Our side.
        outbound: The message.
        now: What its date is.
    """
    mail = EmailMessage(policy=SMTP)
    name = ours.name.get(outbound.language) or next(iter(ours.name.values()), "")
    mail["From"] = Address(name, addr_spec=ours.address)
    mail["To"] = Address(addr_spec=outbound.address)
    mail["Reply-To"] = Address(name, addr_spec=ours.answers_to(outbound.about, outbound.address))
    mail["Subject"] = " ".join((outbound.subject or name).split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = ours.id_of(outbound.key, outbound.about, outbound.address)
    mail["References"] = ours.matter_of(outbound.about, outbound.address)
    # RFC 3834: nobody's machine answers this, and ours knows its own kind.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    above = say(REPLY_ABOVE, outbound.language)
    mail.set_content(f"{RULE} {above} {RULE[::-1]}\n\n{outbound.text}\n", cte="base64")
    return mail
