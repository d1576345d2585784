"""How often a token may ask: so many requests at once, and then as many as grow back.

Counted in the memory of each process: with several, a token may ask each of them so often. That keeps a
programme that has gone wild from taking the desk's place, and costs no look into any table.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

#: Tokens that are remembered; one that is forgotten begins anew.
_REMEMBERED = 10_000


@dataclass
class _Bucket:
    left: float
    at: datetime


class Limits:
    """Counts the requests of each token.

    Args:
        per_minute: How many each may send.
    """

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._per_second = per_minute / 60
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def take(self, token_id: int, now: datetime) -> int:
        """Count one request; returns the seconds to wait, 0: it may be answered.

        Args:
            token_id: Whose.
            now: Machine time.
        """
        bucket = self._buckets.setdefault(token_id, _Bucket(self._most, now))
        self._buckets.move_to_end(token_id)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        grown = max(0.0, (now - bucket.at).total_seconds()) * self._per_second
        bucket.left, bucket.at = min(self._most, bucket.left + grown), now
        if bucket.left < 1:
            return max(1, math.ceil((1 - bucket.left) / self._per_second))
        bucket.left -= 1
        return 0
