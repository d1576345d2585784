"""The duty of the desk's projections: a moment after an issue has changed, maps, figures and words show it.

One module for the worker; how it is done stands in `projections.duty`.
"""

from datetime import datetime

from linzhang.settings import Settings
from projections import duty


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Show what has changed, and tell leaders of levels that have risen.

    Args:
        settings: The service's.
        limit: How many issues at most.

    Returns:
        How many were shown, and the outbox lanes that have got rows.
    """
    return await duty.run(settings, limit)


async def next_due(settings: Settings) -> datetime | None:
    """When there is next something to show or to tell, in programme time."""
    return await duty.next_due(settings)
