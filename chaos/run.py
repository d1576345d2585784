"""One run: the stage is set, a script is lived, all is mended and drained, and the evidence is collected.

It decides nothing: the rules do.
"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path

import httpx

from chaos.blows import Blows
from chaos.evidence import Evidence, Facts
from chaos.reading import carrier, homeserver
from chaos.reading.database import Database
from chaos.residents import Residents
from chaos.script import BEGINS, Script
from chaos.stage import Stage, staged
from chaos.town import Town, plant
from linzhang.clock import FileClock
from linzhang.database import database

#: So slow that no deadline passes any more.
_FROZEN = 1e-9

#: Texts of which the carrier tells again at the same time; hundreds would only wait for each other.
_REPEATED = 8

#: Programme time after which no text waits any more for the answer to 'which one?'.
_ASKED = timedelta(minutes=15)

#: Seconds between two looks at whether all is done, and between two words about how much is left.
_LOOK, _WORD = 0.25, 30.0

#: After a look it is left alone for so many times as long as the look has taken.
_SHARE = 20

#: Seconds for which a message may be on its way into the database, as the programme's clock counts them: an
#: answer that came in so shortly before a window's end may be stored when it has passed.
_GRACE = 1.0


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes:
        evidence: For the rules.
        fallen: How many blows of each kind have struck.
        drained: Seconds until all was done; None: at last nothing got on any more.
    """

    evidence: Evidence
    fallen: Counter[str]
    drained: float | None


async def run(
    script: Script, folder: Path, *, postgres: bool, patience: float, say: Callable[[str], None]
) -> Outcome:
    """Live a script.

    Args:
        script: What is to happen.
        folder: Where everything is kept; it is there.
        postgres: Whether the database is PostgreSQL instead of SQLite.
        patience: Seconds for which nothing may get on after the last blow before all is given up. How long
            the whole takes is the machine's affair, and of how much was left.
        say: Told how far it is.
    """
    async with staged(folder, postgres=postgres, seconds=script.seconds) as stage:
        stack = stage.stack
        say("the stack stands")
        async with database(stack.settings.database_url):
            town = await plant(stack, script)
        await stage.start_service()
        profile = stack.settings.territory
        window = profile.bottom.answer_window
        _begin(stack.clock, stack.settings.territory.zone, script.speed(window))
        say(
            f"{len(script.residents)} residents begin; a window lasts {script.seconds / script.windows:.1f} s"
        )
        # No connection is kept: the carrier closes those in the very moment in which they are used again.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        url = stack.carrier.url
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60, limits=limits) as phones:
            fallen, drained = await _live(stage, town, script, phones, patience, say)
        await stage.stop_service()  # nothing may change while all three are read, one after the other
        facts = Facts(
            numbers=town.numbers,
            leaders=frozenset(each.user_id for each in town.leaders),
            windows={tier.key: tier.answer_window for tier in profile.tiers},
            now=stack.clock.now(),
            grace=timedelta(seconds=_GRACE) * script.speed(window),
        )
        evidence = await collect(facts, folder, Database(stack.settings.database_url))
    return Outcome(evidence, fallen, drained)


async def collect(facts: Facts, folder: Path, kept: Database) -> Evidence:
    """Read what all three have kept."""
    texts_in, texts_out = carrier.read(folder / "carrier.jsonl")
    return Evidence(
        facts=facts,
        texts_in=texts_in,
        texts_out=texts_out,
        events=homeserver.read(folder / "homeserver" / "homeserver.db"),
        inbox=await kept.inbox(),
        issues=await kept.issues(),
        messages=await kept.messages(),
        history=await kept.history(),
        effects=await kept.effects(),
        pending=await kept.pending(),
        tiers=await kept.tiers(),
        rooms=await kept.rooms(),
    )


def _begin(clock: FileClock, zone: tzinfo, speed: float) -> None:
    """Let the programme's clock run from the morning on."""
    now = clock.now().astimezone(zone)
    morning = now.replace(hour=BEGINS, minute=0, second=0, microsecond=0)
    clock.set(morning if morning > now else morning + timedelta(days=1), speed=speed)


