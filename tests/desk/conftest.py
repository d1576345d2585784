"""A territory in a database of its own, and the desk on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from linzhang.settings import Settings
from tests.desk.desk import Desk, desk_for
from tests.factories import Territory, make_settings, open_database, plant


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with an open database."""
    settings = make_settings(tmp_path)
    async with open_database(settings):
        yield settings


@pytest.fixture
async def territory(settings: Settings) -> Territory:
    """See `tests.factories.plant`."""
    return await plant()


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """The desk."""
    return desk_for(settings)
