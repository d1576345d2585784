"""The arq worker: wakes for single lanes, and sweeps the database every second for all that is due.

    a bridge accepts ──► take_in(lane) ──► what comes of it is delivered at once, by the same worker
    every second     ──► sweep ──► take_in, deliver, attend for whatever the database says

Every job can be run twice, at once and late: the database decides what is left to do. Whatever is
lost in Redis is found again by the next sweep; and while there is no Redis at all, the same work is
done from the database alone, a second later.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from arq import cron, func
from arq.worker import Worker
from redis.exceptions import RedisError
from tortoise.exceptions import BaseORMException

from bridges.registry import bridges, matrix_bridge
from escalator import inbox, outbox
from escalator.beating import Pulse, beating
from escalator.delivery import Deliverer, ToMatrix, ToPerson
from escalator.duties import DUTIES
from escalator.importing import importing
from escalator.listening import listening
from escalator.pacing import Pacing
from escalator.rereading import rereading
from escalator.shares import INBOX, Shares
from escalator.waking import Waker, connect, deserialise, serialise
from escalator.webhooks.delivery import ToWebhook
from escalator.webhooks.targets import NAME as WEBHOOK
from issues.effects import ROOMS, TIES
from linzhang.database import database, unapplied
from linzhang.settings import Settings
from rooms.delivery import ToRoom
from rooms.enclosures import Enclosures
from rooms.media import MEDIA, ToThread
from rooms.openly import Openly
from rooms.tied import ToTied
from rooms.uploads import Uploads

log = logging.getLogger(__name__)

#: Lanes that one sweep wakes.
BATCH = 500

#: So much of a duty is done before what has come of it is carried out.
SLICE = 100

#: Jobs at once of each deliverer, and of the inbox. Each far side is asked only so many things at a time
#: (`bridges.crowd`): some of these hands are free when one homeserver of several hangs.
JOBS = 64

#: Lanes that a slice of a duty wakes one by one. Where there are more, sweeps take them up as far sides can.
WOKEN = 150

#: Seconds before a duty is attended to again, at the least, so that what is due then is done together.
PAUSE = 0.1

#: The duty that shows on the desk what has changed, and seconds within which it does.
PROJECTING, SHOWN = "projecting", 0.1

#: Seconds between two looks at the database while Redis is away.
SWEEP = 1.0

#: Seconds between two looks whether the database has been migrated.
SCHEMA = 2.0

#: Seconds in which jobs that are under way may end before they are cancelled.
GRACE = 5.0


@dataclass(frozen=True)
class Context:
    """What every job works with.

    Attributes:
        settings: The service's.
        deliverers: Who carries out effects, by name.
        waker: Wakes workers.
        shares: How much of the worker each of them may take.
        pulse: This worker's signs of life.
        pacing: How fast it sends what nobody waits for.
        sweeping: What sweeps of this process are at: a sweep that is slow, since there is much to do or the
            database is busy, must not be joined by the next one, which would make it slower.
    """

    settings: Settings
    deliverers: Mapping[str, Deliverer]
    waker: Waker
    shares: Shares
    pulse: Pulse
    pacing: Pacing
    sweeping: set[str] = field(default_factory=set)

    async def take_in(self, lane: str) -> None:
        """Work on what waits in a lane of the inbox."""

        async def work(lane: str) -> None:
            self._carry_out(await inbox.drain(self.settings, lane))
            await self.waker.soon(PROJECTING, SHOWN)

        await self.shares.take(INBOX, lane, work)

    async def deliver(self, lane: str) -> None:
        """Carry out what waits in a lane of the outbox, within its deliverer's share."""

        async def work(lane: str) -> None:
            self._carry_out(await outbox.drain(self.settings, self.deliverers, lane, self.pacing))

        found = await outbox.next_in(lane)
        if found is not None:
            await self.shares.take(found.bridge, lane, work, found.turn)

    def _carry_out(self, lanes: Iterable[str]) -> None:
        """Begin at once with what has come of something: the way round by Redis is long."""
        for lane in lanes:
            self.shares.begin(_kept_going(self.deliver(lane)))

    @contextmanager
    def alone(self, part: str) -> Iterator[bool]:
        """Whether nobody is at a part of a sweep, which is then kept from others."""
        if part in self.sweeping:
            yield False
            return
        self.sweeping.add(part)
        try:
            yield True
        finally:
            self.sweeping.discard(part)


