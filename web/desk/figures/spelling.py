"""How figures are written for people: '1,024', '96.6%', '3 h 20 min', '4.6'."""

from datetime import timedelta

from babel.numbers import format_decimal

from linzhang.words import duration, say, written_in
from papers.paper import Share
from web.desk.figures.measures import Kind, Measure, Value
from web.desk.texts import figures as texts

#: From how many hours on nobody asks for minutes, and from how many on they are days.
_NO_MINUTES, _DAYS = 10, 48


def spelled(measure: Measure, value: Value, language: str) -> str:
    """A figure; a dash where there is none."""
    if value is None:
        return say(texts.NOTHING, language)
    if isinstance(value, timedelta):
        return time(value, language)
    if measure.kind is Kind.SHARE:
        return str(Share(value))
    return f"{value:.1f}" if measure.kind is Kind.MARK else count(value, language)


def count(number: float, language: str) -> str:
    """A whole number: '14,800'."""
    return format_decimal(number, locale=written_in(language).replace("-", "_"))


def time(length: timedelta, language: str) -> str:
    """How long something took, as exactly as one cares: '3 h 20 min', '27 h', '2 d 4 h'."""
    hours = round(length.total_seconds() / 3600)
    if hours < _DAYS:
        return duration(length if hours < _NO_MINUTES else timedelta(hours=hours), language)
    days, hours = divmod(hours, 24)
    return say(texts.DAYS_AND_HOURS if hours else texts.DAYS, language, days=days, hours=hours)
