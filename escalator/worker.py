"""The arq worker: wakes for single lanes, and sweeps the database every second for all that is due.

    a bridge accepts ──► take_in(lane) ──► deliver(lane), deliver(lane) …
    every second     ──► sweep ──► take_in, deliver, attend for whatever the database says

Every job can be run twice, at once and late: the database decides what is left to do. Whatever is
lost in Redis is found again by the next sweep.
"""

import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from arq import cron, func
from arq.worker import Worker

from bridges.registry import bridges, matrix_bridge
from escalator import inbox, outbox
from escalator.delivery import Deliverer, ToPerson
from escalator.duties import DUTIES
from escalator.waking import Waker, connect, deserialise, serialise
from issues.effects import ROOMS
from linzhang.database import database
from linzhang.settings import Settings
from rooms.delivery import ToRoom

log = logging.getLogger(__name__)

#: Lanes that one sweep wakes, and issues that one look at the deadlines acts on.
BATCH = 500

#: Jobs at once. More than 16 requests at a time only add waiting on one homeserver (DESIGN, 7).
JOBS = 16


@dataclass(frozen=True)
class Context:
    """What every job works with."""

    settings: Settings
    deliverers: Mapping[str, Deliverer]
    waker: Waker


async def take_in(ctx: dict[str, Any], lane: str) -> None:
    """Work on what waits in a lane of the inbox."""
    context: Context = ctx["linzhang"]
    await context.waker.outbox(await inbox.drain(context.settings, lane))


async def deliver(ctx: dict[str, Any], lane: str) -> None:
    """Carry out what waits in a lane of the outbox."""
    context: Context = ctx["linzhang"]
    await context.waker.outbox(await outbox.drain(context.settings, context.deliverers, lane))


async def attend(ctx: dict[str, Any], name: str) -> None:
    """Do all that is due of a duty."""
    context: Context = ctx["linzhang"]
    found = BATCH
    while found == BATCH:
        found, lanes = await DUTIES[name].run(context.settings, BATCH)
        await context.waker.outbox(lanes)


async def sweep(ctx: dict[str, Any]) -> None:
    """Find everything that is due in the database, whether or not anybody was woken for it."""
    context: Context = ctx["linzhang"]
    for lane in await inbox.due_lanes(context.settings, BATCH):
        await context.waker.swept("take_in", lane)
    for lane in await outbox.due_lanes(context.settings, BATCH):
        await context.waker.swept("deliver", lane)
    for name, duty in DUTIES.items():
        due = await duty.next_due(context.settings)
        if due is None:
            continue
        seconds = context.settings.clock.seconds_until(due)
        if seconds <= 0:
            await attend(ctx, name)
        elif seconds < 1:
            await context.waker.duty(name, seconds, due.isoformat())


def make_worker(settings: Settings, *, handle_signals: bool = True) -> Worker:
    """An arq worker for these settings; `async_run` it, or `run` it in a process of its own."""
    resources = AsyncExitStack()

    async def startup(ctx: dict[str, Any]) -> None:
        await resources.enter_async_context(database(settings.database_url))
        matrix = matrix_bridge(settings)
        by_name = bridges(settings, matrix)
        for bridge in by_name.values():
            resources.push_async_callback(bridge.close)
        deliverers: dict[str, Deliverer] = {
            name: ToPerson(settings, bridge) for name, bridge in by_name.items()
        }
        deliverers[ROOMS] = ToRoom(settings, matrix)
        waker = Waker(connect(settings.redis_url))
        resources.push_async_callback(waker.close)
        ctx["linzhang"] = Context(settings, deliverers, waker)

    async def shutdown(ctx: dict[str, Any]) -> None:  # noqa: ARG001 - arq's signature
        await resources.aclose()

    jobs = [func(job, keep_result=0, max_tries=1) for job in (take_in, deliver, attend)]
    return Worker(
        functions=jobs,
        cron_jobs=[cron(sweep, second=set(range(60)), keep_result=0, max_tries=1)],
        redis_pool=connect(settings.redis_url),
        on_startup=startup,
        on_shutdown=shutdown,
        handle_signals=handle_signals,
        max_jobs=JOBS,
        poll_delay=0.05,
        job_serializer=serialise,
        job_deserializer=deserialise,
    )
