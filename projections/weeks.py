"""Weeks: from Monday to Sunday, as ISO 8601 has them, in the programme's zone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(moment: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week in which a moment lies."""
    return monday(moment.astimezone(zone).date())


def weeks(first: date, last: date) -> Iterator[date]:
    """The Mondays of all weeks from that of one day to that of another."""
    week = monday(first)
    while week <= last:
        yield week
        week += WEEK
