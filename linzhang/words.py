"""Texts for people, in their language: gettext catalogues read through Babel.

A text is written once, in English, as a `Text`; the catalogues in `locale/<language>/LC_MESSAGES/`, one for
each part of the service, have its translations. Only a text from a catalogue is ever used as a format: what
people wrote is filled in as a value and can never become one.
"""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_timedelta
from babel.messages.pofile import read_po

LOCALE_FOLDER = Path(__file__).resolve().parent.parent / "locale"
SOURCE_LANGUAGE = "en"


class Text(NamedTuple):
    """A text that a person reads, as its English original with {named} blanks."""

    english: str


def say(text: Text, language: str, **values: object) -> str:
    """Return the text in a language, with its blanks filled in.

    Args:
        text: From the catalogue.
        language: Tag such as 'zh-Hans'; where there is no translation, English is used.
        values: For every blank of the text; a value is never read as a format itself. A text without
            blanks that is a value is said in the same language.

    Raises:
        KeyError: A blank has no value.
    """
    fills = {
        name: say(value, language) if isinstance(value, Text) else value for name, value in values.items()
    }
    return catalogue(language).get(text.english, text.english).format(**fills)


@cache
def catalogue(language: str) -> dict[str, str]:
    """All translations into a language; empty where there is no catalogue."""
    found: dict[str, str] = {}
    for path in sorted((LOCALE_FOLDER / language.replace("-", "_") / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file, locale=Locale.parse(language, sep="-"))
        found |= {str(each.id): str(each.string) for each in messages if each.id and each.string}
    return found


def written_in(language: str) -> str:
    """The language that texts for readers of a language really are in: without translations, English."""
    return language if catalogue(language) else SOURCE_LANGUAGE


TODAY = Text("{time} today")
TOMORROW = Text("{time} tomorrow")
ON_DAY = Text("{time} on {day}")
MINUTES = Text("{minutes} min")
HOURS = Text("{hours} h")
HOURS_AND_MINUTES = Text("{hours} h {minutes} min")

#: Above this line people answer a letter; what stands below it is ours.
REPLY_ABOVE = Text("Please write your answer above this line")

LEFT = Text("{time} left")
OVERDUE = Text("{time} overdue")


def time_left(due: datetime, now: datetime, language: str) -> str:
    """How long there is until a moment, roughly: '2 hours left', '逾期3小时'."""
    locale = Locale.parse(written_in(language), sep="-")
    time = format_timedelta(abs(due - now), granularity="minute", threshold=1.5, locale=locale)
    return say(LEFT if due > now else OVERDUE, language, time=time)


def day(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """The day of a moment: '11月30日', 'Nov 30'."""
    locale = Locale.parse(written_in(language), sep="-")
    return format_skeleton("MMMd", moment.astimezone(zone), locale=locale)


def clock_time(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """A moment as a neighbour would say it: '14:05 today', '明天02:05'.

    Args:
        moment: What to tell.
        now: The programme's time, from which 'today' counts.
        zone: The reader's zone.
        language: The reader's language.
    """
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time = f"{local:%H:%M}"
    if local.date() == today:
        return say(TODAY, language, time=time)
    if local.date() == today + timedelta(days=1):
        return say(TOMORROW, language, time=time)
    return say(ON_DAY, language, time=time, day=day(local, zone, language))


def name_of(language: str) -> str:
    """What a language calls itself: 'English', '中文'."""
    return Locale.parse(language, sep="-").get_language_name() or language


def duration(length: timedelta, language: str) -> str:
    """How long something takes or lasts, to the minute: '1 h 30 min', '15分钟'."""
    hours, minutes = divmod(max(0, round(length.total_seconds() / 60)), 60)
    text = HOURS_AND_MINUTES if hours and minutes else HOURS if hours else MINUTES
    return say(text, language, hours=hours, minutes=minutes)
