"""How the projections stand: what an operator asks when a map does not move."""

from dataclasses import dataclass
from datetime import datetime

from linzhang.settings import Settings
from models import Issue, Projected, ProjectionState
from projections import sizes
from projections.duty import NAME, digest


@dataclass(frozen=True, slots=True)
class Status:
    """How the projections stand.

    Attributes:
        issues: How many issues there are.
        shown: How many of them the projections show.
        stale: How many have changed, and are not shown as they are now.
        stale_since: Machine time since which the longest has waited; None: none waits.
        follows_profile: Whether the levels are made by the profile's parameters as they are now.
        sized: Whether the households of all units are counted.
        rebuilt_at: Machine time of the last rebuild from scratch; None: there was none.
    """

    issues: int
    shown: int
    stale: int
    stale_since: datetime | None
    follows_profile: bool
    sized: bool
    rebuilt_at: datetime | None


async def status(settings: Settings) -> Status:
    """How they stand now."""
    state = await ProjectionState.get_or_none(name=NAME)
    waiting = Issue.exclude(stale_at=None)
    first = await waiting.order_by("stale_at").first()
    return Status(
        issues=await Issue.all().count(),
        shown=await Projected.all().count(),
        stale=await waiting.count(),
        stale_since=first.stale_at if first else None,
        follows_profile=state is not None and state.parameters == digest(settings.territory.warning),
        sized=state is not None and not await sizes.are_stale(state),
        rebuilt_at=state.rebuilt_at if state else None,
    )
