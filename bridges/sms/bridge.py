"""The bridge to phones: puts together what is called by the carrier and what calls it.

One bridge is one channel: texts, or WhatsApp.
"""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter

from bridges.contract import Accept, Capabilities, Delivered, Media, Outbound
from bridges.sms import channels, webhooks
from bridges.sms.account import Account
from bridges.sms.channels import Channel
from bridges.sms.connection import Connection
from bridges.sms.media import Fetcher
from bridges.sms.sending import TEXT_LIMIT, Sender
from linzhang.settings import Twilio


class SmsBridge:
    """SMS and MMS, or WhatsApp, through Twilio; implements `bridges.contract.Bridge`.

    Args:
        twilio: The account with the carrier.
        public_url: Where the carrier reaches the application; part of what it signs.
        region: ISO 3166 code that numbers without a country code belong to, such as 'CN'.
        channel: On which way; texts where it is not given.
        timeout: Seconds after which a request to the carrier is given up.
    """

    def __init__(
        self,
        twilio: Twilio,
        *,
        public_url: str,
        region: str,
        channel: Channel | None = None,
        timeout: float = 10.0,
    ) -> None:
        self._twilio = twilio
        self._channel = channel or channels.sms(twilio)
        self._public_url = public_url
        self._region = region
        self._timeout = timeout
        self._fetch_timeout = 2 * timeout  # a film takes its time
        self._connection: Connection | None = None
        self._sender: Sender | None = None
        self._fetcher: Fetcher | None = None

    @property
    def name(self) -> str:
        """The bridge's name."""
        return self._channel.name

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return Capabilities(text_limit=TEXT_LIMIT, media=True, receipts=True, phone_numbers=True)

    def routes(self, accept: Accept) -> APIRouter:
        """The webhooks `POST /sms/inbound` and `POST /sms/status`, or the same of another channel."""
        return webhooks.router(
            self._twilio, self._channel, public_url=self._public_url, region=self._region, accept=accept
        )

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

    def carries(self, medium: Media, address: str) -> bool:
        """Whether the carrier sends a medium to this number."""
        return self._channel.carries(medium, address)

    async def fetch(self, medium: Media, limit: int) -> bytes:
        """Get what came with a message from the carrier.

        Raises:
            TooLarge: It has more bytes than `limit`.
            Refused: It lies elsewhere than at the carrier, or is not given out.
            Unavailable: It could not be had now; code 404: the carrier does not have it, or not yet.
        """
        if self._fetcher is None:
            self._fetcher = Fetcher(self._twilio, self._fetch_timeout)
        return await self._fetcher.fetch(medium, limit)

    async def check(self) -> None:
        """Make sure that the carrier answers and knows the account; see `bridges.contract.Checks`."""
        await self._account().check()

    async def review(self) -> Sequence[str]:
        """Look at where the carrier brings what comes in; see `bridges.contract.Checks`."""
        if self._channel.prefix:
            return []  # where a WhatsApp sender's messages go stands on a page only
        return await self._account().review()

    async def close(self) -> None:
        """Let go of connections; the next message would open new ones."""
        connection, self._connection, self._sender = self._connection, None, None
        fetcher, self._fetcher = self._fetcher, None
        for each in (connection, fetcher):
            if each is not None:
                await each.close()

    def _opened(self) -> Sender:
        """The sender; made at the first use, because connections belong to a running event loop."""
        if self._sender is None:
            self._sender = Sender(
                self._twilio, self._channel, public_url=self._public_url, connection=self._connected()
            )
        return self._sender

    def _account(self) -> Account:
        return Account(self._twilio, public_url=self._public_url, connection=self._connected())

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = Connection(self._timeout)
        return self._connection
