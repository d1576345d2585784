"""The duty of bridges to other networks: one whose bot says nothing is let go, so that the next can be made.

How long that takes is machine time, since a bot knows nothing of the programme's clock. Two workers that see
the same one lock it one after the other; the second finds nothing left to do.
"""

import logging
from datetime import datetime

from tortoise.transactions import in_transaction

from linzhang.settings import Settings
from rooms import bridged

log = logging.getLogger(__name__)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Let go of those whose bots are silent, the oldest first.

    Args:
        settings: The service's.
        limit: How many at most.

    Returns:
        How many were let go, and the outbox lanes that have got rows.
    """
    woken: set[str] = set()
    done = 0
    for row in await bridged.silent(settings).order_by("id").limit(limit).values("id"):
        try:
            async with in_transaction():
                bridge = await bridged.silent(settings).filter(id=row["id"]).select_for_update().first()
                if bridge is not None:
                    woken |= await bridged.give_up(settings, bridge, settings.clock.now())
            done += 1
        except Exception:
            log.exception("bridge %s: it could not be let go", row["id"])
    return done, woken


async def next_due(settings: Settings) -> datetime | None:
    """Now, if there is one."""
    return settings.clock.now() if await bridged.silent(settings).exists() else None
