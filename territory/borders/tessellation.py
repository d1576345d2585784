"""Cutting a shape into cells, one for each unit in it, each about as large as its share.

The same shape and the same shares give the same cells. They share their edges, overlap nowhere and leave
nothing over. It knows nothing of the database.
"""

import hashlib
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from territory.borders.balance import balance
from territory.borders.plane import Plane, Points
from territory.borders.power import Corner, cells
from territory.borders.shapes import exact, polygons_of
from territory.borders.waves import Waves

#: Points of the ground for a cell, and at least.
_POINTS, _FEWEST_POINTS = 50, 160
#: No cell is smaller than this part of what all would have if they were alike.
FLOOR = 0.2
#: A cell that has come to less than this part of its share is none.
_LOST = 0.05
#: Length of the straight pieces of a border, in parts of a cell's size.
_PIECE = 0.16
#: Steps in which the waves are taken back from points that only stand for the ground around them.
_ROUGHLY = 2
_NOTHING = shapely.Polygon()
#: Places of two units that are nearer than this part of a cell's size are one.
_SAME = 0.02


class Share(NamedTuple):
    """Who gets a cell.

    Attributes:
        key: Its unit's code.
        weight: How large a cell it needs beside the others, such as its number of households.
        place: Longitude and latitude that must lie in the cell; None: anywhere.
    """

    key: str
    weight: float
    place: Corner | None = None


def tessellate(shape: BaseGeometry, shares: Sequence[Share], *, wavy: bool = True) -> list[BaseGeometry]:
    """Cut a shape into cells.

    Args:
        shape: A polygon or several, in degrees.
        shares: Who gets a cell; what follows each other comes to lie side by side.
        wavy: Whether the borders are natural ones, and not as straight as streets.

    Returns:
        A cell for each share, in its order: a polygon, but where the shape itself is several.
    """
    if len(shares) == 1:
        return [shape]
    plane = Plane.around(shape)
    flat = plane.flattened(shape)
    shapely.prepare(flat)
    seed = _seed(shares)
    size = math.sqrt(flat.area / len(shares))
    waves = Waves(size, seed) if wavy else None
    ground = _ground(flat, max(_FEWEST_POINTS, _POINTS * len(shares)))
    fixed = _fixed(shape, shares, plane, size)
    if waves:
        ground = waves.still(ground, _ROUGHLY)
        fixed = {index: _corner(waves.still(np.array([place]))[0]) for index, place in fixed.items()}
    wanted = _parts(shares)
    balanced = balance(ground, flat.area, wanted, fixed, seed)
    cut = _cut(flat, balanced.sites, balanced.weights, size, waves)
    if np.any(shapely.area(cut) < _LOST * wanted * flat.area):
        # Voronoi's cells at least hold their own sites.
        sites = _inside(balanced.sites, ground, fixed)
        cut = _cut(flat, sites, np.zeros(len(shares)), size, waves)
    return list(exact(shapely.transform(_connected(cut), plane.round)))


def _seed(shares: Sequence[Share]) -> int:
    words = "\n".join(share.key for share in shares)
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big")


def _parts(shares: Sequence[Share]) -> NDArray[np.float64]:
    """Part of the ground for each; the smallest are raised, so that each can be seen."""
    weights = np.array([max(share.weight, 0.0) for share in shares])
    mean = float(weights.mean())
    weights = np.maximum(weights, FLOOR * mean) if mean > 0 else np.ones(len(shares))
    return np.asarray(weights / weights.sum())


def _ground(flat: BaseGeometry, count: int) -> Points:
    """Points all over a shape, about so many."""
    west, south, east, north = flat.bounds
    step = math.sqrt(flat.area / count)
    found = np.empty((0, 2))
    # Where the shape is thin, a grid may miss most of it.
    while len(found) < count / 2:
        rows = np.arange(south + step / 2, north, step)
        columns = np.arange(west + step / 4, east, step)
        x, y = np.meshgrid(columns, rows)
        x[1::2] += step / 2
        inside = shapely.contains_xy(flat, x.ravel(), y.ravel())
        found = np.column_stack([x.ravel()[inside], y.ravel()[inside]])
        step /= 1.5
    return found


