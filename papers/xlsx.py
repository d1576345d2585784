"""Writes a paper as an XLSX workbook: a sheet for each table, numbers as numbers."""

from datetime import timedelta
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell as Box
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from papers.paper import Cell, Paper, Share, Table

_BOLD = Font(bold=True)
_GREY = PatternFill("solid", fgColor="EBEBEB")
#: What a sheet's tab may not hold, and how many letters it may.
_NOT_ON_A_TAB = str.maketrans(dict.fromkeys(r"[]:*?/\\", " "))
_TAB = 31
#: How numbers look that are none by themselves.
_FORMATS = {Share: "0.0%", float: "0.0", timedelta: "[h]:mm"}


def write_xlsx(paper: Paper) -> bytes:
    """A paper as a workbook."""
    book = Workbook()
    first = book.worksheets[0]
    for number, table in enumerate(paper.tables):
        sheet = book.create_sheet() if number else first
        sheet.title = table.title.translate(_NOT_ON_A_TAB)[:_TAB]
        notes = (paper.title, *paper.notes) if number == 0 else ()
        _write(sheet, table, notes)
    book.properties.title = paper.title
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, table: Table, notes: tuple[str, ...]) -> None:
    for row, note in enumerate(notes, start=1):
        _put(sheet.cell(row, 1), note)
    top = len(notes) + 2 if notes else 1
    for row, cells in enumerate((table.heading, *table.rows), start=top):
        for column, cell in enumerate(cells, start=1):
            box = sheet.cell(row, column)
            _put(box, cell)
            if row == top:
                box.font, box.fill = _BOLD, _GREY
                box.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in enumerate(table.widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(top + 1, 2)


def _put(box: Box, value: Cell) -> None:
    box.value = value.part if isinstance(value, Share) else value
    box.number_format = _FORMATS.get(type(value), box.number_format)
    if isinstance(value, str):
        box.data_type = "s"  # a name that begins with '=' is a name and no formula
