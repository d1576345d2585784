"""One carrier process for all tests that need no other, emptied before each."""

from collections.abc import AsyncIterator, Callable, Iterator
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


@pytest.fixture(scope="session")
def _reset(carrier: CarrierProcess) -> Iterator[Callable[[], httpx.Response]]:
    with httpx.Client(base_url=carrier.url, trust_env=False) as http:
        yield lambda: http.post("/_carrier/reset")


@pytest.fixture(autouse=True)
def _empty(_reset: Callable[[], httpx.Response]) -> None:
    """No traffic, no faults, no changed settings."""
    _reset().raise_for_status()


@pytest.fixture
async def line(carrier: CarrierProcess) -> AsyncIterator[Line]:
    """The phones' side."""
    async with line_to(carrier.url) as line:
        yield line


@pytest.fixture
async def app(line: Line) -> AsyncIterator[Application]:
    """The application's side; texts are reported to its /inbound, calls to its /voice."""
    async with application() as served:
        await line.settle(sms_url=f"{served.url}/inbound", voice_url=f"{served.url}/voice")
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
