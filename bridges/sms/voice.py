"""The voice bridge: puts together what the carrier asks during calls, and the calls that we place."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter

from bridges.calls import Switchboard
from bridges.contract import Accept, Capabilities, Delivered, Media, Outbound, Refused
from bridges.sms import voice_incoming, voice_webhooks
from bridges.sms.calling import Caller
from bridges.sms.connection import Connection
from linzhang.settings import Twilio

#: Characters that somebody can be asked to listen to: some five minutes.
_TEXT_LIMIT = 3000


class VoiceBridge:
    """Calls through Twilio; implements `bridges.calls.CallBridge`.

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
        self._caller: Caller | None = None

    @property
    def name(self) -> str:
        """The bridge's name."""
        return voice_incoming.NAME

    @property
    def capabilities(self) -> Capabilities:
        """What a call can carry."""
        return Capabilities(text_limit=_TEXT_LIMIT, receipts=True)

    def routes(self, accept: Accept) -> APIRouter:
        """The webhook `POST /voice/status`."""
        return voice_webhooks.receipts(
            self._twilio, public_url=self._public_url, region=self._region, accept=accept
        )

    def call_routes(self, accept: Accept, switchboard: Switchboard) -> APIRouter:
        """The webhooks `POST /voice/call` and `POST /voice/recording`."""
        return voice_webhooks.calls(
            self._twilio,
            public_url=self._public_url,
            region=self._region,
            accept=accept,
            switchboard=switchboard,
        )

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Call somebody; the switchboard says the words when they pick up.

        Raises:
            Refused: They can never be called.
            Unavailable: The call was not placed; it may be later.
            Uncertain: It may have been placed.
        """
        return await self._opened().deliver(outbound)

    async def find(self, outbound: Outbound, since: datetime, known: Sequence[str]) -> Delivered | None:
        """Look for a call whose `deliver` ended uncertainly.

        Raises:
            Unavailable: The carrier could not be asked.
        """
        return await self._opened().find(outbound, since, known)

    def carries(self, medium: Media, address: str) -> bool:
        """Nothing is shown over the telephone."""
        del medium, address
        return False

    async def fetch(self, medium: Media, limit: int) -> bytes:
        """What callers leave is a message of the bridge to phones, which fetches it.

        Raises:
            Refused: Always.
        """
        del medium, limit
        raise Refused("nothing comes with a call")

    async def close(self) -> None:
        """Let go of connections; the next call would open new ones."""
        connection, self._connection, self._caller = self._connection, None, None
        if connection is not None:
            await connection.close()

    def _opened(self) -> Caller:
        """The caller; made at the first use, because connections belong to a running event loop."""
        if self._caller is None:
            self._connection = Connection(self._timeout)
            self._caller = Caller(self._twilio, public_url=self._public_url, connection=self._connection)
        return self._caller
