"""A ground for a territory of which nobody has given any border: round, a little uneven, of a sensible size.

Around the places that are known, or else around a neutral one.
"""

import math
import random

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from tortoise.functions import Max, Min

from models import Unit
from territory.borders.plane import METRES, Plane
from territory.borders.shapes import exact

#: How many households live on a square kilometre of land where villages stand close.
_DENSITY = 200
#: Radius in metres, at least.
_SMALLEST = 500.0
_CORNERS = 180
#: How uneven the outline is, per number of bays.
_BAYS = ((2, 0.10), (3, 0.08), (5, 0.05), (9, 0.02), (14, 0.012))
#: Outside of every bay: by how much the outline passes the farthest known place.
_MARGIN = 1.45


async def outline(code: str, households: int) -> BaseGeometry:
    """The ground of a territory.

    Args:
        code: The root's: another territory has another shape.
        households: How many live there.
    """
    known = Unit.filter(closed_at=None, latitude__not_isnull=True, longitude__not_isnull=True)
    ends = await known.annotate(
        west=Min("longitude"), south=Min("latitude"), east=Max("longitude"), north=Max("latitude")
    ).values_list("west", "south", "east", "north")
    radius = max(_SMALLEST, 1_000 * math.sqrt(households / _DENSITY / math.pi))
    plane = Plane(0.0, 0.0)
    if ends and ends[0][0] is not None:
        west, south, east, north = ends[0]
        plane = Plane((west + east) / 2, (south + north) / 2)
        corner = plane.flat(np.array([east, north]))
        radius = max(radius, float(np.hypot(*corner)) * _MARGIN)
    return drawn(code, plane, min(radius, 20 * METRES))


def drawn(code: str, plane: Plane, radius: float) -> BaseGeometry:
    """An outline in degrees, of a mean radius in metres."""
    chance = random.Random(code)  # noqa: S311 - a drawing, not a secret
    turns = np.linspace(0, 2 * math.pi, _CORNERS, endpoint=False)
    reach = np.ones(_CORNERS)
    for bays, depth in _BAYS:
        reach += depth * np.sin(bays * turns + 2 * math.pi * chance.random())
    points = radius * np.column_stack([reach * np.cos(turns), reach * np.sin(turns)])
    return exact(np.array([shapely.Polygon(plane.round(points))]))[0]
