"""The bridge to mail boxes: puts together what sends, what reads, and what is called."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from fastapi import APIRouter

from bridges.contract import (
    Accept,
    Capabilities,
    Delivered,
    Inbound,
    Media,
    Outbound,
    Refused,
    TooLarge,
    Unavailable,
)
from bridges.email import reading, webhooks
from bridges.email.composing import Ours
from bridges.email.mailbox import FAILURES, LIMIT, Mailbox, Waiting
from bridges.email.reading import NAME
from bridges.email.sending import Sender
from bridges.email.tokens import Tokens
from linzhang.settings import Mail

log = logging.getLogger(__name__)

#: Before the place of a mail in our box, and the number of what came with it.
MEDIA = "imap:"

#: Characters of a mail; nobody reads more.
_TEXT_LIMIT = 100_000


class EmailBridge:
    """Letters by e-mail; implements `bridges.contract.Bridge` and `bridges.contract.Listener`.

    Args:
        mail: The settings.
        name: What the service is called, in each language.
        key: A secret, of which the tokens are made.
        now: Tells what a mail's date is.
        timeout: Seconds after which a step with the mail server is given up.
    """

    name = NAME
    capabilities = Capabilities(text_limit=_TEXT_LIMIT, threads=True, receipts=True, letters=True)

    def __init__(
        self,
        mail: Mail,
        *,
        name: Mapping[str, str],
        key: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: float = 20.0,
    ) -> None:
        self._mail = mail
        self._ours = Ours(mail.address, dict(name), Tokens(key), mail.plus)
        self._sender = Sender(mail, self._ours, now, timeout)
        self._mailbox = Mailbox(mail)
        self._reading = asyncio.Lock()  # the connection is one, and so is who reads through it

    def routes(self, accept: Accept) -> APIRouter:
        """The webhook `POST /email/inbound`, if there is a token for it."""
        return webhooks.router(self._mail, self._ours, accept)

    async def listen(self, accept: Accept) -> None:
        """Take in what comes into the mail box, until cancelled; see `bridges.contract.Listener`."""
        while self._mail.imap_host:
            try:
                await self.take_in(accept)
            except Exception as error:  # the mail server, the network, the database: all of them come back
                log.warning("the mail box could not be read: %s", type(error).__name__)
                await self._let_go()
            await asyncio.sleep(self._mail.poll)

    async def take_in(self, accept: Accept) -> int:
        """Take in what is new in the mail box now; returns how many mails were looked at."""
        async with self._reading:
            waiting, count = self._mailbox.waiting(), 0
            while (each := await asyncio.to_thread(next, waiting, None)) is not None:
                event = self._understood(each)
                if event is not None:
                    await accept(event)
                await asyncio.to_thread(self._mailbox.seen, each.uid)
                count += 1
        return count

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Send a letter; see `bridges.contract.Bridge.deliver`."""
        return await self._sender.deliver(outbound)

    async def find(
        self,
        outbound: Outbound,  # noqa: ARG002 - the signature is given
        since: datetime,  # noqa: ARG002
        known: Sequence[str],  # noqa: ARG002
    ) -> Delivered | None:
        """A mail server cannot be asked; the letter goes again under the same id."""
        return None

    def carries(self, medium: Media, address: str) -> bool:  # noqa: ARG002 - the signature is given
        """Letters link what goes along."""
        return False

    async def fetch(self, medium: Media, limit: int) -> bytes:
        """Get what came with a mail from our mail box; see `bridges.contract.Bridge.fetch`."""
        place, _, number = medium.url.removeprefix(MEDIA).rpartition("/")
        if not medium.url.startswith(MEDIA) or not number.isdecimal():
            raise Refused("a medium lies elsewhere than in our mail box")
        try:
            async with self._reading:
                content = await asyncio.to_thread(self._mailbox.content, place, LIMIT)
        except FAILURES as error:
            await self._let_go()
            raise Unavailable(f"the mail box could not be read ({type(error).__name__})") from None
        files = reading.attachments(reading.parse(content)) if content else []
        if int(number) >= len(files):
            raise Unavailable("the mail is not there any more", 404)
        found = reading.content_of(files[int(number)])
        if len(found) > limit:
            raise TooLarge("a medium is too large")
        return found

    async def check(self) -> None:
        """Make sure that the mail server lets us in; see `bridges.contract.Checks`."""
        await self._sender.check()

    async def review(self) -> Sequence[str]:
        """Look whether the mail box lets us in; see `bridges.contract.Checks`."""
        if not self._mail.imap_host:
            return []
        mailbox = Mailbox(self._mail)
        try:
            await asyncio.to_thread(mailbox.look)
        except FAILURES as error:
            return [
                f"The mail box does not let us in ({type(error).__name__}): see email.imap_host and so on."
            ]
        finally:
            await asyncio.to_thread(mailbox.close)
        return []

    async def close(self) -> None:
        """Let go of connections; the next mail would open new ones."""
        await self._let_go()

    async def _let_go(self) -> None:
        async with self._reading:
            await asyncio.to_thread(self._mailbox.close)

    def _understood(self, waiting: Waiting) -> Inbound | None:
        """What a mail says; one that is too large stays in the box, and holds up no other."""
        if not waiting.content:
            log.warning("a mail of more than %s MB was left", LIMIT // 2**20)
            return None
        return reading.understood(waiting.content, self._ours, f"{MEDIA}{waiting.place}/")
