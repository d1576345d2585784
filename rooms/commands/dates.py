"""The days that somebody writes: '12-01 12-05', '12月1日到5日', 'tomorrow', '3 days', '周五'.

Pure functions of the words and of today; they never raise, and what they do not understand they leave.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

#: Days that one absence may have at most.
LONGEST = 366

_DIGITS = {each: number for number, each in enumerate("一二三四五六七八九", start=1)} | {
    "两": 2,
    "日": 7,
    "天": 7,
}
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?\b"


#: '8点', '8:30', '下午3点半'.
CLOCK = re.compile(r"(上午|早上|下午|晚上)?\s*(\d{1,2})(?:[:：](\d{2})|[点时](半|\d{1,2}分?)?)")
_AFTERNOON = ("下午", "晚上")


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, both ends included."""

    first: date
    last: date


def read(words: str, today: date) -> tuple[Days | None, str]:
    """The days with which words begin, and the words behind them.

    None: they begin with none, or the days make no sense: the last before the first, or too many.
    """
    text = unicodedata.normalize("NFKC", words)
    found: list[date] = []
    length, until = 0, False
    place = 0
    while place < len(text):
        rest = text[place:]
        if step := _BETWEEN.match(rest):
            until = until or _UNTIL.search(step.group()) is not None
            place += step.end()
        elif not length and (step := _LENGTH.match(rest)):
            length = _length(step)
            place += step.end()
        elif len(found) < 2 and (hit := _date(rest, today, found[0] if found else None)):
            day, end = hit
            found.append(day)
            place += end
        else:
            break
        # 'Sun Mei' is a deputy's name, but 'to Sun' is a day.
        if found and not until and text[place:].lstrip()[:3].lower() in _WEEKDAYS:
            break
    return _days(found, length, today, until=until), text[place:].strip()


def clock(words: str) -> time | None:
    """The time of day that words are and nothing else: '8:30', '下午3点半'; None: they are none."""
    found = CLOCK.fullmatch(words)
    if found is None:
        return None
    minutes = found[3] or (found[4] or "0").removesuffix("分")
    hour = int(found[2]) + (12 if found[1] in _AFTERNOON and int(found[2]) < 12 else 0)
    minute = 30 if minutes == "半" else int(minutes)
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def _days(found: list[date], length: int, today: date, *, until: bool) -> Days | None:
    if not found and not length:
        return None
    if length:
        first = found[0] if found else today
        last = first + timedelta(days=min(length, LONGEST + 1) - 1)
    elif len(found) == 2:
        first, last = found
    else:
        first, last = (today if until else found[0]), found[0]
    return Days(first, last) if 0 <= (last - first).days < LONGEST else None


def _date(text: str, today: date, after: date | None) -> tuple[date, int] | None:
    """The day with which a text begins, and where it ends."""
    for pattern, make in _DATES:
        found = pattern.match(text)
        if found:
            day = make(found, today, after)
            if day is not None:
                return day, found.end()
    return None


def _full(found: re.Match[str], today: date, after: date | None) -> date | None:
    del today, after
    return _valid(int(found["year"]), int(found["month"]), int(found["day"]))


def _of_month(found: re.Match[str], today: date, after: date | None) -> date | None:
    month = found["month"].lower()
    number = _MONTHS.index(month) + 1 if month in _MONTHS else _int(month)
    return _coming(today, after, number, _int(found["day"]))


def _of_this_month(found: re.Match[str], today: date, after: date | None) -> date | None:
    """'5日': the next such day; behind another day, the next after that."""
    start, day = after or today, _int(found["day"])
    this = _valid(start.year, start.month, day)
    if this is not None and this >= start:
        return this
    year, month = (start.year, start.month + 1) if start.month < 12 else (start.year + 1, 1)
    return _valid(year, month, day)


def _relative(found: re.Match[str], today: date, after: date | None) -> date | None:
    del after
    word = found.group().lower()
    return today + timedelta(days=next(days for words, days in _RELATIVE if word in words))


def _weekday(found: re.Match[str], today: date, after: date | None) -> date | None:
    """'周五', 'Friday': the next one; '下周五', 'next Friday': the one in the coming week."""
    name = found["weekday"].lower()
    number = _WEEKDAYS.index(name) if name in _WEEKDAYS else _DIGITS[name] - 1
    start = after or today
    if found["next"]:
        return start - timedelta(days=start.weekday()) + timedelta(days=7 + number)
    return start + timedelta(days=(number - start.weekday()) % 7)


def _length(found: re.Match[str]) -> int:
    count = 1 if found["count"] in ("a", "one") else _int(found["count"])
    return count * (7 if found["unit"].startswith(("w", "周", "个", "星", "礼")) else 1)


def _coming(today: date, after: date | None, month: int, day: int) -> date | None:
    """The next day of this month and number: what has passed this year is meant of the next."""
    this = _valid(today.year, month, day)
    if this is None or this >= (after or today):
        return this or _valid(today.year + 1, month, day)
    return _valid(today.year + 1, month, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _int(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


_RELATIVE = (
    (("今天", "今日", "today"), 0),
    (("明天", "明日", "tomorrow"), 1),
    (("后天", "day after tomorrow", "the day after tomorrow"), 2),
    (("大后天",), 3),
)

_Make = Callable[[re.Match[str], date, date | None], date | None]

_DATES: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (r"(?P<year>20\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})[日号]?", _full),
        (rf"(?P<month>{_NUMBER})月(?P<day>{_NUMBER})[日号]?", _of_month),
        (r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)", _of_month),
        (rf"(?P<day>{_NUMBER})[日号]", _of_this_month),
        (rf"{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b", _of_month),
        (rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}", _of_month),
        (r"大后天|后天|明天|明日|今天|今日|(?:the )?day after tomorrow|tomorrow|today", _relative),
        (r"(?P<next>下)?(?:个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])", _weekday),
        (rf"(?P<next>next )?{_WEEKDAY}", _weekday),
    )
)

#: How long, in days or weeks.
_LENGTH = re.compile(
    rf"(?:for )?(?P<count>{_NUMBER}|a\b|one\b)\s*(?P<unit>days?\b|天|weeks?\b|周|个?星期|个?礼拜)",
    re.IGNORECASE,
)

#: What stands before, between and behind days, and what of it says 'until'.
_BETWEEN = re.compile(
    r"[\s,，、;:~—–-]+|到|至|截止|从|自|起|开始|之?间|to\b|until\b|till\b|from\b|on\b|and\b", re.IGNORECASE
)
_UNTIL = re.compile(r"到|至|截止|to|until|till|[~—–-]", re.IGNORECASE)
