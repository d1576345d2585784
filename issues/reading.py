"""Reads ahead: what transitions of many issues will ask for one by one is asked once for all of them.

What was read hangs on the issues and units as the ORM's own relations. Who needs some of it takes what is at
hand, and asks the database for the rest: a transition is the same whether anything was read ahead or not.
Only for issues that are locked until they are written: nobody else can change what has happened to them.
"""

from collections.abc import Sequence
from typing import TypeVar

from tortoise.exceptions import NoValuesFetched
from tortoise.fields import ReverseRelation
from tortoise.models import Model
from tortoise.query_utils import Prefetch

from models import History, Issue, Message, Unit

Row = TypeVar("Row", bound=Model)


def at_hand(relation: "ReverseRelation[Row]") -> list[Row] | None:
    """The rows of a relation that was read ahead; None: it was not."""
    try:
        return list(relation)
    except NoValuesFetched:
        return None


def add(relation: "ReverseRelation[Row]", row: Row) -> None:
    """Let a relation have a new row, where it was read ahead."""
    if at_hand(relation) is not None:
        relation.related_objects.append(row)


async def ahead(ids: Sequence[int]) -> list[Issue]:
    """Issues that are locked, in the order of their ids here, with all that a passed deadline asks about.

    That is the units above them, who answers for the holder and the next one up and how they are reached,
    and each issue's history, words, questions and parts.
    """
    found = await Issue.filter(id__in=ids).prefetch_related(
        "address",
        "reporter",
        "merged",
        "questions",
        Prefetch("history", History.all().order_by("seq")),
        Prefetch("messages", Message.all().order_by("id")),
    )
    await _stand_in_tree(found)
    place = {issue_id: place for place, issue_id in enumerate(ids)}
    return sorted(found, key=lambda issue: place[issue.id])


async def _stand_in_tree(issues: Sequence[Issue]) -> None:
    """Give each issue its block and its holder, with all units above them."""
    named = {issue.block_id for issue in issues} | {issue.holder_id for issue in issues}
    here = await Unit.filter(id__in=[each for each in named if each is not None])
    codes = {code for unit in here for code in unit.path.rstrip("/").split("/")}
    holders = {issue.holder_id for issue in issues}
    next_ones = {unit.parent_id for unit in here if unit.id in holders}
    units = {unit.id: unit for unit in here}
    units |= {unit.id: unit for unit in await Unit.filter(code__in=codes - {unit.code for unit in here})}
    for unit in units.values():
        if unit.parent_id in units:
            unit.parent = units[unit.parent_id]
    for issue in issues:
        issue.block = units.get(issue.block_id or 0)
        issue.holder = units.get(issue.holder_id or 0)
    await Unit.fetch_for_list(
        [unit for unit in units.values() if unit.id in holders | next_ones],
        "leaderships__person__addresses",
        "absences__deputy__addresses",
    )
