"""The voice webhooks alone, and the whole duty line on a carrier."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from demo.carrier.process import CarrierProcess
from tests.carrier.line import process
from tests.sms.wire import Store
from tests.voice.wire import Line, Script


@pytest.fixture
def store() -> Store:
    """Where what comes in is kept."""
    return Store()


@pytest.fixture
def script() -> Script:
    """What is said."""
    return Script()


@pytest.fixture
async def wire(store: Store, script: Script) -> AsyncIterator[Line]:
    """Somebody who calls the webhooks."""
    line = Line(store, script)
    yield line
    await line.http.aclose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def carrier(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CarrierProcess]:
    """One carrier process for all tests, which empty it first."""
    carrier = process(tmp_path_factory.mktemp("carrier") / "carrier.jsonl")
    await carrier.start()
    yield carrier
    await carrier.stop()
