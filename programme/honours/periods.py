"""For which time somebody is honoured: a month, '2026-11', or a year, '2026'.

Pure functions.
"""

import re
from calendar import month_name
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_skeleton

from linzhang.words import written_in

#: Months and years that can be honoured, the present one too.
MONTHS, YEARS = 13, 2

_MONTH = re.compile(r"(20\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])月?")
_YEAR = re.compile(r"(20\d\d)年?")
_MONTH_ALONE = re.compile(r"(1[0-2]|0?[1-9])月")

#: What months and years are called from the present one back.
_THIS_MONTH = ("本月", "这个月", "当月", "this month", "month")
_LAST_MONTH = ("上月", "上个月", "last month")
_THIS_YEAR = ("今年", "本年", "this year", "year")
_LAST_YEAR = ("去年", "last year")


def read(words: str, today: date) -> str | None:
    """The period that words name; None: none.

    Args:
        words: '本月', '11月', '2026年', 'last month', 'November' and the like.
        today: The day of whoever says so.
    """
    said = " ".join(words.strip().lower().split())
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    for names, period in (
        (_THIS_MONTH, f"{this:%Y-%m}"),
        (_LAST_MONTH, f"{last:%Y-%m}"),
        (_THIS_YEAR, f"{this:%Y}"),
        (_LAST_YEAR, f"{this.year - 1}"),
    ):
        if said in names:
            return period
    if found := _MONTH.fullmatch(said):
        return f"{found[1]}-{int(found[2]):02}"
    if found := _YEAR.fullmatch(said):
        return found[1]
    named = [each.lower() for each in month_name]
    alone = _MONTH_ALONE.fullmatch(said)
    month = int(alone[1]) if alone else named.index(said) if said and said in named else 0
    # A month without its year is the latest one of that name.
    return f"{this.year - (month > this.month)}-{month:02}" if month else None


def choices(today: date) -> list[str]:
    """The periods that can be honoured on a day: months, the latest first, then years."""
    months, first = [], today.replace(day=1)
    for _ in range(MONTHS):
        months.append(f"{first:%Y-%m}")
        first = (first - timedelta(days=1)).replace(day=1)
    return [*months, *(str(today.year - back) for back in range(YEARS))]


def span(period: str) -> tuple[date, date]:
    """The first day of a period, and the first after it."""
    year, _, month = period.partition("-")
    if not month:
        return date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    first = date(int(year), int(month), 1)
    return first, (first + timedelta(days=31)).replace(day=1)


def name(period: str, language: str) -> str:
    """What it is called: '2026年11月', 'November 2026', '2026年', '2026'."""
    locale = Locale.parse(written_in(language), sep="-")
    return format_skeleton("yMMMM" if "-" in period else "y", span(period)[0], locale=locale)
