"""The feed of what has changed, which live pages follow: an issue, or the level of a unit.

The duty appends to it in the transaction in which it brings the projections up to date, and there is one
such transaction at a time: so ids ascend in the order in which readers come to see them, and who asks for
what comes after the last one they have seen misses nothing. It is pruned after a day: a page that was away
for longer reads everything anew.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from models import Change, ChangeKind, Level

#: For how long a line can be read, in machine time.
KEPT = timedelta(days=1)


async def after(last: int, limit: int) -> list[Change]:
    """What has changed after a line of the feed, the first first.

    Args:
        last: Id of the last line that was read; see `newest` for where to begin.
        limit: How many at most.
    """
    return await Change.filter(id__gt=last).order_by("id").limit(limit)


async def oldest() -> int:
    """Id of the first line that can still be read; 0: there is none."""
    first = await Change.all().order_by("id").first()
    return first.id if first else 0


async def newest() -> int:
    """Id of the last line that there is; 0: there is none."""
    last = await Change.all().order_by("-id").first()
    return last.id if last else 0


def of_issue(issue_id: int, path: str, at: datetime) -> Change:
    """A line that says that an issue has changed; not saved yet.

    Args:
        issue_id: Which.
        path: Of the unit that it is about; empty: nobody knows.
        at: Machine time.
    """
    return Change(at=at, kind=ChangeKind.ISSUE, path=path, issue_id=issue_id)


def of_level(unit_id: int, path: str, level: Level, at: datetime) -> Change:
    """A line that says that a unit has got another level; not saved yet.

    Args:
        unit_id: Which.
        path: The unit's.
        level: Its level now.
        at: Machine time.
    """
    return Change(at=at, kind=ChangeKind.LEVEL, path=path, unit_id=unit_id, level=level)


async def append(lines: Iterable[Change], now: datetime) -> None:
    """Append lines, and let go of what is too old to be read; in the duty's transaction.

    Args:
        lines: In the order in which it happened.
        now: Machine time.
    """
    await Change.bulk_create(lines)
    oldest = await Change.all().order_by("id").first()
    if oldest is not None and oldest.at < now - KEPT:
        # The last one stays, so that ids ascend for ever on SQLite too.
        await Change.filter(at__lt=now - KEPT, id__lt=await newest()).delete()
