"""When a unit's level has risen so that people are to be told: once per rise to orange or red.

A level that falls and soon rises again is no news: only after the profile's time of calm is it told anew. Nor
is a rise because something is urgent: the whole chain has been called for that one.
Pure but for the row that it is given; who is told, and what, is in `alerts`.
"""

from datetime import datetime

from linzhang.profile import WarningLevels
from models import Level, UnitLoad

#: The lowest level of which anybody is told.
TOLD_FROM = Level.ORANGE


def turn(
    row: UnitLoad,
    level: Level,
    at: datetime,
    warning: WarningLevels,
    *,
    news: Level | None = None,
    silent: bool = False,
) -> bool:
    """Let a unit have a level; the row is not saved.

    Args:
        row: The unit's.
        level: The new one.
        at: Programme time.
        news: What it would be without what is urgent, of which everybody has heard already: rises of this
            are told. None: the same.
        warning: The profile's parameters.
        silent: Whether nobody is told, whatever it has risen to: they are taken to know.

    Returns:
        Whether the row is another one than before.
    """
    before = Level(row.level)
    news = level if news is None else min(level, news)
    if level == before and news <= row.told:
        return False
    if level != before:
        row.level, row.since = level, at
    if row.fell_at is not None and at - row.fell_at >= warning.calm:
        # It has been calm for long enough: what it has been at meanwhile is all that is known of it.
        row.told, row.fell_at = (before if before >= TOLD_FROM else Level.GREEN), None
    if news < TOLD_FROM and row.tell_at is not None:
        # It has fallen before anybody was told.
        row.told, row.fell_at = Level.GREEN, None
    if news < TOLD_FROM:
        row.tell_at = row.report_at = None
    if news >= TOLD_FROM and news > row.told:
        row.told, row.fell_at = news, None
        if not silent:
            row.tell_at, row.report_at = row.tell_at or at, row.report_at or at
    elif news < row.told:
        row.fell_at = row.fell_at or at
    else:
        row.fell_at = None
    return True
