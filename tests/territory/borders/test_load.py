"""Borders come in from GeoJSON, all or none, and the map keeps to them."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from linzhang.settings import Settings
from models import Border, Origin, Unit
from territory import borders
from territory.borders.load import load_borders
from territory.borders.shapes import unpacked
from territory.plan import What
from territory.rows import TerritoryError
from tests.territory.small import CITY, COUNTY, RURAL, TOWNSHIP, URBAN

SQUARE = [[115.7, 33.8], [115.9, 33.8], [115.9, 34.0], [115.7, 34.0], [115.7, 33.8]]
BOWTIE = [[115.7, 33.8], [115.9, 34.0], [115.9, 33.8], [115.7, 34.0], [115.7, 33.8]]

FAR = [[1, 1], [1, 2], [2, 2], [1, 1]]
#: Latitude comes first.
TURNED = [[y, x] for x, y in SQUARE]


def polygon(*rings: object) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write(folder: Path, *features: object, **more: object) -> Path:
    path = folder / "borders.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more), encoding="utf-8")
    return path


async def test_a_second_import_changes_nothing(town: Settings, tmp_path: Path) -> None:
    path = write(tmp_path, feature(polygon(SQUARE), code=COUNTY))
    planned = await load_borders(town, path, dry_run=True)
    assert (planned.counts, await Border.all().count()) == ({What.NEW: 1}, 0)
    done = await load_borders(town, path, expected=planned.fingerprint)
    assert done.kept[What.NEW][0].words == f"{COUNTY} 谯城区"
    assert (await load_borders(town, path)).counts == {What.UNCHANGED: 1}
    city, county = await Border.all().order_by("unit__path").select_related("unit")
    assert (city.unit.code, city.origin) == (CITY, Origin.JOINED), "the city is what its counties are"
    assert (county.unit.code, county.origin) == (COUNTY, Origin.GIVEN)
    assert unpacked([city.shape])[0].equals(unpacked([county.shape])[0])


async def test_what_lies_below_is_drawn_into_what_was_given(town: Settings, tmp_path: Path) -> None:
    township = await Unit.get(code=TOWNSHIP)
    await borders.children(town, township)
    await load_borders(town, write(tmp_path, feature(polygon(SQUARE), code=COUNTY)))
    drawn = [unpacked([each.shape])[0] for each in await borders.children(town, township)]
    assert shapely.union_all(drawn).symmetric_difference(shapely.Polygon(SQUARE)).area < 1e-7
    half = [[115.7, 33.8], [115.8, 33.8], [115.8, 34.0], [115.7, 34.0], [115.7, 33.8]]
    given = write(
        tmp_path, feature(polygon(SQUARE), name="魏岗镇"), feature(polygon(half), name="魏岗村委会")
    )
    await load_borders(town, given)
    village, other = await borders.children(town, township)
    assert (village.origin, other.origin) == (Origin.GIVEN, Origin.DRAWN)
    rest = shapely.Polygon(SQUARE).difference(shapely.Polygon(half))
    assert unpacked([other.shape])[0].symmetric_difference(rest).area < 1e-7, "it gets what is left"
    taken = await load_borders(town, write(tmp_path, feature(None, code=RURAL)))
    assert taken.counts == {What.CLOSED: 1}
    assert {each.origin for each in await borders.children(town, township)} == {Origin.DRAWN}


async def test_shapes_are_mended(town: Settings, tmp_path: Path) -> None:
    high = {"type": "MultiPolygon", "coordinates": [[[[*point, 12.5] for point in BOWTIE]]]}
    await load_borders(town, write(tmp_path, feature(high, code=int(COUNTY))))
    border = await Border.get(unit__code=COUNTY)
    shape = unpacked([border.shape])[0]
    assert (shape.is_valid, shape.has_z, shape.geom_type) == (True, False, "MultiPolygon")
    assert (border.west, border.south, border.east, border.north) == (115.7, 33.8, 115.9, 34.0)
    whole = await borders.within(town, (115.0, 33.0, 116.0, 34.0), "block", tolerance=0.001)
    assert len(whole.features) == 16


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (feature(polygon(SQUARE)), "it does not say whose border it is"),
        (feature(polygon(SQUARE), code="none"), "there is no unit 'none'"),
        (feature(polygon(SQUARE), name="无"), "there is no unit called '无'"),
        (feature(polygon(SQUARE), name="谯城区", tier="block"), "there is no unit called '谯城区' there"),
        (feature(polygon(SQUARE), name="谯城区", tier="moon"), "'moon' is not a tier"),
        (feature(polygon(SQUARE), code="3401-water"), "which has no ground of its own"),
        (feature(polygon(SQUARE), code=COUNTY), f"{COUNTY} has a border in feature 1 too"),
        (feature(polygon(SQUARE), code=RURAL), f"its parent {TOWNSHIP} has no border"),
        (
            feature(polygon([[1, 1], [1, 2], [2, 2], [1, 1]]), code=TOWNSHIP),
            f"outside of its parent {COUNTY}",
        ),
        (feature({"type": "Point", "coordinates": [1, 1]}, code=CITY), "this is a Point"),
        (
            feature(polygon([[34, 115], [34, 116], [35, 116], [34, 115]]), code=CITY),
            "34, 115 is not on the earth",
        ),
        (feature(polygon([[1, 1], [1, "2"], [2, 2], [1, 1]]), code=CITY), "cannot be read"),
        (feature(polygon(), code=CITY), "cannot be read|encloses nothing"),
        (feature(polygon([[1, 1], [2, 2], [3, 3], [1, 1]]), code=CITY), "encloses nothing"),
    ],
)
async def test_a_wrong_feature_keeps_all_out(
    town: Settings, tmp_path: Path, wrong: dict[str, Any], problem: str
) -> None:
    path = write(tmp_path, feature(polygon(SQUARE), code=COUNTY), wrong)
    with pytest.raises(TerritoryError, match=f"feature 2: .*({problem})"):
        await load_borders(town, path)
    assert await Border.all().count() == 0


async def test_a_closed_unit_names_the_one_that_stays(town: Settings, tmp_path: Path) -> None:
    into = await Unit.get(code=RURAL)
    await Unit.filter(code=URBAN).update(closed_at=town.clock.now(), merged_into_id=into.id)
    with pytest.raises(TerritoryError, match=f"it has become part of {RURAL}"):
        await load_borders(town, write(tmp_path, feature(polygon(SQUARE), code=URBAN)))


async def test_a_wrong_file_is_not_taken(town: Settings, tmp_path: Path) -> None:
    path = tmp_path / "borders.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    for content, problem in (
        (b"\xff", "is not GeoJSON"),
        (b'{"type": "Polygon"}', "is not GeoJSON"),
        (b'{"features": [NaN]}', "is not GeoJSON"),
        (b"[" * 100_000, "is not GeoJSON"),
        (b'{"features": []}', "has no features"),
        (json.dumps({"features": [{}], "crs": crs}).encode(), "another system of coordinates"),
    ):
        path.write_bytes(content)
        with pytest.raises(TerritoryError, match=problem):
            await load_borders(town, path)
    with pytest.raises(TerritoryError, match="cannot be read"):
        await load_borders(town, tmp_path / "nowhere")
