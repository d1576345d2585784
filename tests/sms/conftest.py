"""One carrier for all tests of the SMS bridge, emptied before each."""

import sys
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from bridges.sms.bridge import SmsBridge
from demo.children import Child, free_port, listens
from tests.sms.wire import ACCOUNT, HOST, OUR_NUMBER, PUBLIC_URL, TOKEN, Caller, Store, account


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def carrier_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where the carrier's API is."""
    port = free_port()
    flags = ["--account-sid", ACCOUNT, "--auth-token", TOKEN, "--number", OUR_NUMBER, "--port", str(port)]
    child = Child(
        "carrier",
        [sys.executable, "-m", "demo.carrier", *flags],
        tmp_path_factory.mktemp("carrier") / "log",
        listens(port),
    )
    await child.start()
    yield f"http://{HOST}:{port}"
    await child.stop()


@pytest.fixture
async def control(carrier_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The carrier's control API; the carrier has seen no traffic yet."""
    async with httpx.AsyncClient(base_url=carrier_url + "/_carrier") as client:
        (await client.post("/reset")).raise_for_status()
        yield client


@pytest.fixture
async def bridge(carrier_url: str, control: httpx.AsyncClient) -> AsyncIterator[SmsBridge]:
    """The bridge, connected to the carrier; it is impatient."""
    bridge = SmsBridge(account(carrier_url), public_url=PUBLIC_URL, region="CN", timeout=1.0)
    yield bridge
    await bridge.close()


@pytest.fixture
def store() -> Store:
    """Where what comes in is kept."""
    return Store()


@pytest.fixture
async def caller(store: Store) -> AsyncIterator[Caller]:
    """Somebody who calls the webhooks."""
    caller = Caller(store)
    yield caller
    await caller.http.aclose()
