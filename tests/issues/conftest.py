"""A planted territory in a database of each test's own, and a clock that only the test moves."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from linzhang.clock import FileClock
from linzhang.settings import Settings
from tests.factories import Territory, clock_of, make_settings, open_database, plant
from tests.issues.chat import Block, block_in


@pytest_asyncio.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings whose SQLite database is open."""
    made = make_settings(tmp_path)
    async with open_database(made):
        yield made


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings whose database is open: once SQLite, once PostgreSQL."""
    made = make_settings(tmp_path)
    if request.param == "postgres":
        make: Callable[[], str] = request.getfixturevalue("new_postgres")
        made = make_settings(tmp_path, database_url=make())
    async with open_database(made):
        yield made


@pytest_asyncio.fixture
async def territory(settings: Settings) -> Territory:
    """A small territory in the SQLite database."""
    return await plant()


@pytest.fixture
def clock(settings: Settings) -> FileClock:
    """The programme's clock."""
    return clock_of(settings)


@pytest_asyncio.fixture
async def block(settings: Settings, territory: Territory) -> Block:
    """A block's room with one issue in it, and the phone that reported it."""
    return await block_in(settings, territory)
