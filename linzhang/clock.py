"""Time as a parameter: what o'clock it is in the programme, and on the machine.

Programme time decides deadlines and is what people are told; a demo lets it run 360 times as
fast and a test moves it by hand. Machine time decides leases and back-off and never changes speed.
Nothing else in the project may ask the operating system for the time.
"""

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Where a part of the service gets the time from."""

    def now(self) -> datetime:
        """Programme time, in UTC with its zone set."""
        ...

    def wall(self) -> datetime:
        """Machine time, in UTC with its zone set: for leases, back-off and the carrier's dates."""
        ...

    def seconds_until(self, moment: datetime) -> float:
        """Seconds of machine time until the programme's clock shows `moment`; never negative."""
        ...


class SystemClock:
    """Production: the programme's time is the machine's."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)

    def wall(self) -> datetime:
        """See `Clock.wall`."""
        return datetime.now(UTC)

    def seconds_until(self, moment: datetime) -> float:
        """See `Clock.seconds_until`."""
        return max(0.0, (moment - self.now()).total_seconds())


@dataclass(frozen=True, slots=True)
class Mark:
    """When the machine's clock showed `machine`, the programme's showed `programme`, and ran on from there.

    Attributes:
        machine: Seconds since 1970.
        programme: Seconds since 1970.
        speed: Programme seconds per machine second.
    """

    machine: float
    programme: float
    speed: float

    def at(self, machine: float) -> float:
        """What the programme's clock shows at a machine time, if it is not touched again."""
        return self.programme + (machine - self.machine) * self.speed


#: Where nobody has set a clock, programme time is machine time.
_MACHINE_TIME = Mark(0.0, 0.0, 1.0)

#: How many marks a clock's file keeps; who looks further back gets the pace of the oldest one.
_KEEP = 500


class FileClock:
    """A clock that several processes share through a small file, so that they all jump together.

    The file holds the clock's course: a mark for each time that somebody touched it. It is read again
    whenever it has changed. A missing file means machine time at speed 1.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int, int] | None = None
        self._course = [_MACHINE_TIME]

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.fromtimestamp(self.mark.at(time.time()), UTC)

    def wall(self) -> datetime:
        """See `Clock.wall`."""
        return datetime.now(UTC)

    def seconds_until(self, moment: datetime) -> float:
        """See `Clock.seconds_until`."""
        ahead = (moment - self.now()).total_seconds()
        return max(0.0, ahead / self.speed)

    @property
    def mark(self) -> Mark:
        """When the clock was last touched, and how it runs since."""
        self._refresh()
        return self._course[-1]

    @property
    def speed(self) -> float:
        """Programme seconds that pass in one second of the machine."""
        return self.mark.speed

    def then(self, machine: datetime) -> datetime:
        """What the clock showed at a machine time, as long as its file remembers."""
        self._refresh()
        seconds = machine.timestamp()
        mark = next((each for each in reversed(self._course) if each.machine <= seconds), self._course[0])
        return datetime.fromtimestamp(mark.at(seconds), UTC)

    def set(self, moment: datetime, speed: float | None = None) -> None:
        """Make the programme's clock show `moment` and run on from there.

        Raises:
            ValueError: The speed is not above zero, or the clock would go backwards: deadlines
                that were already acted on must not lie ahead again.
        """
        if self._path.exists() and moment < self.now():
            raise ValueError("The programme's clock cannot be put back; delete the data to start anew.")
        self._write(time.time(), moment.timestamp(), self.speed if speed is None else speed)

    def advance(self, step: timedelta) -> None:
        """Let `step` pass at once.

        Raises:
            ValueError: It would go backwards.
        """
        if step < timedelta(0):
            raise ValueError("The programme's clock cannot be put back; delete the data to start anew.")
        machine = time.time()
        self._write(machine, self.mark.at(machine) + step.total_seconds(), self.speed)

    def run(self, speed: float) -> None:
        """Run on at another speed.

        Raises:
            ValueError: The speed is not above zero.
        """
        machine = time.time()
        self._write(machine, self.mark.at(machine), speed)

    def _write(self, machine: float, programme: float, speed: float) -> None:
        if speed <= 0:
            raise ValueError("The clock's speed must be above zero.")
        course = self._course if self._path.exists() else []
        course = [*course, Mark(machine, programme, speed)][-_KEEP:]
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps({"course": [asdict(mark) for mark in course]}), encoding="utf-8")
        draft.replace(self._path)
        self._read_at = None

    def _refresh(self) -> None:
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            self._course = [_MACHINE_TIME]
            return
        # Two writes of one moment have the same time, but not the same file.
        changed = (facts.st_mtime_ns, facts.st_ino, facts.st_size)
        if changed != self._read_at:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            self._course = [Mark(**mark) for mark in found["course"]]
            self._read_at = changed
