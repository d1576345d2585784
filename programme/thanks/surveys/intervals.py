"""How sure the share of several blocks together is. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from programme.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Stratum:
    """Those of one block.

    Attributes:
        people: How many could have been drawn.
        answered: How many have answered.
        good: How many of these are content.
    """

    people: int
    answered: int
    good: int


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
