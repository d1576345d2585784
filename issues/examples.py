"""Conversations with residents in which every text that they may get stands once, for the phrasebook.

Data, filled in with the same invented people everywhere; nothing here is sent to anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from issues import texts
from linzhang.words import TODAY, Text, name_of, say

#: The languages of the page and how a row calls them, in the order of the columns.
LANGUAGES = {"zh-Hans": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a resident texts, per language."""

    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What the service answers, filled in per language.

    Attributes:
        text: From the catalogue.
        blanks: Values for its blanks, per language; a number and times are the same for all.
    """

    text: Text
    blanks: dict[str, dict[str, str]]


Line = Heard | Said


def heard(chinese: str, english: str) -> Heard:
    """Words of a resident."""
    return Heard({"zh-Hans": chinese, "en": english})


def said(
    text: Text, who: str = "block", *, chinese: str = "", english: str = "", emergency: str = ""
) -> Said:
    """Words of the service.

    Args:
        text: From the catalogue.
        who: Which leader it names.
        chinese: What a leader, or the resident, says in it.
        english: The same.
        emergency: The number to call first, where it is not the programme's own.
    """
    words = {"zh-Hans": chinese, "en": english}
    blanks = {language: _blanks(language, who, words[language]) for language in LANGUAGES}
    if emergency:
        blanks = {language: each | {"emergency": emergency} for language, each in blanks.items()}
    return Said(text, blanks)


_PEOPLE = {
    "zh-Hans": {"block": ("陈建国", "邻长"), "group": ("周强", "组长"), "township": ("李国庆", "乡镇书记")},
    "en": {
        "block": ("Chen Jianguo", "block leader"),
        "group": ("Zhou Qiang", "group leader"),
        "township": ("Li Guoqing", "township secretary"),
    },
}
_DEPARTMENT = {"zh-Hans": "水务局", "en": "the water company"}
_LINK = "https://linzhang.example.org/m/AAAAAAQCAGsd2oAxJ9dXl2x6m1Rk3g"
_PLACES = {"zh-Hans": ("第3邻", "魏岗村"), "en": ("Block 3", "Weigang village")}
_LAMP, _WATER = (
    {"zh-Hans": "村口的路灯坏了", "en": "The lamp..."},
    {"zh-Hans": "家里停水了", "en": "No water"},
)


def _blanks(language: str, who: str, words: str) -> dict[str, str]:
    name, title = _PEOPLE[language][who]
    block, village = _PLACES[language]
    time = say(TODAY, language, time="14:05")
    leader = say(texts.NAMED_LEADER, language, name=name, title=title)
    return {
        "number": "1024",
        "time": time,
        "leader": leader,
        "department": _DEPARTMENT[language],
        "unit": _DEPARTMENT[language],
        "place": say(texts.PLACE_IN, language, block=block, village=village),
        "words": words,
        "other": name_of(language),
        "thing": say(texts.THINGS["picture"], language),
        "link": _LINK,
        "phone": "138 0013 8000",
        "emergency": "110/119/120",
        "main": "1019",
        "options": _options(language, words, leader, time),
    }


def _options(language: str, words: str, leader: str, time: str) -> str:
    """Two issues: to choose from, or as they stand."""
    if words:
        open_one = say(
            texts.STATUS_LINE_OPEN,
            language,
            number="1024",
            words=_LAMP[language],
            leader=leader,
            time=time,
        )
        answered = say(
            texts.STATUS_LINE_ANSWERED, language, number="1027", words=_WATER[language], leader=leader
        )
        return f"{open_one}\n{answered}"
    lamp = say(texts.WHICH_OPTION, language, digit="1", words=_LAMP[language], number="1024")
    water = say(texts.WHICH_OPTION, language, digit="2", words=_WATER[language], number="1027")
    return f"{lamp}\n{water}"


def _about_the_lamp(text: Text) -> Said:
    """How the lamp's issue stands."""
    return said(text, chinese=_LAMP["zh-Hans"], english="The lamp at the gate is broken")


