"""What a process has learnt about the homeserver, so that it need not ask twice.

Holds only what can be learnt again, and never more than a fixed number of things.
"""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """A mapping that forgets its oldest entries when it is full.

    A city has a million ghosts; a process must not keep them all.
    """

    def __init__(self, limit: int = 20_000) -> None:
        self._limit = limit
        self._entries: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """What is known, if anything."""
        return self._entries.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember something."""
        self._entries.pop(key, None)
        while len(self._entries) >= self._limit:
            del self._entries[next(iter(self._entries))]
        self._entries[key] = value

    def forget(self, key: K) -> None:
        """Forget something, if it was known."""
        self._entries.pop(key, None)
