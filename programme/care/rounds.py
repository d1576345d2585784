"""Rounds: all who are looked after in a unit and below are asked once more, as in a heat wave."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from issues import audit, chain
from issues.errors import NotAllowed, NotNow
from linzhang.settings import Settings
from models import CareCheck, CareRecord, CareRound, CareState, CareWay, Person, Unit
from programme.care import asking, recording, texts, times


@dataclass(frozen=True, slots=True)
class Result:
    """What has come of a round at a unit and below, in people.

    Attributes:
        asked: How many were asked.
        heard: Of these, who gave a sign of life, or was seen at their door.
        waiting: Whose answer is waited for.
        silent: For whom a leader is to knock.
    """

    asked: int
    heard: int
    waiting: int
    silent: int


async def begin(
    settings: Settings,
    starter: Person,
    unit: Unit,
    occasion: str,
    kind: str,
    at: datetime,
    *,
    event_id: str,
) -> tuple[CareRound, int]:
    """Let all be asked.

    Args:
        settings: The service's.
        starter: Who begins it.
        unit: Of which unit, with all below.
        occasion: Why, as `texts.ROUNDS` has it.
        kind: Whom alone it is for; empty: everybody.
        at: Programme time.
        event_id: See `CareRound`; the same begins it once.

    Returns:
        The round, and how many are to be asked.

    Raises:
        NotAllowed: The starter answers neither for the unit nor for one above it.
        NotNow: One has begun there that is not done, or nobody is looked after there.
    """
    if await chain.unit_led(starter, unit, at) is None:
        raise NotAllowed(texts.NOT_YOUR_UNIT, unit=unit.name)
    known = await CareRound.get_or_none(starter_id=starter.id, event_id=event_id)
    if known is not None:
        return known, await people(known).count()
    if await CareRound.exists(unit_id=unit.id, done_at=None):
        raise NotNow(texts.ROUND_UNDER_WAY, unit=unit.name)
    round_ = CareRound(
        unit=unit,
        path=unit.path,
        occasion=occasion,
        kind=kind,
        starter=starter,
        event_id=event_id,
        started_at=at,
    )
    count = await people(round_).count()
    if not count:
        raise NotNow(texts.NOBODY_HERE, unit=unit.name)
    await round_.save()
    await audit.record(settings, "care round", f"round {round_.id} of {unit.path}", starter.name, occasion)
    return round_, count


async def go_on(settings: Settings, round_: CareRound, at: datetime, limit: int) -> tuple[int, set[str]]:
    """Ask the next ones; each in a transaction of its own. At night nobody is asked.

    Args:
        settings: The service's.
        round_: Which.
        at: Programme time.
        limit: How many at most.

    Returns:
        How many were gone through, and the outbox lanes that have got rows.
    """
    if times.by_day(at, CareWay.CALL, settings.territory) > at:
        return 0, set()
    lanes: set[str] = set()
    ids = [row["id"] for row in await people(round_).order_by("id").limit(limit).values("id")]
    for record_id in ids:
        async with in_transaction():
            record = await recording.lock(record_id)
            if record is not None and record.ended_at is None:
                lanes |= await asking.in_round(settings, record, round_, at)
            await CareRound.filter(id=round_.id, reached__lt=record_id).update(reached=record_id)
    if len(ids) < limit:
        await CareRound.filter(id=round_.id).update(done_at=at)
    return len(ids), lanes


def people(round_: CareRound) -> QuerySet[CareRecord]:
    """Those who are still to be asked."""
    found = CareRecord.filter(chain.below(round_.path), ended_at=None, id__gt=round_.reached)
    return found.filter(kind=round_.kind) if round_.kind else found


async def latest(unit: Unit) -> CareRound | None:
    """The last round that reached a unit: its own, or one of a unit above."""
    codes = chain.codes(unit.path)
    paths = [f"{'/'.join(codes[:depth])}/" for depth in range(1, len(codes) + 1)]
    return await CareRound.filter(path__in=paths).order_by("-id").select_related("starter", "unit").first()


async def result(round_: CareRound, unit: Unit) -> Result:
    """What has come of a round at a unit and below."""
    checks = CareCheck.filter(chain.below(unit.path, "record__path"), round_id=round_.id)
    counted = await checks.annotate(people=Count("id")).group_by("state").values("state", "people")
    of = Counter({CareState(each["state"]): each["people"] for each in counted})
    return Result(
        asked=of.total(),
        heard=of[CareState.WELL] + of[CareState.UNWELL] + of[CareState.VISITED],
        waiting=of[CareState.ASKED] + of[CareState.AGAIN],
        silent=of[CareState.MISSING],
    )
