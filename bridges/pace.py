"""How fast something may be asked of a far side: one bucket of tokens for each.

Only counts and waits; knows nothing of what is asked.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pace:
    """Lets so many through in a second, evenly, after a first few at once.

    Args:
        rate: How many in a second.
        burst: How many at once after a time of rest.
        now: Seconds of a clock that only goes forward.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        rate: float,
        burst: int = 1,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap = 1 / rate
        self._burst = burst
        self._now, self._sleep = now, sleep
        self._next = -float("inf")

    def wait(self) -> float:
        """Seconds until whoever asks now would get their turn."""
        return max(0.0, self._next - self._now() - (self._burst - 1) * self._gap)

    async def turn(self) -> None:
        """Wait for one's turn; those who ask together get theirs one after the other."""
        now = self._now()
        mine = max(self._next, now - (self._burst - 1) * self._gap)
        self._next = mine + self._gap
        if mine > now:
            await self._sleep(mine - now)

    async def pause(self, seconds: float) -> None:
        """Let nobody through for a time, and wait that long."""
        self._next = max(self._next, self._now() + seconds)
        await self._sleep(seconds)
