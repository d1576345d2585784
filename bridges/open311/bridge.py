"""The way back to civic apps: there is none. What a resident is told waits until the app asks.

The specification (GeoReport v2) has no call from us to the app. So a message is delivered as soon as it is
kept: the outbox' row is what `web.open311` shows as a request's status notes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from fastapi import APIRouter

from bridges.contract import Accept, Capabilities, Delivered, Media, Outbound, Refused

#: The bridge's name.
NAME: Final = "open311"

#: Characters of a description, as the specification has it.
TEXT_LIMIT: Final = 4000


class Open311Bridge:
    """See the module."""

    name = NAME
    capabilities = Capabilities(text_limit=TEXT_LIMIT)

    def routes(self, accept: Accept) -> APIRouter:  # noqa: ARG002 - the signature is given
        """None here: apps speak to `web.open311`, which knows units and issues."""
        return APIRouter()

    async def deliver(self, outbound: Outbound) -> Delivered:
        """Keep it for the app to ask for."""
        return Delivered(outbound.key, "kept")

    async def find(self, outbound: Outbound, since: datetime, known: Sequence[str]) -> Delivered | None:  # noqa: ARG002
        """It is kept."""
        return Delivered(outbound.key, "kept")

    def carries(self, medium: Media, address: str) -> bool:  # noqa: ARG002
        """No."""
        return False

    async def fetch(self, medium: Media, limit: int) -> bytes:  # noqa: ARG002
        """Nothing is fetched from the addresses that apps name.

        Raises:
            Refused: Always.
        """
        raise Refused("Open311 has no media of its own")

    async def close(self) -> None:
        """There is nothing to let go of."""
