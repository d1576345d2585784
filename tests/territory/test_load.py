"""Units go in all or none, departments among them, and the programme's rules are looked over."""

from pathlib import Path

import pytest

from linzhang.settings import Settings
from models import Unit
from territory.check import Rule, check
from territory.load_units import load_units
from territory.rows import TerritoryError, UnitRow
from tests.territory.small import COUNTY, RURAL, SIZE, TOWNSHIP, units

WATER = UnitRow("3401-water", "水务局", "department", COUNTY, urban=False)


async def test_a_second_loading_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    rows = units(tmp_path)
    assert await load_units(settings, rows) == SIZE
    assert await load_units(settings, rows) == 0
    assert await Unit.all().count() == SIZE
    assert {finding.rule for finding in (await check(settings)).findings} == {Rule.VACANT}


async def test_a_department_stands_below_the_unit_that_it_works_for(
    settings: Settings, tmp_path: Path
) -> None:
    await load_units(settings, [*units(tmp_path), WATER])
    water = await Unit.get(code=WATER.code).select_related("parent")
    assert water.parent is not None
    assert (water.parent.code, water.path) == (COUNTY, f"34/{COUNTY}/{WATER.code}/")
    (vacant,) = (await check(settings)).findings
    assert vacant.rule is Rule.VACANT, "its head is missing, and nothing else is wrong"


async def test_a_wrong_row_keeps_all_out(settings: Settings, tmp_path: Path) -> None:
    for row, problem in (
        (WATER._replace(parent_code="none"), "its parent 'none' is neither"),
        (WATER._replace(card_code="12345674"), "only a block has a card"),
        (UnitRow("x", "组", "department", f"{RURAL}010101"), "its parent is a block"),
        (UnitRow("y", "组", "ministry", TOWNSHIP), "is not a tier of the profile"),
    ):
        with pytest.raises(TerritoryError, match=problem):
            await load_units(settings, [*units(tmp_path), row])
        assert await Unit.all().count() == 0
