"""How fast texts are accepted, against one-row commits of the bare driver on the same database.

A webhook may be answered only when its text is stored durably, so that the database's own commits are
the limit. `python -m bench.intake` measures SQLite and PostgreSQL; it reads no table of ours.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from bench import village
from bench.hands import work
from bench.texts import Texts
from bench.timing import worked
from demo.postgres import Postgres
from demo.stack import Stack, make_stack
from linzhang.database import SQLITE_BUSY_TIMEOUT, migrate

TEXTS = 2_000
AT_ONCE = 16

#: As long as a row of the inbox: a sealed number, a lane, a body.
ROW = "x" * 600


async def accepted(stack: Stack) -> tuple[float, float]:
    """Signed texts that the application accepts in a second, and seconds of its work for each."""
    texts = Texts(stack)
    webhooks = [
        texts.written(number, f"+8610000{number % 1000:06d}", village.words(number))
        for number in range(TEXTS)
    ]
    try:
        before = worked(stack.web.pid)
        took = await work(lambda number: texts.bring(webhooks[number]), range(TEXTS), AT_ONCE)
        return TEXTS / took, (worked(stack.web.pid) - before) / TEXTS
    finally:
        await texts.close()


def commits_on_sqlite(path: Path) -> float:
    """One-row commits in a second on SQLite as we set it up: one writer, as fast as it goes."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT}")
    connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, name TEXT UNIQUE, row TEXT)")
    started = time.perf_counter()
    for number in range(TEXTS):
        connection.execute("INSERT INTO bare (name, row) VALUES (?, ?)", (f"{number:032x}", ROW))
    took = time.perf_counter() - started
    connection.close()
    return TEXTS / took


async def commits_on_postgres(url: str) -> float:
    """One-row commits in a second on PostgreSQL, as many at a time as there are texts."""
    async with asyncpg.create_pool(url, min_size=AT_ONCE, max_size=AT_ONCE) as pool:
        await pool.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, name text UNIQUE, row text)")

        async def insert(number: int) -> None:
            await pool.execute("INSERT INTO bare (name, row) VALUES ($1, $2)", f"{number:032x}", ROW)

        return TEXTS / await work(insert, range(TEXTS), AT_ONCE)


@asynccontextmanager
async def application(stack: Stack) -> AsyncIterator[None]:
    """The application on its migrated database, with a Redis in which nobody is woken."""
    assert stack.redis is not None
    await migrate(stack.settings.database_url)
    await stack.redis.start()
    await stack.web.start()
    try:
        yield
    finally:
        await stack.web.stop()
        await stack.redis.stop()


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stack = make_stack(folder / "sqlite")
        async with application(stack):
            rate, spent = await accepted(stack)
        show("SQLite", rate, spent, commits_on_sqlite(folder / "bare.sqlite"))
        server = Postgres(folder / "postgres")
        try:
            url = await asyncio.to_thread(server.start)
            stack = make_stack(folder / "on_postgres", database_url=url)
            async with application(stack):
                rate, spent = await accepted(stack)
            show("PostgreSQL", rate, spent, await commits_on_postgres(url))
        finally:
            server.stop()


def show(database: str, rate: float, spent: float, limit: float) -> None:
    """Print a line of the result."""
    sys.stdout.write(
        f"texts accepted, {database:<10} {rate:7.0f}/s of {limit:7.0f} bare commits/s: {rate / limit:5.2f}"
        f", {spent * 1000:.1f} ms of the application's work each\n"
    )


if __name__ == "__main__":
    asyncio.run(main())
