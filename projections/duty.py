"""The one duty of the projections: what has changed is shown a moment later, and leaders hear of levels.

In one transaction per batch, by one writer at a time. It finds all that is to be done in the database alone,
and can be broken off anywhere.
"""

import hashlib
import logging
from datetime import datetime

from tortoise.transactions import in_transaction

from issues.standing import IN_HAND
from linzhang.profile import WarningLevels
from linzhang.settings import Settings
from models import Issue, Projected, ProjectionState, UnitLoad
from projections import alerts, changes, sizes, statements
from projections.bringing import Bringing

log = logging.getLogger(__name__)

NAME = "projections"


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Show what has changed, the longest stale first; then tell of levels that have risen.

    Args:
        settings: The service's.
        limit: How many issues at most.

    Returns:
        How many issues were brought up to date, and the outbox lanes that have got rows.
    """
    async with in_transaction() as connection:
        if not await statements.alone(connection):
            return 0, set()  # another worker is at it
        at = settings.clock.now()
        state, _ = await ProjectionState.get_or_create(name=NAME)
        await _follow_profile(settings, state)
        bringing = Bringing(connection, settings, at, silent=state.silent)
        if await sizes.are_stale(state):
            quietly = Bringing(connection, settings, at, silent=True)
            await changes.append(await sizes.count(quietly, state), settings.clock.wall())
        ids = await _stale(limit)
        ids += await _due(at, limit - len(ids), besides=ids)
        if ids:
            await bringing.bring(ids)
        if state.silent and len(ids) < limit:
            # All that was there before has been gone through: from now on it is news.
            await ProjectionState.filter(name=NAME).update(silent=False)
    if len(ids) == limit:
        return len(ids), set()  # while much is left to be shown, levels are not what they will be
    return len(ids), await _tell(settings, limit)


async def next_due(settings: Settings) -> datetime | None:
    """When there is next something to show or to tell, in programme time."""
    now = settings.clock.now()
    state = await ProjectionState.get_or_none(name=NAME)
    if state is None or state.silent or state.parameters != digest(settings.territory.warning):
        return now
    if await Issue.exclude(stale_at=None).exists() or await sizes.are_stale(state):
        return now
    found: list[datetime] = []
    for model, column in ((Projected, "next_at"), (UnitLoad, "tell_at"), (UnitLoad, "report_at")):
        rows = model.filter(**{f"{column}__isnull": False}).order_by(column).limit(1)
        found += [row[column] for row in await rows.values(column)]
    return min(found, default=None)


async def _stale(limit: int) -> list[int]:
    """Ids of issues that have changed."""
    rows = Issue.exclude(stale_at=None).order_by("stale_at", "id").limit(limit)
    return [row["id"] for row in await rows.values("id")]


async def _due(at: datetime, limit: int, *, besides: list[int]) -> list[int]:
    """Ids of issues that weigh more by now, as time has passed."""
    if limit <= 0:
        return []
    rows = Projected.filter(next_at__lte=at).order_by("next_at", "issue_id").limit(limit + len(besides))
    known = set(besides)
    return [row["issue_id"] for row in await rows.values("issue_id") if row["issue_id"] not in known][:limit]


async def _follow_profile(settings: Settings, state: ProjectionState) -> None:
    """Let all weights and levels be made anew, in silence, where the profile's parameters are others."""
    parameters = digest(settings.territory.warning)
    if state.parameters == parameters:
        return
    wall = settings.clock.wall()
    if state.parameters:
        await Issue.filter(state__in=IN_HAND).update(stale_at=wall)
        state.silent = True
    state.parameters, state.sizes_stale_at = parameters, wall
    await state.save()


def digest(warning: WarningLevels) -> str:
    """Tells whether two profiles make the same weights and levels."""
    return hashlib.sha256(warning.model_dump_json().encode()).hexdigest()


async def _tell(settings: Settings, limit: int) -> set[str]:
    """Tell of what has risen; an error of ours leaves it to be told, and the map as it is."""
    try:
        async with in_transaction() as connection:
            if not await statements.alone(connection):
                return set()
            return (await alerts.tell(settings, limit))[1]
    except Exception:
        log.exception("levels that have risen could not be told of")
        return set()
