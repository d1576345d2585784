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

from bridges.contract import Unasked, Unavailable, Uncertain

#: Calls at once. More only wait for each other on one homeserver (DESIGN, section 7).
LIMIT = 16

#: Calls at once while it is silent: enough to hear when it answers again.
PROBES = 2

#: Seconds without an answer to anybody, while somebody waits for one, after which it is silent. One call may
#: take longer than that on a crowded machine: as long as others are answered, so will be this one.
SLOW = 5.0

#: Seconds after a call without an answer in which nobody asks.
REST = 1.0

#: Seconds for which a place is waited for: whoever calls has a limit too, and if that ran out here, nobody
#: would know any more that nothing was asked. And seconds between two looks at how it is.
WAIT, _LOOK = 10.0, 1.0

#: Who is turned away comes again after this part of the time for which it has been silent by then, and after
#: so many seconds at the latest: so soon does everything go on when it answers again.
_PART, RARELY = 0.25, 15.0


class Crowd:
    """Those who ask one far side; whoever must wait for a place gets one in turn.

    Args:
        answer_counts: Whether an error that the far side itself has told, with a code, is a sign of life;
            it is none where somebody between tells it.
        now: The clock.
    """

    def __init__(self, *, answer_counts: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self._answer_counts = answer_counts
        self._now = now
        self._begun: dict[asyncio.Future[None], float] = {}
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._heard: float | None = None
        self._failed: float | None = None
        self._missed_since: float | None = None

    @asynccontextmanager
    async def joined(self, action: str) -> AsyncIterator[None]:
        """Be one of those who ask, as soon as there is a place.

        Args:
            action: What for, in words for the error.

        Raises:
            Unasked: The far side does not answer these days, or too many ask it.
        """
        place = await self._place(action)
        try:
            yield
        except (Unavailable, Uncertain) as error:
            self._told(self._begun[place], answered=self._answer_counts and error.code is not None)
            raise
        else:
            self._told(self._begun[place], answered=True)
        finally:
            self._leave(place)

    def _told(self, began: float, *, answered: bool) -> None:
        if answered:
            self._heard, self._failed, self._missed_since = self._now(), None, None
        elif self._heard is None or self._heard <= began:
            # Else it has answered somebody meanwhile: it lives, whatever has become of this call.
            self._failed = self._now()
            self._missed_since = began if self._missed_since is None else self._missed_since

    async def _place(self, action: str) -> asyncio.Future[None]:
        """A place among those who ask, which has to be left again."""
        self._require_life(action, len(self._begun))
        me = asyncio.get_running_loop().create_future()
        if len(self._begun) < LIMIT:
            self._begun[me] = self._now()
            return me
        self._waiting.append(me)
        end = self._now() + WAIT
        try:
            while not me.done():
                noticed = max(self._asked_since() + SLOW - self._now(), 0.01)
                await asyncio.wait({me}, timeout=min(noticed, _LOOK))
                self._require_life(action, len(self._begun) - me.done())
                if not me.done() and self._now() > end:
                    raise Unasked(f"{action}: too many ask at once", REST, 0.0)
        except BaseException:
            if me.done():
                self._leave(me)
            else:
                me.cancel()
            raise
        return me

    def _leave(self, place: asyncio.Future[None]) -> None:
        """Hand a place on to whoever has waited longest."""
        del self._begun[place]
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                self._begun[waiter] = self._now()
                waiter.set_result(None)
                break

    def _asked_since(self) -> float:
        """Since when those who ask wait for any answer; there is somebody."""
        first = min(self._begun.values())
        return first if self._heard is None else max(first, self._heard)

    def _silent_since(self) -> float | None:
        """Since when it has been silent; None: it is not."""
        if self._missed_since is not None:
            return self._missed_since
        hanging = bool(self._begun) and self._now() > self._asked_since() + SLOW
        return self._asked_since() if hanging else None

    def _require_life(self, action: str, others: int) -> None:
        since, now = self._silent_since(), self._now()
        if since is None:
            return
        resting = self._failed is not None and now < self._failed + REST
        if resting or others >= PROBES:
            again = min(max(REST, (now - since) * _PART), RARELY)
            raise Unasked(f"{action}: there was no answer lately", again, now - since)
