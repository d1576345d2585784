"""What a file will change, before anything is changed.

A plan is made by reading; carrying it out is its own step, in a transaction. Whoever shows one needs
nothing else than its changes, in words without a phone number.
"""

import hashlib
from collections import Counter
from enum import StrEnum
from typing import NamedTuple, Protocol

from tortoise.backends.base.client import BaseDBAsyncClient

from territory.columns import FileKind
from territory.progress import Progress


class What(StrEnum):
    """What becomes of what a row is about."""

    NEW = "new"
    RENAMED = "renamed"
    MOVED = "moved"
    MERGED = "merged"
    CLOSED = "closed"
    CHANGED = "changed"
    APPOINTED = "appointed"  # somebody gets a post that nobody had, or becomes a deputy
    REPLACED = "replaced"  # a leader makes room for another
    VACATED = "vacated"
    UNCHANGED = "unchanged"


class Change(NamedTuple):
    """A row's consequence.

    Attributes:
        what: Of which kind.
        row: The row's number as a spreadsheet shows it.
        words: What changes, in codes, names and arrows, which need no translation.
    """

    what: What
    row: int
    words: str


class Changes:
    """All consequences of a file: how many of each kind, and some of each, or all, in words."""

    #: How many of each kind are kept in words.
    SHOWN = 5

    def __init__(self, *, keep_all: bool = False) -> None:
        self.counts: Counter[What] = Counter()
        self.kept: dict[What, list[Change]] = {}
        self._keep_all = keep_all
        self._hash = hashlib.sha256()

    def add(self, what: What, row: int, words: str) -> None:
        """Note what becomes of a row."""
        self.counts[what] += 1
        if what is not What.UNCHANGED:
            self._hash.update(f"{what} {row} {words}\n".encode())
        kept = self.kept.setdefault(what, [])
        if self._keep_all or len(kept) < self.SHOWN:
            kept.append(Change(what, row, words))

    @property
    def number(self) -> int:
        """How many rows change something."""
        return self.counts.total() - self.counts[What.UNCHANGED]

    @property
    def fingerprint(self) -> str:
        """Differs where the changes differ, so that what was shown is what is carried out."""
        return self._hash.hexdigest()


class Plan(Protocol):
    """What one file will change.

    Attributes:
        kind: What the file holds.
        changes: What becomes of its rows.
    """

    kind: FileKind
    changes: Changes

    async def apply(self, connection: BaseDBAsyncClient, progress: Progress) -> None:
        """Carry it out, in the caller's transaction in which it was made."""
