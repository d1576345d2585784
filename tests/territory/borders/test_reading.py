"""A map asks for borders that nobody has given, and finds them drawn."""

import asyncio
import json
from pathlib import Path

import pytest
import shapely

from linzhang.settings import Settings
from models import Border, Unit
from territory import borders
from territory.load_units import load_units
from territory.rows import UnitRow
from tests.territory.small import COUNTY, RURAL, TOWNSHIP, units

WORLD = (-180.0, -90.0, 180.0, 90.0)


@pytest.fixture
async def town(settings: Settings, tmp_path: Path) -> Settings:
    """The small territory is loaded, with a department that lies nowhere."""
    water = UnitRow("3401-water", "水务局", "department", COUNTY, urban=False)
    await load_units(settings, [*units(tmp_path), water])
    return settings


async def test_cells_are_drawn_when_first_asked_for_and_then_stay(town: Settings) -> None:
    village = await Unit.get(code=RURAL)
    first, second = await asyncio.gather(borders.children(town, village), borders.children(town, village))
    assert [(each.unit_id, each.shape) for each in first] == [(each.unit_id, each.shape) for each in second]
    assert len(first) == 2
    drawn = await Border.all().count()
    assert drawn == 1 + 1 + 1 + 2 + 2, "the line down to the village, its neighbour, and its sections"
    assert [each.shape for each in await borders.children(town, village)] == [each.shape for each in first]
    assert await Border.all().count() == drawn


async def test_children_fill_their_parent(town: Settings) -> None:
    township = await Unit.get(code=TOWNSHIP)
    found = await borders.features(town, township)
    assert [each.code for each in found] == [RURAL, "34010102"]
    own = await borders.feature(town, township)
    assert own is not None
    whole, *parts = [shapely.from_geojson(json.dumps(each.geometry)) for each in (own, *found)]
    assert shapely.union_all(parts).symmetric_difference(whole).area < 1e-5 * whole.area