async def take_in(ctx: dict[str, Any], lane: str) -> None:
    """Work on what waits in a lane of the inbox."""
    context: Context = ctx["linzhang"]
    await context.take_in(lane)


async def deliver(ctx: dict[str, Any], lane: str) -> None:
    """Carry out what waits in a lane of the outbox."""
    context: Context = ctx["linzhang"]
    await context.deliver(lane)


async def attend(ctx: dict[str, Any], name: str) -> None:
    """Do all that is due of a duty."""
    context: Context = ctx["linzhang"]
    found, any_found = SLICE, False
    while found == SLICE:
        found, lanes = await DUTIES[name].run(context.settings, SLICE)
        if len(lanes) <= WOKEN:
            await context.waker.outbox(lanes)
        if found and name != PROJECTING:
            await context.waker.soon(PROJECTING, SHOWN)
        any_found = any_found or found > 0
    if any_found:
        # Where much is due one moment after the other, each moment cannot wait for the next sweep.
        await _wake_for(context, name, await DUTIES[name].next_due(context.settings))


async def sweep(ctx: dict[str, Any]) -> None:
    """Find everything that is due in the database, whether or not anybody was woken for it."""
    context: Context = ctx["linzhang"]
    with context.alone("lanes") as free:
        if free:
            for lane in await inbox.due_lanes(context.settings, BATCH):
                await context.waker.swept("take_in", lane)
            for lane in await outbox.due_lanes(context.settings, BATCH, besides=context.shares.taken()):
                await context.waker.swept("deliver", lane)
    for name in DUTIES:
        with context.alone(name) as free:
            if free:
                await _look_after(ctx, name)
    context.pulse.swept_at = context.settings.clock.wall()


async def _look_after(ctx: dict[str, Any], name: str) -> None:
    context: Context = ctx["linzhang"]
    due = await DUTIES[name].next_due(context.settings)
    if due is not None and context.settings.clock.seconds_until(due) <= 0:
        await attend(ctx, name)
    else:
        await _wake_for(context, name, due)


async def _wake_for(context: Context, name: str, due: datetime | None) -> None:
    """Have a duty attended to when something of it is due, if that is before the next sweep."""
    seconds = SWEEP if due is None else context.settings.clock.seconds_until(due)
    if due is not None and seconds < SWEEP:
        await context.waker.duty(name, max(seconds, PAUSE), due.isoformat())


async def work(settings: Settings) -> None:
    """Work until cancelled, with Redis or without."""
    await _wait_for_schema(settings)
    async with _context(settings) as context:
        while True:
            try:
                await _work_with_redis(context)
            except (RedisError, OSError) as error:
                log.warning("Redis is away (%s); the database is enough meanwhile", type(error).__name__)
            await _work_without_redis(context)
            log.warning("Redis is there again")


async def _wait_for_schema(settings: Settings) -> None:
    """Wait until the database has all tables and columns of this version: somebody is migrating it."""
    said: Sequence[str] = ()
    async with database(settings.database_url):
        while True:
            try:
                missing = await unapplied(settings.database_url)
            except (BaseORMException, OSError) as error:
                log.warning("the database does not answer (%s)", type(error).__name__)
            else:
                if not missing:
                    return
                if missing != said:
                    log.warning("the database waits for `linzhang migrate`: %s", ", ".join(missing))
                said = missing
            await asyncio.sleep(SCHEMA)


