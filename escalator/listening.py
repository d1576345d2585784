"""Lets bridges that nobody calls look for what has come in, each for itself, while a worker works.

What they find is stored as a webhook stores it. Several workers may find the same: it is stored once.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from bridges.contract import Bridge, Inbound, Listener
from escalator.waking import Waker
from issues import inbox
from linzhang.settings import Settings


@asynccontextmanager
async def listening(settings: Settings, bridges: Iterable[Bridge], waker: Waker) -> AsyncIterator[None]:
    """Let all that want to listen do so meanwhile; the database must be open."""

    async def accept(inbound: Inbound) -> bool:
        lane = await inbox.store(settings, inbound)
        if lane is not None:
            waker.inbox_soon(lane)
        return lane is not None

    tasks = [asyncio.create_task(bridge.listen(accept)) for bridge in bridges if isinstance(bridge, Listener)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
