"""What is drawn has the published size, a natural look, and is the same for the same seed."""

from collections import Counter
from pathlib import Path

import pytest

from linzhang.profile import load_profile
from territory.divisions import read_divisions
from territory.draw import draw
from territory.rows import UnitRow
from tests.territory.small import COUNTS, DIVISIONS, PROFILE, RURAL, SIZE, programme, units


@pytest.fixture(scope="module")
def city() -> list[UnitRow]:
    profile = load_profile(PROFILE)
    return draw(read_divisions(DIVISIONS, profile), 1, profile)


def test_a_city_has_exactly_the_published_counts(city: list[UnitRow]) -> None:
    tiers = Counter((row.tier, row.urban) for row in city)
    assert (tiers["section", False], tiers["section", True]) == (8_125, 1_097)
    assert (tiers["group", False], tiers["group", True]) == (21_059, 5_753)
    assert (tiers["block", False], tiers["block", True]) == (77_675, 29_880)


def test_a_block_has_five_to_fifteen_households(city: list[UnitRow]) -> None:
    assert {row.households for row in city if row.tier == "block"} == set(range(5, 16))
    assert {row.households for row in city if row.tier != "block"} == {0}


def test_every_unit_above_a_block_has_children_and_none_is_crowded(city: list[UnitRow]) -> None:
    children = Counter(row.parent_code for row in city)
    assert all(children[row.code] for row in city if row.tier != "block")
    assert max(children[row.code] for row in city if row.tier in ("village", "section", "group")) <= 20


def test_a_code_is_its_parents_and_two_digits(city: list[UnitRow]) -> None:
    drawn = [row for row in city if row.tier in ("section", "group", "block")]
    assert all(row.code[:-2] == row.parent_code for row in drawn)
    assert len({row.code for row in city}) == len(city)


def test_parents_come_before_children(city: list[UnitRow]) -> None:
    place = {row.code: index for index, row in enumerate(city)}
    assert all(place[row.parent_code] < place[row.code] for row in city if row.parent_code)


def test_siblings_have_names_of_their_own_and_groups_all_over_their_village(city: list[UnitRow]) -> None:
    assert len({(row.parent_code, row.name) for row in city}) == len(city)
    groups = [row for row in city if row.tier == "group"]
    assert len({(row.code[:12], row.name) for row in groups}) == len(groups)


def test_names_look_natural(city: list[UnitRow]) -> None:
    name = {row.code: row.name for row in city}
    assert {row.name for row in city if row.tier == "section"} >= {"第一片", "第十片", "东片", "北片"}
    assert all(row.name.endswith("组") for row in city if row.tier == "group")
    blocks = [row for row in city if row.tier == "block"]
    assert all(
        row.name == f"{name[row.parent_code].removesuffix('组')}第{int(row.code[-2:])}邻" for row in blocks
    )


def test_every_block_has_a_card_of_its_own(city: list[UnitRow]) -> None:
    cards = [row.card_code for row in city if row.card_code]
    assert len(set(cards)) == len(cards) == 107_555
    assert all(bool(row.card_code) == (row.tier == "block") for row in city)


def test_the_same_seed_draws_the_same_and_another_one_does_not(tmp_path: Path) -> None:
    first = units(tmp_path, seed=7)
    assert first == units(tmp_path, seed=7)
    assert first != units(tmp_path, seed=8)
    assert len(first) == SIZE


def test_more_than_99_siblings_get_longer_codes(tmp_path: Path) -> None:
    small = units(tmp_path)[:5]
    drawn = draw(small, 1, programme(((150, 150, 150), COUNTS[1])))
    sections = [row for row in drawn if row.parent_code == RURAL]
    assert sections[-1].code == f"{RURAL}150"
    assert [sections[index].name for index in (98, 99, 104, 110, 149)] == [
        "第九十九片",
        "第一百片",
        "第一百零五片",
        "第一百一十一片",
        "第一百五十片",
    ]
    assert len({row.code for row in drawn}) == len(drawn)


def test_too_few_for_every_village_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="each needs at least one"):
        draw(units(tmp_path)[:5], 1, programme(((1, 1, 0), COUNTS[1])))


@pytest.mark.parametrize("seed", range(5))
def test_small_counts_are_met_exactly_too(tmp_path: Path, seed: int) -> None:
    tiers = Counter((row.tier, row.urban) for row in units(tmp_path, seed))
    drawn = [tiers[tier, urban] for urban in (False, True) for tier in ("section", "group", "block")]
    assert drawn == [*COUNTS[0], *COUNTS[1]]
