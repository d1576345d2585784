"""Does imports from the desk, one after the other, while a worker works: each in a process of its own.

A city's files take a minute of computing, in which the worker's own loop must go on. The child writes how
it ended; we write how far it is, and that it has died. A child whose worker dies has nobody to tell, and
ends; so nothing is ever half applied (`territory.imports`).
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from linzhang.database import database
from linzhang.settings import Settings
from territory import imports
from territory.imports import Claim

log = logging.getLogger(__name__)

#: Seconds between two looks for something to do, and between two signs of life.
EVERY, ALIVE = 1.0, 5.0

_SPAWN = get_context("spawn")


@asynccontextmanager
async def importing(settings: Settings) -> AsyncIterator[None]:
    """Do meanwhile all imports that wait; the database must be open."""
    task = asyncio.create_task(_go_on(settings))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _go_on(settings: Settings) -> None:
    while True:
        try:
            done = await do_next(settings)
        except Exception:
            log.exception("an import could not be done")
            done = False
        if not done:
            await asyncio.sleep(EVERY)


async def do_next(settings: Settings) -> bool:
    """Do the import that waits longest; returns whether one did."""
    claimed = await imports.claim(settings)
    if claimed is None:
        return False
    ours, theirs = _SPAWN.Pipe(duplex=False)
    child = _SPAWN.Process(target=_child, args=(settings.model_dump(), claimed, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        await _watch(settings, claimed, ours)
    finally:
        child.kill()
        child.join()
        ours.close()
    if await imports.has_died(settings, claimed):
        log.error("import %s: its process ended with %s, and nothing was changed", claimed.id, child.exitcode)
    return True


async def _watch(settings: Settings, claimed: Claim, pipe: Connection) -> None:
    """Hand on how far the child is, until it has ended."""
    loop = asyncio.get_running_loop()
    said = asyncio.Event()
    loop.add_reader(pipe.fileno(), said.set)
    told, next_sign = ("", 0, 0), 0.0
    try:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ALIVE):
                    await said.wait()
            said.clear()
            while pipe.poll():
                told = pipe.recv()
            if loop.time() >= next_sign and _may_write(settings, told[0]):
                await imports.is_alive(settings, claimed, *told)
                next_sign = loop.time() + EVERY
    except EOFError:
        return
    finally:
        loop.remove_reader(pipe.fileno())


def _may_write(settings: Settings, stage: str) -> bool:
    """SQLite has one writer at a time, and after the reading that is the child; nobody could take it over."""
    return stage == "reading" or not settings.database_url.startswith("sqlite")


def _child(values: dict[str, object], claimed: Claim, pipe: Connection) -> None:
    """The child's whole life."""
    # Loading all that reads tables and borders takes half a second, which no worker has to start without.
    from territory import carrying_out

    settings = Settings.model_validate(values)

    def told(stage: str, done: int, total: int) -> None:
        pipe.send((stage, done, total))

    async def work() -> None:
        async with database(settings.database_url):
            await carrying_out.carry_out(settings, claimed, told)

    asyncio.run(work())
