"""Where something is that was reported: by a code, by a name, or by a point on the ground.

Only borders that a file gave say where a point lies: a cell that was drawn so that a unit can be seen is no
ground.
"""

from shapely import Point, from_wkb
from tortoise.expressions import Q

from issues import chain, whereabouts
from linzhang.profile import Profile
from models import Border, Origin, Unit

_TRUE = (Origin.GIVEN, Origin.JOINED)

#: Characters of codes that are looked for.
_LONGEST = 64


async def by_code(code: str) -> Unit | None:
    """The unit of a code, or of the number on a contact card; what has become part of another is that one."""
    if not 0 < len(code) <= _LONGEST:
        return None
    unit = await Unit.filter(Q(code=code) | Q(card_code=code)).first()
    return await chain.standing(unit) if unit else None


async def by_name(words: str, profile: Profile) -> Unit | None:
    """The unit that somebody's words name, if they name one."""
    found = await whereabouts.find(words, profile)
    return found.unit if found else None


async def by_point(latitude: float, longitude: float, profile: Profile) -> Unit | None:
    """The lowest unit of the chain in whose true borders a point lies."""
    point, unit, lowest = Point(longitude, latitude), await chain.root(), None
    while unit is not None:
        around = Border.filter(
            unit__parent_id=unit.id,
            unit__closed_at=None,
            origin__in=_TRUE,
            west__lte=longitude,
            east__gte=longitude,
            south__lte=latitude,
            north__gte=latitude,
        ).select_related("unit")
        unit = next((each.unit for each in await around if from_wkb(each.shape).covers(point)), None)
        if unit is not None and profile.tier(unit.tier).chain:
            lowest = unit
    return lowest
