"""Borders from a file: planned first, then carried out in the same transaction; a dry run takes it back."""

from contextlib import suppress
from pathlib import Path

from tortoise.transactions import in_transaction

from linzhang.settings import Settings
from territory import texts as rows
from territory.borders.drawing import one_at_a_time
from territory.borders.geojson import read
from territory.borders.plan import BorderPlan
from territory.plan import Changes
from territory.rows import of_file


class _DryRun(Exception):
    """Undoes the transaction of a dry run."""


async def load_borders(
    settings: Settings,
    path: Path,
    *,
    tier: str = "",
    dry_run: bool = False,
    keep_all: bool = False,
    expected: str | None = None,
) -> Changes:
    """Load a file of borders, all or none of them. The database must be open.

    Args:
        settings: The service's.
        path: GeoJSON.
        tier: Key or name of the tier of those features that name a unit and not its tier; empty: any.
        dry_run: Whether everything is looked at and nothing is changed.
        keep_all: Whether every change is kept in words, not some of each kind.
        expected: The fingerprint of the changes that somebody has been shown before; where others would be
            made now, nothing is.

    Returns:
        What the file has changed, or would.

    Raises:
        TerritoryError: The file or some of its features are wrong; it names each.
    """
    features = read(path)
    with suppress(_DryRun):
        async with in_transaction() as connection:
            await one_at_a_time(connection)
            plan = await BorderPlan.make(connection, settings.territory, features, tier, keep_all=keep_all)
            await plan.apply(connection)
            if expected not in (None, plan.changes.fingerprint):
                raise of_file(rows.NOW_DIFFERENT)
            if dry_run:
                raise _DryRun
    return plan.changes
