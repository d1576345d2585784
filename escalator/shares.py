"""How much of a worker each deliverer may take, so that one that hangs never delays another.

Every deliverer has a share of its own, and so has the inbox. What finds its share taken is put down here
and done by whoever of that share ends first; what is lost here is found again by the next sweep.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

#: The share of the work on what comes in.
INBOX = "inbox"

#: Lanes of each kind that are put down for one deliverer; more wait in the database.
_PUT_DOWN = 1000

Work = Callable[[str], Awaitable[None]]


class Shares:
    """The shares of one worker.

    Args:
        limit: Jobs at once of each share.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._busy: Counter[str] = Counter()
        self._waiting: dict[str, _Line] = {}
        self._underway: set[asyncio.Task[None]] = set()

    def taken(self) -> list[str]:
        """Names of those that can take on nothing more now."""
        return [name for name, busy in self._busy.items() if busy >= self._limit]

    async def take(self, name: str, lane: str, work: Work, *, awaited: bool = True) -> None:
        """Work on a lane within a share, or put it down; then on what was put down meanwhile.

        Args:
            name: Whose share.
            lane: On what.
            work: Is given the lane.
            awaited: Whether somebody waits for what is in it: it is next then among what is put down.
        """
        waiting = self._waiting.setdefault(name, _Line())
        if self._busy[name] >= self._limit:
            waiting.put(lane, awaited=awaited)
            return
        self._busy[name] += 1
        try:
            await work(lane)
            while (next_one := waiting.next()) is not None:
                await work(next_one)
        finally:
            self._busy[name] -= 1

    def begin(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Begin something that may outlast whoever began it."""
        task = asyncio.ensure_future(work)
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)
        return task

    async def close(self, grace: float) -> None:
        """Let what is under way end within so many seconds, and end the rest."""
        if self._underway:
            await asyncio.wait(self._underway, timeout=grace)
        for task in self._underway:
            task.cancel()
        await asyncio.gather(*self._underway, return_exceptions=True)


class _Line:
    """Lanes that are put down: those for which somebody waits stand before the others."""

    def __init__(self) -> None:
        self._awaited: dict[str, None] = {}
        self._patient: dict[str, None] = {}

    def put(self, lane: str, *, awaited: bool) -> None:
        """Put one down, if there is a place."""
        line = self._awaited if awaited else self._patient
        if len(line) < _PUT_DOWN:
            line[lane] = None

    def next(self) -> str | None:
        """Take up the next one."""
        line = self._awaited or self._patient
        if not line:
            return None
        lane = next(iter(line))
        self._awaited.pop(lane, None)
        self._patient.pop(lane, None)
        return lane
