"""Lets the projections hear of changes that no transition makes: names, moved units, counted households.

What a transition changes, it marks itself (`issues.lifecycle`). All of this is called in the transaction that
makes the change; the duty does the rest (`escalator.projecting`).
"""

from issues import chain
from linzhang.settings import Settings
from models import Issue, ProjectionState


async def reported_by(settings: Settings, person_id: int) -> None:
    """Somebody is called otherwise now: their issues are found by the new name."""
    await Issue.filter(reporter_id=person_id).update(stale_at=settings.clock.wall())


async def below(settings: Settings, path: str) -> None:
    """A unit has another name or place: so have the issues there and below it.

    Args:
        settings: The service's.
        path: The unit's, as it is now.
    """
    await Issue.filter(chain.below(path)).update(stale_at=settings.clock.wall())


async def sizes(settings: Settings) -> None:
    """Units or households may have come, gone or moved: how many live below each unit is counted anew."""
    await ProjectionState.all().update(sizes_stale_at=settings.clock.wall())
