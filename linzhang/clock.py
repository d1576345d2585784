"""Time as a parameter: what o'clock it is in the programme, and on the machine.

Programme time decides deadlines and is what people are told; a demo lets it run 360 times as
fast and a test moves it by hand. Machine time decides leases and back-off and never changes speed.
Nothing else in the project may ask the operating system for the time.
"""

import json
import time
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


class FileClock:
    """A clock that several processes share through a small file, so that they all jump together.

    The file says at which machine time the programme's clock showed what, and how fast it has run
    since. It is read again whenever it has changed. A missing file means machine time at speed 1.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: int | None = None
        self._machine = 0.0
        self._programme = 0.0
        self._speed = 1.0

    def now(self) -> datetime:
        """See `Clock.now`."""
        self._refresh()
        elapsed = time.time() - self._machine
        return datetime.fromtimestamp(self._programme + elapsed * self._speed, UTC)

    def wall(self) -> datetime:
        """See `Clock.wall`."""
        return datetime.now(UTC)

    def seconds_until(self, moment: datetime) -> float:
        """See `Clock.seconds_until`."""
        ahead = (moment - self.now()).total_seconds()
        return max(0.0, ahead / self._speed)

    @property
    def speed(self) -> float:
        """Programme seconds that pass in one second of the machine."""
        self._refresh()
        return self._speed

    def set(self, moment: datetime, speed: float | None = None) -> None:
        """Make the programme's clock show `moment` and run on from there.

        Raises:
            ValueError: The speed is not above zero, or the clock would go backwards: deadlines
                that were already acted on must not lie ahead again.
        """
        self._refresh()
        speed = self._speed if speed is None else speed
        if speed <= 0:
            raise ValueError("The clock's speed must be above zero.")
        if self._path.exists() and moment < self.now():
            raise ValueError("The programme's clock cannot be put back; delete the data to start anew.")
        state = {"machine": time.time(), "programme": moment.timestamp(), "speed": speed}
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(self._path)
        self._read_at = None

    def advance(self, step: timedelta) -> None:
        """Let `step` pass at once."""
        self.set(self.now() + step)

    def _refresh(self) -> None:
        try:
            changed = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            self._machine = self._programme = time.time()
            return
        if changed == self._read_at:
            return
        state = json.loads(self._path.read_text(encoding="utf-8"))
        self._machine = float(state["machine"])
        self._programme = float(state["programme"])
        self._speed = float(state["speed"])
        self._read_at = changed
