"""The words that always work: what a resident wants when a text says it in one word, in both languages.

A word counts only when it is the whole text, or the first word where that is natural ('新 …'); so
'新华路的灯坏了', '找人修水管' and 'help, my door is stuck' stay reports. Capitals, full-width and traditional
characters, pinyin, small typos and polite words around it do not matter. Pure functions, no state.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from issues import vocabulary
from issues.folding import bare, folded, has_cjk, in_place, nearest, pinyin
from issues.vocabulary import Word


@dataclass(frozen=True, slots=True)
class Said:
    """A text, taken apart.

    Attributes:
        word: What it says in one word; None: it is a report, or more of one.
        rest: The words behind a first word, as they were written; empty where the word is all.
        numbers: What may be numbers of issues in it.
        surely: Whether the word stands there just so: no pinyin, no typo.
    """

    word: Word | None
    rest: str = ""
    numbers: tuple[int, ...] = ()
    surely: bool = True


#: What divides a first word from what it announces.
_DIVIDER = r"[\s:：,，。.、;；!！“”\"'「」—-]"

#: '新' needs one behind it, since other words begin so too: '新华路'.
_NEW = re.compile(
    rf"""[“「"']?(?:
        (?:新的?(?:问题|事情|事|情况)?|xin){_DIVIDER}+
      | (?:还有|另外)?(?:一件|另一件|另外一件|还有件|还有个)(?:别的|新的)?事(?:情|儿)?{_DIVIDER}*(?:是|就是)?
      | new(?:\s+(?:issue|problem|report|trouble|one|thing))?(?:{_DIVIDER}+|$)
      | (?:another|one\s+more)\s+(?:problem|issue|thing|trouble){_DIVIDER}+(?:is\s+(?:that\s+)?)?
      | something\s+else{_DIVIDER}+
    )""",
    re.IGNORECASE | re.VERBOSE,
)

#: '私密' needs nothing behind it. 'private' may begin a place ('private road'), so it wants a mark, or a word
#: that cannot be part of one.
_PRIVATE = re.compile(
    rf"""[“「"']?(?:
        (?:私密|保密|悄悄话|悄悄说|不要公开|别公开){_DIVIDER}*
      | (?:私下|不公开|隐私|simi){_DIVIDER}+
      | (?:private(?:ly)?|secret|confidential)(?:
            \s*[:：,，。.;；!—-]+\s* | \s*\n\s*
          | \s+(?=(?:my|our|the|i|i'm|he|she|they|we|it|there|please|some|someone|somebody|a|an|this|his|her
                     |their|no)\b)
        )
    )""",
    re.IGNORECASE | re.VERBOSE,
)

#: How a 'no' begins that goes on: '没好，还在漏水', '2 还是漏', 'not fixed, still dripping'.
_NO_AND_MORE = re.compile(
    rf"""(?:
        2{_DIVIDER}+(?=\D)
      | (?:还是?|根本|一直|都)?没有?(?:给我?)?(?:修|弄|办|搞|处理)?好(?!好)
      | (?:还是?)?没有?解决 | 还没有?(?:修|弄|办|来|人)
      | (?:根本|一直|到现在|都)?没有?人(?:来|管|修)
      | 还是(?:没|不|坏|漏|堵|老样子|那样|一样) | 还在(?:漏|堵|坏|滴|冒|响|吵) | 又(?:坏|漏|堵|停|不亮)
      | (?:不行|不满意|没有|没|不是|不|否){_DIVIDER}+
      | (?:no|nope)\s*[,.:;!，。：；！—-]+\s* | (?:no\s+)?still\b
      | not\s+(?:fixed|solved|done|yet|working|ok)\b
      | (?:it\s*i?'?s|is)\s+(?:still|not)\b | (?:it\s+)?isn'?t\b
      | (?:nobody|no\s*one)\s+came\b | nothing\s+(?:has\s+)?(?:changed|happened)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)

#: What somebody writes who waits for something already told, never for something new.
_CHASING = re.compile(
    r"""(?:你们|他们|师傅|电工|人)?(?:
        [怎咋]么?(?:还|一直|到现在)?(?:不|没|没有)(?:人)?[来修弄管办理] | 什么时候 | 啥时候 | 几点(?:来|到)
      | 到底 | 还没有?人? | 还要(?:等)?多久 | 多久 | 催 | 有没有(?:消息|结果|进展)
      | when\b | is\s+(?:any|some)(?:one|body)\b | how\s+(?:much\s+)?long | still\b | any\s+(?:news|update)
      | (?:i\s+am|i'm|we\s+are)\s+still | what\s+about | why\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_NUMBER = re.compile(r"(?<!\d)\d{4,9}(?!\d)")

#: What stands before a number, as our own texts write it.
_NUMBERED = re.compile(r"^(?:编号|no|number)$")

_MARK = re.compile(
    r"(?:我?[给打选评])?(\d{1,3}|[一二三四五]|one|two|three|four|five)(?:[分星]|stars?|points?|outof5)?"
)

#: '好的好的', '🙏🙏🙏'; but 11 is not 1.
_TWICE = re.compile(r"(\D+?)\1+")

#: What stands before a language's name: '说英语', 'in English'.
_SPEAK = re.compile(r"(?:speak|ispeak|writein|write|use|in|请用|请说|改用|改成|换成|用|说|讲|换|要)(?=.)")


def read(text: str) -> Said:
    """What a text says in one word, if it does."""
    whole = folded(text)
    numbers = tuple(int(number) for number in _NUMBER.findall(whole))
    word, surely = _word(bare(_NUMBER.sub(" ", whole)))
    if word:
        return Said(word, "", numbers, surely)
    text = text.strip()
    for announced, pattern in ((Word.PRIVATE, _PRIVATE), (Word.NEW, _NEW)):
        if found := pattern.match(in_place(text)):
            return Said(announced, text[found.end() :].strip(), numbers)
    return Said(None, "", numbers)


def says_no(text: str) -> bool:
    """Whether a text that answers 'is it solved?' is a no with more behind it."""
    return _NO_AND_MORE.match(_NUMBER.sub(" ", folded(text)).strip()) is not None


def chases(text: str) -> bool:
    """Whether a text asks after something that was told before: '怎么还没人来', 'when will you come'."""
    return _CHASING.match(folded(text).strip()) is not None


def language_wanted(text: str, languages: list[str], now: str) -> str | None:
    """The language that a text asks for: by its name, or the next one for 'language'; None: it asks for none.

    Args:
        text: As it was written.
        languages: Tags of those that there are.
        now: Tag of the one in which they are written to so far.
    """
    for word in _stripped(bare(text)):
        for language in languages:
            if {word, _SPEAK.sub("", word, count=1)} & _names_of(language):
                return language
    if read(text).word is Word.LANGUAGE:
        return languages[(languages.index(now) + 1) % len(languages)]
    return None


def digit(text: str) -> int | None:
    """The small number that a text is and nothing else: '3', '５分', 'five', '给四分吧'; None: it is none.

    The number of an issue beside it does not matter: '1024 给5分'.
    """
    for word in _stripped(bare(_NUMBER.sub(" ", folded(text)))):
        if found := _MARK.fullmatch(word):
            return vocabulary.DIGITS.get(found[1]) or int(found[1])
    return None


def is_number(text: str) -> bool:
    """Whether a text is the number of an issue and nothing else: '编号1024'."""
    whole = folded(text)
    return _NUMBER.search(whole) is not None and _NUMBERED.sub("", bare(_NUMBER.sub(" ", whole))) == ""


def mark(text: str) -> int | None:
    """How somebody who was asked for a mark from 1 to 5 gives it; None: they do not."""
    number = digit(text)
    if number is not None:
        return number if 1 <= number <= 5 else None
    return next((_marks()[word] for word in _stripped(bare(text)) if word in _marks()), None)


def _word(text: str) -> tuple[Word | None, bool]:
    """The word that a bare text is, and whether it stands there just so."""
    words = list(_stripped(text))
    for word in words:
        if word in _words():
            return _words()[word], True
    for word in words:
        if word in _latin():
            return _latin()[word], False
    if vocabulary.NOT_MEANT.isdisjoint(words):
        near = {each for word in words for each in nearest(word, _latin()) if _is_safe(word, each)}
        meant = {_latin()[each] for each in near}
        if len(meant) == 1:
            return meant.pop(), False
    return None, True


def _is_safe(word: str, meant: str) -> bool:
    """Whether a typo cannot have turned one answer into the other: 'now fixed' and 'not fixed'."""
    return _latin()[meant] not in (Word.NOT_SOLVED, Word.NO, Word.STOP) or word[:3] == meant[:3]


def _stripped(text: str) -> Iterator[str]:
    """A bare text, and again after each polite word that is taken from before or behind it."""
    yield text
    if said_twice := _TWICE.fullmatch(text):
        text = said_twice[1]
        yield text
    while True:
        shorter = next((text.removeprefix(each) for each in vocabulary.BEFORE if text.startswith(each)), text)
        if shorter == text:
            shorter = next(
                (text.removesuffix(each) for each in vocabulary.BEHIND if text.endswith(each)), text
            )
        if shorter in (text, ""):
            return
        text = shorter
        yield text


@cache
def _words() -> dict[str, Word]:
    return {text: word for word, texts in vocabulary.WORDS.items() for text in texts}


@cache
def _latin() -> dict[str, Word]:
    """The words in Latin letters, pinyin too; where an English word is spelt the same, that one counts."""
    typed = {pinyin(text): word for text, word in _words().items() if has_cjk(text)}
    letters = {text: word for text, word in typed.items() if text.isalpha()}
    return letters | {text: word for text, word in _words().items() if text.isascii()}


@cache
def _marks() -> dict[str, int]:
    return {text: value for value, texts in vocabulary.MARKS.items() for text in texts}


@cache
def _names_of(language: str) -> frozenset[str]:
    locale = Locale.parse(language, sep="-")
    readers = (locale, Locale("en"), Locale("zh", script="Hans"))
    names = [
        name for each in readers for name in (locale.get_display_name(each), locale.get_language_name(each))
    ]
    called = vocabulary.LANGUAGE_NAMES.get(locale.language, frozenset())
    return frozenset(bare(name) for name in names if name) | called
