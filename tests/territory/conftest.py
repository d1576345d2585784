"""An empty, migrated database for each test: SQLite and PostgreSQL alike."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from linzhang.database import database
from linzhang.settings import Settings
from tests.factories import empty_database
from tests.territory.small import settings_for


@pytest.fixture(scope="session")
def migrated() -> Path:
    """An empty database with all tables, to be copied."""
    return asyncio.run(empty_database())


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> str:
    """Where an empty database is."""
    if request.param == "sqlite":
        return f"sqlite://{shutil.copy(migrated, tmp_path / 'linzhang.db')}"
    make: Callable[[], str] = request.getfixturevalue("new_postgres")
    return make()


@pytest_asyncio.fixture
async def settings(database_url: str) -> AsyncIterator[Settings]:
    """Settings whose database is migrated and open."""
    async with database(database_url):
        yield settings_for(database_url)
