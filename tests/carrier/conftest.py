"""One carrier process for all tests that need no other, emptied before each."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from twilio.http.async_http_client import AsyncTwilioHttpClient

from demo.carrier.process import CarrierProcess
from tests.carrier.line import Application, Line, application, connect, line_to, process


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def carrier(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CarrierProcess]:
    """The process."""
    carrier = process(tmp_path_factory.mktemp("carrier") / "carrier.jsonl")
    await carrier.start()
    yield carrier
    await carrier.stop()


@pytest.fixture(autouse=True)
def _empty(carrier: CarrierProcess) -> None:
    """No traffic, no faults, no changed settings."""
    httpx.post(f"{carrier.url}/_carrier/reset", trust_env=False).raise_for_status()


@pytest.fixture
async def line(carrier: CarrierProcess) -> AsyncIterator[Line]:
    """The phones' side."""
    async with line_to(carrier.url) as line:
        yield line


@pytest.fixture
async def app(line: Line) -> AsyncIterator[Application]:
    """The application's side; texts are reported to its /inbound."""
    async with application() as served:
        await line.settle(sms_url=f"{served.url}/inbound")
        yield served


@pytest.fixture
def sdk(carrier: CarrierProcess) -> Any:
    """The SDK that blocks."""
    return connect(carrier.url)


@pytest.fixture
async def sdk_async(carrier: CarrierProcess) -> AsyncIterator[Any]:
    """The SDK that does not."""
    async with AsyncTwilioHttpClient() as http_client:
        yield connect(carrier.url, http_client)
