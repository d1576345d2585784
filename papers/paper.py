"""What a paper holds, before anybody knows whether it becomes a PDF or a workbook."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple


class Share(NamedTuple):
    """A part of a whole, written in percent.

    Attributes:
        part: From 0 to 1.
    """

    part: float

    def __str__(self) -> str:
        """In percent. What is not whole never looks so: 99.96 % is 99.9 %."""
        tenths = round(self.part * 1000)
        return f"{(999 if tenths == 1000 and self.part < 1 else tenths) / 10:.1f}%"


#: A cell: words, a number, a share, a duration, or nothing.
Cell = str | int | float | Share | timedelta | None


class Table(NamedTuple):
    """A table.

    Attributes:
        title: Stands above it, and on the tab of a workbook's sheet.
        heading: The columns' names.
        rows: As many cells each as the heading has.
        widths: How wide the columns are, in relation to each other.
        printed: Whether it is printed; a long one may be only in the workbook.
    """

    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    printed: bool = True


def hours(length: timedelta) -> str:
    """A duration as spreadsheets write it: '3:20', '73:05'."""
    whole, minutes = divmod(round(length.total_seconds() / 60), 60)
    return f"{whole}:{minutes:02}"


class Fact(NamedTuple):
    """One figure in large type.

    Attributes:
        name: What it is.
        value: How much.
        note: A line below.
    """

    name: str
    value: str
    note: str = ""


class Chart(NamedTuple):
    """Bars beside each other, some for each place on an axis.

    Attributes:
        title: Stands above it.
        labels: The places.
        series: What each colour of bars is called, and its bars' heights, one for each place.
    """

    title: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[float]]]


class Paper(NamedTuple):
    """A paper.

    Attributes:
        title: At its top.
        notes: Lines below the title.
        tables: What it is about.
        signatures: Where somebody signs by hand: what stands before each line.
        foot: At the foot of every page.
        language: Tag of the language it is in.
        names: Tag of the language of the names in it, by which letters are chosen; empty: the same.
        facts: Stand in boxes below the notes.
        charts: Stand below the facts; on paper only.
        closing: Lines at the end, in small type, below a heading, which is the first.
    """

    title: str
    notes: Sequence[str]
    tables: Sequence[Table]
    signatures: Sequence[str]
    foot: str
    language: str
    names: str = ""
    facts: Sequence[Fact] = ()
    charts: Sequence[Chart] = ()
    closing: Sequence[str] = ()
