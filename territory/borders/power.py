"""Power diagrams: whose ground a point is, where each site pulls with a weight of its own.

A point belongs to the site with the least squared distance less weight (Aurenhammer 1987, "Power diagrams:
properties, algorithms and applications"). Cells are convex, meet in straight lines and leave nothing over;
without weights they are Voronoi's. Here are the bare cells; nothing is known of territories.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from territory.borders.plane import Points

Corner = tuple[float, float]
#: West, south, east, north.
Box = tuple[float, float, float, float]


def owners(points: Points, sites: Points, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of the site to which each point belongs."""
    # Of |p - s|² - w, |p|² is the same for every site.
    bare = np.sum(sites * sites, axis=1) - weights
    return np.asarray((bare - points @ (2 * sites).T).argmin(axis=1), dtype=np.int64)


def cells(sites: Points, weights: NDArray[np.float64], box: Box) -> list[list[Corner]]:
    """The corners of each site's cell, against the clock; empty for one that the others leave nothing."""
    west, south, east, north = box
    frame = [(west, south), (east, south), (east, north), (west, north)]
    found = []
    for index, (x, y) in enumerate(sites.tolist()):
        away = sites - sites[index]
        distances = np.hypot(away[:, 0], away[:, 1])
        distances[index] = 1.0
        offsets = (distances * distances + weights[index] - weights) / (2 * distances)
        offsets[index] = math.inf
        across = away / distances[:, None]
        cell: list[Corner] = frame
        farthest = math.inf
        for other in np.argsort(offsets, kind="stable").tolist():
            offset = float(offsets[other])
            # The others are farther still than the farthest corner: they take nothing.
            if other == index or offset >= farthest:
                break
            a, b = across[other].tolist()
            cell = _clipped(cell, (a, b), offset + x * a + y * b)
            farthest = max((math.dist(corner, (x, y)) for corner in cell), default=-math.inf)
        found.append(cell)
    return found


def _clipped(cell: Sequence[Corner], across: Corner, limit: float) -> list[Corner]:
    """What of a cell lies on the near side of a line (Sutherland and Hodgman's algorithm)."""
    kept: list[Corner] = []
    if not cell:
        return kept
    a, b = across
    before = cell[-1]
    over_before = before[0] * a + before[1] * b - limit
    for corner in cell:
        over = corner[0] * a + corner[1] * b - limit
        if (over < 0) != (over_before < 0):
            part = over_before / (over_before - over)
            kept.append(
                (before[0] + part * (corner[0] - before[0]), before[1] + part * (corner[1] - before[1]))
            )
        if over < 0:
            kept.append(corner)
        before, over_before = corner, over
    return kept
