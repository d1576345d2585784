"""Whether a text tells of a danger for life or house, by the profile's words.

A word is no alarm where the profile says so: inside another one ('fire extinguisher'), denied ('没着火'),
or as a memory, a fear or a supposition ('去年着火', '怕摔倒', 'if there is a fire'). In doubt it is one:
whoever is woken for nothing forgives. Pure functions; the words are data and stand in the profile.
"""

import re
from collections.abc import Iterable
from functools import cache

from issues.folding import folded, has_cjk, nearest
from linzhang.profile import Profile, Urgency

#: In a phrase of the profile: anything, within the same clause.
_GAP = "…"

#: A gap in Chinese never skips a denial: '煤气没漏'.
_ANYTHING = {True: r"[^\s，。！？；、,.!?;没不未]{0,8}", False: r"[^,.!?;，。！？；]{0,12}?"}

#: Where a clause ends, and what was said before it counts no more.
_CLAUSE = {
    True: re.compile(r"[\s，。！？；、,.!?;：:…]"),
    False: re.compile(r"[,.!?;:，。！？；]|\b(?:and|but|now)\b"),
}

#: Words as long as this are found with a typo; what is shorter has neighbours of its own ('smoke', 'spoke').
_LONG = 9

_WORD = re.compile(r"[a-z]+")


def danger(text: str, profile: Profile) -> Urgency | None:
    """The danger that a text tells of, the profile's first one of several; None: it tells of none."""
    whole = folded(text)
    return next((each for each in profile.urgent if _tells_of(whole, each, profile)), None)


def _tells_of(text: str, urgency: Urgency, profile: Profile) -> bool:
    alone = {_letters(each) for each in _all(urgency.alone)}
    if _letters(text) in alone:
        return True
    for harmless in _all(urgency.unless):
        text = _pattern(harmless).sub(lambda found: "\0" * len(found[0]), text)
    text = _mended(text, _all(urgency.words))
    return any(_is_alarm(text, word, profile) for word in _all(urgency.words))


def _is_alarm(text: str, word: str, profile: Profile) -> bool:
    """Whether a word stands somewhere in a text and means what it says."""
    chinese = has_cjk(word)
    before_it = 0
    for found in _pattern(word).finditer(text):
        clause = _CLAUSE[chinese].split(text[before_it : found.start()])[-1]
        before_it = found.end()
        clause = clause.replace("是不是", "是")  # asks whether it is so, and denies nothing
        denied = any(_ends_with(clause, each) for each in _all(profile.denials))
        calm = any(_pattern(each).search(clause) for each in _all(profile.calm))
        if not denied and not calm:
            return True
    return False


def _mended(text: str, words: Iterable[str]) -> str:
    """A text in which the long words of a danger are spelt right."""
    long = {word for word in words if len(word) >= _LONG and _WORD.fullmatch(word)}

    def meant(found: re.Match[str]) -> str:
        near = nearest(found[0], long) if len(found[0]) >= _LONG - 1 else set()
        return near.pop() if near else found[0]

    return _WORD.sub(meant, text)


def _ends_with(clause: str, denial: str) -> bool:
    return re.search(rf"{_pattern(denial).pattern}\s*$", clause) is not None


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def _all(by_language: dict[str, list[str]]) -> list[str]:
    return [word for words in by_language.values() for word in words]


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """Finds a phrase of the profile in a folded text: Latin words whole, Chinese ones with blanks in them."""
    phrase = folded(phrase.replace(_GAP, "\0"))
    chinese = has_cjk(phrase)
    parts = [
        r"\s*".join(map(re.escape, part)) if chinese else re.escape(part).replace(r"\ ", r"\s+")
        for part in phrase.split("\0")
    ]
    joined = _ANYTHING[chinese].join(parts)
    return re.compile(joined if chinese else rf"(?<![a-z]){joined}(?![a-z])")
