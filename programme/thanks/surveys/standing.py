"""Which surveys concern whom. Reads; changes nothing."""

from collections.abc import Sequence

from tortoise.expressions import Q

from issues import chain
from models import Survey, Unit

#: Surveys that one page lists.
LISTED = 30


def concerning(units: Sequence[Unit]) -> Q:
    """Of all surveys, those in these units and below, and those of units above, which are about them too."""
    found = Q(id__in=[])
    for unit in units:
        codes = chain.codes(unit.path)
        above = [f"{'/'.join(codes[:depth])}/" for depth in range(1, len(codes))]
        found |= chain.below(unit.path) | Q(path__in=above)
    return found


async def latest(units: Sequence[Unit], limit: int = LISTED) -> list[Survey]:
    """The latest of them."""
    found = Survey.filter(concerning(units)).order_by("-id").limit(limit)
    return await found.select_related("unit", "author")
