"""The duty of notices: begins them, collects whom they are for, hands out slices, counts, reminds, ends.

Each step is a transaction of its own; whatever is left, the database knows. It is looked for again a second
later while there is something to do: that is what gives notices their pace.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from linzhang import logs
from linzhang.settings import Settings
from models import Notice, NoticePerson, NoticePhase, NoticeState
from programme.notices import counting, filling, reminding, sending, writing
from programme.polls import ending

log = logging.getLogger(__name__)

#: Batches that one look collects, and counts: a city's notice must not keep the sweep for itself.
_BATCHES = 4

#: How a notice is changed by one step; returns how much was done, and the lanes that have got rows.
_Step = Callable[[Settings, Notice, datetime], Awaitable[tuple[int, set[str]]]]

_ALIVE = (NoticeState.GOING, NoticeState.OUT)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Do what is due of all notices.

    Args:
        settings: The service's.
        limit: How much at most; what is left waits for the next look, a second later.

    Returns:
        How much was done, always less than the limit, and the outbox lanes that have got rows.
    """
    now = settings.clock.now()
    done, woken = 0, set[str]()
    due = Notice.filter(state=NoticeState.SET, start_at__lte=now)
    collecting = Notice.filter(state=NoticeState.GOING).exclude(phase=NoticePhase.DONE)
    done += await _each(settings, due, _begin, now, woken)
    for _ in range(_BATCHES):
        done += await _each(settings, collecting, _fill, now, woken)
    handed, lanes = await _kept_going(sending.slices(settings))
    woken |= lanes
    if await sending.morning(settings, now) is None:
        late = Notice.filter(state__in=_ALIVE, remind_due__lte=now)
        done += await _each(settings, late, _remind, now, woken)
    for _ in range(_BATCHES):
        if await counting.count() < counting.BATCH:
            break
    if await sending.morning(settings, now) is None:
        over = Notice.filter(state__in=_ALIVE, ends_at__lte=now, ended_at=None, secret=False)
        done += await _each(settings, over, _end, now, woken)
    return min(done + handed, limit - 1), woken


async def next_due(settings: Settings) -> datetime | None:
    """When something is next due of a notice, in programme time."""
    changed = await NoticePerson.filter(stale_at__isnull=False).first().select_related("notice")
    going = await Notice.filter(state=NoticeState.GOING).order_by("begun_at")
    now = settings.clock.now()
    morning = await sending.morning(settings, now)
    moments = [changed.notice.made_at] if changed is not None else []
    for notice in going:
        since = notice.begun_at or notice.made_at
        held = await sending.held_until(settings, notice, now) if notice.phase is NoticePhase.DONE else None
        moments.append(held or since)
    first = await Notice.filter(state=NoticeState.SET).order_by("start_at").first()
    if first is not None and first.start_at is not None:
        moments.append(first.start_at)
    late = await Notice.filter(state__in=_ALIVE, remind_due__isnull=False).order_by("remind_due").first()
    if late is not None and late.remind_due is not None:
        moments.append(max(late.remind_due, morning or late.remind_due))
    polls = Notice.filter(state__in=_ALIVE, ends_at__isnull=False, ended_at=None, secret=False)
    over = await polls.order_by("ends_at").first()
    if over is not None and over.ends_at is not None:
        moments.append(max(over.ends_at, morning or over.ends_at))
    return min(moments, default=None)


async def _each(
    settings: Settings, which: QuerySet[Notice], step: _Step, now: datetime, woken: set[str]
) -> int:
    """Do a step with each of some notices, in a transaction of its own; one that fails stops no other."""
    done = 0
    for row in await which.order_by("id").values("id"):
        with logs.about(notice=row["id"]):
            count, lanes = await _kept_going(_alone(settings, row["id"], step, now))
        done += count
        woken |= lanes
    return done


async def _alone(settings: Settings, notice_id: int, step: _Step, now: datetime) -> tuple[int, set[str]]:
    async with in_transaction():
        notice = await writing.lock(notice_id)
        return await step(settings, notice, now) if notice is not None else (0, set())


async def _begin(settings: Settings, notice: Notice, now: datetime) -> tuple[int, set[str]]:
    if notice.state is not NoticeState.SET or notice.start_at is None or notice.start_at > now:
        return 0, set()
    await sending.begin(settings, notice, now)
    return 1, set()


async def _fill(settings: Settings, notice: Notice, now: datetime) -> tuple[int, set[str]]:
    if notice.state is not NoticeState.GOING or notice.phase is NoticePhase.DONE:
        return 0, set()
    return await filling.fill(settings, notice, now), set()


async def _remind(settings: Settings, notice: Notice, now: datetime) -> tuple[int, set[str]]:
    if notice.state not in _ALIVE or notice.remind_due is None or notice.remind_due > now:
        return 0, set()
    return await reminding.remind(settings, notice, now)


async def _end(settings: Settings, notice: Notice, now: datetime) -> tuple[int, set[str]]:
    is_over = notice.ends_at is not None and notice.ends_at <= now
    if notice.state not in _ALIVE or not is_over or notice.ended_at is not None:
        return 0, set()
    return await ending.end(settings, notice, now)


async def _kept_going(step: Awaitable[tuple[int, set[str]]]) -> tuple[int, set[str]]:
    try:
        return await step
    except Exception:
        log.exception("a notice could not be brought on; it stays due")
        return 0, set()
