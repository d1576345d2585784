"""The duty of campaigns: gives blocks their lists, counts, reminds, and ends; never at night but to count."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from linzhang import logs
from linzhang.settings import Settings
from models import Campaign, CampaignBlock, CampaignState
from programme.doors import counting, ending, opening, reminding, telling

log = logging.getLogger(__name__)

#: Batches of lists, and of blocks to count, of one look: a city must not keep the sweep for itself.
_BATCHES = 4

#: How a campaign is changed by one step; returns how much was done, and the lanes that have got rows.
_Step = Callable[[Settings, Campaign, datetime], Awaitable[tuple[int, set[str]]]]


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Do what is due of all campaigns.

    Args:
        settings: The service's.
        limit: How much at most; what is left waits for the next look, a second later.

    Returns:
        How much was done, always less than the limit, and the outbox lanes that have got rows.
    """
    now = settings.clock.now()
    woken: set[str] = set()
    done = 0
    if _morning(settings, now) == now:
        for _ in range(_BATCHES):
            done += await _each(settings, _telling().filter(from_at__lte=now), telling.go_on, now, woken)
        due = _open().filter(remind_due__lte=now, until_at__gt=now)
        done += await _each(settings, due, reminding.remind, now, woken)
    for _ in range(_BATCHES):
        if await counting.count() < counting.BATCH:
            break
    if _morning(settings, now) == now:
        done += await _each(settings, _open().filter(until_at__lte=now), ending.end, now, woken)
    return min(done, limit - 1), woken


async def next_due(settings: Settings) -> datetime | None:
    """When something is next due of a campaign, in programme time."""
    now = settings.clock.now()
    moments: list[datetime] = []
    changed = await CampaignBlock.filter(stale_at__isnull=False).first().select_related("campaign")
    if changed is not None:
        moments.append(changed.campaign.made_at)
    first = await _telling().order_by("from_at").first()
    if first is not None:
        moments.append(max(first.from_at, _morning(settings, max(first.from_at, now))))
    late = await _open().filter(remind_due__isnull=False).order_by("remind_due").first()
    if late is not None and late.remind_due is not None:
        moments.append(max(late.remind_due, _morning(settings, max(late.remind_due, now))))
    over = await _open().order_by("until_at").first()
    if over is not None:
        moments.append(max(over.until_at, _morning(settings, max(over.until_at, now))))
    return min(moments, default=None)


def _open() -> QuerySet[Campaign]:
    return Campaign.filter(state=CampaignState.OPEN)


def _telling() -> QuerySet[Campaign]:
    return _open().filter(telling=True)


def _morning(settings: Settings, moment: datetime) -> datetime:
    """A moment or, where it lies in the night, the morning after it."""
    profile = settings.territory
    return profile.quiet.until(moment, profile.zone) or moment


async def _each(
    settings: Settings, which: QuerySet[Campaign], step: _Step, now: datetime, woken: set[str]
) -> int:
    """Do a step with each of some campaigns, in a transaction of its own; one that fails stops no other."""
    done = 0
    for row in await which.order_by("id").values("id"):
        with logs.about(campaign=row["id"]):
            try:
                count, lanes = await _alone(settings, row["id"], step, now)
            except Exception:
                log.exception("a campaign could not be brought on; it stays due")
            else:
                done += count
                woken |= lanes
    return done


async def _alone(settings: Settings, campaign_id: int, step: _Step, now: datetime) -> tuple[int, set[str]]:
    async with in_transaction():
        campaign = await opening.lock(campaign_id)
        return await step(settings, campaign, now) if campaign.state is CampaignState.OPEN else (0, set())
