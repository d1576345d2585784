"""The small territory in SQLite; what differs on PostgreSQL stands in `test_postgres`."""

import shutil
from pathlib import Path

import pytest

from linzhang.settings import Settings
from territory.load_units import load_units
from territory.rows import UnitRow
from tests.territory.small import COUNTY, units

WATER = UnitRow("3401-water", "水务局", "department", COUNTY, urban=False)


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """Where an empty database is."""
    return f"sqlite://{shutil.copy(migrated, tmp_path / 'linzhang.db')}"


@pytest.fixture
async def town(settings: Settings, tmp_path: Path) -> Settings:
    """The small territory is loaded, with a department that lies nowhere."""
    await load_units(settings, [*units(tmp_path), WATER])
    return settings
