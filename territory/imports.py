"""Imports from the desk: files handed in, looked at, and applied exactly as they were shown.

    WAITING ──► LOOKING ──► SHOWN ──► WANTED ──► APPLYING ──► APPLIED
                   │          ▲                     │
                   ├──► WRONG └─ it would be now ───┤
                   └──────────── the worker died ───┴──► BROKEN

What a web process writes is a row; a worker does the work, in a process of its own (`escalator.importing`).
Files lie in the database, encrypted, for an hour at most. That they are applied and that this is recorded is
one transaction.
"""

import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from linzhang.settings import Settings
from models import Import, ImportPiece, ImportState, Person

#: An import that nothing has happened to for so long is forgotten, files and all.
KEPT = timedelta(hours=1)

#: For so long a worker is believed to be at it without a sign of life.
LEASE = timedelta(seconds=60)

#: The kind of a file of borders; of others, see `columns`.
BORDERS: Final = "borders"

#: Bytes of one piece of a file.
_PIECE = 1 << 20

#: Characters of a file's name; of four bytes each they are fewer than a file system takes.
_NAME = 60

#: What a worker may take on, and what it is doing then.
_BEGINS = {
    ImportState.WAITING: ImportState.LOOKING,
    ImportState.WANTED: ImportState.APPLYING,
}
#: A worker is at these.
AT_WORK = frozenset(_BEGINS.values())
#: In these a worker will do something, or is.
UNDER_WAY = AT_WORK | frozenset(_BEGINS)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it is handed in.

    Attributes:
        name: As it is called where it came from.
        pieces: Its bytes.
    """

    name: str
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Claim:
    """An import that is one worker's while its lease lasts.

    Attributes:
        id: The row's.
        state: What is to be done: looking or applying.
    """

    id: int
    state: ImportState

    def filter(self) -> Q:
        """Of all imports, this one, as long as it is ours."""
        return Q(id=self.id, state=self.state)


async def hand_in(settings: Settings, person: Person, uploads: Sequence[Upload]) -> Import:
    """Keep files until a worker has looked at them; what the same person handed in before is put away."""
    wall = settings.clock.wall()
    async with in_transaction():
        await put_away(person)
        names = [_clean(upload.name) for upload in uploads]
        made = await Import.create(person=person, made_at=wall, moved_at=wall, files=names)
        for place, upload in enumerate(uploads):
            seq = 0
            async for content in upload.pieces:
                for start in range(0, len(content), _PIECE):
                    sealed = settings.vault.seal_bytes(content[start : start + _PIECE])
                    await ImportPiece.create(of=made, place=place, seq=seq, sealed=sealed)
                    seq += 1
    return made


async def put_away(person: Person) -> None:
    """Forget what somebody has handed in, unless a worker is applying it."""
    await _forget(Q(person_id=person.id) & ~Q(state__in=[ImportState.WANTED, ImportState.APPLYING]))


async def want(settings: Settings, made: Import) -> bool:
    """Let what was shown be applied; returns whether it could still be wanted."""
    shown = Import.filter(id=made.id, state=ImportState.SHOWN)
    return bool(await shown.update(state=ImportState.WANTED, moved_at=settings.clock.wall()))


async def claim(settings: Settings) -> Claim | None:
    """Take on an import, the one that waits longest; None: nothing waits.

    On the way, what has been there for too long is forgotten, and what a worker has died over is marked.
    """
    if not await Import.exists():
        return None
    wall = settings.clock.wall()
    over = Q(moved_at__lte=wall - KEPT) & ~Q(state__in=AT_WORK)
    if await Import.filter(over).exists():
        await _forget(over)
    left = Import.filter(state__in=AT_WORK, leased_until__lte=wall)
    if await left.exists():
        await left.update(state=ImportState.BROKEN, moved_at=wall, leased_until=None)
    waiting = await Import.filter(state__in=list(_BEGINS)).order_by("moved_at", "id").first()
    if waiting is None:
        return None
    begun = _BEGINS[waiting.state]
    ours = await Import.filter(id=waiting.id, state=waiting.state).update(
        state=begun, moved_at=wall, leased_until=wall + LEASE, stage="", done=0, total=0
    )
    return Claim(waiting.id, begun) if ours else None


async def is_alive(settings: Settings, claimed: Claim, stage: str, done: int, total: int) -> None:
    """Say how far a worker is, and that it is still there."""
    until = settings.clock.wall() + LEASE
    await Import.filter(claimed.filter()).update(leased_until=until, stage=stage, done=done, total=total)


async def has_died(settings: Settings, claimed: Claim) -> bool:
    """Mark an import as broken whose worker has ended; returns whether it had not said how it ended."""
    wall = settings.clock.wall()
    mine = Import.filter(claimed.filter())
    return bool(await mine.update(state=ImportState.BROKEN, moved_at=wall, leased_until=None))


def _clean(name: str) -> str:
    """A file's name without whatever could lead out of its folder."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(each for each in last if not unicodedata.category(each).startswith("C"))
    return kept.strip(". ")[-_NAME:] or "file"


async def _forget(which: Q) -> None:
    ids = await Import.filter(which).values_list("id", flat=True)
    await ImportPiece.filter(of_id__in=ids).delete()
    await Import.filter(id__in=ids).filter(which).delete()


async def of(person: Person) -> list[Import]:
    """What somebody has handed in and is not forgotten, the last first."""
    return await Import.filter(person_id=person.id).order_by("-id")
