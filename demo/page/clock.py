"""The programme's clock as the page shows it, and what it showed when something happened.

Matrix and the carrier date everything by the machine; people read programme time. It moves the
clock only forward and only when somebody presses a button.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from linzhang.clock import FileClock, SystemClock


class PageClock:
    """The shared clock, watched.

    Args:
        clock: The one that the whole demo shares.
        on_change: Called whenever the clock was touched, by whomever.
    """

    def __init__(self, clock: FileClock, on_change: Callable[[], None]) -> None:
        self._clock = clock
        self._on_change = on_change
        self._seen = clock.mark

    def as_json(self) -> dict[str, Any]:
        """From what the browser counts on; milliseconds since 1970."""
        mark = self._clock.mark
        return {
            "machine": round(mark.machine * 1000),
            "programme": round(mark.programme * 1000),
            "speed": mark.speed,
            "machine_now": round(SystemClock().wall().timestamp() * 1000),
        }

    def advance(self, step: timedelta) -> None:
        """Let `step` of programme time pass at once."""
        self._clock.advance(step)
        self.look()

    def run(self, speed: float) -> None:
        """Let programme time run on at another speed."""
        self._clock.run(speed)
        self.look()

    def look(self) -> None:
        """Notice whether the clock was touched since the last look."""
        if self._clock.mark != self._seen:
            self._seen = self._clock.mark
            self._on_change()

    def at(self, machine: datetime) -> datetime:
        """What the clock showed at a machine time."""
        return self._clock.then(machine)

    async def watch(self, interval: float) -> None:
        """Look again and again, for ever."""
        while True:
            self.look()
            await asyncio.sleep(interval)
