"""The bridge to Telegram: puts together what is called by Telegram and what calls it."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter

from bridges.contract import UNKNOWN, Accept, Capabilities, Delivered, Media, Outbound, Refused
from bridges.telegram import sending, webhooks
from bridges.telegram.connection import Connection, explained
from bridges.telegram.incoming import FILE, NAME
from linzhang.settings import Telegram


class TelegramBridge:
    """One bot; implements `bridges.contract.Bridge` and `bridges.contract.Connects`.

    Addresses are the numbers of accounts, which in private are those of the chats.

    Args:
        telegram: The bot.
        public_url: Where Telegram reaches the application, and our own links lead.
        timeout: Seconds after which a request is given up.
    """

    name = NAME
    capabilities = Capabilities(
        text_limit=sending.TEXT_LIMIT, media=True, edits=True, choices=True, groups=True
    )

    def __init__(self, telegram: Telegram, *, public_url: str, timeout: float = 10.0) -> None:
        self._telegram = telegram
        self._public_url = public_url
        self._timeout = timeout
        self._connection: Connection | None = None

    def routes(self, accept: Accept) -> APIRouter:
        """The webhook `POST /telegram/webhook`."""
        return webhooks.router(self._telegram, accept)

    async def connect(self) -> str:
        """Tell Telegram where our webhook is, and the secret that it is to show there.

        Returns:
            The bot's name.

        Raises:
            DeliveryError: Telegram does not know the token, or cannot be reached.
        """
        bot = self._opened().bot
        with explained(reading=True):
            me = await bot.get_me()
            await bot.set_webhook(
                self._webhook,
                secret_token=self._telegram.webhook_secret.get_secret_value(),
                allowed_updates=list(webhooks.UPDATES),
            )
        return f"@{me.username}"

    async def check(self) -> None:
        """Make sure that Telegram answers and knows the token; see `bridges.contract.Checks`."""
        with explained(reading=True):
            await self._opened().bot.get_me()

    async def review(self) -> Sequence[str]:
        """Look at where Telegram brings what comes in; see `bridges.contract.Checks`."""
        with explained(reading=True):
            told = await self._opened().bot.get_webhook_info()
        if told.url == self._webhook:
            return []
        return [
            f"Telegram brings messages to {told.url or 'nowhere'}: run `linzhang bridges connect telegram`."
        ]

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Send a message; see `bridges.contract.Bridge.deliver`."""
        return await sending.send(self._opened().bot, outbound)

    async def find(
        self,
        outbound: Outbound,  # noqa: ARG002 - the signature is given
        since: datetime,  # noqa: ARG002
        known: Sequence[str],  # noqa: ARG002
    ) -> Delivered | None:
        """Telegram takes no key and shows a bot nothing that it has sent, so it is not said twice."""
        return Delivered("", UNKNOWN)

    def carries(self, medium: Media, address: str) -> bool:  # noqa: ARG002 - the signature is given
        """Whether Telegram fetches a medium from where it lies: one of our own links."""
        return sending.carries(medium, self._public_url)

    async def fetch(self, medium: Media, limit: int) -> bytes:
        """Get what came with a message; see `bridges.contract.Bridge.fetch`."""
        if not medium.url.startswith(FILE):
            raise Refused("a medium lies elsewhere than at Telegram")
        return await self._opened().download(medium.url.removeprefix(FILE), limit)

    async def close(self) -> None:
        """Let go of connections; the next message would open new ones."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    @property
    def _webhook(self) -> str:
        return f"{self._public_url.rstrip('/')}{webhooks.PATH}"

    def _opened(self) -> Connection:
        """The connection; made at the first use, because it belongs to a running event loop."""
        if self._connection is None:
            self._connection = Connection(self._telegram, self._timeout)
        return self._connection
