"""Draws on a sheet what is no table: figures in boxes, and bars on an axis.

The font 'words' is the sheet's. Nothing is left to be filled but white: tables fill with what was used last.
"""

from collections.abc import Sequence
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from papers.paper import Chart, Fact

#: Boxes beside each other; millimetres of a box and between two.
_BESIDE: Final = 3
_HIGH: Final = 19
_GAP: Final = 3
#: Millimetres of the bars, of what stands below them, and left of them.
_BARS: Final = 38
_BELOW: Final = 6
_LEFT: Final = 12
#: Points.
_VALUE, _NAME, _HEADING, _TINY = 16, 8, 12, 7
_LINES: Final = 190
_WHITE: Final = 255
_BOX: Final = (246, 245, 241)
#: Told apart on a black and white printer too: by how dark they are.
_COLOURS: Final = ((150, 186, 222), (38, 92, 62), (195, 38, 30))
#: Labels below an axis that do not run into each other.
_LABELS: Final = 14


def draw_facts(sheet: FPDF, facts: Sequence[Fact]) -> None:
    """Figures in boxes, some beside each other."""
    width = (sheet.epw - (_BESIDE - 1) * _GAP) / _BESIDE
    for start in range(0, len(facts), _BESIDE):
        sheet.ln(_GAP)
        if sheet.will_page_break(_HIGH):
            sheet.add_page()
        top = sheet.get_y()
        for place, fact in enumerate(facts[start : start + _BESIDE]):
            _draw_fact(sheet, fact, sheet.l_margin + place * (width + _GAP), top, width)
        sheet.set_xy(sheet.l_margin, top + _HIGH)
    sheet.set_fill_color(_WHITE)


def _draw_fact(sheet: FPDF, fact: Fact, left: float, top: float, width: float) -> None:
    sheet.set_fill_color(*_BOX)
    sheet.rect(left, top, width, _HIGH, style="F", round_corners=True, corner_radius=1.5)
    lines = ((1.5, "", _NAME, fact.name), (6, "B", _VALUE, fact.value), (13.5, "", _TINY, fact.note))
    for down, style, size, words in lines:
        _fitting(sheet, style, size, words, width - 5)
        sheet.set_xy(left + 2.5, top + down)
        sheet.cell(w=width - 5, text=words)


def _fitting(sheet: FPDF, style: str, size: float, words: str, width: float) -> None:
    """Set type so small that words fit."""
    sheet.set_font("words", style=style, size=size)
    wide = sheet.get_string_width(words) + 2 * sheet.c_margin
    if wide > width:
        sheet.set_font("words", style=style, size=max(5, size * width / wide))


def draw_chart(sheet: FPDF, chart: Chart) -> None:
    """Bars on an axis, with what each colour means."""
    sheet.ln(6)
    if sheet.will_page_break(_BARS + 3 * _BELOW):
        sheet.add_page()
    sheet.set_font("words", style="B", size=_HEADING)
    sheet.cell(text=chart.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _draw_legend(sheet, chart)
    top, left = sheet.get_y() + 2, sheet.l_margin + _LEFT
    width = sheet.epw - _LEFT
    step = _step(max((max(heights, default=0) for _, heights in chart.series), default=0))
    _draw_axis(sheet, left, top, width, step)
    place = width / max(1, len(chart.labels))
    bar = min(7.0, place * 0.8 / max(1, len(chart.series)))
    every = -(-len(chart.labels) // _LABELS)
    for number, label in enumerate(chart.labels):
        middle = left + (number + 0.5) * place
        for order, (_, heights) in enumerate(chart.series):
            high = heights[number] / (step * _STEPS) * _BARS
            sheet.set_fill_color(*_COLOURS[order % len(_COLOURS)])
            first = middle - bar * len(chart.series) / 2
            sheet.rect(first + order * bar, top + _BARS - high, bar * 0.92, high, style="F")
        if number % every == 0:
            sheet.set_font("words", size=_TINY)
            sheet.set_xy(middle - place * every / 2, top + _BARS + 1)
            sheet.cell(w=place * every, text=label, align="C")
    sheet.set_xy(sheet.l_margin, top + _BARS + _BELOW)
    sheet.set_fill_color(_WHITE)


#: Lines of an axis above its foot.
_STEPS: Final = 4


def _draw_axis(sheet: FPDF, left: float, top: float, width: float, step: int) -> None:
    sheet.set_draw_color(_LINES)
    sheet.set_font("words", size=_TINY)
    for line in range(_STEPS + 1):
        height = top + _BARS - line * _BARS / _STEPS
        sheet.line(left, height, left + width, height)
        sheet.set_xy(left - _LEFT, height - 2)
        sheet.cell(w=_LEFT - 1, h=4, text=f"{line * step:,}", align="R")


def _draw_legend(sheet: FPDF, chart: Chart) -> None:
    sheet.set_font("words", size=_NAME)
    sheet.ln(1)
    for order, (name, _) in enumerate(chart.series):
        sheet.set_fill_color(*_COLOURS[order % len(_COLOURS)])
        sheet.rect(sheet.get_x() + 1, sheet.get_y() + 1, 3, 3, style="F")
        sheet.set_x(sheet.get_x() + 5)
        sheet.cell(w=sheet.get_string_width(name) + 6, h=5, text=name)
    sheet.ln(6)


def _step(highest: float) -> int:
    """A round number: so many for each line of an axis that reaches above the highest bar."""
    step, factors, turn = 1, (2, 2.5, 2), 0
    while step * _STEPS < highest:
        step = round(step * factors[turn % 3])
        turn += 1
    return step
