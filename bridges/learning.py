"""How fast something may be asked of a far side that says only when it was too much.

The rate is learnt as TCP learns how much a way carries: with each answer a little faster, and by a part
slower after a refusal (additive increase, multiplicative decrease; RFC 5681, 3.1). Where every conversation
waits by itself after a refusal, a crowd of them comes back at the same moments, and is refused again.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

#: What is left of the rate after a refusal, and what an answer adds to it: a twentieth for each second.
_LESS, _MORE = 0.8, 0.05

#: Asked in a second: the least that is ever tried, and so many that nothing has to be kept to any more.
_SLOWEST, _FREE = 0.2, 100.0

#: Where the learning begins, unless more than that was taken in the last second.
_BEGINS = 2.0


class LearntPace:
    """Lets through as many as the far side takes; as many as come, until it refuses the first one.

    Args:
        limit: How many in a second at most; None: whatever is taken.
        now: Seconds of a clock that only goes forward.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        limit: float | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limit = limit
        self._rate = limit
        self._now, self._sleep = now, sleep
        self._next = self._slowed = -float("inf")
        self._taken: deque[float] = deque()
        self._line, self._waiting = asyncio.Lock(), 0

    def wait(self) -> float:
        """Seconds until whoever asks now would get their turn, if nothing is refused meanwhile."""
        line = self._waiting / self._rate if self._rate is not None else 0.0
        return max(0.0, self._next - self._now()) + line

    async def turn(self) -> float:
        """Wait for one's turn; those who ask together get theirs one after the other.

        Returns:
            When it came, for `refused`.
        """
        self._waiting += 1
        try:
            async with self._line:
                while self._next > self._now():  # a refusal may have put it off meanwhile
                    await self._sleep(self._next - self._now())
                now = self._now()
                if self._rate is not None:
                    self._next = now + 1 / self._rate
                return now
        finally:
            self._waiting -= 1

    def taken(self) -> None:
        """Note that what was asked was taken."""
        if self._rate is not None:
            faster = self._rate + _MORE
            free = self._limit is None and faster > _FREE
            self._rate = None if free else min(faster, self._limit or faster)
            return
        now = self._now()
        self._taken.append(now)
        while self._taken[0] < now - 1:
            self._taken.popleft()

    def refused(self, turn: float, retry_after: float | None) -> None:
        """Note that it was too much.

        Args:
            turn: When the turn came of what was refused. What was asked before the last refusal was known
                tells nothing new.
            retry_after: Seconds that the far side asks to wait, where it says so.
        """
        now = self._now()
        if retry_after is not None:
            self._next = max(self._next, now + retry_after)
        if turn <= self._slowed:
            return
        before = max(_BEGINS, len(self._taken)) if self._rate is None else self._rate
        self._rate = max(_SLOWEST, before * _LESS)
        self._taken.clear()
        self._slowed = now
        self._next = max(self._next, now + 1 / self._rate)
