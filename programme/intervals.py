"""How sure a share is that was found among few: Wilson's interval at 95 %. Pure functions.

From Edwin B. Wilson, 'Probable Inference, the Law of Succession, and Statistical Inference', Journal of the
American Statistical Association 22 (1927), 209–212; Brown, Cai and DasGupta recommend it where there are few:
'Interval Estimation for a Binomial Proportion', Statistical Science 16 (2001), 101–133.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

#: How far 95 % of a normal distribution reach to both sides, in standard deviations.
Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """A share, and between what it lies with a confidence of 95 %."""

    share: float
    low: float
    high: float


def wilson(share: float, count: float) -> Interval:
    """The interval of a share.

    Args:
        share: What was found, from 0 to 1.
        count: Among how many, more than none; an effective size, or shared voices, may be no whole number.
    """
    square = Z * Z / count
    middle = (share + square / 2) / (1 + square)
    reach = Z / (1 + square) * sqrt(share * (1 - share) / count + square / (4 * count))
    return Interval(share, max(0.0, middle - reach), min(1.0, middle + reach))
