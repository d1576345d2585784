"""A territory in a database of its own, and the API on it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from linzhang.settings import Settings
from tests.api.programme import Api, api_for
from tests.factories import Territory, make_settings, open_database, plant, resident
from tests.issues.diary import Phone


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with an open SQLite database."""
    settings = make_settings(tmp_path)
    async with open_database(settings):
        yield settings


@pytest.fixture
async def on_postgres(tmp_path: Path, new_postgres: Callable[[], str]) -> AsyncIterator[Settings]:
    """Settings with an open PostgreSQL database."""
    settings = make_settings(tmp_path, database_url=new_postgres())
    async with open_database(settings):
        yield settings


@pytest.fixture
async def territory(settings: Settings) -> Territory:
    """See `tests.factories.plant`."""
    return await plant()


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block."""
    await resident(settings, territory.block)
    return Phone(settings)


@pytest.fixture
def api(settings: Settings) -> Api:
    """The application."""
    return api_for(settings)
