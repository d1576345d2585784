"""Units and people by parts of their names, as somebody types them: '魏岗村 第3邻', '国庆'.

PostgreSQL finds them through an index of the characters in each name (`models/migrations`): its own for
trigrams sees no Chinese in the C locale, and single characters need no upkeep by us.
"""

from collections.abc import Sequence
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.expressions import Q, RawSQL

from models import Person, Unit

#: Characters of what is looked for, and words of it.
_LONGEST, _MOST = 40, 4


async def units(words: str, within: Q, limit: int) -> list[Unit]:
    """Units that are called so; of several words, the last is theirs and the others those of units above.

    Args:
        words: As they were typed.
        within: Which of all units may be found.
        limit: How many at most.
    """
    *above, own = _words(words) or [""]
    if not own:
        return []
    found = Unit.filter(within, _called(Unit, own), closed_at=None)
    for name in above:
        codes = await Unit.filter(_called(Unit, name)).limit(200).values_list("path", flat=True)
        inside = Q(id__in=[])
        for path in codes:
            inside |= Q(path__startswith=path)
        found = found.filter(inside)
    # The higher ones are meant more often than one of many namesakes below.
    rows = await found.order_by("path").limit(limit * 5)
    return sorted(rows, key=lambda unit: (unit.name != own, unit.path.count("/"), unit.path))[:limit]


async def people(words: str, within: Q, limit: int) -> list[Person]:
    """People in whose names all the words stand, with their blocks."""
    called = named(Person, words)
    if called is None:
        return []
    return await Person.filter(within, called).select_related("block").limit(limit)


def named(model: type[Unit] | type[Person], words: str, to: str = "") -> Q | None:
    """Of a table, those in whose names all the words stand; None: there are no words.

    Args:
        model: Whose names.
        words: As they were typed.
        to: How one gets there from the table that is filtered, such as 'person__'.
    """
    wanted = _words(words)
    found = Q()
    for word in wanted:
        found &= _called(model, word, to)
    return found if wanted else None


def _words(text: str) -> list[str]:
    return text[:_LONGEST].split()[:_MOST]


def _called(model: type[Unit] | type[Person], name: str, to: str = "") -> Q:
    """Of a table, those in whose names some characters stand side by side."""
    side_by_side = Q(**{f"{to}name__contains": name})
    if not isinstance(model._meta.db, AsyncpgDBClient):
        return side_by_side
    # As hexadecimal digits nothing that somebody typed can be read as SQL.
    characters = ",".join(f"convert_from('\\x{each.encode().hex()}', 'UTF8')" for each in sorted(set(name)))
    table = model._meta.db_table
    rows = f"(SELECT id FROM {table} WHERE string_to_array(name, NULL) @> ARRAY[{characters}])"  # noqa: S608
    inside: dict[str, Any] = {f"{to}id__in": RawSQL(rows)}
    return side_by_side & Q(**inside)


def below(above: Sequence[Unit], path: str = "path") -> Q:
    """Of all rows, those whose unit is one of these or lies below one."""
    found = Q(id__in=[])
    for unit in above:
        found |= Q(**{f"{path}__startswith": unit.path})
    return found
