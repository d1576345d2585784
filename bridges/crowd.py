"""Who may ask one far side just now: only so many at a time, and hardly anybody while it is silent.

A far side that hangs keeps everybody who asks it waiting until their time is up. Without this, all of a
worker's hands would soon wait for it, and what concerns other far sides would wait with them. Whoever is
turned away here has asked nothing, and comes again later. Times are seconds.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bridges.contract import Unavailable, Uncertain

#: Calls at once. More only wait for each other on one homeserver (DESIGN, section 7).
LIMIT = 16

#: Calls at once while it is silent: enough to hear when it answers again.
PROBES = 2

#: Seconds after which a call that is not answered is a sign that nothing will be.
SLOW = 5.0

#: Seconds after a call without an answer in which nobody asks.
REST = 1.0


class Crowd:
    """Those who ask one far side.

    Args:
        answer_counts: Whether an error that the far side itself has told, with a code, is a sign of life;
            it is none where somebody between tells it.
        now: The clock.
    """

    def __init__(self, *, answer_counts: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self._answer_counts = answer_counts
        self._now = now
        self._begun: dict[object, float] = {}
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._silent_since: float | None = None

    @asynccontextmanager
    async def joined(self, action: str) -> AsyncIterator[None]:
        """Be one of those who ask, as soon as there is a place.

        Args:
            action: What for, in words for the error.

        Raises:
            Unavailable: The far side does not answer these days; nothing was asked.
        """
        me = object()
        await self._place(action)
        self._begun[me] = self._now()
        try:
            yield
        except (Unavailable, Uncertain) as error:
            self._told(answered=self._answer_counts and error.code is not None)
            raise
        else:
            self._told(answered=True)
        finally:
            del self._begun[me]
            while self._waiting:
                waiter = self._waiting.popleft()
                if not waiter.done():
                    waiter.set_result(None)
                    break

    def _told(self, *, answered: bool) -> None:
        self._silent_since = None if answered else self._now()

    async def _place(self, action: str) -> None:
        self._require_life(action)
        while len(self._begun) >= LIMIT:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            patience = min(self._begun.values()) + SLOW - self._now()
            await asyncio.wait({waiter}, timeout=max(patience, 0.01))
            waiter.cancel()
            self._require_life(action)

    def _require_life(self, action: str) -> None:
        now = self._now()
        resting = self._silent_since is not None and now < self._silent_since + REST
        hanging = bool(self._begun) and now > min(self._begun.values()) + SLOW
        silent = self._silent_since is not None or hanging
        if resting or (silent and len(self._begun) >= PROBES):
            raise Unavailable(f"{action}: there was no answer lately", retry_after=REST)
