"""What a leader's text says: the number that it is about, what it asks for, and the words.

Pure functions on text with rules that one can read; what follows is decided in `issues.leading`.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum


class Verb(StrEnum):
    """What a text asks for besides being words for the resident."""

    ACCEPT = "accept"
    DONE = "done"
    UP = "up"
    NOTE = "note"
    CALL = "call"
    RETURN = "return"


_WORDS = {
    Verb.ACCEPT: "accept take 接单 收到 接下 我来办",
    Verb.DONE: (
        "done finished solved fixed completed 办好了 辦好了 办结 已办结 完成 已完成 完成了 办完了 办理完毕"
        " 处理完毕 修好了 解决了 解決了 已解决 好了"
    ),
    Verb.UP: "up 上报 上報 转上级 往上报",
    Verb.NOTE: "note 备注 内部",
    Verb.CALL: "call phone 电话 打电话 号码",
    Verb.RETURN: "return returned 退回 退回来 退办",
}
_MARKS = r"[\s,.:;!，。：；！、]"


def _pattern(words: str) -> re.Pattern[str]:
    """A verb at the beginning, alone or with a mark behind it: '上报了' and 'update' are words."""
    longest_first = sorted(map(re.escape, words.split()), key=len, reverse=True)
    return re.compile(rf"[!！]?({'|'.join(longest_first)})(?={_MARKS}|\d|$){_MARKS}*", re.IGNORECASE)


_VERBS = {verb: _pattern(words) for verb, words in _WORDS.items()}

#: What makes words stay among leaders in rooms does so here too.
_INSIDE = re.compile(r"(?://|／／)\s*")

#: The number that a text begins with: '1024 …', '编号1024：…', 'No. 1024'.
_NUMBER = re.compile(
    rf"(?:编号|編號|no\.?|number)?\s*[#＃№]?\s*(\d{{4,9}})(?!\d)({_MARKS}|$)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A text, taken apart.

    Attributes:
        number: That it begins with; None: with none.
        apart: Whether a blank or a mark, or what it asks for, stands behind the number, so that it is
            no year and no price.
        verb: What it asks for; None: nothing but to be passed on.
        words: What stands behind all that.
        text: All but the number.
    """

    number: int | None
    apart: bool
    verb: Verb | None
    words: str
    text: str


def read(text: str) -> Reply:
    """Take a leader's text apart: '1024 done', '上报 1024 归镇里管', '明天来修'."""
    number, apart, whole = _number(text.strip())
    verb, words = _verb(whole)
    if number is None and verb is not None:
        number, apart, words = _number(words)
        whole = words if number is not None else whole
    return Reply(number, apart or verb is not None, verb, words.strip(), whole.strip())


def within(text: str, number: int) -> Reply:
    """Take a text apart of which it is known which issue it is about: another number is only words."""
    reply = read(text)
    if reply.number in (None, number):
        return replace(reply, number=number, apart=True)
    verb, words = _verb(text.strip())
    return Reply(number, True, verb, words.strip(), text.strip())


def _number(text: str) -> tuple[int | None, bool, str]:
    found = _NUMBER.match(text)
    if found is None:
        return None, False, text
    return int(found.group(1)), found.group(2) is not None, text[found.end() :].lstrip(" ,.:;，。：；、\t\n")


def _verb(text: str) -> tuple[Verb | None, str]:
    inside = _INSIDE.match(text)
    if inside:
        return Verb.NOTE, text[inside.end() :]
    for verb, pattern in _VERBS.items():
        found = pattern.match(text)
        if found:
            return verb, text[found.end() :]
    return None, text
