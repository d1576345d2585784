"""The door for loading a territory: files of every kind, a whole folder, a drawn city.

What a file will change is planned first and carried out in the same transaction; a dry run takes it back.
Every function works on the open database and can be run again. It must never take half of what it
was given.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from issues import stale
from linzhang.settings import Settings
from models import Leadership, Role, Unit
from territory import people, texts
from territory.columns import FileKind
from territory.divisions import read_divisions
from territory.draw import draw
from territory.files import Table, read
from territory.inhabitants import ResidentPlan, load_residents
from territory.load_units import UnitPlan, load_units
from territory.places import PlacePlan
from territory.plan import Changes, Plan
from territory.progress import Progress, silent
from territory.rosters import RosterPlan, load_leaders
from territory.rows import TerritoryError, of_file

__all__ = ["load_city", "load_files", "load_leaders", "load_residents", "load_units"]

#: What a folder's files are called, units before those who lead them and live in them.
NAMES = ("units", "leaders", "residents", "places")
ENDINGS = (".csv", ".xlsx")

#: Of PostgreSQL's advisory locks: two loads one after the other.
_LOCK = 0x6C696E7A


class Loaded(NamedTuple):
    """What a file has changed, or would.

    Attributes:
        file: Its name.
        kind: What it holds.
        changes: What becomes of its rows.
    """

    file: str
    kind: FileKind
    changes: Changes


class _DryRun(Exception):
    """Undoes the transaction of a dry run."""


async def load_files(
    settings: Settings,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    keep_all: bool = False,
    expected: Sequence[str] | None = None,
    progress: Progress = silent,
) -> list[Loaded]:
    """Load files one after the other, all or none of them. The database must be open.

    Args:
        settings: The service's.
        paths: Files or folders, as `files_in` takes them.
        dry_run: Whether everything is looked at and nothing is changed.
        keep_all: Whether every change is kept in words, not some of each kind.
        expected: The fingerprints of the changes that somebody has been shown before; where others would be
            made now, nothing is.
        progress: Told of the stages.

    Returns:
        What each file has changed, or would.

    Raises:
        TerritoryError: A file or some of its rows are wrong; it names each.
    """
    loaded: list[Loaded] = []
    with _no_collector(), suppress(_DryRun):
        tables = []
        for path in files_in(paths):
            with _naming(path):
                tables.append((path, read(path, settings.territory, progress)))
        async with in_transaction() as connection:
            await _one_at_a_time(connection)
            for path, table in tables:
                with _naming(path):
                    plan = await make_plan(connection, settings, table, keep_all=keep_all)
                await plan.apply(connection, progress)
                loaded.append(Loaded(path.name, plan.kind, plan.changes))
            if expected is not None and list(expected) != [each.changes.fingerprint for each in loaded]:
                raise of_file(texts.NOW_DIFFERENT)
            if dry_run:
                raise _DryRun
            await stale.sizes(settings)
    return loaded


async def make_plan(
    connection: BaseDBAsyncClient, settings: Settings, table: Table, *, keep_all: bool = False
) -> Plan:
    """See what a file's rows change, without changing it; in the transaction that carries it out.

    Raises:
        TerritoryError: Rows break a rule; it names each.
    """
    match table.kind:
        case FileKind.UNITS:
            return await UnitPlan.make(connection, settings, table.units, keep_all=keep_all)
        case FileKind.ROSTER:
            return await RosterPlan.make(connection, settings, table.posts, keep_all=keep_all)
        case FileKind.RESIDENTS:
            return await ResidentPlan.make(connection, settings, table.residents, keep_all=keep_all)
        case FileKind.PLACES:
            return await PlacePlan.make(connection, settings, table.places, keep_all=keep_all)


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Files as they are, and of folders those that are called as `NAMES`, in that order.

    Raises:
        TerritoryError: A folder has none of them.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        known = [path / f"{name}{ending}" for name in NAMES for ending in ENDINGS]
        there = [each for each in known if each.is_file()]
        if not there:
            raise of_file(texts.NO_FILES, folder=path, files=[each.name for each in known])
        found += there
    return found


async def load_city(
    settings: Settings,
    *,
    divisions: Path,
    seed: int,
    residents_of: Sequence[str],
    progress: Progress | None = None,
) -> None:
    """Load a drawn city: every unit down to the blocks, a leader for each of the chain, residents.

    The database must be open and migrated. Posts that somebody holds already stay as they are, so
    that loading again changes nothing.

    Args:
        settings: The service's.
        divisions: The divisions' file, from the city to the villages.
        seed: The same seed gives the same territory and people.
        residents_of: Codes of villages whose blocks get residents.
        progress: Told of the stages 'units', 'leaders' and 'residents'.

    Raises:
        TerritoryError: The file is wrong, or what is in the database does not fit it.
    """
    progress = progress or silent
    profile = settings.territory
    units = draw(read_divisions(divisions, profile), seed, profile)
    async with in_transaction():
        await load_units(settings, units, progress)
        chain = [tier.key for tier in profile.tiers if tier.chain]
        held = Leadership.filter(role=Role.LEADER, until=None)
        led = {code for (code,) in await held.values_list("unit__code")}
        posts = [post for post in people.leaders(units, chain, seed) if post.unit_code not in led]
        await load_leaders(settings, posts, progress)
        blocks = await blocks_of(settings, residents_of)
        await load_residents(settings, blocks, seed, progress)
        await stale.sizes(settings)


async def blocks_of(settings: Settings, codes: Sequence[str]) -> list[str]:
    """The codes of all blocks below some units.

    Raises:
        TerritoryError: One of the units is not there.
    """
    found: list[str] = []
    for code in codes:
        unit = await Unit.get_or_none(code=code)
        if unit is None:
            raise of_file(texts.NO_UNIT, code=code)
        tier = settings.territory.bottom.key
        below = Unit.filter(path__startswith=unit.path, tier=tier, closed_at=None).order_by("code")
        found += [str(each) for each in await below.values_list("code", flat=True)]
    return found


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let errors of rows tell in which file they stand."""
    try:
        yield
    except TerritoryError as error:
        error.file = path.name
        raise


@contextmanager
def _no_collector() -> Iterator[None]:
    """A load makes millions of objects and no cycles: looking for some takes a quarter of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


async def _one_at_a_time(connection: BaseDBAsyncClient) -> None:
    if isinstance(connection, AsyncpgDBClient):
        await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [_LOCK])
