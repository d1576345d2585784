"""Times of answers: by the clock on the wall, and by what the application and its database have worked for.

On a machine that has other things to do the first tells about these; the second is what an answer takes when
nobody is in the way, since the two take turns.
"""

import math
import os
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


def worked(process: int) -> float:
    """Seconds that a process, its children and those that they were have worked on some processor."""
    return _ticks(process, 4) + sum(_ticks(child, 2) for child in _children(process))


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for each in found for child in each.read_text().split()]


def _ticks(process: int, fields: int) -> float:
    """The times of a process in proc(5): user and system, then the same of children that have ended."""
    try:
        facts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0  # gone meanwhile
    return sum(map(int, facts[11 : 11 + fields])) / os.sysconf("SC_CLK_TCK")


def _worked(process: str) -> float:
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) * _NANO
    except FileNotFoundError:
        return 0.0  # gone meanwhile


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of all do not exceed: 0.95 for the 95th percentile."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
