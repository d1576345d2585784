"""Reading borders from a GeoJSON file (RFC 7946): what it says of whom, nothing believed.

It knows no unit, and must never take more than a machine can hold.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from linzhang.words import Text
from territory import texts as rows
from territory.borders import texts
from territory.borders.shapes import repaired
from territory.rows import Said, of_file, said

#: A file's size in bytes, and the points of one border: a coast at full detail has fewer.
LARGEST = 64 << 20
MOST_POINTS = 100_000
#: How older files say that they are in WGS84, which is the only system that RFC 7946 has.
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
_AREAS = ("Polygon", "MultiPolygon")


class Named(NamedTuple):
    """One feature, and whose border it says it is.

    Attributes:
        number: Which of the file's, from 1.
        code: What its properties say; empty for nothing.
        id: What stands outside of its properties; empty for nothing.
        name: What its properties say.
        tier: The key or name of the unit's tier, as its properties say.
        geometry: As it stands there; None takes a border away.
    """

    number: int
    code: str
    id: str
    name: str
    tier: str
    geometry: Mapping[str, Any] | None


class ShapeError(ValueError):
    """A geometry is no border.

    Attributes:
        text: From the catalogue, with a blank for the unit's code.
        values: For its other blanks.
    """

    def __init__(self, text: Text, **values: object) -> None:
        self.text = text
        self.values = values
        super().__init__(text.english)

    def about(self, code: str) -> Said:
        """The sentence for whoever has to repair the file."""
        return said(self.text, code=code, **self.values)


def read(path: Path) -> list[Named]:
    """The features of a file.

    Raises:
        TerritoryError: The file is no GeoJSON, or too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise of_file(rows.CANNOT_BE_READ, file=path.name, reason=error.strerror) from error
    if len(content) > LARGEST:
        raise of_file(texts.TOO_LARGE, file=path.name, megabytes=LARGEST >> 20)
    try:
        whole = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise of_file(texts.NOT_GEOJSON, file=path.name) from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise of_file(texts.NOT_GEOJSON, file=path.name)
    if "crs" in whole and not any(name in json.dumps(whole["crs"]) for name in _WGS84):
        raise of_file(texts.NOT_WGS84, file=path.name)
    if not features:
        raise of_file(texts.NO_FEATURES, file=path.name)
    return [_named(number, feature) for number, feature in enumerate(features, start=1)]


def shape_of(geometry: Mapping[str, Any]) -> BaseGeometry:
    """A geometry as a valid shape, heights left out.

    Raises:
        ShapeError: It is no polygon in degrees.
    """
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in _AREAS:
        raise ShapeError(texts.NOT_AN_AREA, found=str(kind)[:20])
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list):
        raise ShapeError(texts.UNREADABLE)
    budget = MOST_POINTS
    made: list[BaseGeometry] = []
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise ShapeError(texts.UNREADABLE)
        rings = [list(_points(ring)) for ring in polygon]
        budget -= sum(len(ring) for ring in rings)
        if budget < 0:
            raise ShapeError(texts.TOO_MANY_POINTS, points=MOST_POINTS)
        if any(len(ring) < 4 for ring in rings):
            raise ShapeError(texts.UNREADABLE)
        try:
            made.append(shapely.Polygon(rings[0], rings[1:]))
        except (ShapelyError, ValueError) as error:
            raise ShapeError(texts.UNREADABLE) from error
    each = np.array([shapely.make_valid(polygon) for polygon in made], dtype=np.object_)
    shape = repaired(shapely.union_all(each) if len(made) > 1 else each[0] if made else shapely.Polygon())
    if shape.is_empty or not shape.area:
        raise ShapeError(texts.NO_AREA)
    return shape


def _points(ring: object) -> Iterator[tuple[float, float]]:
    if not isinstance(ring, Sequence) or isinstance(ring, str):
        raise ShapeError(texts.UNREADABLE)
    for point in ring:
        if not isinstance(point, list) or not 2 <= len(point) <= 4:
            raise ShapeError(texts.UNREADABLE)
        longitude, latitude = point[:2]
        if not _number(longitude) or not _number(latitude):
            raise ShapeError(texts.UNREADABLE)
        if abs(longitude) > 180 or abs(latitude) > 90:
            raise ShapeError(texts.OUT_OF_RANGE, longitude=f"{longitude:.6g}", latitude=f"{latitude:.6g}")
        yield float(longitude), float(latitude)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _named(number: int, feature: Mapping[str, Any]) -> Named:
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    geometry = feature.get("geometry")
    return Named(
        number,
        _word(properties.get("code")),
        _word(feature.get("id")),
        _word(properties.get("name")),
        _word(properties.get("tier")),
        geometry if isinstance(geometry, dict) else None if geometry is None else {"type": "?"},
    )


def _word(value: object) -> str:
    """A code or a name; a number that stands for a code is one too."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _no_number(_word: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
