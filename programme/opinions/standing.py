"""Which notes of public opinion somebody may read: their own units' and all below. Changes nothing."""

from collections.abc import Sequence

from tortoise.expressions import Q

from issues import chain
from models import Opinion, Unit

#: Notes that one page lists.
LISTED = 100


async def latest(units: Sequence[Unit], limit: int = LISTED) -> list[Opinion]:
    """The latest that whoever leads these units may read, with who filed them and their units."""
    theirs = Q(id__in=[])
    for unit in units:
        theirs |= chain.below(unit.path)
    return await Opinion.filter(theirs).order_by("-id").limit(limit).select_related("author", "unit")
