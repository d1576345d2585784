"""Finds the letters to print with: those of the machine, by fontconfig.

A PDF carries the letters that it uses, so that it prints the same everywhere.
"""

import subprocess
from pathlib import Path
from typing import NamedTuple


class NoFont(RuntimeError):
    """The machine has no letters for a language; the message says what to install."""


class Font(NamedTuple):
    """A font's file.

    Attributes:
        path: Where it is.
        number: Which of the fonts in the file.
    """

    path: Path
    number: int


def find_font(language: str, *, bold: bool = False) -> Font:
    """The machine's best font for a language.

    Args:
        language: Tag such as 'zh-Hans'.
        bold: Whether it is for headings.

    Raises:
        NoFont: There is none, or fontconfig is not installed.
    """
    wanted = _CODES.get(language, language.partition("-")[0])
    pattern = f":lang={wanted}{':weight=200' if bold else ''}"
    try:
        done = subprocess.run(  # noqa: S603 - the tag is the profile's
            ["fc-match", "-f", "%{lang}\n%{index}\n%{file}", pattern],  # noqa: S607 - wherever it is installed
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoFont(_INSTALL.format(language=language)) from error
    languages, index, path = done.stdout.split("\n")
    if wanted not in languages.split("|"):
        raise NoFont(_INSTALL.format(language=language))
    return Font(Path(path), int(index))


#: How fontconfig calls what our tags mean.
_CODES = {"zh-Hans": "zh-cn", "zh-Hant": "zh-tw"}

_INSTALL = (
    "There are no letters for '{language}' to print with: install fontconfig and fonts-noto-cjk (or others)."
)
