"""Looks in the rooms every minute for what a homeserver has failed to tell, while a worker works.

What is found is stored as what is told: by its own id, so that it is there once. Of the workers one looks.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bridges.contract import DeliveryError
from bridges.matrix.bridge import MatrixBridge
from bridges.matrix.connection import Denied
from escalator.waking import Waker
from issues import inbox
from linzhang.settings import Settings
from models import Reading

log = logging.getLogger(__name__)

#: Between two looks at one homeserver.
EVERY = timedelta(minutes=1)

#: Seconds between two questions whether it is time.
_ASK = 10.0


@asynccontextmanager
async def rereading(settings: Settings, matrix: MatrixBridge, waker: Waker) -> AsyncIterator[None]:
    """Look meanwhile at all homeservers; the database must be open."""
    names = [each.server_name for each in settings.homeservers]
    tasks = [asyncio.create_task(_go_on(settings, matrix, waker, name)) for name in names]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _go_on(settings: Settings, matrix: MatrixBridge, waker: Waker, name: str) -> None:
    while True:
        try:
            for lane in await look(settings, matrix, name):
                waker.inbox_soon(lane)
        except DeliveryError as error:
            log.info("%s cannot be read now: %s", name, error)
        except Exception:
            log.exception("the rooms of %s could not be read", name)
        await asyncio.sleep(_ASK)


async def look(settings: Settings, matrix: MatrixBridge, server_name: str) -> set[str]:
    """Store what was said in the rooms of a homeserver since the last look, if a minute has passed since.

    Returns:
        The inbox lanes that have got rows.

    Raises:
        Unavailable: It cannot be asked now.
    """
    wall = settings.clock.wall()
    row, is_new = await Reading.get_or_create({"looked_at": wall}, server_name=server_name)
    ours = Reading.filter(server_name=server_name, looked_at__lte=wall - EVERY)
    if not is_new and not await ours.update(looked_at=wall):
        return set()  # another worker has just looked, or is looking
    try:
        missed = await matrix.missed(server_name, row.position)
    except Denied as refusal:
        log.warning(
            "%s does not know any more how far we have read, and begins anew: %s", server_name, refusal
        )
        missed = await matrix.missed(server_name, "")
    lanes = [await inbox.store(settings, each) for each in missed.events]
    found = {lane for lane in lanes if lane is not None}
    if found:
        log.info("%s had not told of %d events", server_name, len(lanes) - lanes.count(None))
    await Reading.filter(server_name=server_name, position=row.position).update(position=missed.position)
    return found
