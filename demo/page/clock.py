"""The programme's clock as the page shows it, and what it showed when something happened.

Matrix and the carrier date everything by the machine; people read programme time. It moves the
clock only forward and only when somebody presses a button.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linzhang.clock import FileClock

_TOLERANCE = timedelta(milliseconds=200)


@dataclass(frozen=True)
class Anchor:
    """At `machine` the clock showed `programme`, and has run with `speed` since.

    Attributes:
        machine: Machine time.
        programme: Programme time.
        speed: Programme seconds per machine second.
    """

    machine: datetime
    programme: datetime
    speed: float

    def at(self, machine: datetime) -> datetime:
        """What the clock shows at a machine time, if it is not touched again."""
        return self.programme + (machine - self.machine) * self.speed

    def as_json(self) -> dict[str, Any]:
        """For the browser, which counts on from here; milliseconds since 1970."""
        return {
            "machine": round(self.machine.timestamp() * 1000),
            "programme": round(self.programme.timestamp() * 1000),
            "speed": self.speed,
        }


class PageClock:
    """The shared clock, watched: each jump and each change of speed is remembered.

    Attributes:
        on_change: Called with the new anchor whenever the clock was touched, by whomever.
    """

    def __init__(self, clock: FileClock, on_change: Callable[[Anchor], None]) -> None:
        self._clock = clock
        self.on_change = on_change
        self._anchors = [self._read()]

    @property
    def anchor(self) -> Anchor:
        """The present course of the clock."""
        return self._anchors[-1]

    def advance(self, step: timedelta) -> None:
        """Let `step` of programme time pass at once."""
        self._clock.advance(step)
        self.look()

    def look(self) -> None:
        """Notice whether the clock was touched since the last look."""
        found = self._read()
        expected = self.anchor.at(found.machine)
        if found.speed != self.anchor.speed or abs(found.programme - expected) > _TOLERANCE * max(
            1.0, found.speed
        ):
            self._anchors.append(found)
            self.on_change(found)

    def at(self, machine: datetime) -> datetime:
        """What the clock showed at a machine time.

        What happened before the page was started is dated back from then at the machine's pace:
        nobody kept the clock's earlier course.
        """
        for anchor in reversed(self._anchors):
            if machine >= anchor.machine:
                return anchor.at(machine)
        first = self._anchors[0]
        return first.programme - (first.machine - machine)

    async def watch(self, interval: float) -> None:
        """Look again and again, for ever."""
        while True:
            self.look()
            await asyncio.sleep(interval)

    def _read(self) -> Anchor:
        return Anchor(self._clock.wall(), self._clock.now(), self._clock.speed)
