"""Lets the blows of a script fall, and mends what they have broken.

Those of the carrier are ordered through its control API; the others strike processes.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from chaos.script import Blow
from chaos.stage import Stage

_CARRIER = "carrier: "

#: Seconds that the carrier takes for what it is slow at, or lets hang before it cuts the line.
_HANGS = 1.0


class Blows:
    """Falls upon a stage.

    Args:
        stage: What is struck.
        carrier: The carrier's control API.

    Attributes:
        fallen: How many of each kind have struck.
    """

    def __init__(self, stage: Stage, carrier: httpx.AsyncClient) -> None:
        self._stage = stage
        self._carrier = carrier
        self.fallen: Counter[str] = Counter()
        self._kinds: dict[str, Callable[[Blow], Awaitable[None]]] = {
            "worker killed": self._worker,
            "application killed": self._application,
            "all applications killed": self._applications,
            "Redis killed": self._redis,
            "Redis flushed": self._flush,
            "PostgreSQL restarted": self._postgres,
            "homeserver stopped": self._homeserver,
            "homeserver frozen": self._freeze,
        }

    async def fall(self, blows: Sequence[Blow]) -> None:
        """Let them fall in their time, and wait until all is mended.

        Args:
            blows: In the order of their times.
        """
        began = time.monotonic()
        async with asyncio.TaskGroup() as falling:
            for blow in blows:
                await asyncio.sleep(max(0.0, began + blow.at - time.monotonic()))
                falling.create_task(self._one(blow))

    async def end(self) -> None:
        """Let the carrier behave from now on; what it was to do and has not done has not struck."""
        answer = await self._carrier.get("/_carrier/faults")
        answer.raise_for_status()
        for fault in answer.json()["faults"]:
            self.fallen[_CARRIER + fault["kind"]] -= fault["count"]
        (await self._carrier.delete("/_carrier/faults")).raise_for_status()

    async def _one(self, blow: Blow) -> None:
        if blow.kind.startswith(_CARRIER):
            self.fallen[blow.kind] += blow.count
            await self._misbehave(blow)
        else:
            self.fallen[blow.kind] += 1
            await self._kinds[blow.kind](blow)

    async def _misbehave(self, blow: Blow) -> None:
        fault = {"kind": blow.kind.removeprefix(_CARRIER), "count": blow.count, "seconds": _HANGS}
        (await self._carrier.post("/_carrier/faults", json=fault)).raise_for_status()

    async def _worker(self, blow: Blow) -> None:
        await self._stage.workers[blow.which % len(self._stage.workers)].die(blow.lasts)

    async def _application(self, blow: Blow) -> None:
        await self._stage.applications[blow.which % len(self._stage.applications)].die(blow.lasts)

    async def _applications(self, blow: Blow) -> None:
        await asyncio.gather(*(each.die(blow.lasts) for each in self._stage.applications))

    async def _redis(self, blow: Blow) -> None:
        await self._stage.redis.die(blow.lasts)

    async def _flush(self, _blow: Blow) -> None:
        async with self._stage.redis.busy, Redis.from_url(self._stage.stack.settings.redis_url) as redis:
            try:
                await redis.flushall()
            except RedisError:
                self.fallen["Redis flushed"] -= 1

    async def _postgres(self, blow: Blow) -> None:
        if self._stage.postgres is not None:
            await self._stage.postgres.restart(crash=bool(blow.which % 2))

    async def _homeserver(self, blow: Blow) -> None:
        await self._stage.homeserver.die(blow.lasts, gently=True)

    async def _freeze(self, blow: Blow) -> None:
        async with self._stage.homeserver.busy:
            self._stage.stack.homeserver.freeze()
            try:
                await asyncio.sleep(blow.lasts)
            finally:
                self._stage.stack.homeserver.thaw()
