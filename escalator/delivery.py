"""Who delivers an effect: the one shape that rooms and all bridges have towards the outbox.

Here too stands the deliverer for words to one person; rooms have theirs in `rooms.delivery`.
"""

from datetime import datetime
from typing import Protocol

from bridges.contract import Bridge, Delivered, OptedOut, Outbound
from linzhang.settings import Settings
from models import Address, Outbox


class Deliverer(Protocol):
    """Carries one outbox row to the outside; raises the errors of `bridges.contract`."""

    async def deliver(self, row: Outbox) -> Delivered:
        """Send it."""
        ...

    async def find(self, row: Outbox) -> Delivered | None:
        """Look for it on the far side, after a call of which nobody knows how it ended."""
        ...


class ToPerson:
    """Delivers words to a person through a bridge."""

    def __init__(self, settings: Settings, bridge: Bridge) -> None:
        self._settings = settings
        self._bridge = bridge

    async def deliver(self, row: Outbox) -> Delivered:
        """See `Deliverer.deliver`.

        Raises:
            OptedOut: The person wants no messages.
        """
        address = await Address.get(id=row.address_id)
        # Who wants no texts may be called all the same: whoever wrote the row has decided that.
        if address.stopped_at is not None and address.bridge == row.bridge:
            raise OptedOut("The person has asked for no messages.")
        return await self._bridge.deliver(self._outbound(row, address))

    async def find(self, row: Outbox) -> Delivered | None:
        """See `Deliverer.find`."""
        address = await Address.get(id=row.address_id)
        siblings = await Outbox.filter(address_id=address.id).exclude(id=row.id)
        known = [each.external_id for each in siblings if each.external_id]
        since: datetime = row.called_at or row.created_at
        return await self._bridge.find(self._outbound(row, address), since, known)

    def _outbound(self, row: Outbox, address: Address) -> Outbound:
        return Outbound(
            key=row.key, address=self._settings.vault.open(address.sealed), text=row.payload["text"]
        )
