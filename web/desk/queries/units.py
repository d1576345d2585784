"""Units that somebody means by what they type: a code, or a part of a name."""

from collections.abc import Sequence

from tortoise.expressions import Q

from issues import chain
from models import Unit
from web.access.scope import NotThere, Scope

#: Units that are proposed.
_PROPOSED = 12

#: Characters from which on a part of a name is looked for.
_SHORTEST = 1


async def meant(scope: Scope, typed: str) -> Unit | None:
    """The unit that is meant: by its code, its code and name as they are proposed, or its whole name.

    None: there is none that they may see, or several are called so.
    """
    code = typed.split(" ", 1)[0]
    unit = await Unit.get_or_none(code=code)
    if unit is not None:
        return unit if scope.sees(unit) else None
    named = await Unit.filter(_within(scope), name=typed, closed_at=None).limit(2)
    return named[0] if len(named) == 1 else None


async def named(scope: Scope, typed: str) -> Unit:
    """The unit that is meant.

    Raises:
        NotThere: There is none that they may see, or several are called so.
    """
    unit = await meant(scope, typed.strip())
    if unit is None:
        raise NotThere(typed)
    return unit


def typed(unit: Unit) -> str:
    """A unit as it is proposed, and as a picker shows it that is filled in already."""
    return f"{unit.code} {unit.name}"


async def proposed(scope: Scope, typed: str) -> Sequence[Unit]:
    """The units that may be meant, the highest first, each with the one above it."""
    typed = typed.strip()
    if len(typed) < _SHORTEST:
        return []
    like = Q(code__startswith=typed) if typed[0].isdecimal() else Q(name__contains=typed)
    found = Unit.filter(_within(scope), like, closed_at=None).order_by("path").select_related("parent")
    return sorted(await found.limit(_PROPOSED), key=lambda unit: (unit.path.count("/"), unit.code))


def _within(scope: Scope) -> Q:
    within = Q(id__in=[])
    for unit in scope.units:
        within |= chain.below(unit.path)
    return within
