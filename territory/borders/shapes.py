"""Shapes as they are kept: polygons in degrees to a centimetre, as well-known binary.

Well-known binary (OGC 06-103r4) is read by every geographical tool, takes 16 bytes for a point, and is
read back by the thousand without Python touching a number.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

#: Of degrees, after the point; a centimetre.
DIGITS = 7
GRID = 10.0**-DIGITS


def exact(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes on the grid, valid, of polygons only."""
    rounded = shapely.transform(shapes, lambda points: np.round(points, DIGITS))
    rounded = shapely.remove_repeated_points(rounded)
    broken = ~shapely.is_valid(rounded)
    if broken.any():
        # Rounding has closed a gap or a narrow place. Mending takes longer than all else.
        rounded[broken] = shapely.set_precision(shapely.make_valid(shapes[broken]), GRID)
    return np.array([only_polygons(shape) for shape in rounded], dtype=np.object_)


def repaired(shape: BaseGeometry) -> BaseGeometry:
    """A shape made valid: what crosses itself is untangled, what has no area is left out."""
    sound = shape if shape.is_valid else shapely.make_valid(shape)
    return exact(np.array([sound]))[0]


def only_polygons(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape: as one, as several, or as an empty one."""
    if isinstance(shape, Polygon):
        return shape
    pieces = list(polygons_of(shape))
    return pieces[0] if len(pieces) == 1 else MultiPolygon(pieces)


def polygons_of(shape: BaseGeometry) -> Iterator[Polygon]:
    """Every polygon in a shape."""
    if isinstance(shape, Polygon):
        if not shape.is_empty:
            yield shape
    elif hasattr(shape, "geoms"):
        for each in shape.geoms:
            yield from polygons_of(each)


def packed(shape: BaseGeometry) -> bytes:
    """A shape as it is kept."""
    return bytes(shapely.to_wkb(shape, byte_order=1))


def unpacked(kept: Sequence[bytes]) -> NDArray[np.object_]:
    """Shapes that were kept."""
    return np.atleast_1d(np.asarray(shapely.from_wkb(list(kept)), dtype=np.object_))