def _fixed(shape: BaseGeometry, shares: Sequence[Share], plane: Plane, size: float) -> dict[int, Corner]:
    """Where those lie that have a place of their own in the shape."""
    found: dict[int, Corner] = {}
    for index, share in enumerate(shares):
        if share.place is None or not shapely.contains_xy(shape, *share.place):
            continue
        x, y = _corner(plane.flat(np.array(share.place)))
        if all(math.hypot(x - a, y - b) > _SAME * size for a, b in found.values()):
            found[index] = (x, y)
    return found


def _corner(point: Points) -> Corner:
    return float(point[0]), float(point[1])


def _inside(sites: Points, ground: Points, fixed: dict[int, Corner]) -> Points:
    """Sites moved to the nearest points of the ground, no two to the same one."""
    moved, taken = sites.copy(), set[int]()
    for index in range(len(sites)):
        if index in fixed:
            continue
        away = ground - sites[index]
        order = np.argsort(np.sum(away * away, axis=1), kind="stable")
        nearest = next((point for point in order.tolist() if point not in taken), int(order[0]))
        taken.add(nearest)
        moved[index] = ground[nearest]
    return moved


def _cut(
    flat: BaseGeometry, sites: Points, weights: NDArray[np.float64], size: float, waves: Waves | None
) -> NDArray[np.object_]:
    """What of the shape falls into each site's cell."""
    west, south, east, north = flat.bounds
    box = (west - 2 * size, south - 2 * size, east + 2 * size, north + 2 * size)
    rings = [_pieces(cell, size * _PIECE if waves else math.inf) for cell in cells(sites, weights, box)]
    there = [index for index, ring in enumerate(rings) if len(ring) >= 3]
    points = np.array([corner for index in there for corner in rings[index]])
    of_ring = np.repeat(np.arange(len(there)), [len(rings[index]) for index in there])
    if waves:
        points = waves.moved(points)
    drawn = np.full(len(rings), _NOTHING, dtype=np.object_)
    drawn[there] = shapely.polygons(shapely.linearrings(points, indices=of_ring))
    return np.asarray(shapely.intersection(drawn, flat), dtype=np.object_)


def _pieces(cell: Sequence[Corner], longest: float) -> list[Corner]:
    """A cell's ring in short pieces, cut alike for both that share an edge."""
    ring = [(round(x, 6), round(y, 6)) for x, y in cell]
    found: list[Corner] = []
    for here, there in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        if here == there:
            continue
        found.append(here)
        count = math.ceil(math.dist(here, there) / longest)
        first, last = min(here, there), max(here, there)
        between = [
            (first[0] + (last[0] - first[0]) * part / count, first[1] + (last[1] - first[1]) * part / count)
            for part in range(1, count)
        ]
        found += between if first == here else reversed(between)
    return found


def _connected(cut: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cells of one piece each: what the shape's bays have cut off goes to the neighbour along most of it."""
    if all(isinstance(cell, shapely.Polygon) for cell in cut):
        return cut
    whole: list[BaseGeometry] = []
    loose: list[tuple[int, BaseGeometry]] = []
    for cell in cut:
        pieces = sorted(polygons_of(cell), key=lambda each: -each.area)
        whole.append(pieces[0] if pieces else cell)
        loose += [(len(whole) - 1, piece) for piece in pieces[1:]]
    for home, piece in loose:
        meeting = shapely.length(shapely.intersection(np.array(whole), piece.boundary))
        best = int(np.argmax(meeting))
        # An island of the shape touches nobody and stays whose it is.
        target = best if meeting[best] > 0 else home
        whole[target] = shapely.union(whole[target], piece)
    return np.array(whole, dtype=np.object_)
