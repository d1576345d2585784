"""How long things took, as a histogram: times of many issues that can be added up and taken off again.

A bucket is named by its upper edge in whole seconds and holds what took longer than the edge below it and no
longer than this one. Edges grow by a twelfth, so that a median or a 90th percentile, which is interpolated
within its bucket, is right within some percent. At each half hour of half a day, and each hour of a week,
there is an edge too: those are the windows that profiles have, and what was done within one is exact.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import timedelta

_HOUR = 3600
_LONGEST = 3 * 365 * 24 * _HOUR

#: Seconds; windows have edges of their own.
_WINDOWS = {1800 * half for half in range(1, 25)} | {_HOUR * hour for hour in range(1, 169)}


def _edges() -> tuple[int, ...]:
    edges, edge = set(_WINDOWS), 10.0
    while edge < _LONGEST:
        edges.add(round(edge))
        edge *= 13 / 12
    return (*sorted(edges), _LONGEST)


#: The upper edges of all buckets; what took longer is in the last one.
EDGES = _edges()


def bucket(time: timedelta) -> int:
    """The upper edge of the bucket into which a time falls."""
    seconds = time.total_seconds()
    return EDGES[min(bisect_left(EDGES, seconds), len(EDGES) - 1)]


def quantile(histogram: Mapping[int, int], share: float) -> timedelta | None:
    """The time within which a share of all was done; None: there is nothing.

    Args:
        histogram: How many by the upper edges of buckets.
        share: From 0 to 1: one half for the median.
    """
    total = sum(histogram.values())
    if not total:
        return None
    wanted, passed = share * total, 0
    for edge in sorted(histogram):
        number = histogram[edge]
        if number and passed + number >= wanted:
            place = bisect_left(EDGES, edge)
            lower = EDGES[place - 1] if place else 0
            return timedelta(seconds=lower + (edge - lower) * max(wanted - passed, 0) / number)
        passed += number
    return timedelta(seconds=max(histogram))


def within(histogram: Mapping[int, int], time: timedelta) -> int:
    """How many took no longer than a time; exact where that is an edge."""
    return sum(number for edge, number in histogram.items() if edge <= time.total_seconds())
