"""A worker's signs of life: a row of its own, renewed every few seconds while its loop goes round.

It tells two things, since a loop can go round while nothing is done: that the process lives, and when a look
at the database for what is due last came to its end.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.exceptions import BaseORMException

from linzhang.settings import Settings
from models import Worker

log = logging.getLogger(__name__)

#: Seconds between two signs of life.
EVERY = 5.0

#: After so long a silence a worker is forgotten.
FORGOTTEN = timedelta(days=1)


@dataclass
class Pulse:
    """What this worker has to tell.

    Attributes:
        name: The worker's.
        started_at: Machine time.
        swept_at: Machine time at which its last look at the database ended.
    """

    name: str
    started_at: datetime
    swept_at: datetime | None = None

    async def beat(self, wall: datetime) -> None:
        """Tell it."""
        known = {"started_at": self.started_at, "seen_at": wall, "swept_at": self.swept_at}
        await Worker.update_or_create(known, name=self.name)
        await Worker.filter(seen_at__lt=wall - FORGOTTEN).delete()


@asynccontextmanager
async def beating(settings: Settings) -> AsyncIterator[Pulse]:
    """Give signs of life meanwhile, and at the end say that there will be none; the database must be open."""
    name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
    pulse = Pulse(name, settings.clock.wall())
    task = asyncio.create_task(_go_on(settings, pulse))
    try:
        yield pulse
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        try:
            await Worker.filter(name=name).delete()
        except (BaseORMException, OSError):
            log.warning("the database was not told that this worker ends")


async def _go_on(settings: Settings, pulse: Pulse) -> None:
    while True:
        try:
            if settings.alive_file is not None:
                settings.alive_file.touch()
            await pulse.beat(settings.clock.wall())
        except Exception as error:
            log.warning("a sign of life could not be given: %s", type(error).__name__)
        await asyncio.sleep(EVERY)
