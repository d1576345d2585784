"""Who sent something in private: the address, and its person, made when they are new."""

from bridges.contract import Inbound
from issues import numbers
from linzhang.settings import Settings
from models import Address, Person


async def of(settings: Settings, inbound: Inbound) -> Address:
    """The address that an event came from, with its person; both are made when they are new."""
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None:
        address = await Address.create(
            person=await Person.create(),
            bridge=inbound.bridge,
            lookup=settings.vault.lookup(inbound.bridge, inbound.sender),
            sealed=settings.vault.seal(inbound.sender),
            stopped_at=settings.clock.wall() if inbound.detail.get("withheld") else None,
        )
    # A telephone that texts is none that has to be called, whatever its number looks like.
    fixed_line = "call" in inbound.detail and bool(inbound.detail.get("fixed_line"))
    if fixed_line != address.fixed_line:
        address.fixed_line = fixed_line
        await address.save(update_fields=["fixed_line"])
    return address
