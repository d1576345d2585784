"""The duty of digests: every leader for whom something waits hears of it once in the morning.

When the next morning's is due is a row; who has got theirs is told by the keys of what was sent. So a digest
that was begun and broken off is gone on with, and after an outage of days there is one.
"""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from issues import chain, digest, standing
from issues.chain import Acting
from linzhang.settings import Settings
from models import Issue, Outbox, Person, Routine, Unit

log = logging.getLogger(__name__)

_NAME = "digest"


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Tell this morning's leaders what waits for them.

    Args:
        settings: The service's.
        limit: How many leaders at most.

    Returns:
        How many were told, and the outbox lanes that have got rows.
    """
    now = settings.clock.now()
    routine = await Routine.get_or_none(name=_NAME)
    if routine is None:
        await _begin(settings, now)
        return 0, set()
    if routine.due > now:
        return 0, set()
    woken: set[str] = set()
    told = 0
    # In the night after an outage it is too late for the day before; the morning brings the next.
    if settings.territory.quiet.until(now, settings.territory.zone) is None:
        async for person, units in _leaders(now):
            lanes = await _tell(settings, person, units, now)
            woken |= lanes
            told += bool(lanes)
            if told == limit:
                return told, woken
    await Routine.filter(name=_NAME, due=routine.due).update(due=_next(settings, now))
    return told, woken


async def next_due(settings: Settings) -> datetime | None:
    """When the next digests are due, in programme time."""
    routine = await Routine.get_or_none(name=_NAME)
    return routine.due if routine else settings.clock.now()


async def _begin(settings: Settings, now: datetime) -> None:
    """Note when the first digests are due."""
    try:
        await Routine.create(name=_NAME, due=_next(settings, now))
    except IntegrityError:
        return  # another worker was a moment faster


def _next(settings: Settings, now: datetime) -> datetime:
    """The first morning after a moment."""
    profile = settings.territory
    today = now.astimezone(profile.zone).date()
    mornings = (
        datetime.combine(today + timedelta(days=days), profile.digest_at, profile.zone) for days in (0, 1, 2)
    )
    return next(morning.astimezone(now.tzinfo) for morning in mornings if morning > now)


async def _leaders(now: datetime) -> AsyncIterator[tuple[Person, list[int]]]:
    """Whoever answers for a unit with which an issue is, with the units."""
    holders = await Issue.filter(state__in=standing.IN_HAND).distinct().values_list("holder_id", flat=True)
    units: dict[int, list[int]] = {}
    people: dict[int, Person] = {}
    for unit in await Unit.filter(id__in=[each for each in holders if each is not None]).order_by("id"):
        acting: Acting | None = await chain.acting(unit, now)
        if acting is not None:
            people[acting.person.id] = acting.person
            units.setdefault(acting.person.id, []).append(unit.id)
    for person_id in sorted(people):
        yield people[person_id], units[person_id]


async def _tell(settings: Settings, person: Person, units: list[int], now: datetime) -> set[str]:
    """Tell one leader, unless they have been told; an error of ours keeps nobody else waiting."""
    day = now.astimezone(settings.territory.zone).date()
    if await Outbox.exists(key=f"{digest.cause(person, day)}.0"):
        return set()
    try:
        async with in_transaction():
            effects = await digest.of(settings, person, units, now)
            return await effects.save_once() if effects else set()
    except IntegrityError:
        return set()  # another worker was a moment faster
    except Exception:
        log.exception("person %s: their digest could not be made", person.id)
        return set()
