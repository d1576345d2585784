"""A room whose making is disturbed by another worker that makes it too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bridges.contract import Unavailable
from bridges.matrix.appservice import AppService
from linzhang.settings import Homeserver

_DONE = (200, b"{}")
_BAD_ALIAS = (400, b'{"errcode": "M_BAD_ALIAS", "error": "Room alias does not point to the room"}')


@asynccontextmanager
async def homeserver() -> AsyncIterator[str]:
    """One that gives an alias to somebody else in the middle of making a room, as Synapse tells it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        status, body = _BAD_ALIAS if b"/createRoom" in head.split(b"\r\n")[0] else _DONE
        fields = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(fields.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_who_loses_the_alias_meanwhile_comes_again() -> None:
    async with homeserver() as url:
        facts = {"server_name": "test", "url": url, "as_token": "a", "hs_token": "h"}
        service = AppService(Homeserver.model_validate(facts))
        with pytest.raises(Unavailable):
            await service.create_room(alias="lz-1", name="n", topic="t", invite=[])
        await service.close()
