"""Hands mails to the mail server, step by step, so that it is known how far one came.

One call is one attempt; trying again is the outbox's business. Before the mail itself is handed over
nothing has been taken; when the server has not said whether it took it, nobody knows, and it goes again
under the same id, by which mail systems know it. This module must never put an address into an error or a
log.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import aiosmtplib

from bridges.contract import Delivered, Outbound, Refused, Unavailable, Uncertain
from bridges.email.composing import Ours, compose
from linzhang.settings import Mail

_FAILURES = (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError)


class Sender:
    """Sends from one mail box.

    Args:
        mail: The settings.
        ours: Our side of every mail.
        now: Tells what a mail's date is.
        timeout: Seconds for each step.
    """

    def __init__(self, mail: Mail, ours: Ours, now: Callable[[], datetime], timeout: float) -> None:
        self._mail = mail
        self._ours = ours
        self._now = now
        self._timeout = timeout

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Hand a mail over; see `bridges.contract.Bridge.deliver`."""
        try:
            content = compose(self._ours, outbound, self._now())
        except (ValueError, IndexError) as error:  # the standard library's, for what is no address
            raise Refused(f"no mail can be made of it ({type(error).__name__})") from None
        server = await self._connected()
        try:
            await self._announce(server, outbound)
            try:
                await server.data(content.as_bytes())
            except aiosmtplib.SMTPResponseException as error:
                raise _refusal(error.code) from None
            except _FAILURES as error:
                raise Uncertain(f"the mail server's answer was lost ({type(error).__name__})") from None
            with suppress(*_FAILURES):  # it has it; a goodbye is only good manners
                await server.quit()
        finally:
            server.close()
        return Delivered(self._ours.id_of(outbound.key, outbound.about, outbound.address), "sent")

    async def check(self) -> None:
        """Make sure that the mail server lets us in; see `bridges.contract.Checks`."""
        server = await self._connected()
        with suppress(*_FAILURES):
            await server.quit()
        server.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        mail = self._mail
        server = aiosmtplib.SMTP(
            hostname=mail.smtp_host,
            port=mail.smtp_port,
            use_tls=mail.smtp_tls == "tls",
            start_tls=mail.smtp_tls == "starttls",
            username=mail.smtp_user or None,
            password=mail.smtp_password.get_secret_value() or None,
            timeout=self._timeout,
        )
        try:
            await server.connect()
        except _FAILURES as error:
            server.close()
            code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None
            raise Unavailable(f"the mail server does not let us in ({type(error).__name__})", code) from None
        return server

    async def _announce(self, server: aiosmtplib.SMTP, outbound: Outbound) -> None:
        """Say from whom and to whom."""
        bounces = self._ours.answers_to(outbound.about, outbound.address)
        try:
            await server.mail(bounces)
        except _FAILURES as error:
            code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None
            raise Unavailable("the mail server does not take mails of ours", code) from None
        try:
            await server.rcpt(outbound.address)
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code) from None
        except _FAILURES as error:
            raise Unavailable(f"the mail server has gone ({type(error).__name__})") from None


def _refusal(code: int) -> Refused | Unavailable:
    """What an answer of the server to a mail means (RFC 5321, 4.2.1)."""
    if code >= 500:
        return Refused(f"the mail server refuses it ({code})", code)
    return Unavailable(f"the mail server does not take it now ({code})", code)
