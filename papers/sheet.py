"""What all that is printed has in common: the letters inside, and no date.

The same paper printed twice is the same file, byte for byte, so that a copy can be told from another.
"""

from datetime import UTC, datetime
from typing import Final

from fpdf import FPDF

from papers.fonts import find_font

#: A PDF's own date would make two prints differ.
_NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Sheet(FPDF):
    """A4, with the font 'words'.

    Args:
        title: Of the file.
        language: Tag of the language of the words.
        names: Tag of the language of the names, by which letters are chosen.

    Raises:
        NoFont: The machine has no letters for it.
    """

    def __init__(self, title: str, language: str, names: str) -> None:
        super().__init__(format="A4")
        for style, bold in (("", False), ("B", True)):
            font = find_font(names, bold=bold)
            self.add_font("words", style, font.path, collection_font_number=font.number)
        self.set_title(title)
        self.set_lang(language)
        self.set_creation_date(_NO_DATE)
