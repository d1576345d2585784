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
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from issues import audit
from linzhang.settings import Settings
from models import Import, ImportPiece, ImportState, Person
from territory import texts
from territory.borders.load import load_borders
from territory.columns import FileKind, read_heading
from territory.load import load_files
from territory.plan import Changes, What
from territory.progress import Progress, silent
from territory.rows import TerritoryError, of_file
from territory.sheets import read_sheet

#: An import that nothing has happened to for so long is forgotten, files and all.
KEPT = timedelta(hours=1)

#: For so long a worker is believed to be at it without a sign of life.
LEASE = timedelta(seconds=60)

#: The kind of a file of borders; of others, see `columns`.
BORDERS: Final = "borders"

#: Bytes of one piece of a file.
_PIECE = 1 << 20

#: How many wrong rows are kept in words.
_ERRORS = 200

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


class _DryRun(Exception):
    """Undoes the transaction of a dry run."""


class _Loaded(NamedTuple):
    """What a file has changed, or would.

    Attributes:
        file: Its name.
        kind: What it holds.
        changes: What becomes of its rows.
    """

    file: str
    kind: str
    changes: Changes


class Lost(Exception):
    """An import is not this worker's any more."""


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


async def carry_out(settings: Settings, claimed: Claim, progress: Progress = silent) -> None:
    """Look at an import's files, or apply them, and note how that ended."""
    made = await Import.get(id=claimed.id).select_related("person")
    with TemporaryDirectory(prefix="linzhang-import-") as folder:
        paths = await _unpack(settings, made, Path(folder))
        if claimed.state is ImportState.LOOKING:
            await _look(settings, claimed, _in_order(settings, paths), progress)
        else:
            await _apply(settings, made, claimed, _in_order(settings, paths), progress)


async def _load(
    settings: Settings, paths: Sequence[Path], progress: Progress, *, dry_run: bool = False
) -> list[_Loaded]:
    """Load tables, and then the borders of what stands in them, all or nothing; a dry run takes it back."""
    tables = [path for path in paths if not _is_map(path)]
    loaded: list[_Loaded] = []
    with suppress(_DryRun):
        async with in_transaction():
            if tables:
                for each in await load_files(settings, tables, progress=progress):
                    loaded.append(_Loaded(each.file, each.kind.value, each.changes))
            for path in paths:
                if _is_map(path):
                    loaded.append(_Loaded(path.name, BORDERS, await _load_map(settings, path)))
            if dry_run:
                raise _DryRun
    return loaded


async def _load_map(settings: Settings, path: Path) -> Changes:
    try:
        return await load_borders(settings, path)
    except TerritoryError as error:
        error.file = path.name
        raise


def _is_map(path: Path) -> bool:
    return path.suffix.lower() in (".geojson", ".json")


async def _look(
    settings: Settings, claimed: Claim, paths: Sequence[Path], progress: Progress, *, differs: bool = False
) -> None:
    try:
        loaded = await _load(settings, paths, progress, dry_run=True)
    except TerritoryError as error:
        await _wrong(settings, claimed, error)
    else:
        await _end(settings, claimed, ImportState.SHOWN, found=_told(loaded), differs=differs)


async def _apply(
    settings: Settings, made: Import, claimed: Claim, paths: Sequence[Path], progress: Progress
) -> None:
    expected = [each["fingerprint"] for each in made.found]
    try:
        async with in_transaction():
            loaded = await _load(settings, paths, progress)
            if [each.changes.fingerprint for each in loaded] != expected:
                raise of_file(texts.NOW_DIFFERENT)
            await _end(settings, claimed, ImportState.APPLIED, found=_told(loaded))
            await ImportPiece.filter(of_id=claimed.id).delete()
            files = ", ".join(each.file for each in loaded)
            counts = "; ".join(_summary(each) for each in loaded)
            await audit.record(settings, "import", files, made.person.name, counts)
    except TerritoryError as error:
        if error.errors[0].problem.text == texts.NOW_DIFFERENT:
            await _look(settings, claimed, paths, progress, differs=True)
        else:
            await _wrong(settings, claimed, error)


async def _wrong(settings: Settings, claimed: Claim, error: TerritoryError) -> None:
    languages = list(settings.territory.languages)
    errors = [
        {"file": error.file if each.row else "", "words": {lang: each.to(lang) for lang in languages}}
        for each in error.errors[:_ERRORS]
    ]
    await _end(settings, claimed, ImportState.WRONG, errors=errors, error_count=len(error.errors))
    await ImportPiece.filter(of_id=claimed.id).delete()


async def _end(settings: Settings, claimed: Claim, state: ImportState, **what: object) -> None:
    """Note how it ended.

    Raises:
        Lost: It is not ours any more: nothing of what we did may count.
    """
    values: dict[str, Any] = {"moved_at": settings.clock.wall(), "leased_until": None, **what}
    if not await Import.filter(claimed.filter()).update(state=state, **values):
        raise Lost


def _told(loaded: Sequence[_Loaded]) -> list[dict[str, Any]]:
    return [
        {
            "file": each.file,
            "kind": each.kind,
            "total": each.changes.counts.total(),
            "counts": {what.value: each.changes.counts[what] for what in What if each.changes.counts[what]},
            "examples": {
                what.value: [[change.row, change.words] for change in kept]
                for what, kept in each.changes.kept.items()
                if what is not What.UNCHANGED
            },
            "fingerprint": each.changes.fingerprint,
        }
        for each in loaded
    ]


def _summary(loaded: _Loaded) -> str:
    counts = loaded.changes.counts
    said = ", ".join(f"{what.value} {counts[what]}" for what in What if counts[what])
    return f"{loaded.kind}: {said or 0}"


async def _unpack(settings: Settings, made: Import, folder: Path) -> list[Path]:
    """Write an import's files into a private folder, each into one of its own: two may be called the same."""
    paths = []
    for place, name in enumerate(made.files):
        path = folder / str(place) / name
        path.parent.mkdir()
        with path.open("wb") as file:
            for id_ in (
                await ImportPiece.filter(of=made, place=place).order_by("seq").values_list("id", flat=True)
            ):
                piece = await ImportPiece.get(id=id_)
                file.write(settings.vault.open_bytes(piece.sealed))
        paths.append(path)
    return paths


def _in_order(settings: Settings, paths: Sequence[Path]) -> list[Path]:
    """Units before those who lead them and live in them, in whatever order they were handed in."""
    order = list(FileKind)

    def place(path: Path) -> int:
        if _is_map(path):
            return len(order)
        try:
            _, cells = next(read_sheet(path))
            return order.index(read_heading(path.name, cells, settings.territory).kind)
        except (TerritoryError, StopIteration):
            return len(order)  # what is wrong with it is told when it is read

    return sorted(paths, key=place)


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
