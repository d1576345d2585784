"""Who sees what of a campaign: counts all above, words few, and whose they are fewer still.

A household, how it was found and what was said there is for the block's leader and deputies, and for those
above them up to the neighbourhood, such as the village. What was said, with the block and without the
household, is for all between the block and the unit for which the campaign is. A department sees counts.
"""

from collections.abc import Sequence

from tortoise.expressions import Q

from issues import chain, departments
from linzhang.profile import Profile
from models import Campaign, Unit
from programme.care import seeing


def households(units: Sequence[Unit], block: Unit, profile: Profile) -> bool:
    """Whether the leaders of these units see a block's households."""
    tiers = [tier.key for tier in profile.tiers]
    near = tiers[tiers.index(seeing.neighbourhood(profile)) :]
    return any(own.tier in near and block.path.startswith(own.path) for own in units)


def words(units: Sequence[Unit], campaign: Campaign, profile: Profile) -> Q:
    """Of a campaign's visits, those whose words the leaders of these units read."""
    found = Q(id__in=[])
    for unit in units:
        if not departments.is_one(unit, profile) and unit.path.startswith(campaign.path):
            found |= chain.below(unit.path)
    return found
