"""The hours in which nobody is woken for what can wait until the morning.

Pure functions of their arguments: nothing here asks for the time. What can wait is not decided here.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict


class Quiet(BaseModel):
    """The quiet hours of a day, usually over midnight.

    Attributes:
        begins: Local time from which it is quiet.
        ends: Local time at which the morning begins; equal to `begins` means that it is never quiet.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    begins: time = time(0)
    ends: time = time(0)

    def until(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When the morning begins, if a moment lies in the quiet hours; None: it does not."""
        local = moment.astimezone(zone)
        clock = local.time()
        if self.begins <= self.ends:
            is_quiet = self.begins <= clock < self.ends
        else:
            is_quiet = clock >= self.begins or clock < self.ends
        if not is_quiet:
            return None
        day = local.date() if clock < self.ends else local.date() + timedelta(days=1)
        return datetime.combine(day, self.ends, zone).astimezone(moment.tzinfo)
