"""How much of a worker each deliverer may take, so that one that hangs never delays another.

Every deliverer has a share of its own, and so has the inbox. What finds its share taken is put down here
and done by whoever of that share ends first; what is lost here is found again by the next sweep.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from enum import IntEnum

#: The share of the work on what comes in.
INBOX = "inbox"

#: Lanes of each kind that are put down for one deliverer; more wait in the database.
_PUT_DOWN = 1000

Work = Callable[[str], Awaitable[None]]


class Turn(IntEnum):
    """Whose turn is before whose."""

    DOUBTFUL = (
        0  # people may have it already, and what they say to it cannot be understood before it is known
    )
    AWAITED = 1  # somebody waits for it
    PATIENT = 2  # only the clock has caused it


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

    async def take(self, name: str, lane: str, work: Work, turn: Turn = Turn.AWAITED) -> None:
        """Work on a lane within a share, or put it down; then on what was put down meanwhile.

        Args:
            name: Whose share.
            lane: On what.
            work: Is given the lane.
            turn: Of what is in it, among all that is put down.
        """
        waiting = self._waiting.setdefault(name, _Line())
        if self._busy[name] >= self._limit:
            waiting.put(lane, turn)
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
    """Lanes that are put down, those of the first turn first."""

    def __init__(self) -> None:
        self._lanes: dict[Turn, dict[str, None]] = {turn: {} for turn in Turn}

    def put(self, lane: str, turn: Turn) -> None:
        """Put one down, if there is a place."""
        if len(self._lanes[turn]) < _PUT_DOWN:
            self._lanes[turn][lane] = None

    def next(self) -> str | None:
        """Take up the next one."""
        lane = next((each for turn in Turn for each in self._lanes[turn]), None)
        for lanes in self._lanes.values():
            lanes.pop(lane or "", None)
        return lane
