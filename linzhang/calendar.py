"""The hours in which the programme's windows run.

Bozhou counts all 24 hours; another programme may count 07:00 to 21:00 only. Pure functions of
their arguments: nothing here asks for the time.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, model_validator


class Calendar(BaseModel):
    """Which hours of the day count.

    Attributes:
        opens: Local time at which the hours begin to count.
        closes: Local time at which they stop; equal to `opens` means all 24 hours count.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    opens: time = time(0)
    closes: time = time(0)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Calendar":
        if self.opens > self.closes:
            raise ValueError("calendar: 'opens' must be before 'closes' (equal: all 24 hours count)")
        return self

    @property
    def around_the_clock(self) -> bool:
        """Whether every hour counts."""
        return self.opens == self.closes

    def add(self, start: datetime, window: timedelta, zone: ZoneInfo) -> datetime:
        """The moment when `window` of counted time has passed since `start`.

        Hours are added on the absolute time line, so that a change to summer time neither adds to
        a window nor takes from it; only the opening hours themselves are local.
        """
        if self.around_the_clock:
            return start + window
        moment, left = start, window
        while True:
            opens, closes = self._hours_of(moment, zone)
            if moment < opens:
                moment = opens
            if moment < closes and moment + left <= closes:
                return moment + left
            if moment < closes:
                left -= closes - moment
            local_day = moment.astimezone(zone).date() + timedelta(days=1)
            moment = datetime.combine(local_day, self.opens, zone).astimezone(start.tzinfo)

    def _hours_of(self, moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        day = moment.astimezone(zone).date()
        return (
            datetime.combine(day, self.opens, zone).astimezone(moment.tzinfo),
            datetime.combine(day, self.closes, zone).astimezone(moment.tzinfo),
        )
