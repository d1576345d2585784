"""A corporation on WeCom on a real socket, and our bridge to it."""

import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import SecretStr

from bridges.wecom.bridge import WeComBridge
from demo.wecom import Corporation
from linzhang.settings import WeCom
from tests.sms.wire import HOST, Store, serving

#: The application of Tencent's own examples.
CORP_ID, TOKEN = "wx5823bf96d3bd56c7", "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def application(api_url: str = "http://127.0.0.1:1") -> WeCom:
    """The settings of the application."""
    return WeCom(
        corp_id=CORP_ID,
        agent_id=218,
        secret=SecretStr("application's secret"),
        token=SecretStr(TOKEN),
        encoding_aes_key=SecretStr(AES_KEY),
        api_url=api_url,
    )


@pytest.fixture
def store() -> Store:
    """Where what comes in is kept."""
    return Store()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[Corporation]:
    """A corporation whose API listens."""
    with socket.create_server((HOST, 0)) as listener:
        api_url = f"http://{HOST}:{listener.getsockname()[1]}"
        corporation = Corporation(application(api_url))
        async with serving(corporation.app(), listener):
            yield corporation


@pytest.fixture
def corporation(server: Corporation) -> Corporation:
    """The same with one member, and nothing that has happened."""
    server.forget()
    server.members = {"zhangsan"}
    return server


@pytest_asyncio.fixture(loop_scope="session")
async def bridge(corporation: Corporation) -> AsyncIterator[WeComBridge]:
    """The bridge, connected to the corporation."""
    bridge = WeComBridge(corporation.wecom, public_url=corporation.wecom.api_url, timeout=2.0)
    yield bridge
    await bridge.close()


@pytest_asyncio.fixture(loop_scope="session")
async def http(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """What WeCom calls us through."""
    app = FastAPI()
    app.include_router(WeComBridge(application(), public_url="http://test").routes(store.accept))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client
