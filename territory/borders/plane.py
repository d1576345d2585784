"""Degrees made into metres and back, around one place: a cell must be as round on the ground as it looks.

Good to some per cent over a whole country, which is plenty for cells that nobody has surveyed.
"""

import math
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

#: A degree of latitude on the ground.
METRES = 111_320.0
#: No place is nearer to a pole than where a degree of longitude has this part of its length.
_NARROWEST = 0.01

Points = NDArray[np.float64]


class Plane(NamedTuple):
    """A flat map around one place.

    Attributes:
        longitude: Of the place, in degrees.
        latitude: Of the place, in degrees.
    """

    longitude: float
    latitude: float

    @classmethod
    def around(cls, shape: BaseGeometry) -> "Plane":
        """The map around the middle of a shape in degrees."""
        west, south, east, north = shape.bounds
        return cls((west + east) / 2, (south + north) / 2)

    @property
    def _scale(self) -> Points:
        narrow = max(_NARROWEST, math.cos(math.radians(self.latitude)))
        return np.array([METRES * narrow, METRES])

    def flat(self, points: Points) -> Points:
        """Metres from the place, of points in degrees."""
        return np.asarray((points - np.array([self.longitude, self.latitude])) * self._scale)

    def round(self, points: Points) -> Points:
        """Degrees, of points in metres from the place."""
        return np.asarray(points / self._scale + np.array([self.longitude, self.latitude]))

    def flattened(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in degrees, in metres."""
        return shapely.transform(shape, self.flat)
