"""Reading a table as text: CSV in UTF-8, or the first sheet of an XLSX workbook, row by row.

What a file is, is told by its first bytes. It knows nothing of columns, and must never keep a whole
workbook in memory.
"""

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from territory import texts
from territory.rows import RowError, TerritoryError, of_file, said

#: A row's number as a spreadsheet shows it, and its cells.
Row = tuple[int, list[str]]

MOST_ROWS = 2_000_000
#: A workbook is compressed: what it may come to, in bytes, so that a small file cannot fill the memory.
_UNPACKED = 2 << 30
#: Excel keeps 15 digits of a number, and shows zeros for the others.
_EXACT = 10**15
_ZIP = b"PK\x03\x04"


def read_sheet(path: Path) -> Iterator[Row]:
    """The rows of a file, the heading first; cells without blanks around them.

    Blank rows and cells at the end, which spreadsheets leave, are not there.

    Raises:
        TerritoryError: The file cannot be read as a table.
    """
    rows = _workbook(path) if _begins(path) == _ZIP else _text(path)
    waiting: list[int] = []
    last = width = 0
    for number, cells in rows:
        last = number
        if number > MOST_ROWS:
            raise of_file(texts.TOO_LARGE, file=path.name, rows=MOST_ROWS)
        if not any(cells):
            waiting.append(number)
            continue
        if waiting:
            raise TerritoryError([RowError(each, said(texts.EMPTY_ROW)) for each in waiting])
        while len(cells) > width and not cells[-1]:
            cells.pop()
        width = width or len(cells)
        yield number, cells
    if not last or last == len(waiting):
        raise of_file(texts.EMPTY_FILE, file=path.name)


def number_of_rows(path: Path) -> int:
    """About how many rows a file has, for somebody who waits; 0 where that cannot be told beforehand."""
    if _begins(path) == _ZIP:
        return 0
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))


def _begins(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_ZIP))
    except OSError as error:
        raise of_file(texts.CANNOT_BE_READ, file=path.name, reason=error.strerror) from error


def _text(path: Path) -> Iterator[Row]:
    try:
        # Spreadsheets put a byte order mark in front.
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, cells in enumerate(csv.reader(file, strict=True), start=1):
                yield number, [_clean(cell) for cell in cells]
    except OSError as error:
        raise of_file(texts.CANNOT_BE_READ, file=path.name, reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise of_file(texts.NOT_UTF8, file=path.name) from error
    except csv.Error as error:
        raise of_file(texts.NOT_CSV, file=path.name, reason=error) from error


def _workbook(path: Path) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > _UNPACKED:
                raise of_file(texts.TOO_LARGE, file=path.name, rows=MOST_ROWS)
        workbook = load_workbook(path, read_only=True, data_only=True)
        try:
            width = 0
            for number, values in enumerate(workbook.worksheets[0].iter_rows(values_only=True), start=1):
                cells = [_cell(value, number, column) for column, value in enumerate(values, start=1)]
                while cells and not cells[-1]:
                    cells.pop()
                width = width or len(cells)
                yield number, cells + [""] * (width - len(cells))
        finally:
            workbook.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ParseError) as error:
        raise of_file(texts.NOT_XLSX, file=path.name) from error


def _cell(value: object, row: int, column: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            raise TerritoryError([RowError(row, said(texts.LOST_DIGITS, column=column))])
        return str(int(value)) if value == int(value) else str(value)
    return _clean(str(value))


def _clean(text: str) -> str:
    """A cell's text without what no database keeps."""
    return text.replace("\0", "").strip()
