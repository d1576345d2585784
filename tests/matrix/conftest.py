"""One Synapse with the service's application behind it, started once for each module that uses it."""

import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import SecretStr

from bridges.matrix.bridge import MatrixBridge
from bridges.matrix.registration import registration
from demo.children import free_port
from demo.homeserver import HOST, EmbeddedHomeserver
from linzhang.settings import Homeserver
from tests.matrix.house import House, Store, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A homeserver, and an application that stores what the homeserver tells it."""
    listener, port = socket.create_server((HOST, 0)), free_port()
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    homeserver = Homeserver(
        server_name="localhost",
        url=f"http://{HOST}:{port}",
        as_token=SecretStr("our-token"),
        hs_token=SecretStr("their-token"),
    )
    synapse = EmbeddedHomeserver(
        tmp_path_factory.mktemp("synapse"), port, registrations=[registration(homeserver, url)]
    )
    bridge, store, app = MatrixBridge([homeserver]), Store(), FastAPI()
    app.include_router(bridge.routes(store.accept))
    async with serving(app, listener):
        await synapse.start()
        house = House(synapse, homeserver, url, store, bridge)
        try:
            yield house
        finally:
            await house.leave()
            await synapse.stop()
