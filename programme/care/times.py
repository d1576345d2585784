"""When somebody is asked: at the hour that they chose, and never at night. Pure functions."""

from datetime import datetime, time, timedelta

from linzhang.profile import Profile
from models import CareRecord, CareRhythm, CareWay

_MINUTES = 60


def next_due(record: CareRecord, after: datetime, profile: Profile) -> datetime | None:
    """The first moment of a record's rhythm after another; None: it has no rhythm.

    Args:
        record: Whose.
        after: Programme time.
        profile: Whose zone counts.
    """
    if record.rhythm is CareRhythm.OFF or record.ended_at is not None:
        return None
    day = after.astimezone(profile.zone).date()
    while True:
        moment = datetime.combine(day, clock(record.clock), profile.zone).astimezone(after.tzinfo)
        fits = record.rhythm is CareRhythm.DAILY or day.weekday() == record.weekday
        if fits and moment > after:
            return moment
        day += timedelta(days=1)


def by_day(moment: datetime, way: CareWay, profile: Profile) -> datetime:
    """A moment or, where it lies in the hours in which nobody is disturbed, the morning after it."""
    hours = profile.no_calls if way is CareWay.CALL else profile.quiet
    return hours.until(moment, profile.zone) or moment


def fits(minutes: int, way: CareWay, profile: Profile) -> bool:
    """Whether somebody may be asked at so many minutes after midnight."""
    day = datetime(2000, 1, 1, tzinfo=profile.zone)
    moment = datetime.combine(day.date(), clock(minutes), profile.zone)
    return by_day(moment, way, profile) == moment


def clock(minutes: int) -> time:
    """The time of day so many minutes after midnight."""
    return time(*divmod(minutes, _MINUTES))
