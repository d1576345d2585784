"""A map asks for borders that nobody has given, and finds them drawn."""

import asyncio
import json

import shapely

from linzhang.settings import Settings
from models import Border, Origin, Unit
from territory import borders
from territory.borders.whole import draw_all
from tests.territory.small import COUNTY, RURAL, SIZE, TOWNSHIP, URBAN

WORLD = (-180.0, -90.0, 180.0, 90.0)


async def test_cells_are_drawn_once_when_first_asked_for(town: Settings) -> None:
    village = await Unit.get(code=RURAL)
    first, second = await asyncio.gather(borders.children(town, village), borders.children(town, village))
    assert [each.shape for each in first] == [each.shape for each in second]
    assert len(first) == 2
    drawn = await Border.all().count()
    assert drawn == 1 + 1 + 1 + 2 + 2, "the line down to the village, its neighbour, and its sections"
    assert [each.shape for each in await borders.children(town, village)] == [each.shape for each in first]
    assert await Border.all().count() == drawn


async def test_children_fill_their_parent_at_any_tolerance(town: Settings) -> None:
    township = await Unit.get(code=TOWNSHIP)
    own = await borders.feature(town, township)
    assert own is not None
    for tolerance in (0.0, 0.0002):
        found = await borders.features(town, township, tolerance=tolerance)
        assert [each.code for each in found] == [RURAL, URBAN]
        whole, *parts = [shapely.from_geojson(json.dumps(each.geometry)) for each in (own, *found)]
        together = shapely.union_all(parts)
        assert together.symmetric_difference(whole).area < 1e-9 + tolerance * whole.length
        assert abs(sum(part.area for part in parts) - together.area) < 1e-9, "neighbours still meet"
    feature = found[0].geojson(level="red")
    assert feature["properties"] == {"code": RURAL, "name": "魏岗村委会", "tier": "village", "level": "red"}
    assert feature["bbox"] == list(found[0].box)


async def test_a_box_is_filled_from_several_parents_and_no_farther(town: Settings) -> None:
    everything = await borders.within(town, WORLD, "block")
    assert (len(everything.features), everything.more) == (16, False)
    assert await Border.all().count() == SIZE
    one = everything.features[0]
    near = await borders.within(town, one.box, "block")
    assert one.code in [each.code for each in near.features]
    assert 1 <= len(near.features) < 16
    few = await borders.within(town, WORLD, "block", most=5)
    assert (len(few.features), few.more) == (5, True)
    inside = await borders.within(town, WORLD, "group", below=await Unit.get(code=URBAN))
    assert {each.code[: len(URBAN)] for each in inside.features} == {URBAN}
    assert len(inside.features) == 3
    above = await borders.within(town, WORLD, "county", below=await Unit.get(code=URBAN))
    assert above.features == []


async def test_a_map_goes_down_to_the_tier_of_which_there_is_not_too_much(town: Settings) -> None:
    top = await Unit.get(parent_id=None)
    shown, above = await borders.deepest(town, WORLD, below=top, most=16)
    assert ({each.tier for each in shown}, len(shown)) == ({"block"}, 16)
    assert {each.tier for each in above} == {"group"}
    fewer, _ = await borders.deepest(town, WORLD, below=top, most=15)
    assert {each.code for each in fewer} == {each.code for each in above}
    nowhere = (170.0, 80.0, 171.0, 81.0)
    assert [each.code for each in (await borders.deepest(town, nowhere, below=top, most=16))[0]] == [top.code]


async def test_what_changes_is_drawn_anew_and_nothing_else(town: Settings) -> None:
    await draw_all(town)
    before = {each.unit_id: each.version for each in await Border.all()}
    block = await Unit.filter(tier="block", path__startswith=f"34/{COUNTY}/{TOWNSHIP}/{RURAL}/").first()
    assert block is not None
    await Unit.filter(id=block.id).update(households=block.households + 30)
    assert await draw_all(town) == (SIZE, SIZE)
    changed = {each.unit_id for each in await Border.all() if each.version != before[each.unit_id]}
    beside = await Unit.filter(parent_id=block.parent_id)
    assert changed == {each.id for each in beside}


async def test_departments_and_units_that_are_no_more_lie_nowhere(town: Settings) -> None:
    village, other = await Unit.get(code=RURAL), await Unit.get(code=URBAN)
    await borders.children(town, await Unit.get(code=TOWNSHIP))
    await Unit.filter(id=other.id).update(closed_at=town.clock.now(), merged_into_id=village.id)
    county = await Unit.get(code=COUNTY)
    (left,) = await borders.children(town, await Unit.get(code=TOWNSHIP))
    (around,) = await borders.children(town, county)
    assert (left.unit_id, left.shape, left.origin) == (village.id, around.shape, Origin.DRAWN)
    await other.refresh_from_db()
    assert await borders.children(town, other) == []
    assert await borders.feature(town, await Unit.get(code="3401-water")) is None


async def test_known_coordinates_lie_on_the_map(town: Settings) -> None:
    places = {RURAL: (33.91, 115.72), URBAN: (33.95, 115.80)}
    for code, (latitude, longitude) in places.items():
        await Unit.filter(code=code).update(latitude=latitude, longitude=longitude)
    for feature in await borders.features(town, await Unit.get(code=TOWNSHIP)):
        latitude, longitude = places[feature.code]
        assert shapely.contains_xy(shapely.from_geojson(json.dumps(feature.geometry)), longitude, latitude)
