"""How a notice stands: at a unit and below it, from the sums. Reads; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import Q

from issues import chain
from models import Notice, NoticePerson, NoticeState, NoticeTally, Unit

#: Notices that one page or answer lists, and people of one block.
LISTED, PEOPLE = 30, 200


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a notice.

    Attributes:
        unit: Which.
        sums: What it has come to there; zeros where nobody has been collected yet.
        leader: The row of whoever answers for it; None: nobody does, or it is not for them.
    """

    unit: Unit
    sums: NoticeTally
    leader: NoticePerson | None = None


async def line(notice: Notice, unit: Unit) -> Line:
    """How it stands at a unit and all below it."""
    sums = await NoticeTally.get_or_none(notice_id=notice.id, unit_id=unit.id)
    return Line(unit, sums or NoticeTally(notice_id=notice.id, unit_id=unit.id))


async def below(notice: Notice, unit: Unit) -> list[Line]:
    """The same for each unit right below one, of those that it is for."""
    children = await Unit.filter(parent_id=unit.id).order_by("path")
    ids = [child.id for child in children]
    tallies = NoticeTally.filter(notice_id=notice.id, unit_id__in=ids)
    sums = {tally.unit_id: tally for tally in await tallies}
    leading = NoticePerson.filter(notice_id=notice.id, unit_id__in=ids, leads=True)
    leaders = {each.unit_id: each for each in await leading.select_related("person")}
    return [Line(child, sums[child.id], leaders.get(child.id)) for child in children if child.id in sums]


async def people(notice: Notice, unit: Unit) -> list[NoticePerson]:
    """The residents of a block whom it is for."""
    there = NoticePerson.filter(notice_id=notice.id, unit_id=unit.id, leads=False)
    return await there.select_related("person").order_by("id").limit(PEOPLE)


def concerning(units: Sequence[Unit]) -> Q:
    """Of all notices, those that somebody who leads these units may look at.

    Their own units' and those of units below; and of units above what has gone out: it was for them.
    """
    own, out = Q(id__in=[]), Q(path__in=[])
    for unit in units:
        own |= chain.below(unit.path)
        codes = chain.codes(unit.path)
        out |= Q(path__in=[f"{'/'.join(codes[:depth])}/" for depth in range(1, len(codes))])
    return own | (out & Q(state__in=[NoticeState.GOING, NoticeState.OUT]))


async def latest(units: Sequence[Unit], limit: int = LISTED) -> list[Notice]:
    """The latest of them."""
    found = Notice.filter(concerning(units)).order_by("-id").limit(limit)
    return await found.select_related("author", "unit", "approver")
