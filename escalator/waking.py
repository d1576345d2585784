"""Wakes workers at once instead of at their next look around: speed, and nothing but speed.

A wake-up that is lost, because Redis is down or was emptied, costs at most the time until the next
sweep (DESIGN, rule 1). So nothing here may raise, and nothing may wait long.
"""

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

#: Seconds that a wake-up may take.
PATIENCE = 1.0

#: Seconds in which sweeps queue a lane once at most.
_PERIOD = 5


def serialise(job: dict[str, Any]) -> bytes:
    """Jobs are JSON: ids travel, objects do not."""
    return json.dumps(job, default=repr).encode()


def deserialise(data: bytes) -> dict[str, Any]:
    """The opposite of `serialise`."""
    job: dict[str, Any] = json.loads(data)
    return job


def connect(redis_url: str) -> ArqRedis:
    """A connection pool to arq's Redis; nothing is sent before it is used."""
    pool = ConnectionPool.from_url(redis_url, socket_connect_timeout=PATIENCE, socket_timeout=10)
    return ArqRedis(pool, job_serializer=serialise, job_deserializer=deserialise)


class Waker:
    """Puts jobs into arq's queue, or quietly does not."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._underway: set[asyncio.Task[None]] = set()

    async def inbox(self, lane: str) -> None:
        """Wake somebody for a lane of the inbox."""
        await self._enqueue("take_in", lane)

    async def outbox(self, lanes: Iterable[str]) -> None:
        """Wake somebody for lanes of the outbox."""
        for lane in lanes:
            await self._enqueue("deliver", lane)

    def inbox_soon(self, lane: str) -> None:
        """Wake somebody for a lane of the inbox, without making the caller wait for Redis."""
        task = asyncio.create_task(self.inbox(lane))
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)

    async def swept(self, function: str, lane: str) -> None:
        """Queue a lane that a sweep has found, unless another sweep has just done so."""
        # arq keeps a job's id blocked for minutes when its worker was killed, so the id must change.
        period = int(time.time() // _PERIOD)
        await self._enqueue(function, lane, _job_id=f"{function}:{lane}:{period}")

    async def duty(self, name: str, seconds: float, moment: str) -> None:
        """Have a duty attended to after so many seconds of the machine.

        Args:
            name: Of the duty.
            seconds: When.
            moment: For what: the same moment is queued once.
        """
        later = timedelta(seconds=seconds)
        await self._enqueue("attend", name, _defer_by=later, _job_id=f"attend:{name}:{moment}")

    async def soon(self, name: str, seconds: float) -> None:
        """Have a duty attended to within about so many seconds, once however often it is asked."""
        period = int(time.time() / seconds)
        later = timedelta(seconds=seconds)
        await self._enqueue("attend", name, _defer_by=later, _job_id=f"attend:{name}:soon:{period}")

    async def can_wake(self) -> bool:
        """Whether Redis answers."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._redis.ping()
        except (RedisError, OSError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        """Let go of Redis."""
        await asyncio.gather(*self._underway, return_exceptions=True)
        await self._redis.aclose()

    async def _enqueue(self, function: str, *arguments: object, **options: Any) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._redis.enqueue_job(function, *arguments, **options)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("nobody was woken for %s: %s", function, type(error).__name__)
