"""What a paper holds, before anybody knows whether it becomes a PDF or a workbook."""

from collections.abc import Sequence
from typing import NamedTuple

#: A cell: words, a number, or nothing.
Cell = str | int | None


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


class Paper(NamedTuple):
    """A paper.

    Attributes:
        title: At its top.
        notes: Lines below the title.
        tables: What it is about.
        signatures: Where somebody signs by hand: what stands before each line.
        foot: At the foot of every page.
        language: Tag of the language it is in.
    """

    title: str
    notes: Sequence[str]
    tables: Sequence[Table]
    signatures: Sequence[str]
    foot: str
    language: str
