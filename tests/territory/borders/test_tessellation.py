"""Cells fill a shape, whatever it looks like, each as large as its share."""

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from territory.borders.outline import drawn
from territory.borders.plane import Plane
from territory.borders.tessellation import FLOOR, Share, tessellate

BOX = shapely.box(116.0, 33.0, 116.1, 33.08)
BAY = BOX.difference(shapely.box(116.02, 33.02, 116.08, 33.09))
LAKE = BOX.difference(shapely.box(116.04, 33.03, 116.06, 33.05))
ISLANDS = shapely.union(BOX, shapely.box(116.12, 33.0, 116.13, 33.01))
STRIP = shapely.box(116.0, 33.0, 116.2, 33.01)


def stars() -> st.SearchStrategy[BaseGeometry]:
    """Shapes with bays and capes, anywhere where people live, from a house's size to a country's."""
    reach = st.lists(st.floats(0.3, 1.0), min_size=3, max_size=12)
    place = st.tuples(st.floats(-170, 170), st.floats(-60, 70))

    def star(reach: list[float], place: tuple[float, float], size: float) -> BaseGeometry:
        turns = np.linspace(0, 2 * math.pi, len(reach), endpoint=False)
        points = np.column_stack([np.cos(turns), np.sin(turns)]) * np.array(reach)[:, None] * size
        return shapely.Polygon(Plane(*place).round(points))

    return st.builds(star, reach, place, st.sampled_from([100.0, 3e3, 1e5]))


def shares(weights: list[int]) -> list[Share]:
    return [Share(f"{number:03}", weight) for number, weight in enumerate(weights)]


def assert_tiles(shape: BaseGeometry, cells: list[BaseGeometry]) -> None:
    drawn = np.array(cells)
    assert all(cell.is_valid and cell.area > 0 for cell in cells)
    assert shapely.coverage_is_valid(drawn), "neighbours share every point of their border"
    # A centimetre along the border, which is what is kept.
    tolerance = 2e-7 * shape.length
    assert shapely.union_all(drawn).symmetric_difference(shape).area <= tolerance
    assert abs(shapely.area(drawn).sum() - shape.area) <= tolerance, "no two overlap"


@settings(max_examples=25, deadline=None)
@given(stars(), st.lists(st.integers(0, 40), min_size=2, max_size=9), st.booleans())
def test_cells_tile_whatever_shape(shape: BaseGeometry, weights: list[int], wavy: bool) -> None:
    cells = tessellate(shape, shares(weights), wavy=wavy)
    assert_tiles(shape, cells)
    assert all(isinstance(cell, shapely.Polygon) for cell in cells), "each is of one piece"


@pytest.mark.parametrize("shape", [BOX, BAY, LAKE, ISLANDS, STRIP, drawn("34", Plane(0, 0), 9e3)])
def test_areas_follow_households_and_cells_are_compact(shape: BaseGeometry) -> None:
    weights = [10, 10, 20, 5, 15, 10, 30, 8, 1, 12]
    cells = tessellate(shape, shares(weights))
    assert_tiles(shape, cells)
    floor = FLOOR * sum(weights) / len(weights)
    wanted = np.maximum(weights, floor)
    parts = shapely.area(np.array(cells)) / shape.area
    assert np.all(np.abs(parts / (wanted / wanted.sum()) - 1) < 0.45), "none is half of its share, or double"
    round_ = [4 * math.pi * cell.area / cell.length**2 for cell in cells]
    assert np.median(round_) > 0.5, "a square has 0.785, a slice of 1 to 5 has 0.44"


def test_the_same_cells_are_drawn_again_and_follow_each_other() -> None:
    first, second = (tessellate(BOX, shares([10] * 12)) for _ in range(2))
    assert [cell.wkb for cell in first] == [cell.wkb for cell in second]
    side_by_side = sum(one.touches(next_) for one, next_ in pairwise(first))
    assert side_by_side >= 9, "the 3rd lies beside the 4th"


def test_who_has_a_place_gets_the_cell_around_it() -> None:
    places = {1: (116.01, 33.01), 3: (116.09, 33.07), 4: (116.012, 33.012), 5: (120.0, 30.0)}
    asked = [Share(str(number), 10, places.get(number)) for number in range(7)]
    cells = tessellate(BOX, asked)
    assert_tiles(BOX, cells)
    for number in (1, 3, 4):
        assert shapely.contains_xy(cells[number], *places[number])
    at_home = tessellate(BOX, [Share(str(number), 10, (116.05, 33.04)) for number in range(3)])
    assert_tiles(BOX, at_home)
