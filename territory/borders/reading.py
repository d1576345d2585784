"""The borders that a map shows: those below a unit, or whatever lies in a box at one tier.

What is not drawn yet is drawn now. The tree of units is the index: a box is looked up from the root down,
through those units alone that it touches, so that it costs as much as it shows.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from linzhang.settings import Settings
from models import Border, Unit
from territory.borders import nodes
from territory.borders.drawing import draw_below, draw_down_to, shapes_of
from territory.borders.nodes import Box, Node

#: Features at once, unless somebody asks for others.
MOST = 2_000
#: Units whose children are looked up at once.
_AT_ONCE = 50


class Feature(NamedTuple):
    """A unit as a map shows it.

    Attributes:
        code: The unit's.
        name: What people call it.
        tier: Key of its tier.
        box: West, south, east, north, in degrees.
        geometry: As GeoJSON has it (RFC 7946): a Polygon or a MultiPolygon.
    """

    code: str
    name: str
    tier: str
    box: Box
    geometry: dict[str, Any]

    def geojson(self, **properties: object) -> dict[str, Any]:
        """The unit as a GeoJSON feature, with further properties of the caller's."""
        named = {"code": self.code, "name": self.name, "tier": self.tier}
        return {
            "type": "Feature",
            "id": self.code,
            "bbox": list(self.box),
            "properties": named | properties,
            "geometry": self.geometry,
        }


class Within(NamedTuple):
    """What lies in a box.

    Attributes:
        features: Those found, from the middle of the box outwards.
        more: Whether there are others: a map shows the tier above then.
    """

    features: list[Feature]
    more: bool


async def children(settings: Settings, unit: Unit) -> list[Border]:
    """The borders of all units directly below one, by code; missing ones are drawn and stored."""
    below = await _below(settings, unit)
    return await Border.filter(unit_id__in=[node.id for node in below]).order_by("unit__code")


async def feature(settings: Settings, unit: Unit, *, tolerance: float = 0.0) -> Feature | None:
    """A unit itself, as `features` has those below it; None for a department or what is closed."""
    node = await draw_down_to(settings.territory, unit)
    return (await _features([node], tolerance))[0] if node else None


async def features(settings: Settings, unit: Unit, *, tolerance: float = 0.0) -> list[Feature]:
    """All units directly below one, for a map, by code.

    Args:
        settings: The service's.
        unit: The one above.
        tolerance: Degrees by which a border may differ from what is kept, such as half a pixel's; neighbours
            still meet. 0: not at all.
    """
    return await _features(await _below(settings, unit), tolerance)


async def within(
    settings: Settings,
    box: Box,
    tier: str,
    *,
    below: Unit | None = None,
    most: int = MOST,
    tolerance: float = 0.0,
) -> Within:
    """The units of one tier whose bounding boxes touch a box.

    Args:
        settings: The service's.
        box: West, south, east, north, in degrees.
        tier: Key of theirs.
        below: Only those in or below this unit; None: all.
        most: So many at most.
        tolerance: As for `features`.

    Raises:
        KeyError: The profile has no such tier.
        ValueError: It is the departments', which lie nowhere.
    """
    profile = settings.territory
    top = below or await nodes.root(nodes.connection())
    start = await draw_down_to(profile, top) if top else None
    if start is None or profile.level(start.tier) > profile.level(tier):
        return Within([], False)
    found, more = [start], False
    while found and found[0].tier != tier:
        found, more = await _next(settings, found, box, most)
    return Within(await _features(found, tolerance), more)


async def deepest(
    settings: Settings, box: Box, *, below: Unit, most: int, tolerance: float = 0.0
) -> tuple[list[Feature], list[Feature]]:
    """What a map shows that looks at a box: the deepest tier of which there is not too much in it.

    It goes down once, and of what is too much no border is read.

    Args:
        settings: The service's.
        box: West, south, east, north, in degrees.
        below: In or below which unit.
        most: So many are not too many.
        tolerance: As for `features`.

    Returns:
        The units of that tier, from the middle of the box outwards, and those right above them; the unit
        itself, twice, where nothing of it is in the box. Nothing for what lies nowhere.
    """
    start = await draw_down_to(settings.territory, below)
    found = above = [start] if start is not None else []
    while found:
        deeper, more = await _next(settings, found, box, most)
        if more or not deeper:
            break
        above, found = found, deeper
    return await _features(found, tolerance), await _features(above, tolerance)


async def _next(settings: Settings, parents: Sequence[Node], box: Box, most: int) -> tuple[list[Node], bool]:
    """Those below some units that touch a box, the nearest first, and whether there are more."""
    found: list[Node] = []
    done = 0
    while done < len(parents) and len(found) <= most:
        some = parents[done : done + _AT_ONCE]
        done += len(some)
        for below in (await draw_below(settings.territory, some)).values():
            found += [node for node in below if _touch(node.box, box)]
    found.sort(key=lambda node: _distance(node.box, box))
    return found[:most], len(found) > most or done < len(parents)


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _distance(one: Box, other: Box) -> float:
    """How far apart the middles of two boxes are, squared."""
    return (one[0] + one[2] - other[0] - other[2]) ** 2 + (one[1] + one[3] - other[1] - other[3]) ** 2


async def _below(settings: Settings, unit: Unit) -> list[Node]:
    node = await draw_down_to(settings.territory, unit)
    return (await draw_below(settings.territory, [node]))[node.id] if node else []


async def _features(found: Sequence[Node], tolerance: float) -> list[Feature]:
    shapes = await shapes_of(nodes.connection(), [node.id for node in found])
    there = [node for node in found if node.id in shapes]
    drawn = np.array([shapes[node.id] for node in there], dtype=np.object_)
    if tolerance > 0 and len(there):
        drawn = shapely.coverage_simplify(drawn, tolerance)
    texts = shapely.to_geojson(drawn)
    return [
        Feature(node.code, node.name, node.tier, node.box, json.loads(text))
        for node, text in zip(there, texts, strict=True)
    ]
