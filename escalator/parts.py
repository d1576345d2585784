"""Cuts words that are longer than a platform takes into parts, where a reader would pause.

Pure functions on text. Nothing is left out but blanks at a cut.
"""

import re

#: Where words are best cut, the best first: between paragraphs, lines, sentences, words.
_PAUSES = (
    re.compile(r"\n\n+"),
    re.compile(r"\n"),
    re.compile(r"(?<=[。！？!?…])|(?<=[.;；])\s"),
    re.compile(r"\s"),
)

#: A cut nearer to the beginning would make a part of a few words; then the next kind of pause is tried.
_AT_LEAST = 0.5


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most so many characters; one that is short enough is one part.

    Args:
        text: What is to be said.
        limit: Characters of a part, 1 or more.
    """
    parts = []
    while len(text) > limit:
        cut = _cut(text, limit)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*[each for each in parts if each], text]


def _cut(text: str, limit: int) -> int:
    for pause in _PAUSES:
        ends = [found.end() for found in pause.finditer(text, 0, limit + 1) if found.start() <= limit]
        ends = [end for end in ends if limit * _AT_LEAST <= end <= limit]
        if ends:
            return ends[-1]
    return limit
