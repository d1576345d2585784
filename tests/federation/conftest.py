"""One stack with three homeservers, started once for all tests of this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from demo.stack import make_stack
from tests.federation.land import Land, land_on

#: Seconds that the service waits for a homeserver which hangs: longer than any test waits for what it
#: expects, so that whatever is done meanwhile was not held up.
LONG = 600.0


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def land(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Land]:
    """The land that all these tests live in, one after the other."""
    folder = tmp_path_factory.mktemp("federation")
    async with land_on(make_stack(folder, federated=True, lease=5, patience=LONG)) as made:
        yield made


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def morning(land: Land) -> None:
    """Every test begins shortly after eight in the morning, so that none meets the night by chance."""
    if not land.has_the_day_before_it():
        land.wait_for(8)