async def _work_with_redis(context: Context) -> None:
    worker = _arq_worker(context)
    polling = asyncio.create_task(worker.main())
    try:
        await asyncio.wait({polling})
        polling.result()
    finally:
        while not polling.done():
            polling.cancel()
            # Now and then the Redis client swallows a cancellation, so one may not be enough.
            await asyncio.wait({polling}, timeout=0.5)
        # What is under way may end, so that as few calls as possible are left in doubt.
        if worker.tasks:
            await asyncio.wait(worker.tasks.values(), timeout=GRACE)
        for task in worker.tasks.values():
            task.cancel()
        await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
        await worker.pool.aclose(close_connection_pool=True)


async def _work_without_redis(context: Context) -> None:
    """Do all that is due, again and again, until Redis answers."""
    while True:
        try:
            await _do_all_that_is_due(context)
            context.pulse.swept_at = context.settings.clock.wall()
        except Exception:
            log.exception("the database could not be swept")
        if await context.waker.can_wake():
            return
        await asyncio.sleep(SWEEP)


async def _do_all_that_is_due(context: Context) -> None:
    settings = context.settings
    gate = asyncio.Semaphore(JOBS)

    async def one(work: Awaitable[object]) -> None:
        async with gate:
            await _kept_going(work)

    await asyncio.gather(
        *(one(inbox.drain(settings, lane)) for lane in await inbox.due_lanes(settings, BATCH))
    )
    for duty in DUTIES.values():
        await one(duty.run(settings, BATCH))
    lanes = await outbox.due_lanes(settings, BATCH, besides=context.shares.taken())
    delivering = [context.shares.begin(_kept_going(context.deliver(lane))) for lane in lanes]
    if delivering:
        # What takes longer goes on beside the next look around: a bridge that hangs holds up no other.
        await asyncio.wait(delivering, timeout=SWEEP)


async def _kept_going(work: Awaitable[object]) -> None:
    try:
        await work
    except Exception:
        log.exception("some work failed; it stays due")


@asynccontextmanager
async def _context(settings: Settings) -> AsyncIterator[Context]:
    """Open what every job works with, and close it at the end."""
    async with AsyncExitStack() as resources:
        await resources.enter_async_context(database(settings.database_url))
        matrix = matrix_bridge(settings)
        by_name = bridges(settings, matrix)
        for bridge in by_name.values():
            resources.push_async_callback(bridge.close)
        uploads = Uploads(matrix, by_name)
        encloser = Enclosures(settings, matrix, uploads)
        deliverers: dict[str, Deliverer] = {
            name: ToPerson(settings, bridge, encloser) for name, bridge in by_name.items()
        }
        deliverers[matrix.name] = ToMatrix(settings, deliverers[matrix.name], Openly(settings, matrix))
        deliverers[ROOMS] = ToRoom(settings, matrix)
        deliverers[TIES] = ToTied(settings, matrix, by_name, uploads)
        deliverers[MEDIA] = ToThread(settings, matrix, uploads)
        webhooks = ToWebhook(settings)
        resources.push_async_callback(webhooks.close)
        deliverers[WEBHOOK] = webhooks
        waker = Waker(connect(settings.redis_url))
        resources.push_async_callback(waker.close)
        await resources.enter_async_context(listening(settings, by_name.values(), waker))
        await resources.enter_async_context(rereading(settings, matrix, waker))
        await resources.enter_async_context(importing(settings))
        shares = Shares(JOBS)
        resources.push_async_callback(shares.close, GRACE)
        pulse = await resources.enter_async_context(beating(settings))
        yield Context(settings, deliverers, waker, shares, pulse, Pacing.of(settings))


def _arq_worker(context: Context) -> Worker:
    jobs = [func(job, keep_result=0, max_tries=1) for job in (take_in, deliver, attend)]
    return Worker(
        functions=jobs,
        cron_jobs=[cron(sweep, second=set(range(60)), keep_result=0, max_tries=1)],
        redis_pool=connect(context.settings.redis_url),
        ctx={"linzhang": context},
        handle_signals=False,
        max_jobs=JOBS * (len(context.deliverers) + 1),  # each share can be used up
        poll_delay=0.05,
        job_serializer=serialise,
        job_deserializer=deserialise,
    )
