"""A sheet on which cards and posters are drawn: words that fit, pictures that fill, square codes."""

from io import BytesIO
from typing import Final, NamedTuple

import segno
from PIL import Image

from papers.card import Card
from papers.sheet import Sheet

#: Green of the band, the ink, and what is said more quietly.
BAND: Final = (31, 92, 66)
INK: Final = (25, 25, 25)
QUIET: Final = (95, 95, 95)
PAPER: Final = (255, 255, 255)
_EMPTY: Final = (233, 236, 231)

#: Type is never set smaller, in points: what does not fit then is cut off, with an ellipsis.
_SMALLEST: Final = 4.5
#: Millimetres in a point, and what letters are high in relation to their points.
_POINT: Final = 25.4 / 72

#: Dots of a printed square code for each of its modules: enough for any printer.
_DOTS: Final = 8


class Box(NamedTuple):
    """A place on a sheet, in millimetres from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def inside(self, left: float, top: float, width: float, height: float) -> "Box":
        """A place within this one."""
        return Box(self.left + left, self.top + top, width, height)


class Canvas(Sheet):
    """An A4 sheet without margins.

    Args:
        title: Of the file.
        language: Tag of the language of the words.
        names: Tag of the language of the names, by which letters are chosen.

    Raises:
        NoFont: The machine has no letters for it.
    """

    def __init__(self, title: str, language: str, names: str) -> None:
        super().__init__(title, language, names)
        self._codes = _Codes()
        self._known: dict[tuple[str, float, float, int, bool], tuple[float, list[str]]] = {}
        self.set_margin(0)
        self.c_margin = 0
        self.set_auto_page_break(False)

    def fill(self, box: Box, colour: tuple[int, int, int]) -> None:
        """Fill a place with a colour."""
        self.set_fill_color(*colour)
        self.rect(*box, style="F")

    def write_in(
        self,
        box: Box,
        words: str,
        size: float,
        *,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        align: str = "L",
        lines: int = 1,
    ) -> None:
        """Write words into a place, in smaller type where they would not fit.

        Args:
            box: Where; the words stand in the middle of its height.
            words: Which.
            size: Of the type in points, at most.
            bold: Whether in heavy type.
            colour: Of the letters.
            align: 'L', 'C' or 'R'.
            lines: On how many lines they may go.
        """
        self.set_text_color(*colour)
        broken = self._broken(words, box, size, lines, bold=bold)
        high = self.font_size_pt * _POINT * 1.3
        top = box.top + (box.height - high * len(broken)) / 2
        for number, line in enumerate(broken):
            self.set_xy(box.left, top + number * high)
            self.cell(w=box.width, h=high, text=line, align=align)

    def _broken(self, words: str, box: Box, size: float, lines: int, *, bold: bool) -> list[str]:
        """Words on so many lines, at the largest type in which they fit."""
        # What stands on one card stands on the next ones, too.
        asked = (words, box.width, size, lines, bold)
        if asked not in self._known:
            self._known[asked] = self._break(words, box.width, size, lines, bold=bold)
        fits, found = self._known[asked]
        self.set_font("words", style="B" if bold else "", size=fits)
        return found

    def _break(
        self, words: str, width: float, size: float, lines: int, *, bold: bool
    ) -> tuple[float, list[str]]:
        while True:
            self.set_font("words", style="B" if bold else "", size=size)
            found = self.multi_cell(w=width, text=words, dry_run=True, output="LINES")
            assert isinstance(found, list)
            if len(found) <= lines:
                return size, found or [""]
            if size <= _SMALLEST:
                return size, [*found[: lines - 1], f"{found[lines - 1][:-1]}…"]
            size = max(_SMALLEST, size - 0.5)

    def show_person(self, box: Box, card: Card) -> None:
        """A person's picture, so large that it fills its place; without one, the name's first letter."""
        if card.picture is None:
            self.fill(box, _EMPTY)
            self.write_in(box, card.name[:1], box.width * 1.5, bold=True, colour=QUIET, align="C")
            return
        with Image.open(BytesIO(card.picture)) as opened:
            wide, high = opened.size
        scale = max(box.width / wide, box.height / high)
        left = box.left - (wide * scale - box.width) / 2
        # Of an upright picture more is cut off at its foot than above the head.
        top = box.top - (high * scale - box.height) / 4
        with self.rect_clip(*box):
            self.image(BytesIO(card.picture), left, top, wide * scale, high * scale)

    def show_code(self, box: Box, scan: str) -> None:
        """A square code (ISO/IEC 18004), a tenth and a half of which may be dirty."""
        self.image(self._codes[scan], *box)


class _Codes(dict[str, BytesIO]):
    """Square codes that were drawn once."""

    def __missing__(self, scan: str) -> BytesIO:
        out = BytesIO()
        segno.make(scan, error="m", micro=False).save(out, kind="png", scale=_DOTS, border=0)
        self[scan] = out
        return out
