"""The duty of care: asks whose moment has come, asks once more, lets somebody knock, and goes on with rounds.

Each person is a transaction of their own; whatever is left, the database knows. It is looked for again a
second later while there is something to do: that is what gives care its pace.
"""

import logging
from collections.abc import Awaitable
from datetime import datetime

from tortoise.transactions import in_transaction

from escalator.hearing import heard_until
from linzhang import logs
from linzhang.settings import Settings
from models import CareCheck, CareRecord, CareRound, CareState, CareWay, State
from programme.care import asking, knocking, recording, rounds, times, visits

log = logging.getLogger(__name__)

#: States of an issue in which nobody knocks any more.
_OVER = (State.RESOLVED, State.CLOSED, State.WITHDRAWN, State.MERGED)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Do what is due of all who are looked after.

    Args:
        settings: The service's.
        limit: How much at most; what is left waits for the next look, a second later.

    Returns:
        How much was done, always less than the limit, and the outbox lanes that have got rows.
    """
    now = settings.clock.now()
    pace = min(settings.territory.care.pace, limit)
    done, woken = 0, set[str]()
    over = CareCheck.filter(state=CareState.MISSING, issue__state__in=_OVER)
    for check_id in [row["id"] for row in await over.order_by("id").limit(limit).values("id")]:
        done, woken = await _kept_going(_over(check_id, now), done, woken)
    # What they have written in time counts, though it is worked on late.
    late = CareCheck.filter(answer_due__lte=await heard_until(settings))
    for check_id in [row["id"] for row in await late.order_by("answer_due", "id").limit(pace).values("id")]:
        done, woken = await _kept_going(_late(settings, check_id, now), done, woken)
    due = CareRecord.filter(next_due__lte=now)
    for record_id in [row["id"] for row in await due.order_by("next_due", "id").limit(pace).values("id")]:
        done, woken = await _kept_going(_ask(settings, record_id, now), done, woken)
    round_ = await CareRound.filter(done_at=None).order_by("id").first()
    if round_ is not None:
        done, woken = await _kept_going(rounds.go_on(settings, round_, now, pace), done, woken)
    return min(done, limit - 1), woken


async def next_due(settings: Settings) -> datetime | None:
    """When something is next due of care, in programme time."""
    now = settings.clock.now()
    if await CareCheck.filter(state=CareState.MISSING, issue__state__in=_OVER).exists():
        return now
    moments = []
    if await CareRound.filter(done_at=None).exists():
        moments.append(times.by_day(now, CareWay.CALL, settings.territory))
    record = await CareRecord.filter(next_due__isnull=False).order_by("next_due").first()
    if record is not None and record.next_due is not None:
        moments.append(record.next_due)
    check = await CareCheck.filter(answer_due__isnull=False).order_by("answer_due").first()
    if check is not None and check.answer_due is not None:
        moments.append(check.answer_due)
    return min(moments, default=None)


async def _ask(settings: Settings, record_id: int, now: datetime) -> tuple[int, set[str]]:
    async with in_transaction():
        record = await recording.lock(record_id)
        if record is None or record.next_due is None or record.next_due > now:
            return 0, set()
        with logs.about(care=record_id):
            return 1, await asking.due(settings, record, now)


async def _late(settings: Settings, check_id: int, now: datetime) -> tuple[int, set[str]]:
    async with in_transaction():
        check = await _lock(check_id)
        if check is None or check.answer_due is None or check.answer_due > now:
            return 0, set()
        morning = times.by_day(now, CareWay.TEXT, settings.territory)
        if morning > now:  # nobody was there to do it by day
            await CareCheck.filter(id=check_id).update(answer_due=morning)
            return 1, set()
        with logs.about(care=check.record_id):
            if check.state is CareState.ASKED:
                return 1, await asking.again(settings, check, now)
            return 1, await knocking.knock(settings, check, now)


async def _over(check_id: int, now: datetime) -> tuple[int, set[str]]:
    async with in_transaction():
        check = await _lock(check_id)
        if check is None or check.state is not CareState.MISSING:
            return 0, set()
        if not await visits.by_done(check, now):
            await CareCheck.filter(id=check_id).update(state=CareState.DROPPED)
            await CareRecord.filter(id=check.record_id).update(silent_at=None)
        return 1, set()


async def _lock(check_id: int) -> CareCheck | None:
    check = await CareCheck.select_for_update().get_or_none(id=check_id)
    if check is not None:
        await check.fetch_related("record__person", "person", "issue")
    return check


async def _kept_going(
    step: Awaitable[tuple[int, set[str]]], done: int, woken: set[str]
) -> tuple[int, set[str]]:
    try:
        count, lanes = await step
    except Exception:
        log.exception("somebody could not be asked after; it stays due")
        return done, woken
    return done + count, woken | lanes
