"""The issues that are asked for, as one condition: of those that somebody may see, and of no others."""

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from issues import overlook
from models import Issue, Unit
from web.access.scope import Scope
from web.desk.queries.filters import Filters

#: Digits of the longest number that an issue can have.
_DIGITS = 9


def issues(scope: Scope, filters: Filters, unit: Unit | None) -> QuerySet[Issue]:
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
        found = found.filter(_late(scope))
    if filters.age:
        since = scope.at - filters.age.length
        found = found.filter(**{"opened_at__lt" if filters.age.is_over else "opened_at__gte": since})
    if filters.bridge:
        found = found.filter(address__bridge=filters.bridge)
    if filters.rating is not None:
        found = found.filter(rating=filters.rating)
    if filters.words:
        found = found.filter(_read_by(scope), _said(filters.words))
    return found


def _read_by(scope: Scope) -> Q:
    """What somebody may read, so that nobody finds out by its words what they may not."""
    return Q(private=False) | Q(holder_id__in=[unit.id for unit in scope.units])


def _late(scope: Scope) -> Q:
    """What has missed a window."""
    return Q(answer_due__lte=scope.at) | Q(resolve_due__lte=scope.at)


def _said(words: str) -> Q:
    """Issues in which all of some words were said; or the one with this number."""
    said = overlook.said(words.split())
    if words.isascii() and words.isdecimal() and len(words) <= _DIGITS:
        return said | Q(id=Issue.id_of(int(words)))
    return said
