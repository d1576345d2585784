"""The SMS bridge: puts together what is called by the carrier and what calls it."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter

from bridges.contract import Accept, Capabilities, Delivered, Outbound
from bridges.sms import incoming, webhooks
from bridges.sms.connection import Connection
from bridges.sms.sending import TEXT_LIMIT, Sender
from linzhang.settings import Twilio


class SmsBridge:
    """SMS and MMS through Twilio; implements `bridges.contract.Bridge`.

    Args:
        twilio: The account with the carrier.
        public_url: Where the carrier reaches the application; part of what it signs.
        region: ISO 3166 code that numbers without a country code belong to, such as 'CN'.
        timeout: Seconds after which a request to the carrier is given up.
    """

    def __init__(self, twilio: Twilio, *, public_url: str, region: str, timeout: float = 10.0) -> None:
        self._twilio = twilio
        self._public_url = public_url
        self._region = region
        self._timeout = timeout
        self._connection: Connection | None = None
        self._sender: Sender | None = None

    @property
    def name(self) -> str:
        """The bridge's name."""
        return incoming.NAME

    @property
    def capabilities(self) -> Capabilities:
        """What SMS can do."""
        return Capabilities(text_limit=TEXT_LIMIT, media=True, receipts=True)

    def routes(self, accept: Accept) -> APIRouter:
        """The webhooks `POST /sms/inbound` and `POST /sms/status`."""
        return webhooks.router(self._twilio, public_url=self._public_url, region=self._region, accept=accept)

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Send a message.

        Raises:
            OptedOut: The person has told the carrier to stop.
            Refused: It will never be taken.
            Unavailable: It was not taken; it may be later.
            Uncertain: It may have been taken.
        """
        return await self._opened().deliver(outbound)

    async def find(self, outbound: Outbound, since: datetime, known: Sequence[str]) -> Delivered | None:
        """Look for a message whose `deliver` ended uncertainly.

        Raises:
            Unavailable: The carrier could not be asked.
        """
        return await self._opened().find(outbound, since, known)

    async def close(self) -> None:
        """Let go of connections; the next message would open new ones."""
        connection, self._connection, self._sender = self._connection, None, None
        if connection is not None:
            await connection.close()

    def _opened(self) -> Sender:
        """The sender; made at the first use, because connections belong to a running event loop."""
        if self._sender is None:
            self._connection = Connection(self._timeout)
            self._sender = Sender(self._twilio, public_url=self._public_url, connection=self._connection)
        return self._sender
