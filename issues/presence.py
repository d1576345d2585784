"""Whether somebody is there: when an address was last heard of, and what waited for that.

Only notes it and lets held texts go; what follows for a leader who is not there is decided in
`issues.reaching`.
"""

from datetime import datetime, timedelta

from bridges.contract import Inbound
from linzhang.settings import Settings
from models import Address, Outbox, OutboxState

#: How exactly it is known when somebody was last there: an address is written to no more often.
EXACT = timedelta(minutes=10)


async def heard(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Note that somebody did something: they are awake, and their phone is on.

    What was held for them, for the morning or because their phone was off, goes out.

    Args:
        settings: The service's.
        inbound: What they did.
        at: When, in programme time.

    Returns:
        The outbox lanes in which something may go out now.
    """
    address = await seen(settings, inbound, at)
    if address is None:
        return set()
    lane = f"address:{address.id}"
    held = Outbox.filter(lane=lane, state=OutboxState.WAITING).exclude(hold_until=None)
    return {lane} if await held.update(hold_until=None) else set()


async def seen(settings: Settings, inbound: Inbound, at: datetime) -> Address | None:
    """Note that somebody was there, if only to read.

    Returns:
        The address; None where nobody is known under it.
    """
    lookup = settings.vault.lookup(inbound.bridge, inbound.sender)
    address = await Address.get_or_none(bridge=inbound.bridge, lookup=lookup)
    if address is not None and (address.seen_at is None or address.seen_at < at - EXACT):
        await Address.filter(id=address.id).update(seen_at=at)
    return address
