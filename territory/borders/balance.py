"""Where to put sites so that each gets its share of a ground, and cells become round.

Voronoi treemaps (Balzer and Deussen 2005; Nocaj and Brandes 2012): every site moves into the middle of what
it has, over and over, and pulls harder or less hard until it has its share. The ground is a cloud of points
spread evenly over it. It begins with a path that winds through the ground, so that units that follow each
other in the list, such as the 3rd and the 4th block, come to lie side by side.
"""

import math
import random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from territory.borders.plane import Points
from territory.borders.power import Corner, owners

#: How often sites move and pull, and then only pull.
_MOVES, _PULLS = 11, 5
#: How far sites are shaken at first, in parts of their size, so that no cell is a square of a grid.
_SHAKEN = 0.22
#: How much of the ground that is missing a step makes good: about what round cells of one size ask.
_STEP = 0.4
#: How hard a site may pull at one that stays, in parts of what would cover it.
_REACH = 0.9


class Balanced(NamedTuple):
    """Sites and how hard they pull.

    Attributes:
        sites: A point each.
        weights: For a power diagram.
    """

    sites: Points
    weights: NDArray[np.float64]


def balance(
    ground: Points, area: float, shares: NDArray[np.float64], fixed: dict[int, Corner], seed: int
) -> Balanced:
    """Place sites and weigh them.

    Args:
        ground: Points all over it.
        area: Of the ground, in square metres.
        shares: Part of the ground for each site; 1 together.
        fixed: By its number, where a site stays, which then must be in its own cell.
        seed: The same seed places alike.
    """
    count = len(shares)
    sites = _winding(ground, shares, area, seed)
    weights = np.zeros(count)
    stays = np.zeros(count, dtype=bool)
    for index, place in fixed.items():
        sites[index], stays[index] = place, True
    if stays.all():
        return Balanced(sites, weights)
    wanted = shares * len(ground)
    of_point = area / len(ground)
    for step in range(_MOVES + _PULLS):
        owner = owners(ground, sites, weights)
        has = np.bincount(owner, minlength=count).astype(np.float64)
        if step < _MOVES:
            moves = (has > 0) & ~stays
            for axis in (0, 1):
                total = np.bincount(owner, weights=ground[:, axis], minlength=count)
                sites[moves, axis] = total[moves] / has[moves]
        weights += _STEP * of_point * (wanted - has)
        if fixed:
            weights[stays] = 0.0
            away = sites[:, None] - sites[stays][None]
            nearest = np.min(np.sum(away * away, axis=2), axis=1)
            np.minimum(weights, _REACH * nearest, out=weights, where=~stays)
    return Balanced(sites, weights)


def _winding(ground: Points, shares: NDArray[np.float64], area: float, seed: int) -> Points:
    """Sites along a path that winds through the ground in lanes along its longer side."""
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    centred = ground - ground.mean(axis=0)
    spread = centred.T @ centred
    angle = 0.5 * math.atan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])
    along = centred @ np.array([math.cos(angle), math.sin(angle)])
    across = centred @ np.array([-math.sin(angle), math.cos(angle)])
    count = len(shares)
    stretch = math.sqrt(max(np.ptp(along), 1e-9) / max(np.ptp(across), 1e-9))
    lanes = max(1, min(count, round(math.sqrt(count) / stretch)))
    lane = np.empty(len(ground), dtype=np.int64)
    lane[np.argsort(across, kind="stable")] = np.arange(len(ground)) * lanes // len(ground)
    order = np.lexsort((np.where(lane % 2, -along, along), lane))
    ends = np.rint(np.cumsum(shares) * len(ground)).astype(np.int64)
    begins = np.concatenate([[0], ends[:-1]])
    size = math.sqrt(area / count) * _SHAKEN
    sites = np.empty((count, 2))
    for index, (begin, end) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
        middle = ground[order[begin : max(end, begin + 1)]].mean(axis=0)
        sites[index] = middle + size * np.array([2 * chance.random() - 1, 2 * chance.random() - 1])
    return sites
