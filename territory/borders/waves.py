"""The gentle waves that a drawn border follows, since no real one is straight for long.

A wave moves points of the plane a little, each by where it lies: what was drawn once moves alike for all
who share it, so that neighbours still meet. The plane is never folded: no wave is steeper than it is long.
"""

import math
import random

import numpy as np

from territory.borders.plane import Points

#: Per wave: its length and its height, in parts of a cell's size. The sum of height / length times 2 pi
#: stays well below 1, else a border could cross itself.
_WAVES = ((1.7, 0.055), (1.1, 0.035), (0.45, 0.012))
#: Steps from where a point is carried to back to where it comes from; each halves the error and more.
_STEPS = 16


class Waves:
    """Waves as high and as long as suits cells of a size.

    Args:
        size: Of a cell, in metres.
        seed: The same seed makes the same waves.
    """

    def __init__(self, size: float, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
        vectors, phases, heights = [], [], []
        for length, height in _WAVES:
            for axis in (0, 1):
                angle = 2 * math.pi * chance.random()
                pace = 2 * math.pi / (length * size)
                vectors.append((pace * math.cos(angle), pace * math.sin(angle)))
                phases.append(2 * math.pi * chance.random())
                heights.append((height * size, 0.0) if axis == 0 else (0.0, height * size))
        self._vectors, self._phases, self._heights = np.array(vectors), np.array(phases), np.array(heights)

    def moved(self, points: Points) -> Points:
        """Where the waves carry points."""
        return np.asarray(points + np.sin(points @ self._vectors.T + self._phases) @ self._heights)

    def still(self, points: Points, steps: int = _STEPS) -> Points:
        """From where the waves carry something to these points.

        Args:
            points: Where it has come.
            steps: How exactly: each step makes less than half of the error.
        """
        found = points
        for _ in range(steps):
            found = points - (self.moved(found) - found)
        return found
