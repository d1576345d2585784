"""What is certain of a call that has broken off."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bridges.contract import Unavailable, Uncertain
from bridges.matrix.connection import Connection
from linzhang.settings import Homeserver

_SENDING = ("PUT", "/_matrix/client/v3/rooms/!a/send/m.room.message/1", "{}")
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@asynccontextmanager
async def leaving(taken: list[bytes]) -> AsyncIterator[str]:
    """A homeserver that knows the bot and answers one request, takes the next one, and is gone."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        (length,) = re.findall(rb"POST \S+/register .*content-length: (\d+)", head, re.IGNORECASE | re.DOTALL)
        await reader.readexactly(int(length))
        writer.write(_ANSWER)
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_ANSWER)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        taken.append(head + await reader.readexactly(2))
        server.close()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


def connection_to(url: str) -> Connection:
    facts = {"server_name": "test", "url": url, "as_token": "a", "hs_token": "h", "patience": 5}
    return Connection(Homeserver.model_validate(facts))


async def test_what_was_taken_before_the_homeserver_went_is_not_taken_for_unsent() -> None:
    # The HTTP client sends a PUT again by itself when a kept connection breaks, and then meets nobody.
    taken: list[bytes] = []
    async with leaving(taken) as url:
        connection = connection_to(url)
        await connection.call("asking", ("GET", "/_matrix/client/v3/account/whoami"))
        with pytest.raises(Uncertain):
            await connection.call("sending", _SENDING)
        await connection.close()
    assert len(taken) == 1


async def test_what_found_nobody_was_not_taken() -> None:
    async with leaving([]) as url:
        pass
    connection = connection_to(url)
    with pytest.raises(Unavailable):
        await connection.call("sending", _SENDING)
    await connection.close()
