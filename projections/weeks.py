"""Weeks: from Monday to Sunday, as ISO 8601 has them, in the programme's zone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)

_THURSDAY = timedelta(days=3)


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(moment: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week in which a moment lies."""
    return monday(moment.astimezone(zone).date())


def within(first: date, after: date) -> tuple[date, date]:
    """The Mondays of the first and the last week of a month or a year: of those that have most days in it.

    Each week belongs to one of them, as ISO 8601 gives each to one year: to that in which its Thursday lies.

    Args:
        first: Its first day.
        after: The first day after it.
    """
    return monday(first + _THURSDAY), monday(after + _THURSDAY) - WEEK


def weeks(first: date, last: date) -> Iterator[date]:
    """The Mondays of all weeks from that of one day to that of another."""
    week = monday(first)
    while week <= last:
        yield week
        week += WEEK
