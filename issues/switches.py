"""Which bridges an administrator has turned off; who did so is recorded (`issues.audit`).

What is to go out through one that is off waits in the outbox, and what comes in is not accepted, so that the
platform brings it again later.
"""

from tortoise.transactions import in_transaction

from issues import audit
from linzhang.settings import Settings
from models import BridgeOff

#: What the service itself stands on.
NEEDED = ("matrix", "rooms", "media", "ties")


class TurnedOff(Exception):
    """Something has come in through a bridge that is turned off."""


async def off() -> list[str]:
    """Names of the bridges that are turned off."""
    return [row.name for row in await BridgeOff.all()]


async def is_off(name: str) -> bool:
    """Whether a bridge is turned off."""
    return await BridgeOff.exists(name=name)


async def require_on(name: str) -> None:
    """Make sure that a bridge may bring something.

    Raises:
        TurnedOff: An administrator has turned it off.
    """
    if await is_off(name):
        raise TurnedOff(f"{name} is turned off")


async def turn_off(settings: Settings, name: str, who: str, reason: str = "") -> bool:
    """Turn a bridge off; returns whether it was on.

    Raises:
        ValueError: The service stands on it.
    """
    if name in NEEDED:
        raise ValueError(f"{name} cannot be turned off: the rooms are there.")
    async with in_transaction():
        _, new = await BridgeOff.get_or_create(name=name, defaults={"since": settings.clock.now()})
        if new:
            await audit.record(settings, "bridge off", name, who, reason)
    return new


async def turn_on(settings: Settings, name: str, who: str, reason: str = "") -> bool:
    """Turn a bridge on again; returns whether it was off."""
    async with in_transaction():
        was_off = bool(await BridgeOff.filter(name=name).delete())
        if was_off:
            await audit.record(settings, "bridge on", name, who, reason)
    return was_off
