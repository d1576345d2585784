"""Follows the feed of changes for all who listen in this process: one look a second, while somebody does.

A listener who falls behind is told to look at everything anew, and no queue grows: nothing is lost by that,
since pages ask for what they show.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from projections import changes
from web.desk.live import news
from web.desk.live.news import News

log = logging.getLogger(__name__)

#: Seconds between two looks.
PAUSE: Final = 1.0

#: Lines that one look reads, and that wait for one listener.
MOST: Final = 500

#: Pages of one session that listen at once.
PAGES: Final = 6


@dataclass(eq=False, slots=True)
class Listener:
    """One page that listens.

    Attributes:
        waiting: What it has not been told yet.
        missed: Whether there was more than it could keep.
        ended: Whether nothing is told any more.
    """

    waiting: list[News] = field(default_factory=list)
    missed: bool = False
    ended: bool = False
    _called: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, told: list[News]) -> None:
        """Keep what is told until the page takes it."""
        self.waiting += told
        if len(self.waiting) > MOST:
            self.waiting, self.missed = [], True
        self._called.set()

    def end(self) -> None:
        """Tell nothing any more."""
        self.ended = True
        self._called.set()

    async def take(self, seconds: float) -> list[News]:
        """What there is to tell; waits for it so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._called.wait(), seconds)
        self._called.clear()
        taken, self.waiting = self.waiting, []
        return taken


class Feed:
    """Reads the feed and tells all listeners of this process."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._pages: Counter[int] = Counter()
        self._looking: asyncio.Task[None] | None = None
        self._last = 0

    def is_full(self, session_id: int) -> bool:
        """Whether so many pages of a session listen that no other one may."""
        return self._pages[session_id] >= PAGES

    @asynccontextmanager
    async def listening(self, session_id: int) -> AsyncIterator[Listener]:
        """A listener, as long as a page of a session listens."""
        listener = Listener()
        self._pages[session_id] += 1
        try:
            if not self._listeners:
                self._last = await changes.newest()
            self._listeners.add(listener)
            if self._looking is None:
                self._looking = asyncio.create_task(self._look_on())
            yield listener
        finally:
            self._listeners.discard(listener)
            self._pages[session_id] -= 1
            self._pages += Counter()  # forgets who has none
            if not self._listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    def close(self) -> None:
        """Let all listeners go: the process ends."""
        for listener in self._listeners:
            listener.end()

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            try:
                await self._look()
            except Exception as error:  # whatever a database says that goes away for a moment
                log.warning("cannot read what has changed: %s", error)

    async def _look(self) -> None:
        lines = await changes.after(self._last, MOST)
        if not lines:
            return
        told = await news.of(lines)
        self._last = lines[-1].id
        for listener in self._listeners:
            listener.hear(told)
