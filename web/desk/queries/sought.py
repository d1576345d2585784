"""The issues that are asked for, as one condition: of those that somebody may see, and of no others."""

from collections.abc import Sequence

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from issues import overlook
from models import Issue, Projected, Unit
from projections import words
from web.access.scope import Scope
from web.desk.queries.filters import Filters

#: Digits of the longest number that an issue can have.
_DIGITS = 9


async def issues(scope: Scope, filters: Filters, unit: Unit | None) -> QuerySet[Issue]:
    """All that is asked for; their states aside.

    Args:
        scope: Of whoever looks.
        filters: What they ask for.
        unit: The unit that they ask for, by its code.
    """
    found = Issue.filter(scope.issues())
    if unit is not None:
        found = found.filter(overlook.visible([unit]))
    if filters.tier:
        found = found.filter(holder__tier=filters.tier)
    if filters.urgent:
        found = found.filter(urgent=True)
    if filters.private:
        found = found.filter(private=True)
    if filters.overdue:
        late = Projected.filter(overdue=1).values("issue_id")
        found = found.filter(id__in=Subquery(late))
    if filters.age:
        since = scope.at - filters.age.length
        found = found.filter(**{"opened_at__lt" if filters.age.is_over else "opened_at__gte": since})
    if filters.bridge:
        found = found.filter(bridge=filters.bridge)
    if filters.rating is not None:
        found = found.filter(rating=filters.rating)
    if filters.words:
        found = found.filter(_read_by(scope), await _said(filters.words))
    return found


async def ids(found: QuerySet[Issue]) -> list[int]:
    """Ids of what is found, in its order: all that an index has to tell."""
    return [issue_id for (issue_id,) in await found.values_list("id")]


async def fetched(wanted: Sequence[int], related: Sequence[str]) -> list[Issue]:
    """Issues by their ids, in this order, each once, with what shows of them.

    It is fetched last: of all that an index finds it would take longer than to find it.
    """
    by_id = {each.id: each for each in await Issue.filter(id__in=wanted).select_related(*related)}
    return [by_id[issue_id] for issue_id in dict.fromkeys(wanted) if issue_id in by_id]


def _read_by(scope: Scope) -> Q:
    """What somebody may read, so that nobody finds out by its words what they may not."""
    return Q(private=False) | Q(holder_id__in=[unit.id for unit in scope.units])


async def _said(typed: str) -> Q:
    """Issues in which all of some words were said; or the one with this number."""
    said = await words.find(typed)
    if typed.isascii() and typed.isdecimal() and len(typed) <= _DIGITS:
        return said | Q(id=Issue.id_of(int(typed)))
    return said
