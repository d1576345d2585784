"""Whose turn it is to do what several need, and what is done for all once one has done it.

When a crowd of conversations needs one room that is not there yet, each would make it, and ask for all that
belongs to it: on a homeserver with much to do none would ever be finished with that.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bridges.contract import Unasked

#: Seconds for which a turn is waited for; a worker's hands must not all wait for one thing.
PATIENCE = 5.0

#: Seconds after which whoever has waited in vain comes again.
_AGAIN = 2.0


class Turns:
    """The turns of one process."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def taken(self, what: str) -> AsyncIterator[None]:
        """Have one's turn; who comes later has to look whether it is done.

        Args:
            what: Names what is to be done.

        Raises:
            Unasked: Another one takes long for it.
        """
        lock = self._locks.setdefault(what, asyncio.Lock())
        try:
            async with asyncio.timeout(PATIENCE):
                await lock.acquire()
        except TimeoutError:
            raise Unasked(f"{what}: somebody is at it", _AGAIN, 0.0) from None
        try:
            yield
        finally:
            lock.release()