async def _stop_clock(clock: FileClock, seconds: float) -> None:
    """Let no deadline pass any more after so many seconds, however long what is broken takes to be mended."""
    await asyncio.sleep(seconds)
    clock.run(_FROZEN)


async def _live(
    stage: Stage,
    town: Town,
    script: Script,
    phones: httpx.AsyncClient,
    patience: float,
    say: Callable[[str], None],
) -> tuple[Counter[str], float | None]:
    residents = Residents(phones, script.residents)
    blows = Blows(stage, phones)
    watching = [asyncio.create_task(each.live()) for each in town.leaders]
    watching.append(asyncio.create_task(residents.listen()))
    try:
        clock = _stop_clock(stage.stack.clock, script.seconds)
        await asyncio.gather(residents.live(), blows.fall(script.blows), clock)
        say("the last blow has fallen")
        await residents.rest()
        await asyncio.gather(*(each.rest() for each in town.leaders))
        said = {event_id for leader in town.leaders for event_id in leader.sent}
        drained = await _drain(stage, said, residents, patience, say)
        await blows.end()
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        await asyncio.gather(*(each.close() for each in town.leaders))
    say("all is drained" if drained is not None else "not all is drained")
    return blows.fallen, drained


async def _drain(
    stage: Stage,
    said: Collection[str],
    residents: Residents,
    patience: float,
    say: Callable[[str], None],
) -> float | None:
    """Wait until nothing is left to be done; returns after how long, or None if nothing gets on any more."""
    began = got_on = said_so = time.monotonic()
    kept, clock = Database(stage.stack.settings.database_url), stage.stack.clock
    await _repeat(stage.stack.folder / "carrier.jsonl", residents)
    asked, done = False, -1
    while (now := time.monotonic()) < got_on + patience:
        left = await _left(kept, said, clock)
        if left.done > done:
            done, got_on = left.done, now
        if not left.inbox and not asked:
            clock.advance(_ASKED)
            asked = True
        elif not left.inbox and not left.effects and not left.deadlines:
            return now - began
        if now >= said_so + _WORD:
            say(f"left: {left.inbox} that came, {left.effects} to go out, {left.deadlines} deadlines")
            said_so = now
        # Reading everything costs what the service needs to get on.
        await asyncio.sleep(max(_LOOK, (time.monotonic() - now) * _SHARE))
    return None


async def _repeat(log: Path, residents: Residents) -> None:
    """Let the carrier tell once more of what was never accepted, again while fewer are left each time."""
    gate, before = asyncio.Semaphore(_REPEATED), math.inf

    async def once_more(number: str, sid: str) -> None:
        async with gate:
            await residents.send_again(number, sid)

    while refused := [each for each in carrier.read(log)[0] if not each.accepted]:
        if len(refused) >= before:
            return
        before = len(refused)
        await asyncio.gather(*(once_more(each.number, each.sid) for each in refused))


@dataclass(frozen=True)
class _Left:
    """What there is still to do.

    Attributes:
        inbox: What has come in, or is still to come, and was not worked on.
        effects: What could go out now.
        deadlines: Those that have passed unseen.
        done: All that was done since the beginning; it only grows.
    """

    inbox: int
    effects: int
    deadlines: int
    done: int


async def _left(kept: Database, said: Collection[str], clock: FileClock) -> _Left:
    entries, effects, now = await kept.inbox(), await kept.effects(), clock.now()
    waiting = sum(each.state == "waiting" for each in entries)
    undone = [each for each in effects if each.state in ("waiting", "calling")]
    passed = sum(each.answer_due is not None and each.answer_due <= now for each in await kept.issues())
    return _Left(
        inbox=waiting + len(set(said) - {each.external_id for each in entries}),
        effects=sum(each.hold_until is None or each.hold_until <= now for each in undone),
        deadlines=passed,
        done=len(entries) - waiting + len(effects) - len(undone),
    )
