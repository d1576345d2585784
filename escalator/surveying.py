"""The duty of surveys: lists, announces, draws, asks, reminds, ends. At night nobody is told anything.

Each step is a transaction of its own; whatever is left, the database knows. It is looked for again a second
later while there is something to do: that is what gives surveys their pace.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from linzhang import logs
from linzhang.settings import Settings
from models import Survey, SurveyPerson, SurveyState
from programme.thanks.surveys import asking, choosing, ending, listing, opening

log = logging.getLogger(__name__)

#: Bytes of a secret word.
_SECRET = 32

#: How a survey is changed by one step; returns how much was done, and the lanes that have got rows.
_Step = Callable[[Settings, Survey, datetime], Awaitable[tuple[int, set[str]]]]


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Do what is due of all surveys.

    Args:
        settings: The service's.
        limit: How much at most; what is left waits for the next look, a second later.

    Returns:
        How much was done, always less than the limit, and the outbox lanes that have got rows.
    """
    now, profile = settings.clock.now(), settings.territory
    done, woken = 0, set[str]()
    done += await _each(settings, Survey.filter(state=SurveyState.LISTING), _list, now, woken)
    waiting = Survey.filter(state=SurveyState.ANNOUNCED, draw_at__lte=now)
    drawing = Survey.filter(state=SurveyState.DRAWING)
    done += await _each(settings, waiting, _begin, now, woken)
    done += await _each(settings, drawing, _draw, now, woken)
    if profile.quiet.until(now, profile.zone) is None:
        over = Survey.filter(state=SurveyState.ASKING, ends_at__lte=now)
        done += await _each(settings, over, _end, now, woken)
        pace = min(limit, max(1, int(profile.notices.pace)))
        due = SurveyPerson.filter(due__lte=now, survey__state=SurveyState.ASKING)
        for row in await due.order_by("due", "id").limit(pace).values("id"):
            done += await _kept_going(_ask(settings, row["id"], now), woken)
    return min(done, limit - 1), woken


async def next_due(settings: Settings) -> datetime | None:
    """When something is next due of a survey, in programme time."""
    now, profile = settings.clock.now(), settings.territory
    if await Survey.filter(state__in=[SurveyState.LISTING, SurveyState.DRAWING]).exists():
        return now
    moments = []
    drawn = await Survey.filter(state=SurveyState.ANNOUNCED).order_by("draw_at").first()
    if drawn is not None and drawn.draw_at is not None:
        moments.append(drawn.draw_at)
    by_day = []
    over = await Survey.filter(state=SurveyState.ASKING).order_by("ends_at").first()
    if over is not None and over.ends_at is not None:
        by_day.append(over.ends_at)
    asked = SurveyPerson.filter(due__isnull=False, survey__state=SurveyState.ASKING)
    first = await asked.order_by("due").first()
    if first is not None and first.due is not None:
        by_day.append(first.due)
    for moment in by_day:
        moments.append(profile.quiet.until(max(moment, now), profile.zone) or moment)
    return min(moments, default=None)


async def _each(
    settings: Settings, which: QuerySet[Survey], step: _Step, now: datetime, woken: set[str]
) -> int:
    """Do a step with each of some surveys; one that fails stops no other."""
    done = 0
    for row in await which.order_by("id").values("id"):
        with logs.about(survey=row["id"]):
            done += await _kept_going(_alone(settings, row["id"], step, now), woken)
    return done


async def _alone(settings: Settings, survey_id: int, step: _Step, now: datetime) -> tuple[int, set[str]]:
    async with in_transaction():
        return await step(settings, await opening.lock(survey_id), now)


async def _list(settings: Settings, survey: Survey, now: datetime) -> tuple[int, set[str]]:
    if survey.state is not SurveyState.LISTING:
        return 0, set()  # another worker was a moment faster
    return await listing.go_on(settings, survey, now, nonce=secrets.token_hex(_SECRET))


async def _begin(settings: Settings, survey: Survey, now: datetime) -> tuple[int, set[str]]:  # noqa: ARG001
    if survey.state is not SurveyState.ANNOUNCED:
        return 0, set()
    await choosing.begin(survey, now)
    return 1, set()


async def _draw(settings: Settings, survey: Survey, now: datetime) -> tuple[int, set[str]]:
    if survey.state is not SurveyState.DRAWING:
        return 0, set()
    return 1 + await choosing.go_on(settings, survey, now), set()


async def _end(settings: Settings, survey: Survey, now: datetime) -> tuple[int, set[str]]:
    if survey.state is not SurveyState.ASKING or survey.ends_at is None or survey.ends_at > now:
        return 0, set()
    return 1, await ending.end(settings, survey, now)


async def _ask(settings: Settings, drawn_id: int, now: datetime) -> tuple[int, set[str]]:
    async with in_transaction():
        drawn = await SurveyPerson.select_for_update().get_or_none(id=drawn_id)
        if drawn is None or drawn.due is None or drawn.due > now:
            return 0, set()
        await drawn.fetch_related("survey", "person", "block__unit", "block__leader")
        return 1, await asking.go_on(settings, drawn, now)


async def _kept_going(step: Awaitable[tuple[int, set[str]]], woken: set[str]) -> int:
    try:
        count, lanes = await step
    except Exception:
        log.exception("a survey could not be brought on; it stays due")
        return 0
    woken |= lanes
    return count
