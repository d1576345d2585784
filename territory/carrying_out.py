"""Looks at the files of an import, or applies them, and notes how that ended (`territory.imports`).

It needs all that reads tables and borders, half a second of a processor to load: nobody but the process that
does imports may load it.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tortoise.transactions import in_transaction

from issues import audit
from linzhang.settings import Settings
from models import Import, ImportPiece, ImportState
from territory import texts
from territory.borders.load import load_borders
from territory.columns import FileKind, read_heading
from territory.imports import BORDERS, Claim
from territory.load import load_files
from territory.plan import Changes, What
from territory.progress import Progress, silent
from territory.rows import TerritoryError, of_file
from territory.sheets import read_sheet

#: How many wrong rows are kept in words.
_ERRORS = 200


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
