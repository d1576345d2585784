"""Times of answers: by the clock on the wall, and by what the application and its database have worked for.

On a machine that has other things to do the first tells about these; the second is what an answer takes when
nobody is in the way, since the two take turns.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_NANO = 1e-9


@dataclass
class Times:
    """What some answers have taken, in seconds.

    Attributes:
        wall: From the question to the last byte.
        work: Of the application's processor and the database's together.
    """

    wall: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment: clocks when a question is asked."""

    wall: float
    work: float


class Stopwatch:
    """Takes times of this process and of a PostgreSQL whose backends it asks the kernel about.

    Args:
        postmaster: Id of its first process.
    """

    def __init__(self, postmaster: int) -> None:
        self._postmaster = postmaster

    def start(self) -> Mark:
        """A question is asked."""
        work = self._work()
        return Mark(time.perf_counter(), work)

    def stop(self, mark: Mark, times: Times) -> None:
        """It is answered."""
        wall = time.perf_counter() - mark.wall
        times.wall.append(wall)
        times.work.append(self._work() - mark.work)

    def _work(self) -> float:
        children = Path(f"/proc/{self._postmaster}/task/{self._postmaster}/children").read_text().split()
        return time.process_time() + sum(_worked(child) for child in children)


def _worked(process: str) -> float:
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) * _NANO
    except FileNotFoundError:
        return 0.0  # gone meanwhile


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of all do not exceed: 0.95 for the 95th percentile."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
