"""Looks the record of administrators' deeds over: whether anybody has written to it but the service.

    an entry is not what its hash says              ─► it was changed
    its hash is right under another number          ─► others were put in or removed before it
    a number is missing                             ─► entries were removed
    it does not continue the one before it          ─► one was put in, replaced or removed there
    the record is shorter or longer than its head   ─► cut off, or put in, at the end
    the head's seal is not by the service's key     ─► the record was written anew from somewhere on
    it is not what somebody noted outside           ─► the same, by somebody who has the key, or put back
    issues' histories are not what was sealed       ─► see `issues.sealing`

Reads; changes nothing. Its cost grows with the record: some ten thousand entries a second.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from tortoise.transactions import in_transaction

from issues import audit, sealing
from linzhang import chaining
from linzhang.settings import Settings
from models import AdminAction, AuditHead

#: Entries that are read at once.
_BATCH = 1000

#: How far an entry is looked for from where it stands.
_NEAR = 20


@dataclass(frozen=True, slots=True)
class Noted:
    """The end of the record as somebody has noted it outside the database.

    Attributes:
        seq: Number of the last entry then.
        digest: Its hash.
    """

    seq: int
    digest: str

    @classmethod
    def read(cls, words: str) -> "Noted":
        """What `linzhang audit head` has printed.

        Raises:
            ValueError: It is something else.
        """
        found = re.fullmatch(r"\s*(\d{1,18}):([0-9a-f]{64})\s*", words)
        if found is None:
            raise ValueError("A head is a number, a colon and 64 digits, as `linzhang audit head` prints it.")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.seq}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Finding:
    """How the record stands.

    Attributes:
        entries: How many there are.
        broken: What is wrong with it, each in a sentence, the earliest first; nothing: it is whole.
        head: Its end, to be noted outside; None where the record is broken.
    """

    entries: int
    broken: list[str]
    head: Noted | None


async def look_over(settings: Settings, noted: Sequence[Noted] = ()) -> Finding:
    """Look the whole record over; nothing is recorded meanwhile.

    Args:
        settings: The service's.
        noted: Its end at earlier times, as somebody has kept it outside.
    """
    async with in_transaction():
        head = await AuditHead.select_for_update().get_or_none(name=audit.HEAD)
        if head is None:
            return Finding(0, ["The end of the record, one row of audit_head, was removed."], None)
        walk = _Walk(noted)
        async for deed in _entries():
            walk.take(deed)
        walk.end(head)
        broken = walk.broken
        if not head.seal:
            broken.append(
                "The end of the record is not sealed: `linzhang migrate` does that once. Where it was done, "
                "somebody has emptied the record or written it anew."
            )
        elif head.seal != audit.seal_of(settings, head.seq, head.digest):
            broken.append(
                "The end of the record is not sealed with the service's key: somebody wrote it who has not "
                "the key. The record may have been written anew from any entry on."
            )
    broken += await sealing.look_over()
    return Finding(walk.entries, broken, None if broken else Noted(head.seq, head.digest))


class _Walk:
    """Goes along the chain, and says what is wrong with it."""

    def __init__(self, noted: Sequence[Noted]) -> None:
        self.entries = 0
        self.broken: list[str] = []
        self._noted = noted
        self._seq, self._digest = 0, chaining.START
        self._moved = 0

    def take(self, deed: AdminAction) -> None:
        """Go on to the next entry."""
        self.entries += 1
        gap = deed.seq > self._seq + 1
        if gap:
            self.broken.append(f"{_named(self._seq + 1, deed.seq - 1)} removed.")
        self._look_at(deed)
        if not gap and deed.previous != self._digest:
            before = f"entry {self._seq}" if self._seq else "the beginning"
            self.broken.append(
                f"Entry {deed.seq} does not continue {before}: "
                "an entry was put in, replaced or removed there."
            )
        if any(each.seq == deed.seq and each.digest != deed.digest for each in self._noted):
            self.broken.append(
                f"Entry {deed.seq} is another one than was noted: the record was written anew up to it."
            )
        self._seq, self._digest = deed.seq, deed.digest

    def _look_at(self, deed: AdminAction) -> None:
        """Hold an entry against its own hash."""
        here = deed.seq
        if audit.digest_of(deed) == deed.digest:
            self._moved = 0
            return
        for seq in range(max(1, here - _NEAR), here + _NEAR + 1):
            deed.seq = seq
            if audit.digest_of(deed) == deed.digest:
                if here - seq != self._moved:
                    self.broken.append(
                        f"Entry {here} was number {seq} when it was written: "
                        f"{'others were put in' if here > seq else 'others were removed'} before it."
                    )
                self._moved = here - seq
                break
        else:
            self.broken.append(f"Entry {here} was changed: it is not what was written.")
        deed.seq = here

    def end(self, head: AuditHead) -> None:
        """Hold the last entry against what the service wrote last, and against what was noted."""
        if head.seq > self._seq:
            self.broken.append(f"{_named(self._seq + 1, head.seq)} cut off at the end.")
        elif head.seq < self._seq:
            self.broken.append(f"{_named(head.seq + 1, self._seq)} put in at the end.")
        elif head.digest != self._digest:
            self.broken.append(f"Entry {self._seq}, the last, is another one than the service wrote.")
        furthest = max((each.seq for each in self._noted), default=0)
        if furthest > max(self._seq, head.seq):
            self.broken.append(
                f"The record went up to entry {furthest} when that was noted, and ends at {self._seq} now: "
                "it was cut off, or an old copy of the database was put back."
            )


async def _entries() -> AsyncIterator[AdminAction]:
    """All entries in their order."""
    reached: int | None = None
    while True:
        after = AdminAction.all() if reached is None else AdminAction.filter(seq__gt=reached)
        batch = await after.order_by("seq").limit(_BATCH)
        for deed in batch:
            yield deed
        if len(batch) < _BATCH:
            return
        reached = batch[-1].seq


def _named(first: int, last: int) -> str:
    return f"Entry {first} was" if first == last else f"Entries {first} to {last} were"