CONVERSATIONS: dict[str, Sequence[Line]] = {
    "Somebody whom the roster knows reports a trouble": (
        heard("村口的路灯坏了", "The lamp at the gate is broken"),
        said(texts.RECEIPT),
        heard("已经三天了", "For three days now"),
        said(texts.ADDED),
        said(texts.SEEN),
        said(texts.ANSWER, chinese="明天上午电工来修。", english="The electrician comes tomorrow morning."),
        said(texts.CORRECTION, chinese="后天上午电工来修。", english="The electrician comes on Thursday."),
        said(texts.SOLVED),
        heard("1", "1"),
        said(texts.CLOSED_RATE),
        heard("9", "9"),
        said(texts.RATE_AGAIN),
        heard("5", "5"),
        said(texts.RATED),
    ),
    "The leader has a picture": (
        said(texts.LINKED),
        said(texts.ENCLOSED),
    ),
    "It is not solved": (
        said(texts.SOLVED),
        heard("灯还是一闪一闪的", "It flickers"),
        said(texts.SOLVED_AGAIN),
        heard("没好，还是不亮", "Not fixed, still dark"),
        said(texts.NOT_SOLVED, "group"),
    ),
    "The resident says nothing": (
        said(texts.SOLVED),
        said(texts.SOLVED_ONCE_MORE),
        said(texts.LAPSED),
        heard("2", "2"),
        said(texts.NOT_SOLVED, "group"),
    ),
    "Nobody answers in four hours": (
        said(texts.WENT_UP, "group"),
        said(texts.STILL_UP, "township"),
        said(texts.REARRANGED, "group"),
    ),
    "A department is asked": (
        said(texts.REFERRED),
        said(texts.RETURNED),
    ),
    "Somebody whom nobody knows": (
        heard("家里没水了", "We have no water"),
        said(texts.RECEIPT_UNKNOWN),
        heard("大槐树旁边", "Beside the big tree"),
        said(texts.PLACE_UNKNOWN),
        heard("12345674", "12345674"),
        said(texts.PLACED),
    ),
    "A life or a house is in danger": (
        heard("楼道里着火了", "Fire on the stairs"),
        said(texts.URGENT, emergency="119"),
        heard("私密 隔壁在打人，拿着刀", "private: he has a knife"),
        said(texts.URGENT_PRIVATE, emergency="110"),
        heard("（不认识的号码）我妈晕倒了", "(a number that nobody knows) My mother is unconscious"),
        said(texts.URGENT_WHERE, emergency="120"),
    ),
    "Two troubles are open, and nobody can tell which one is meant": (
        heard("怎么还没人来", "When will you come"),
        said(texts.WHICH),
        heard("2", "2"),
        said(texts.ADDED),
        heard("新", "new"),
        said(texts.WHAT_NEW),
    ),
    "How do my issues stand?": (
        heard("查询", "status"),
        said(texts.STATUS_SEVERAL, chinese="…", english="..."),
        heard("查询 1024", "status 1024"),
        _about_the_lamp(texts.STATUS_OPEN),
        _about_the_lamp(texts.STATUS_ANSWERED),
        _about_the_lamp(texts.STATUS_RESOLVED),
        _about_the_lamp(texts.STATUS_UNPLACED),
        _about_the_lamp(texts.STATUS_OVER),
        said(texts.STATUS_NOTHING),
    ),
    "Only the leader may see it": (
        heard("私密 邻居打老婆", "private: my neighbour beats his wife"),
        said(texts.RECEIPT_PRIVATE),
        heard("私密", "private"),
        said(texts.MADE_PRIVATE),
        said(texts.HOW_PRIVATE),
    ),
    "It is not needed any more": (
        heard("算了", "never mind"),
        said(texts.WITHDRAWN),
        heard("来电了", "It works now"),
        said(texts.CLOSED),
    ),
    "Somebody to talk to, and other words that always work": (
        heard("找人", "person"),
        said(texts.PERSON),
        said(texts.PERSON_CALLS),
        heard("帮助", "help"),
        said(texts.HELP_RESIDENT),
        heard("中文", "English"),
        said(texts.LANGUAGE_CHANGED),
        heard("退订", "stop"),
        said(texts.STOPPED),
        heard("恢复", "start"),
        said(texts.STARTED),
    ),
    "Several told the same, or one told of several": (
        said(texts.MERGED),
        said(texts.MERGED_OWN),
        said(texts.SPLIT),
        said(texts.TAKEN_OFF, chinese="只是试一下", english="it was a test"),
        heard("2", "2"),
        said(texts.NOT_SOLVED, "group"),
    ),
    "Nothing to report": (
        heard("你好", "Hello"),
        said(texts.HELLO),
        heard("12345674", "12345674"),
        said(texts.CARD_SCANNED),
        heard("谢谢", "Thanks"),
        said(texts.WELCOME),
        heard("（空）", "(nothing)"),
        said(texts.EMPTY),
    ),
    "A phone sends forty texts in ten minutes": (
        heard("在吗在吗在吗", "Hello hello hello"),
        said(texts.FLOODED),
    ),
}
