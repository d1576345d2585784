"""Prints cards, ten on an A4 sheet with marks to cut them by; with a back, on both sides of it.

A card is 90 by 54 millimetres, as visiting cards are in China: every cutter there knows that.
Backs stand so that they fit when the sheet is turned over its long edge.
"""

from collections.abc import Sequence
from typing import Final

from papers.canvas import BAND, PAPER, QUIET, Box, Canvas
from papers.card import Back, Card

#: Millimetres.
_WIDE, _HIGH = 90.0, 54.0
_ACROSS, _DOWN = 2, 5
_LEFT: Final = (210 - _ACROSS * _WIDE) / 2
_TOP: Final = (297 - _DOWN * _HIGH) / 2
#: How long marks are, and how far from the cards, so that none is seen when the cut is not exact.
_MARK, _OFF = 5.0, 2.0

#: How many stand on a sheet.
ON_A_SHEET: Final = _ACROSS * _DOWN


def print_cards(title: str, cards: Sequence[Card], back: Back | None, language: str, names: str) -> bytes:
    """Cards as a PDF.

    Args:
        title: Of the file.
        cards: One after the other, row by row; one that is there twice is printed twice.
        back: Their other side; None: they have none.
        language: Tag of the language of the words.
        names: Tag of the language of the names.

    Raises:
        NoFont: The machine has no letters for it.
    """
    canvas = Canvas(title, language, names)
    for start in range(0, len(cards), ON_A_SHEET):
        sheet = cards[start : start + ON_A_SHEET]
        canvas.add_page()
        _mark(canvas)
        for place, card in enumerate(sheet):
            _draw(canvas, _box(place), card)
        if back is not None:
            canvas.add_page()
            _mark(canvas)
            for place in range(len(sheet)):
                _draw_back(canvas, _box(place, turned=True), back)
    return bytes(canvas.output())


def _box(place: int, *, turned: bool = False) -> Box:
    row, column = divmod(place, _ACROSS)
    if turned:
        column = _ACROSS - 1 - column
    return Box(_LEFT + column * _WIDE, _TOP + row * _HIGH, _WIDE, _HIGH)


def _mark(canvas: Canvas) -> None:
    """Lines outside the cards, in whose prolongation one cuts."""
    canvas.set_draw_color(0)
    canvas.set_line_width(0.1)
    right, bottom = _LEFT + _ACROSS * _WIDE, _TOP + _DOWN * _HIGH
    for column in range(_ACROSS + 1):
        across = _LEFT + column * _WIDE
        canvas.line(across, _TOP - _OFF - _MARK, across, _TOP - _OFF)
        canvas.line(across, bottom + _OFF, across, bottom + _OFF + _MARK)
    for row in range(_DOWN + 1):
        down = _TOP + row * _HIGH
        canvas.line(_LEFT - _OFF - _MARK, down, _LEFT - _OFF, down)
        canvas.line(right + _OFF, down, right + _OFF + _MARK, down)


def _draw(canvas: Canvas, box: Box, card: Card) -> None:
    band = box.inside(0, 0, _WIDE, 9)
    canvas.fill(band, BAND)
    canvas.write_in(band.inside(5, 0, _WIDE - 10, 9), card.heading, 9.5, bold=True, colour=PAPER)
    canvas.show_person(box.inside(5, 13, 19, 25), card)
    wide = 34.0 if card.scan else _WIDE - 32
    canvas.write_in(box.inside(27, 12.5, wide, 4), card.role, 7.5, colour=QUIET)
    canvas.write_in(box.inside(27, 16.5, wide, 8.5), card.name, 17, bold=True)
    canvas.write_in(box.inside(27, 25.5, wide, 5.5), card.phone, 11.5, bold=True)
    canvas.write_in(box.inside(27, 31.5, wide, 7), card.place, 7, colour=QUIET, lines=2)
    if card.scan:
        canvas.show_code(box.inside(64, 12, 21, 21), card.scan)
        canvas.write_in(box.inside(61, 33.5, 27, 3), card.scan_note, 5.5, colour=QUIET, align="C")
        canvas.write_in(box.inside(61, 36.3, 27, 4.5), card.code, 10, bold=True, align="C")
    elif card.code:
        canvas.write_in(box.inside(27, 38.5, wide, 4), f"{card.code_name} {card.code}", 7.5)
    canvas.set_draw_color(*BAND)
    canvas.set_line_width(0.2)
    canvas.line(box.left + 5, box.top + 42, box.left + _WIDE - 5, box.top + 42)
    for number, line in enumerate(card.foot[:2]):
        canvas.write_in(box.inside(5, 43.3 + number * 4.3, _WIDE - 10, 4.3), line, 7)


def _draw_back(canvas: Canvas, box: Box, back: Back) -> None:
    canvas.write_in(box.inside(6, 4, _WIDE - 12, 6), back.heading, 10, bold=True, colour=BAND)
    step = 33 / max(1, len(back.points))
    for number, (word, sentence) in enumerate(back.points):
        down = 11.5 + number * step
        canvas.write_in(box.inside(6, down, 19, step), word, 7.5, bold=True)
        canvas.write_in(box.inside(26, down, _WIDE - 32, step), sentence, 6.5, lines=2)
    canvas.write_in(box.inside(6, 46.5, _WIDE - 12, 4), back.foot, 6, colour=QUIET)
