"""How sure a share is. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from programme.thanks.surveys.drawing import Z


@dataclass(frozen=True, slots=True)
class Stratum:
    """Those of one block.

    Attributes:
        people: How many could have been drawn.
        answered: How many have answered; one at least.
        good: How many of these are content.
    """

    people: int
    answered: int
    good: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A share, and between what it lies with a confidence of 95 %."""

    share: float
    low: float
    high: float


def wilson(share: float, count: float) -> Interval:
    """The score interval of a share (E. B. Wilson, Journal of the American Statistical Association 22, 1927).

    Args:
        share: What was found, from 0 to 1.
        count: Among how many; an effective size may be no whole number.
    """
    square = Z**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = Z / (1 + square) * sqrt(share * (1 - share) / count + square / (4 * count))
    return Interval(share, max(0.0, middle - reach), min(1.0, middle + reach))


def weighted(strata: Sequence[Stratum]) -> Interval | None:
    """The share of several blocks, each of which counts as its people do; None: nobody has answered.

    Blocks are drawn from unevenly, since each has a least number. The interval is Wilson's for the effective
    size (L. Kish, Survey Sampling, 1965): the square of the sum of all weights by the sum of their squares.
    """
    heard = [each for each in strata if each.answered]
    people = sum(each.people for each in heard)
    if not people:
        return None
    share = sum(each.people * each.good / each.answered for each in heard) / people
    effective = people**2 / sum(each.people**2 / each.answered for each in heard)
    return wilson(share, effective)
