"""Who stands on a village's ballot: at most five of those who were nominated, however large their blocks.

A nominated leader's place is the lower bound (`fairness`) of the share of their block's households that have
nominated them: many of few households come before a few of many. A leader above who nominates them counts as
one household more. Where two stand alike, more nominations come first, then the block's place in the tree.
With fewer than two nominated there is nothing to choose, and nobody is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from issues import chain
from models import HonourNomination, HonourRound, Household, Person, Unit
from programme.honours.fairness import lower_bound

#: Candidates of one ballot, so that it is short; and how many make one.
MOST: Final = 5
FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Nominated:
    """A leader who was nominated.

    Attributes:
        block: Whose leader.
        leader: Who.
        count: By how many people.
        share: By which they are put in order.
    """

    block: Unit
    leader: Person
    count: int
    share: float


async def nominated(one: HonourRound, area: Unit, at: datetime) -> Sequence[Nominated]:
    """The leaders of a village who were nominated and are still in office, the first for the ballot first."""
    made = HonourNomination.filter(chain.below(area.path, "block__path"), round_id=one.id)
    by_block: dict[int, list[HonourNomination]] = {}
    for each in await made.order_by("id").select_related("block", "leader", "person"):
        by_block.setdefault(each.block_id, []).append(each)
    found = []
    for theirs in by_block.values():
        block = theirs[0].block
        leader = await chain.leader_of(block, at)
        kept = [each for each in theirs if leader is not None and each.leader_id == leader.id]
        if leader is None or not kept or block.closed_at is not None:
            continue
        homes = {_home(each.person) for each in kept}
        whole = max(await _households(block), len(homes))
        found.append(Nominated(block, leader, len(kept), lower_bound(len(homes), whole)))
    return sorted(found, key=lambda each: (-each.share, -each.count, each.block.path))


def _home(person: Person) -> str:
    return f"household {person.household_id}" if person.household_id is not None else f"person {person.id}"


async def _households(block: Unit) -> int:
    """How many households a block has, listed or counted."""
    return max(block.households, await Household.filter(block_id=block.id).count())
