"""How votes are counted so that a block of five households can win against one of fifteen.

    a household has one voice, however many telephones: it is shared among those of its people who voted
    a block's word for a candidate is the share of its voices that they have, of the households that voted,
        and of that the lower bound of Wilson's interval at 95 %: few voices are worth less than many
    a candidate's points are the words of all blocks together

So each block counts alike whatever its size: five of five (0.566) are more than nine of fifteen (0.357),
while three of three (0.439) are less than fourteen of fifteen (0.702).

Pure functions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programme.intervals import wilson

#: Points are kept and compared in thousandths: what differs by less is a tie.
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's vote.

    Attributes:
        block: Id of the block that they belong to.
        household: What tells their household from others.
        choice: Which candidate, from 1.
    """

    block: int
    household: str
    choice: int


@dataclass(frozen=True, slots=True)
class Score:
    """What a candidate has come to.

    Attributes:
        votes: Of how many people.
        points: In thousandths.
    """

    votes: int
    points: int


def lower_bound(part: float, whole: float) -> float:
    """The lower end of Wilson's interval at 95 % for a share; 0 where there is nothing.

    Args:
        part: How many; a voice can be shared.
        whole: Of how many.
    """
    if whole <= 0:
        return 0.0
    return wilson(part / whole, whole).low


def scores(votes: Iterable[Vote], candidates: int) -> Sequence[Score]:
    """What each candidate has come to, in the order of their digits.

    Args:
        votes: One for each person.
        candidates: How many there are.
    """
    households: dict[tuple[int, str], Counter[int]] = defaultdict(Counter)
    for vote in votes:
        households[vote.block, vote.household][vote.choice] += 1
    voices: dict[int, Counter[int]] = defaultdict(Counter)
    numbers: Counter[int] = Counter()
    for (block, _), chosen in households.items():
        numbers[block] += 1
        for choice, count in chosen.items():
            # In sixtieths, which are whole for up to six voters: so alike shares are exactly alike.
            voices[block][choice] += 60 * count // chosen.total()
    return [
        Score(
            votes=sum(chosen[choice] for chosen in households.values()),
            points=round(
                _THOUSAND * sum(lower_bound(voices[block][choice] / 60, numbers[block]) for block in numbers)
            ),
        )
        for choice in range(1, candidates + 1)
    ]
