"""Which figures there are: how each is read from `Figures`, and what it is called.

One table for the page, its plots, its files and the report, so that a number is the same everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from linzhang.words import Text
from projections.tallies import Figures
from web.desk.texts import figures as texts


class Kind(Enum):
    """What a figure is."""

    COUNT = auto()  # a whole number
    SHARE = auto()  # from 0 to 1
    TIME = auto()  # a duration
    MARK = auto()  # from 1 to 5


#: What a figure can be; None: there is nothing to reckon it from.
Value = int | float | timedelta | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure.

    Attributes:
        key: Its name in addresses.
        kind: What it is.
        text: What it is called.
        of: Reads it.
        good: 1 where more is better, -1 where less is, 0 where neither can be said.
        in_files_only: Whether it stands in files and not in the page's tables.
    """

    key: str
    kind: Kind
    text: Text
    of: Callable[[Figures], Value]
    good: int = 0
    in_files_only: bool = False


RECEIVED = Measure("received", Kind.COUNT, texts.RECEIVED, lambda of: of.received)
ANSWERED_IN_TIME = Measure(
    "in_time", Kind.SHARE, texts.ANSWERED_IN_TIME, lambda of: of.answered_in_time_rate, 1
)
CLOSED = Measure("closed", Kind.COUNT, texts.CLOSED, lambda of: of.closed)
CLOSING_RATE = Measure("closing_rate", Kind.SHARE, texts.CLOSING_RATE, lambda of: of.closing_rate, 1)
UNFINISHED = Measure("unfinished", Kind.COUNT, texts.UNFINISHED, lambda of: of.unfinished)
MEDIAN_TO_ANSWER = Measure("answer", Kind.TIME, texts.MEDIAN_TO_ANSWER, lambda of: of.median_to_answer, -1)
P90_TO_ANSWER = Measure(
    "answer_p90", Kind.TIME, texts.P90_TO_ANSWER, lambda of: of.p90_to_answer, -1, in_files_only=True
)
MEDIAN_TO_CLOSE = Measure("close", Kind.TIME, texts.MEDIAN_TO_CLOSE, lambda of: of.median_to_close, -1)
P90_TO_CLOSE = Measure(
    "close_p90", Kind.TIME, texts.P90_TO_CLOSE, lambda of: of.p90_to_close, -1, in_files_only=True
)
ESCALATIONS = Measure("went_up", Kind.COUNT, texts.ESCALATIONS, lambda of: sum(of.escalations.values()), -1)
REOPENED = Measure("reopened", Kind.COUNT, texts.REOPENED, lambda of: of.reopened, -1)
SATISFACTION = Measure("satisfaction", Kind.MARK, texts.SATISFACTION, lambda of: of.satisfaction, 1)

#: The columns of all tables, in their order.
MEASURES = (
    RECEIVED,
    Measure("in_time_number", Kind.COUNT, texts.IN_TIME, lambda of: of.in_time, in_files_only=True),
    Measure("late_number", Kind.COUNT, texts.LATE, lambda of: of.late, in_files_only=True),
    ANSWERED_IN_TIME,
    CLOSED,
    CLOSING_RATE,
    UNFINISHED,
    MEDIAN_TO_ANSWER,
    P90_TO_ANSWER,
    MEDIAN_TO_CLOSE,
    P90_TO_CLOSE,
    ESCALATIONS,
    REOPENED,
    SATISFACTION,
    Measure("marks", Kind.COUNT, texts.RATINGS, lambda of: sum(of.ratings.values()), in_files_only=True),
)

#: Those of the page and the report.
SHOWN = tuple(each for each in MEASURES if not each.in_files_only)

BY_KEY = {each.key: each for each in SHOWN}
