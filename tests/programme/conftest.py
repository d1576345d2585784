"""A village with its rooms, and phones, for notices."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from linzhang.settings import Settings
from tests.factories import make_settings, open_database, plant
from tests.programme.village import Village, village_in


@pytest_asyncio.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with an open SQLite database."""
    made = make_settings(tmp_path)
    async with open_database(made):
        yield made


@pytest_asyncio.fixture
async def village(settings: Settings) -> Village:
    """See `village_in`."""
    return await village_in(settings, await plant())


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Village]:
    """The same on SQLite, and on PostgreSQL."""
    made = make_settings(tmp_path)
    if request.param == "postgres":
        make: Callable[[], str] = request.getfixturevalue("new_postgres")
        made = make_settings(tmp_path, database_url=make())
    async with open_database(made):
        yield await village_in(made, await plant())
