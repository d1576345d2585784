"""The bridge to WeCom: puts together what is called by WeCom and what calls it."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter

from bridges.contract import Accept, Capabilities, Delivered, Media, Outbound, Refused
from bridges.wecom import sending, webhooks
from bridges.wecom.connection import Connection
from bridges.wecom.incoming import MEDIA, NAME
from bridges.wecom.sending import Sender
from linzhang.settings import WeCom

#: Characters of one text; none has more than four bytes, and WeCom counts these.
_TEXT_LIMIT = sending.TEXT_BYTES // 4


class WeComBridge:
    """Messages of one WeCom application; implements `bridges.contract.Bridge`.

    Addresses are members' ids, in small letters.

    Args:
        wecom: The application.
        public_url: Where our own links lead.
        timeout: Seconds after which a request is given up.
    """

    name = NAME
    capabilities = Capabilities(text_limit=_TEXT_LIMIT, media=True)

    def __init__(self, wecom: WeCom, *, public_url: str, timeout: float = 10.0) -> None:
        self._wecom = wecom
        self._public_url = public_url
        self._timeout = timeout
        self._connection: Connection | None = None
        self._sender: Sender | None = None

    def routes(self, accept: Accept) -> APIRouter:
        """The webhook `/wecom/callback`."""
        return webhooks.router(self._wecom, accept)

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Send a message; see `bridges.contract.Bridge.deliver`."""
        return await self._opened_sender().deliver(outbound)

    async def find(
        self,
        outbound: Outbound,
        since: datetime,
        known: Sequence[str],  # noqa: ARG002 - the signature is given
    ) -> Delivered | None:
        """WeCom cannot be asked; what is sent again is sent with its own check for repetitions."""
        await self._opened_sender().find(outbound, since)
        return None

    def carries(self, medium: Media, address: str) -> bool:  # noqa: ARG002 - the signature is given
        """Whether a medium can be sent from where it lies: our own links, which are uploaded."""
        return sending.carries(medium, self._public_url)

    async def fetch(self, medium: Media, limit: int) -> bytes:
        """Get what came with a message; see `bridges.contract.Bridge.fetch`."""
        if not medium.url.startswith(MEDIA):
            raise Refused("a medium lies elsewhere than at WeCom")
        return await self._opened().download(medium.url.removeprefix(MEDIA), limit)

    async def check(self) -> None:
        """Make sure that WeCom lets us in; see `bridges.contract.Checks`."""
        await self._opened().check()

    async def review(self) -> Sequence[str]:
        """WeCom shows where it calls us on its own pages only; see `bridges.contract.Checks`."""
        return []

    async def close(self) -> None:
        """Let go of connections; the next message would open new ones."""
        connection, self._connection, self._sender = self._connection, None, None
        if connection is not None:
            await connection.close()

    def _opened(self) -> Connection:
        """The connection; made at the first use, because it belongs to a running event loop."""
        if self._connection is None:
            self._connection = Connection(self._wecom, self._timeout)
        return self._connection

    def _opened_sender(self) -> Sender:
        if self._sender is None:
            self._sender = Sender(self._wecom, self._opened(), self._public_url)
        return self._sender
