"""Texts made comparable: one form for all the ways in which the same word can be typed.

Full-width and half-width, capitals, traditional and simplified characters, accents, blanks and
punctuation fall together; pinyin and small typos are found. Pure functions: nothing is understood here.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from opencc import OpenCC
from rapidfuzz.distance import OSA

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LETTERS = re.compile(r"[a-z]+")

#: Shorter words have too many neighbours one letter away.
_TYPO_LENGTH = 5

_SIMPLIFIED = OpenCC("t2s")


def folded(text: str) -> str:
    """A text in one form, with its blanks and punctuation: simplified, half-width, lower case, no accents."""
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(each for each in plain if unicodedata.category(each)[0] != "M")
    simplified: str = _SIMPLIFIED.convert(unicodedata.normalize("NFC", kept))
    return simplified.lower()


def in_place(text: str) -> str:
    """A text with its characters simplified and half-width, each where it was, so that it can be cut."""
    plain = "".join(
        each if len(each) == 1 else raw for raw in text if (each := unicodedata.normalize("NFKC", raw))
    )
    simplified: str = _SIMPLIFIED.convert(plain)
    return simplified if len(simplified) == len(text) else text


def bare(text: str) -> str:
    """A text for comparing: folded, and nothing left but letters and digits.

    A text of nothing but symbols keeps them: a thumb says something.
    """
    whole = folded(text)
    letters = "".join(each for each in whole if unicodedata.category(each)[0] in "LN")
    return letters or "".join(each for each in whole if unicodedata.category(each) == "So")


def has_cjk(text: str) -> bool:
    """Whether a text holds Chinese characters."""
    return _CJK.search(text) is not None


@cache
def pinyin(word: str) -> str:
    """A Chinese word as people type it without characters: '没好' is 'meihao'."""
    # Its dictionaries take half a second to load: a process that reads no resident's text need not wait.
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(word))


def nearest(word: str, words: Iterable[str]) -> set[str]:
    """The words that this one may be with one letter wrong, missing, too many, or two swapped.

    Args:
        word: Bare; anything but Latin letters, and what is short, has no typos.
        words: What it may have been meant for. The first letter is never wrong.
    """
    if len(word) < _TYPO_LENGTH or not _LETTERS.fullmatch(word):
        return set()
    return {
        each
        for each in words
        if len(each) >= _TYPO_LENGTH and each[0] == word[0] and OSA.distance(word, each, score_cutoff=1) <= 1
    }
