"""What a line asks for: '!done', '！上报 1024 水管在马路下面'; in private it may do without the '!'.

Pure functions of the words, for words that anybody may have written: they must never raise.
"""

import re
import unicodedata
from dataclasses import dataclass

from rooms.commands import table
from rooms.commands.table import Command

#: What makes words stay among leaders.
_INSIDE = ("//", "／／")

_MARKS = ("!", "！")

#: What may stand between a command and its words: '！上报：水管在马路下面'.
_BETWEEN = " \t\n\u3000:：,，"

#: An issue's number, and what people write around it. A year or an amount is none: '2024年', '5000元'.
_NUMBER = re.compile(
    r"(?:[#＃]|no\.?\s*|n°\s*|第|编号)?\s*(\d{4,9})(?![\d.,]?\d)(?!\s*[年月日米元块户人岁度斤吨])号?[\s,，:：、]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that asks for something.

    Attributes:
        command: For what; None: nobody knows this word.
        word: The word that was written.
        number: Of the issue, where one was written.
        words: What stood behind, as it was written.
    """

    command: Command | None
    word: str
    number: int | None
    words: str


def read(text: str, *, bare: bool = False) -> Line | None:
    """What a line asks for; None: it is no command.

    Args:
        text: As it was written.
        bare: Whether it may do without '!', because it was said to the service alone. A number with
            words behind is then an answer.
    """
    line = text.strip()
    marked = line.startswith(_MARKS)
    line = line[1:].strip() if marked else line
    if not (marked or bare) or not line[:1].isalnum():
        return None
    number, behind = _numbered(line)
    if number is not None:
        return _with_number(number, behind)
    head, _, tail = _split(line)
    found = table.named(_folded(head).rstrip(_BETWEEN))
    if found is not None:
        return _line(found, head, tail)
    for name, each in table.beginning(_folded(line)):
        tail = _behind(line, name)
        if _numbered(tail)[0] is not None or (marked and each.wordy):
            return _line(each, name, tail)
    return Line(None, head, None, "") if marked else None


def inside(text: str) -> str | None:
    """The words of a note that stays among leaders; None: it is none."""
    for mark in _INSIDE:
        if text.startswith(mark):
            return text.removeprefix(mark).strip()
    return None


def take_number(text: str) -> tuple[int | None, str]:
    """The number with which words begin, if they do, and the words behind it."""
    return _numbered(text.strip())


def _with_number(number: int, behind: str) -> Line:
    """'1024 done', words to the resident of 1024, or the number alone: what is with it?"""
    if not behind:
        return Line(table.TABLE["show"], "show", number, "")
    head, _, tail = _split(behind)
    found = table.named(_folded(head))
    if found is not None and (found.wordy or not tail):
        return Line(found, head, number, tail.strip())
    answer = table.TABLE["answer"]
    return Line(answer, answer.name, number, behind.strip())


def _line(command: Command, word: str, tail: str) -> Line:
    number, words = _numbered(tail.lstrip(_BETWEEN))
    return Line(command, word, number, words.strip())


def _numbered(text: str) -> tuple[int | None, str]:
    found = _NUMBER.match(text)
    return (int(found.group(1)), text[found.end() :]) if found else (None, text)


def _split(line: str) -> tuple[str, str, str]:
    found = re.search(r"\s+", line)
    return (line[: found.start()], found.group(), line[found.end() :]) if found else (line, "", "")


def _behind(line: str, name: str) -> str:
    """What stands behind a name with which the folded line begins."""
    for end in range(1, len(line) + 1):
        if _folded(line[:end]) == name:
            return line[end:]
    return ""


def _folded(text: str) -> str:
    """For comparing: full-width forms folded, small letters."""
    return unicodedata.normalize("NFKC", text).lower()
