"""Prints a paper as PDF, A4, with the letters inside.

The same paper printed twice is the same file, byte for byte, so that a copy can be told from another.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from papers.drawing import draw_chart, draw_facts
from papers.paper import Cell, Paper, Table, hours
from papers.sheet import Sheet

#: Millimetres.
_MARGIN: Final = 15
_LINE: Final = 6
_SIGNATURE: Final = 14
#: Points.
_TITLE, _HEADING, _WORDS, _SMALL = 18, 12, 10, 8
_LINES: Final = 190
_GREY: Final = FontFace(emphasis="BOLD", fill_color=(235, 235, 235))


class _Sheet(Sheet):
    """Pages with a foot."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(paper.title, paper.language, paper.names or paper.language)
        self._foot = paper.foot
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, margin=_MARGIN + _LINE)

    def footer(self) -> None:
        """Print the foot and the page's number."""
        self.set_y(-_MARGIN)
        self.set_font("words", size=_SMALL)
        self.cell(w=self.epw * 0.8, text=self._foot)
        self.cell(w=self.epw * 0.2, text=f"{self.page_no()} / {{nb}}", align="R")


def print_pdf(paper: Paper) -> bytes:
    """A paper as a PDF.

    Raises:
        NoFont: The machine has no letters for its language.
    """
    sheet = _Sheet(paper)
    sheet.add_page()
    sheet.set_font("words", style="B", size=_TITLE)
    sheet.multi_cell(w=0, text=paper.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(2)
    sheet.set_font("words", size=_WORDS)
    for note in paper.notes:
        sheet.multi_cell(w=0, h=_LINE, text=note, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    draw_facts(sheet, paper.facts)
    for chart in paper.charts:
        draw_chart(sheet, chart)
    for table in paper.tables:
        if table.printed:
            _print_table(sheet, table)
    _print_signatures(sheet, paper)
    _print_closing(sheet, paper.closing)
    return bytes(sheet.output())


def _print_table(sheet: _Sheet, table: Table) -> None:
    sheet.ln(_LINE)
    sheet.set_font("words", style="B", size=_HEADING)
    if sheet.will_page_break(5 * _LINE):  # a heading alone at the foot of a page helps nobody
        sheet.add_page()
    sheet.cell(text=table.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(1)
    sheet.set_font("words", size=_SMALL)
    sheet.set_draw_color(_LINES)
    align = ["LEFT", *["RIGHT"] * (len(table.heading) - 1)]
    with sheet.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        col_widths=tuple(table.widths),
        headings_style=_GREY,
        line_height=_LINE * 0.8,
        text_align=tuple(align),
        width=sheet.epw,
    ) as grid:
        for cells in (table.heading, *table.rows):
            row = grid.row()
            for cell in cells:
                row.cell(_words(cell))


def _print_signatures(sheet: _Sheet, paper: Paper) -> None:
    sheet.set_font("words", size=_WORDS)
    sheet.set_draw_color(0)
    if sheet.will_page_break(_SIGNATURE * (len(paper.signatures) + 1)):
        sheet.add_page()
    for each in paper.signatures:
        sheet.ln(_SIGNATURE)
        sheet.cell(w=45, text=each)
        sheet.line(sheet.get_x(), sheet.get_y() + _LINE, sheet.get_x() + 80, sheet.get_y() + _LINE)


def _print_closing(sheet: _Sheet, lines: Sequence[str]) -> None:
    if not lines:
        return
    heading, *rest = lines
    sheet.ln(_LINE)
    if sheet.will_page_break((len(rest) + 2) * _LINE):
        sheet.add_page()
    sheet.set_font("words", style="B", size=_WORDS)
    sheet.cell(text=heading, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(1)
    sheet.set_font("words", size=_SMALL)
    for line in rest:
        sheet.multi_cell(w=0, h=_LINE * 0.75, text=line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _words(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, timedelta):
        return hours(cell)
    if isinstance(cell, float):
        return f"{cell:.1f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
