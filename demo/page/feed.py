"""What has happened, as a numbered log that any number of browsers follow without losing a line.

Each entry carries the whole new state of one thing, so that reading it twice does no harm. The log
lives in memory and forgets its beginning; a reader whose place is gone is told to start anew.
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

RESET = "reset"
"""Kind of the entry that tells a reader to fetch the snapshot again."""


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        id: 'epoch.number'; the epoch is another one after each start of the page.
        kind: What the data is about: 'item', 'room', 'text', 'call', 'clock', 'link', or `RESET`.
        data: The whole new state of that thing.
    """

    id: str
    kind: str
    data: Any

    def as_event(self) -> bytes:
        """The entry as a server-sent event."""
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.id}\nevent: {self.kind}\ndata: {data}\n\n".encode()


class Feed:
    """The log and those who wait at its end."""

    def __init__(self, keep: int = 4000) -> None:
        self._epoch = secrets.token_hex(4)
        self._entries: deque[Entry] = deque(maxlen=keep)
        self._count = 0
        self._grown = asyncio.Event()
        self._closed = False

    @property
    def last_id(self) -> str:
        """The place from which a reader of the present state goes on."""
        return f"{self._epoch}.{self._count}"

    def publish(self, kind: str, data: Any) -> None:
        """Append a line and wake every reader."""
        self._count += 1
        self._entries.append(Entry(self.last_id, kind, data))
        self._wake()

    def close(self) -> None:
        """Let every reader come to an end: the server is stopping."""
        self._closed = True
        self._wake()

    async def follow(self, after: str, patience: float) -> AsyncIterator[Entry | None]:
        """Read on, for ever.

        Args:
            after: Id of the last entry that the reader has seen.
            patience: Seconds of silence after which None is yielded, so that a dead line is noticed.

        Yields:
            Entries in their order. The first is a `RESET` if entries after `after` are gone.
        """
        place = self._place_of(after)
        if place is None:
            place = self._count
            yield Entry(self.last_id, RESET, {})
        while not self._closed:
            grown = self._grown
            missed = self._count - place
            if missed > len(self._entries):
                place = self._count
                yield Entry(self.last_id, RESET, {})
            elif missed:
                for entry in list(self._entries)[-missed:]:
                    place += 1
                    yield entry
            else:
                try:
                    await asyncio.wait_for(grown.wait(), patience)
                except TimeoutError:
                    yield None

    def _place_of(self, entry_id: str) -> int | None:
        epoch, _, number = entry_id.partition(".")
        if epoch != self._epoch or not (number.isascii() and number.isdigit()):
            return None
        place = int(number)
        oldest = self._count - len(self._entries)
        return place if oldest <= place <= self._count else None

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()
