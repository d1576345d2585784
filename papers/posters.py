"""Prints posters for doors and stairwells: an A4 page for each, to be read from two steps away."""

from collections.abc import Sequence

from papers.canvas import BAND, PAPER, QUIET, Box, Canvas
from papers.card import Card

_PAGE = Box(0, 0, 210, 297)


def print_posters(title: str, posters: Sequence[Card], language: str, names: str) -> bytes:
    """Posters as a PDF.

    Args:
        title: Of the file.
        posters: A page each.
        language: Tag of the language of the words.
        names: Tag of the language of the names.

    Raises:
        NoFont: The machine has no letters for it.
    """
    canvas = Canvas(title, language, names)
    for poster in posters:
        canvas.add_page()
        _draw(canvas, poster)
    return bytes(canvas.output())


def _draw(canvas: Canvas, poster: Card) -> None:
    canvas.fill(_PAGE.inside(0, 0, 210, 42), BAND)
    canvas.write_in(_PAGE.inside(20, 0, 170, 42), poster.heading, 40, bold=True, colour=PAPER, align="C")
    canvas.write_in(_PAGE.inside(20, 47, 170, 12), poster.place, 20, colour=QUIET, align="C")
    canvas.show_person(_PAGE.inside(20, 67, 62, 82), poster)
    canvas.write_in(_PAGE.inside(92, 70, 98, 12), poster.role, 22, colour=QUIET)
    canvas.write_in(_PAGE.inside(92, 84, 98, 32), poster.name, 66, bold=True)
    canvas.write_in(_PAGE.inside(92, 124, 98, 20), poster.phone, 36, bold=True)
    if poster.scan:
        canvas.show_code(_PAGE.inside(20, 165, 62, 62), poster.scan)
        canvas.write_in(_PAGE.inside(92, 166, 98, 30), poster.scan_note, 24, lines=2)
        canvas.write_in(_PAGE.inside(92, 198, 98, 10), poster.code_name, 17, colour=QUIET)
        canvas.write_in(_PAGE.inside(92, 208, 98, 18), poster.code, 40, bold=True)
    for number, line in enumerate(poster.foot[:3]):
        canvas.write_in(_PAGE.inside(20, 237 + number * 15, 170, 14), line, 24, bold=number == 0, align="C")
