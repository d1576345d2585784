"""What people's words mean: their language, a yes or a no, a new report, a number.

Pure functions on text with rules that one can read; no state, no database, nothing that learns.
"""

import re
import unicodedata
from enum import Enum

from linzhang.profile import Profile

#: Characters that can turn what is shown around: Unicode's bidirectional controls (UAX 9).
_BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"))

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_PUNCTUATION = re.compile(r"[\s,.;:!?，。；：！？、~～'\"“”‘’()（）【】\[\]-]+")


def _words(*lists: str) -> frozenset[str]:
    return frozenset(word for each in lists for word in each.split())


_YES = _words(
    "1 y yes ok okay solved done fixed thanks thankyou yesthanks yesthankyou okthanks okthankyou",
    "是 是的 好 好了 好的 可以 行 满意 解决 解决了 已解决 已经解决 已经解决了 修好了 弄好了",
    "1是 1好了 1解决了 谢谢 谢谢你 谢谢您 好了谢谢 好的谢谢",
)
_NO = _words(
    "2 n no notyet notsolved notdone notfixed stillbroken stillnotfixed",
    "否 不 没 没好 没有 还没 还没好 没解决 还没解决 没有解决 未解决 没修好 还没修好 不行 不满意",
    "2否 2没好 2没解决",
)

#: Traditional forms of the characters above, for phones that are set so.
_SIMPLIFIED = str.maketrans("沒決謝滿還經", "没决谢满还经")

#: What people put behind a yes or a no without meaning more: '还没好呢'.
_PARTICLES = "呢啊呀哦啦"

#: '新' needs a mark or a space behind it, because words begin with it too: '新华路'.
_NEW = re.compile(r"^\s*(?:[“「\"]?新(?:的?问题|事)?[\s:：,，。.、”」\"]+|new\b[\s:,.]*)", re.IGNORECASE)


class Verdict(Enum):
    """What somebody answers when asked whether it is solved."""

    YES = "yes"
    NO = "no"


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
    """The language in which a text is written, of those that the profile has; None: unclear."""
    if _CJK.search(text):
        return next((tag for tag in profile.languages if tag.startswith("zh")), None)
    if _LATIN_WORD.search(text):
        return next((tag for tag in profile.languages if not tag.startswith("zh")), None)
    return None


def bare(text: str) -> str:
    """A text for comparing: full-width forms folded, lower case, without punctuation and spaces."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).lower()


def verdict(text: str) -> Verdict | None:
    """Whether a text answers 'is it solved?' and nothing else."""
    word = bare(text).translate(_SIMPLIFIED).rstrip(_PARTICLES)
    if word in _YES:
        return Verdict.YES
    return Verdict.NO if word in _NO else None


def is_new_report(text: str) -> bool:
    """Whether the writer says that this is a new trouble: '新 …', 'new …'."""
    return _NEW.match(text) is not None


def without_new(text: str) -> str:
    """The words behind '新' or 'new'."""
    return _NEW.sub("", text, count=1)
