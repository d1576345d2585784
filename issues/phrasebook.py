"""The phrasebook: every text that a resident may get, in a conversation, with its length in SMS.

`python -m issues.phrasebook > docs/residents.md` writes the page. It uses the very catalogue that
the service speaks from, so that what is read there is what is sent; it must never touch a database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from issues import texts
from linzhang.words import ON_DAY, TODAY, Text, say

#: The languages of the page and how a row calls them, in the order of the columns.
LANGUAGES = {"zh-Hans": "中文", "en": "English"}

#: Characters that fit into an SMS of seven bits each: the basic table of 3GPP TS 23.038, 6.2.1.
_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


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


def said(text: Text, who: str = "block", *, chinese: str = "", english: str = "") -> Said:
    """Words of the service.

    Args:
        text: From the catalogue.
        who: Which leader it names.
        chinese: What a leader says in it.
        english: The same.
    """
    words = {"zh-Hans": chinese, "en": english}
    return Said(text, {language: _blanks(language, who, words[language]) for language in LANGUAGES})


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


def _blanks(language: str, who: str, words: str) -> dict[str, str]:
    name, title = _PEOPLE[language][who]
    block, village = _PLACES[language]
    return {
        "number": "1024",
        "time": say(TODAY, language, time="14:05"),
        "leader": say(texts.NAMED_LEADER, language, name=name, title=title),
        "department": _DEPARTMENT[language],
        "place": say(texts.PLACE_IN, language, block=block, village=village),
        "words": words,
        "thing": say(texts.THINGS["picture"], language),
        "link": _LINK,
    }


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
        said(texts.CLOSED),
    ),
    "The leader has a picture": (
        said(texts.LINKED),
        said(texts.ENCLOSED),
    ),
    "It is not solved": (
        said(texts.SOLVED),
        heard("灯还是一闪一闪的", "It still flickers"),
        said(texts.SOLVED_AGAIN),
        heard("2", "2"),
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
    "Nothing to report": (
        heard("谢谢", "Thanks"),
        said(texts.WELCOME),
        heard("（空）", "(nothing)"),
        said(texts.EMPTY),
    ),
}


def length(text: str) -> tuple[str, int, int]:
    """How a carrier counts a text: its alphabet, its length in that, and how many SMS it takes.

    Characters of GSM-7's extension table do not occur in the catalogue and count as UCS-2.
    """
    if all(character in _GSM7 for character in text):
        alphabet, size, alone, joined = "GSM-7", len(text), 160, 153
    else:
        alphabet, size, alone, joined = "UCS-2", len(text.encode("utf-16-le")) // 2, 70, 67
    return alphabet, size, 1 if size <= alone else -(-size // joined)


def page() -> Iterator[str]:
    """The lines of docs/residents.md."""
    yield "# What residents read"
    yield ""
    yield "Every text that the service sends to a resident, in the conversation in which it is sent."
    yield "A resident is answered in the language of their own last words. Under each text stands how"
    yield "many SMS it takes and how long it is, in septets (GSM-7) or 16-bit units (UCS-2)."
    yield ""
    yield "`python -m issues.phrasebook > docs/residents.md` writes this page from the catalogue; a"
    yield "test sees that it is up to date."
    for title, lines in CONVERSATIONS.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield f"| | {' | '.join(LANGUAGES.values())} |"
        yield "|---|---|---|"
        for line in lines:
            who = "resident" if isinstance(line, Heard) else "service"
            yield f"| {who} | {' | '.join(_cell(line, language) for language in LANGUAGES)} |"
    yield ""
    yield f"Times of another day are told with it: {_dates()}."


def _cell(line: Line, language: str) -> str:
    if isinstance(line, Heard):
        return line.words[language]
    text = say(line.text, language, **line.blanks[language])
    alphabet, size, count = length(text)
    return f"**{text}**<br>{count} SMS, {size} {alphabet}"


def _dates() -> str:
    days = {"zh-Hans": "11月30日", "en": "Nov 30"}
    return ", ".join(f"“{say(ON_DAY, language, time='14:05', day=days[language])}”" for language in LANGUAGES)


if __name__ == "__main__":
    print("\n".join(page()))
