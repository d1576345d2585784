"""Which weeks figures are asked for: the latest ones, those of a month, or from one day to another.

Figures are by weeks, from Monday to Sunday. A month has the weeks of which it has the Thursday, and so most
of the days: each week belongs to one month, as ISO 8601 gives each to one year.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_interval, format_skeleton

from linzhang.words import Text, say, written_in
from projections.weeks import WEEK, monday, within
from web.desk.texts import figures as texts

#: What the latest weeks are called that can be asked for, by how many there are.
NAMES: Mapping[int, Text] = {
    1: texts.THIS_WEEK,
    4: texts.FOUR_WEEKS,
    13: texts.THIRTEEN_WEEKS,
    52: texts.A_YEAR,
}
LATEST = tuple(NAMES)

#: How many they are if nobody says.
USUAL = 4

#: Weeks that are shown at most.
_LONGEST = 260

#: Months that can be chosen from, this one too.
_MONTHS = 25

#: Nothing was received before.
_FIRST_YEAR = 2000

_DAY = timedelta(days=1)
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """Some weeks.

    Attributes:
        first: Monday of the first.
        last: Monday of the last.
        query: What asks for them in an address.
        before: The weeks to compare with, by the Mondays of the first and the last.
        today: The day of whoever asks.
    """

    first: date
    last: date
    query: str
    before: tuple[date, date]
    today: date

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.last + WEEK - _DAY

    @property
    def is_over(self) -> bool:
        """Whether no further issue can come to it."""
        return self.sunday < self.today

    @property
    def latest(self) -> int | None:
        """How many of the latest weeks it is; None: others."""
        return int(self.query.removeprefix("weeks=")) if self.query.startswith("weeks=") else None

    @property
    def month(self) -> str:
        """The month that it is, such as '2026-11'; empty: none."""
        return self.query.removeprefix("month=") if self.query.startswith("month=") else ""

    def name(self, language: str) -> str:
        """What it is called: '最近4周', 'November 2026'; a span by its days."""
        if self.latest is not None:
            return say(NAMES[self.latest], language)
        return month_name(self.month, language) if self.month else self.days(language)

    def days(self, language: str) -> str:
        """Its days: '2026年11月2日至29日'."""
        days = format_interval(self.first, self.sunday, "yMMMd", locale=_locale(language))
        return days.replace("\u2009", " ")  # a thin space, which few fonts have

    def in_a_file_name(self) -> str:
        """Its days, as names of files have them: '20261102-20261129'."""
        return self.month or f"{self.first:%Y%m%d}-{self.sunday:%Y%m%d}"


def asked(today: date, weeks: str = "", month: str = "", first: str = "", last: str = "") -> Period:
    """The period that an address asks for; what makes no sense is as if it was not there.

    Args:
        today: The day of whoever asks.
        weeks: How many of the latest, one of `LATEST`.
        month: Such as '2026-11'.
        first: A day of the first week, as ISO 8601 writes it.
        last: A day of the last week.
    """
    if (found := _MONTH.fullmatch(month)) and month <= f"{today:%Y-%m}":
        return of_month(int(found[1]), int(found[2]), today)
    days = sorted(day for day in (_day(first), _day(last)) if day is not None)
    if days:
        return _span(days[0], days[-1] if len(days) > 1 else today, today)
    number = int(weeks) if weeks in {str(each) for each in LATEST} else USUAL
    this = monday(today)
    return _weeks(this - (number - 1) * WEEK, this, f"weeks={number}", today)


def of_month(year: int, month: int, today: date) -> Period:
    """The weeks of a month, of this one those that have begun."""
    start = date(year, month, 1)
    first, last = _ends(start)
    last = max(first, min(last, monday(today)))
    return Period(first, last, f"month={start:%Y-%m}", _ends((start - _DAY).replace(day=1)), today)


def of_weeks(first: date, last: date, today: date) -> Period:
    """Some weeks, by the Mondays of the first and the last."""
    return _weeks(first, last, f"from={first}&to={last + WEEK - _DAY}", today)


def months(today: date) -> Iterator[str]:
    """The months that can be chosen, the latest first: '2026-11'."""
    start = today.replace(day=1)
    for _ in range(_MONTHS):
        yield f"{start:%Y-%m}"
        start = (start - _DAY).replace(day=1)


def month_name(month: str, language: str) -> str:
    """What a month is called: '2026年11月', 'November 2026'."""
    return format_skeleton("yMMMM", date.fromisoformat(f"{month}-01"), locale=_locale(language))


def week_name(week: date, language: str) -> str:
    """What a week is called where there is little room, by its Monday: '11月2日', 'Nov 2'."""
    return format_skeleton("MMMd", week, locale=_locale(language))


def _span(first: date, last: date, today: date) -> Period:
    last = min(monday(last), monday(today))
    first = max(min(monday(first), last), last - (_LONGEST - 1) * WEEK)
    return of_weeks(first, last, today)


def _weeks(first: date, last: date, query: str, today: date) -> Period:
    length = last - first + WEEK
    return Period(first, last, query, (first - length, last - length), today)


def _ends(start: date) -> tuple[date, date]:
    """Mondays of the first and the last week of which a month, given by its first day, has the Thursday."""
    return within(start, (start + timedelta(days=31)).replace(day=1))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= _FIRST_YEAR else None


def _locale(language: str) -> Locale:
    return Locale.parse(written_in(language), sep="-")
