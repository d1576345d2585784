"""What stands before several applications: hands each connection to one that takes it, in turn.

It reads nothing of what passes. When an application dies, its connections break for both sides.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import count

_CHUNK = 65_536


class Balancer:
    """Listens on the loopback interface.

    Args:
        port: Where.
        backends: Ports of the applications.
    """

    def __init__(self, port: int, backends: Sequence[int]) -> None:
        self._port = port
        self._backends = backends
        self._turn = count()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self._port)

    async def stop(self) -> None:
        """Listen no more; what is under way ends with whoever is behind it."""
        if self._server is not None:
            self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await self._connect()
        if behind is None:
            writer.transport.abort()
            return
        there, back = behind[1], behind[0]
        passing = [asyncio.create_task(_pass(reader, there)), asyncio.create_task(_pass(back, writer))]
        await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
        for each in (writer, there):
            each.close()
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to the next application that takes one; None: none does."""
        first = next(self._turn)
        for step in range(len(self._backends)):
            port = self._backends[(first + step) % len(self._backends)]
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
