"""The real stack, of which every part can be struck: two applications behind a balancer, several workers.

It starts what `demo.stack` lays out, and starts again what a blow has ended, as systemd does.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chaos.balancer import Balancer
from demo.children import Child, ChildError, answers, free_port
from demo.homeserver import EmbeddedHomeserver
from demo.postgres import Postgres
from demo.stack import Ports, Stack, make_stack, worker

#: Applications and workers.
APPLICATIONS, WORKERS = 2, 2

#: Seconds after which a worker that has gone silent loses its effect to another: at least and at most, the
#: service's own minute. Between them it is one part of the run in so many.
_LEASES, _PART = (12.0, 60.0), 15

#: Seconds before something that was killed is started again, and before that is tried once more.
_RESTARTED_AFTER = 0.3


@dataclass
class Part:
    """A process that may die at any time and comes back.

    Attributes:
        busy: Held by whoever ends or starts it.
    """

    process: Child | EmbeddedHomeserver
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def die(self, lasts: float, *, gently: bool = False) -> None:
        """End, and be there again after so many seconds."""
        async with self.busy:
            await (self.process.stop() if gently else self.process.kill())
            await asyncio.sleep(lasts)
            await self._revive()

    async def _revive(self) -> None:
        while True:
            try:
                await self.process.start()
            except ChildError:
                await self.process.kill()
                await asyncio.sleep(_RESTARTED_AFTER)
            else:
                return


@dataclass
class Stage:
    """Everything that runs.

    Attributes:
        postgres: None: the database is SQLite.
    """

    stack: Stack
    balancer: Balancer
    applications: list[Part]
    workers: list[Part]
    homeserver: Part
    redis: Part
    postgres: Postgres | None

    async def start_service(self) -> None:
        """Start the applications and the workers."""
        await self.balancer.start()
        await asyncio.gather(*(each.process.start() for each in (*self.applications, *self.workers)))

    async def stop_service(self) -> None:
        """Stop them."""
        parts = (*self.applications, *self.workers)
        await asyncio.gather(*(each.process.stop() for each in parts))
        await self.balancer.stop()


@asynccontextmanager
async def staged(folder: Path, *, postgres: bool, seconds: float) -> AsyncIterator[Stage]:
    """Start what the service stands on; the service itself is not started yet, but it is stopped.

    Args:
        folder: Where everything is kept; it is there, and empty.
        postgres: Whether the database is PostgreSQL instead of SQLite.
        seconds: How long the run goes on.
    """
    server = Postgres(folder / "postgres") if postgres else None
    try:
        url = await asyncio.to_thread(server.start) if server else None
        public = free_port()
        least, most = _LEASES
        lease = min(max(least, seconds / _PART), most)
        stack = make_stack(folder, ports=Ports(web=public), database_url=url, lease=lease)
        ports = [free_port() for _ in range(APPLICATIONS)]
        assert stack.redis is not None
        stage = Stage(
            stack=stack,
            balancer=Balancer(public, ports),
            applications=[Part(_application(stack, number, port)) for number, port in enumerate(ports, 1)],
            workers=[
                Part(worker(folder, stack.worker.env, f"worker-{number}")) for number in range(1, WORKERS + 1)
            ],
            homeserver=Part(stack.homeserver),
            redis=Part(stack.redis),
            postgres=server,
        )
        try:
            await stack.start_outside()
            yield stage
        finally:
            await stage.stop_service()
            await stack.stop()
    finally:
        if server:
            await asyncio.to_thread(server.stop)


def _application(stack: Stack, number: int, port: int) -> Child:
    return Child(
        f"application {number}",
        [sys.executable, "-m", "web", "--port", str(port)],
        stack.folder / f"web-{number}.log",
        answers(f"http://127.0.0.1:{port}/health"),
        stack.web.env,
    )
