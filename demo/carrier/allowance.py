"""How many messages the account may hand over in a second; what is more is refused, and not queued.

Twilio itself limits requests at once and lets messages wait for their number; carriers in many countries
refuse by the second.
"""

from collections.abc import Callable
from datetime import datetime


class Allowance:
    """A second's worth of messages, which fills up again as time passes.

    Args:
        clock: Tells the time.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._left: float | None = None
        self._counted_at = clock()

    def takes_one(self, rate: float | None) -> bool:
        """Whether one more is allowed now; it counts then.

        Args:
            rate: How many in a second; None: any number.
        """
        if rate is None:
            return True
        now, most = self._clock(), max(rate, 1.0)
        passed = (now - self._counted_at).total_seconds()
        self._counted_at = now
        left = most if self._left is None else min(most, self._left + passed * rate)
        self._left = left - 1 if left >= 1 else left
        return left >= 1
