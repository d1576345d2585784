"""Who sees the names of those who are looked after: few. Everybody else above sees how many there are.

The names of a block are for its leader and deputies, and for those of the neighbourhood above it, such as the
village: whoever has to send somebody. Nobody between or above them sees one, until an issue comes to them.
"""

from collections.abc import Sequence
from datetime import datetime

from tortoise.expressions import Q

from issues import chain
from issues.errors import NotAllowed
from linzhang.profile import Profile
from models import Person, Unit
from programme.care import texts


def named(units: Sequence[Unit], profile: Profile) -> Q:
    """Of all records, those whose names the leaders of these units see."""
    found = Q(id__in=[])
    for unit in units:
        if unit.tier == profile.bottom.key:
            found |= Q(unit_id=unit.id)
        elif unit.tier == neighbourhood(profile):
            found |= chain.below(unit.path)
    return found


def sees(units: Sequence[Unit], block: Unit, profile: Profile) -> bool:
    """Whether the leaders of these units see the names of a block."""
    return any(
        own.id == block.id or (own.tier == neighbourhood(profile) and block.path.startswith(own.path))
        for own in units
    )


async def check(person: Person, block: Unit, profile: Profile, at: datetime) -> None:
    """Make sure that somebody sees the names of a block.

    Raises:
        NotAllowed: They do not.
    """
    if not sees(await chain.units_of(person, at), block, profile):
        raise NotAllowed(texts.NOT_YOURS, unit=block.name)


def neighbourhood(profile: Profile) -> str:
    """Key of the lowest tier that people know by name: whose units have a space."""
    return next((tier.key for tier in reversed(profile.tiers) if tier.space), profile.bottom.key)
