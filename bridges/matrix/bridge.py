"""Matrix as a bridge: people are reached in direct rooms, and rooms are where the service lives.

Keeps one `AppService` for each homeserver; decides nothing.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from bridges.contract import (
    Accept,
    Capabilities,
    Delivered,
    DeliveryError,
    Inbound,
    Media,
    Outbound,
    Refused,
    Unavailable,
)
from bridges.matrix.appservice import KEY, AppService
from bridges.matrix.events import BRIDGE, TEXT_LIMIT, told
from bridges.matrix.transactions import router
from linzhang.networks import Network
from linzhang.settings import Homeserver

log = logging.getLogger(__name__)

#: Seconds before each attempt to reach a homeserver; after that it finds us by itself.
CATCH_UP = (0.2, 0.5, 1, 2, 5, 10, 20, 60, 60, 60)


@dataclass(frozen=True, slots=True)
class Missed:
    """What was said in the rooms of a homeserver, whether or not it was told.

    Attributes:
        position: Up to where.
        events: What is something for us.
    """

    position: str
    events: Sequence[Inbound]


class MatrixBridge:
    """The bridge to Matrix; see `bridges.contract.Bridge`.

    Attributes:
        name: 'matrix'.
        capabilities: What Matrix can do.
    """

    name = BRIDGE
    capabilities = Capabilities(text_limit=TEXT_LIMIT, media=True, threads=True, edits=True)

    def __init__(
        self,
        homeservers: Sequence[Homeserver],
        *,
        networks: Sequence[Network] = (),
    ) -> None:
        self._homeservers = homeservers
        self._networks = networks
        self._services = {each.server_name: AppService(each) for each in homeservers}

    def routes(self, accept: Accept) -> APIRouter:
        """The application service's endpoints."""
        return router(self._homeservers, accept, self._networks)

    @property
    def services(self) -> Sequence[AppService]:
        """The service on each homeserver of the configuration."""
        return list(self._services.values())

    def service(self, server_name: str) -> AppService:
        """The service on a homeserver.

        Raises:
            Unavailable: The configuration has no such homeserver, or has it no more.
        """
        found = self._services.get(server_name)
        if found is None:
            raise Unavailable(f"There is no homeserver {server_name} in the configuration.")
        return found

    def service_for(self, matrix_id: str) -> AppService:
        """The service on the homeserver of a room or a user, or on the first where it has none."""
        server_name = matrix_id.partition(":")[2]
        return self._services.get(server_name) or self._services[self._homeservers[0].server_name]

    def keeper_of(self, uri: str) -> AppService:
        """The service on the homeserver that keeps an upload, or on the first, which asks the other one."""
        server_name = uri.removeprefix("mxc://").partition("/")[0]
        return self._services.get(server_name) or self._services[self._homeservers[0].server_name]

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Send a message into the direct room with a person.

        What was uploaded to Matrix goes first, so that a message that is found had all that goes
        with it; what lies elsewhere is linked.

        Raises:
            DeliveryError: See `bridges.contract.Bridge.deliver`.
        """
        service = self.service_for(outbound.address)
        uploads = [each for each in outbound.media if each.url.startswith("mxc://")]
        for number, upload in enumerate(uploads, start=1):
            key = f"{outbound.key}.{number}"
            content = _content(upload.name or upload.content_type, key) | {
                "msgtype": _kind(upload.content_type),
                "url": upload.url,
                "info": {"mimetype": upload.content_type},
            }
            await service.send_direct(outbound.address, content, txn_id=key)
        links = [each.url for each in outbound.media if each not in uploads]
        content = _content("\n".join([outbound.text, *links]), outbound.key)
        return Delivered(await service.send_direct(outbound.address, content, txn_id=outbound.key))

    async def find(self, outbound: Outbound, since: datetime, known: Sequence[str]) -> Delivered | None:
        """Look for a message in the direct room; its key tells it from all others."""
        del since, known
        event_id = await self.service_for(outbound.address).find_direct(outbound.address, outbound.key)
        return Delivered(event_id) if event_id else None

    async def catch_up(self) -> None:
        """Ask every homeserver for what it could not bring, until it has heard."""
        await asyncio.gather(*(_catch_up(service) for service in self._services.values()))

    async def missed(self, server_name: str, position: str) -> Missed:
        """Look in the rooms of one homeserver for what it may have failed to tell.

        Args:
            server_name: Which.
            position: Up to where an earlier look has come; empty: this is the first one, which finds nothing.

        Raises:
            Denied: The homeserver does not know the position.
            Unavailable: It cannot be asked now.
        """
        service = self.service(server_name)
        if not position:
            return Missed(await service.position(), [])
        found = await service.since(position)
        heard = [told(each, service.homeserver, self._homeservers, self._networks) for each in found.events]
        return Missed(found.position, [each for each in heard if each is not None])

    def carries(self, medium: Media, address: str) -> bool:
        """Whatever a homeserver keeps can be shown to everybody."""
        del address
        return medium.url.startswith("mxc://")

    async def fetch(self, medium: Media, limit: int) -> bytes:
        """Get what somebody has uploaded to Matrix.

        Raises:
            TooLarge: It has more bytes than `limit`.
            Refused: It is no upload, or there is none.
            Unavailable: It could not be had now.
        """
        if not medium.url.startswith("mxc://"):
            raise Refused("it is no upload to Matrix")
        return await self.keeper_of(medium.url).download(medium.url, limit)

    async def close(self) -> None:
        """Let go of all connections."""
        for service in self._services.values():
            await service.close()


async def _catch_up(service: AppService) -> None:
    for wait in CATCH_UP:
        await asyncio.sleep(wait)
        try:
            await service.catch_up()
        except Refused as refusal:
            log.warning("a homeserver does not take pings: %s", refusal)
            return
        except DeliveryError:
            continue  # it is away, or cannot reach us yet
        return


def _content(text: str, key: str) -> dict[str, Any]:
    # Names and words from outside ping nobody: without this, '@room' in them would.
    return {"msgtype": "m.text", "body": text, "m.mentions": {}, KEY: key}


def _kind(content_type: str) -> str:
    family = content_type.partition("/")[0]
    return f"m.{family}" if family in ("image", "audio", "video") else "m.file"
