"""The duty of honours: writes the ballots when nominations are over, counts them when votes are, ends rounds.

What it says goes out by day. Each step is a transaction of its own; whatever is left, the database knows.
"""

import logging
from collections.abc import Awaitable, Mapping
from datetime import datetime

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from linzhang import logs
from linzhang.settings import Settings
from models import HonourBallot, HonourRound, HonourState, NoticeState
from programme.honours import closing, nominating, opening, periods, sending
from programme.honours.closing import Beside
from programme.notices import sending as notices
from programme.notices import writing
from projections import tallies
from projections.weeks import within

log = logging.getLogger(__name__)

_ALIVE = (NoticeState.GOING, NoticeState.OUT)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Do what is due of all rounds.

    Args:
        settings: The service's.
        limit: How much at most.

    Returns:
        How much was done, and the outbox lanes that have got rows.
    """
    now = settings.clock.now()
    if await notices.morning(settings, now) is not None:
        return 0, set()
    done, woken = 0, set[str]()
    for one in await _nominating():
        until = nominating.until(one)
        if until is not None and until <= now and done < limit:
            done += await _kept_going(_write(settings, one.notice_id, now), woken, one.notice_id)
    for ballot in await _over(now).limit(max(0, limit - done)):
        done += await _kept_going(_count(settings, ballot.id, now), woken, ballot.round.notice_id)
    for one in await HonourRound.filter(state=HonourState.VOTING).order_by("id"):
        if await closing.is_counted(one):
            done += await _kept_going(_end(settings, one.notice_id, now), woken, one.notice_id)
    return done, woken


async def next_due(settings: Settings) -> datetime | None:
    """When something is next due of a round, in programme time."""
    moments = [until for one in await _nominating() if (until := nominating.until(one)) is not None]
    voting = HonourBallot.filter(notice__state__in=_ALIVE, notice__ended_at=None, notice__secret=True)
    first = await voting.order_by("notice__ends_at").first().select_related("notice")
    if first is not None and first.notice is not None and first.notice.ends_at is not None:
        moments.append(first.notice.ends_at)
    due = min(moments, default=None)
    morning = await notices.morning(settings, settings.clock.now())
    return max(due, morning) if due is not None and morning is not None else due


async def beside(settings: Settings, ballot: HonourBallot) -> Mapping[int, Beside]:
    """The figures of the candidates' blocks in the round's period, by the blocks' ids.

    Args:
        settings: The service's.
        ballot: With its round.
    """
    first, last = within(*periods.span(ballot.round.period))
    found = {}
    for each in await closing.candidates_of(ballot):
        figures = await tallies.figures(settings.territory, each.block, first, last)
        found[each.block_id] = Beside(figures.answered_in_time_rate, figures.closed, figures.satisfaction)
    return found


async def _nominating() -> list[HonourRound]:
    """Rounds that are announced and whose nominations are open, or have just ended."""
    found = HonourRound.filter(state=HonourState.NOMINATING, notice__begun_at__isnull=False)
    found = found.exclude(notice__state=NoticeState.STOPPED)
    return await found.order_by("id").select_related("notice")


def _over(now: datetime) -> QuerySet[HonourBallot]:
    """Ballots whose time is over and which are not counted."""
    late = HonourBallot.filter(notice__state__in=_ALIVE, notice__ended_at=None, notice__ends_at__lte=now)
    return late.order_by("id").select_related("round")


async def _write(settings: Settings, number: int, now: datetime) -> set[str]:
    one = await opening.lock(number)
    until = nominating.until(one)
    if one.state is not HonourState.NOMINATING or until is None or until > now:
        return set()
    return await sending.write(settings, one, now)


async def _count(settings: Settings, ballot_id: int, now: datetime) -> set[str]:
    ballot = await HonourBallot.get(id=ballot_id).select_related("round", "unit")
    notice = await writing.lock(ballot.notice_id) if ballot.notice_id is not None else None
    if notice is None or notice.state not in _ALIVE or notice.ended_at is not None:
        return set()
    return await closing.close(settings, ballot, notice, await beside(settings, ballot), now)


async def _end(settings: Settings, number: int, now: datetime) -> set[str]:
    return await closing.end(settings, await opening.lock(number), now)


async def _kept_going(step: Awaitable[set[str]], woken: set[str], number: int) -> int:
    """Do a step in a transaction of its own; one that fails stops no other, and stays due."""
    with logs.about(notice=number):
        try:
            async with in_transaction():
                lanes = await step
        except Exception:
            log.exception("a round could not be brought on; it stays due")
            return 0
    woken |= lanes
    return 1
