"""Stores what comes in at the same time with one commit: the inbox where many webhooks are answered at once.

    a webhook ──► waits ──┐
    a webhook ──► waits ──┼─► one commit ──► all are answered
    a webhook ──► waits ──┘   meanwhile the next ones gather

Nobody waits for others to come: whoever finds nobody storing begins at once. What is stored, and what is
refused, is as in `issues.inbox`; a row that cannot be stored spoils no other.
"""

import asyncio
from collections.abc import Sequence

from bridges.contract import Inbound, Kind
from issues import inbox, switches
from linzhang.settings import Settings
from models import Inbox

#: Rows of one commit.
MOST = 100

_Waiting = tuple[Inbox, asyncio.Future[str | None]]


class Gathering:
    """The inbox of one process.

    Args:
        settings: The service's.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None

    async def store(self, inbound: Inbound) -> str | None:
        """Keep an inbound event durably; see `issues.inbox.store`.

        Raises:
            TurnedOff: An administrator has turned the bridge off.
        """
        if inbound.kind is Kind.SEEN or not inbound.sender:
            return await inbox.store(self._settings, inbound)
        stored: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((inbox.row_of(self._settings, inbound), stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        return await stored

    async def _store(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            if len(together) == 1 or not await _at_once(together):
                await asyncio.gather(*(_alone(row, stored) for row, stored in together))


async def _at_once(together: Sequence[_Waiting]) -> bool:
    """Store all rows or none; returns whether they are stored."""
    try:
        off = await switches.off()
        if any(row.bridge in off for row, _ in together):
            return False
        await Inbox.bulk_create([row for row, _ in together])
    except Exception:
        return False  # one was stored before or cannot be, or there is no database: each finds out for itself
    for row, stored in together:
        if not stored.done():  # whoever brought it may have gone
            stored.set_result(row.lane)
    return True


async def _alone(row: Inbox, stored: asyncio.Future[str | None]) -> None:
    """Store one row, and say how that ended to whoever waits for it."""
    try:
        await switches.require_on(row.bridge)
        lane = await inbox.keep(row)
    except Exception as error:
        if not stored.done():
            stored.set_exception(error)
    else:
        if not stored.done():
            stored.set_result(lane)
