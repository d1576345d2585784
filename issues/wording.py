"""What can be said of any text: what of it may be shown, its language, whether it is a yes or a no.

Pure functions on text with rules that one can read; no state, no database, nothing that learns.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum

from issues import keywords
from issues.folding import has_cjk
from issues.vocabulary import Word
from linzhang.profile import Profile

#: Characters that can turn what is shown around: Unicode's bidirectional controls (UAX 9).
_BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"))

_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LINK = re.compile(r"https?://\S+")

#: Words of which a sentence has that many at least.
_SENTENCE = 4


class Verdict(Enum):
    """What somebody answers when asked whether it is solved."""

    YES = "yes"
    NO = "no"


#: What a word says when somebody has asked whether it is solved: thanks are a yes.
_VERDICTS = {
    Word.SOLVED: Verdict.YES,
    Word.YES: Verdict.YES,
    Word.THANKS: Verdict.YES,
    Word.OKAY: Verdict.YES,
    Word.NOT_SOLVED: Verdict.NO,
    Word.NO: Verdict.NO,
}


def clean(text: str) -> str:
    """A text as it may be shown: no control or direction-turning characters, no blank edges.

    Line breaks stay, and so do zero-width joiners, which hold emoji and some scripts together.
    """
    kept = "".join(
        each
        for each in text.replace("\r\n", "\n").translate(_BIDI)
        if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs")
    )
    return kept.strip()


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return all(unicodedata.category(each) in ("Cf", "Zs", "Cc", "Mn") or each.isspace() for each in text)


def language(text: str, profile: Profile) -> str | None:
    """The language in which a text is written, of those that the profile has; None: unclear.

    Only its letters are looked at: where several of the profile's languages have the same, it is unclear.
    """
    latin = len(_LATIN_WORD.findall(_LINK.sub(" ", text)))
    chinese = sum(has_cjk(each) for each in text)
    # 'WIFI' in a Chinese sentence, and a village's name in an English one.
    if chinese and (latin < _SENTENCE or latin <= chinese):
        return _only(tag for tag in profile.languages if tag.startswith("zh"))
    if latin:
        return _only(tag for tag in profile.languages if not tag.startswith("zh"))
    return None


def _only(tags: Iterator[str]) -> str | None:
    found = list(tags)
    return found[0] if len(found) == 1 else None


def verdict(text: str) -> Verdict | None:
    """Whether a text answers 'is it solved?' and nothing else."""
    word = keywords.read(text).word
    return _VERDICTS.get(word) if word else None
