"""How care stands: counts of units, and names where few may see them. Reads; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.functions import Count

from issues import chain
from linzhang.profile import Profile
from models import CareRecord, Unit
from programme.care import seeing

#: Days that 'lately' and 'this month' are.
WEEK, MONTH = timedelta(days=7), timedelta(days=30)

#: People whom one page or answer names.
NAMED = 200


@dataclass(frozen=True, slots=True)
class Cover:
    """How a unit and all below it stand, in people who are looked after.

    Attributes:
        unit: Which.
        people: How many there are.
        asked: Of these, those who were asked in the last 7 days.
        heard: Of those, who have given a sign of life since.
        silent: For whom a leader is to knock now.
        week: To whom somebody went in the last 7 days.
        month: The same in the last 30 days.
    """

    unit: Unit
    people: int = 0
    asked: int = 0
    heard: int = 0
    silent: int = 0
    week: int = 0
    month: int = 0


async def cover(unit: Unit, at: datetime) -> Cover:
    """How a unit stands with all below it: one question to the database."""
    asked = Q(asked_at__gte=at - WEEK)
    counted = (
        await CareRecord.filter(chain.below(unit.path), ended_at=None)
        .annotate(
            people=Count("id"),
            asked=Count("id", _filter=asked),
            heard=Count("id", _filter=asked & Q(heard_at__gte=at - WEEK)),
            silent=Count("id", _filter=Q(silent_at__isnull=False)),
            week=Count("id", _filter=Q(visited_at__gte=at - WEEK)),
            month=Count("id", _filter=Q(visited_at__gte=at - MONTH)),
        )
        .values("people", "asked", "heard", "silent", "week", "month")
    )
    return Cover(unit, **counted[0]) if counted else Cover(unit)


async def below(unit: Unit, at: datetime) -> list[Cover]:
    """The same for each unit right below one in which somebody is looked after."""
    children = await Unit.filter(parent_id=unit.id, closed_at=None).order_by("path")
    found = [await cover(child, at) for child in children]
    return [each for each in found if each.people]


async def people(units: Sequence[Unit], at_unit: Unit, profile: Profile) -> list[CareRecord]:
    """Those who are looked after at a unit and below and whose names the leaders of some units see.

    Whoever is silent comes first, then who was asked longest ago.
    """
    records = CareRecord.filter(seeing.named(units, profile), chain.below(at_unit.path), ended_at=None)
    found = await records.select_related("person", "unit", "recorder").order_by("id").limit(NAMED)
    return sorted(found, key=lambda each: (each.silent_at is None, each.unit.path, each.id))
