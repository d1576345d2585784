"""A notice's words as each gets them: on a phone, as a resident or as a leader, and in a room.

Each says who speaks, and how to say that one has read it.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from issues import chain, choices, names, segments
from issues import texts as issue_texts
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Notice, Person
from programme import texts
from programme.notices import aims

#: Addresses of pages. A text with one looks like those of swindlers, and people are told not to press any.
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|cn|net|org|top|xyz)\b", re.IGNORECASE | re.ASCII)

#: What one presses in a room to answer a poll, in the order of its options.
SIGNS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣")

#: How a sentence ends.
_ENDS = ("。", "！", "？", "…", ".", "!", "?", "”", "」", ")", "）")


def has_link(words: str) -> bool:
    """Whether words name a page."""
    return _LINK.search(words) is not None


async def speaker(settings: Settings, notice: Notice, language: str, at: datetime) -> str:
    """Who speaks: unit, title and name.

    Args:
        settings: The service's.
        notice: With its author and its unit fetched.
        language: The reader's.
        at: Programme time.
    """
    profile = settings.territory
    led = await chain.unit_led(notice.author, notice.unit, at) or notice.unit
    leader = await names.speaker(notice.author, led, profile, language, at)
    return say(texts.FROM, language, unit=led.name, leader=leader)


async def for_phone(
    settings: Settings, notice: Notice, language: str, at: datetime, *, leads: bool, asked: bool = False
) -> str:
    """What somebody's phone shows.

    Args:
        settings: The service's.
        notice: See `speaker`.
        language: The reader's.
        at: Programme time.
        leads: Whether they lead a unit.
        asked: Whether they were asked something else that a digit answers: then it takes a word.
    """
    passes = leads and aims.of(notice.aim).residents
    ask: Text | str = texts.PHONE_PASS if passes else texts.PHONE_READ_WORD if asked else texts.PHONE_READ
    if notice.options:
        ask = worded(notice.options, language) if asked else typed(notice.options, language)
    who = await speaker(settings, notice, language, at)
    return say(texts.ON_PHONE, language, who=who, words=ended(_words(notice, language), language), ask=ask)


def typed(options: Sequence[str], language: str) -> str:
    """How one answers a poll with a digit."""
    listed = ""
    for digit, option in enumerate(options, start=1):
        text = texts.OPTION_DIGIT_MORE if listed else texts.OPTION_DIGIT
        listed = say(text, language, before=listed, digit=digit, option=option)
    return say(texts.PHONE_CHOOSE, language, options=listed)


def worded(options: Sequence[str], language: str) -> str:
    """How one answers it where a digit would answer something else."""
    listed = say(issue_texts.COMMA, language).join(options)
    return say(texts.PHONE_CHOOSE_WORD, language, options=listed)


def signed(options: Sequence[str]) -> str:
    """How one answers it by a sign: each option behind its own."""
    return "\n".join(f"{sign} {option}" for sign, option in zip(SIGNS, options, strict=False))


async def pressed(
    settings: Settings, notice: Notice, language: str, at: datetime, *, leads: bool
) -> dict[str, object]:
    """What a row of the outbox holds besides, for platforms on which one can press instead of typing."""
    who = await speaker(settings, notice, language, at)
    passes = leads and aims.of(notice.aim).residents
    label = texts.BUTTON_PASSED if passes else texts.BUTTON_READ
    shown = say(texts.WITHOUT_ASKING, language, who=who, words=ended(_words(notice, language), language))
    if notice.options:
        presses = [
            (say(texts.CHOSEN, language, number=notice.id, digit=digit), option)
            for digit, option in enumerate(notice.options, start=1)
        ]
        return choices.offered(shown, presses)
    return choices.offered(shown, [(say(texts.WORD_READ, language), say(label, language))])


async def for_room(settings: Settings, notice: Notice, at: datetime) -> str:
    """What stands in a room, in the rooms' language."""
    language = settings.territory.default_language
    passes = aims.of(notice.aim).residents
    ask: Text | str = texts.ROOM_PASS if passes else texts.ROOM_READ
    if notice.options:
        ask = say(
            texts.ROOM_CHOOSE_AND_PASS if passes else texts.ROOM_CHOOSE,
            language,
            options=signed(notice.options),
        )
    who = await speaker(settings, notice, language, at)
    return say(texts.IN_ROOM, language, who=who, words=_words(notice, language), ask=ask)


async def as_poll(settings: Settings, notice: Notice, at: datetime) -> dict[str, object]:
    """What clients that have polls show instead, in the rooms' language."""
    language = settings.territory.default_language
    who = await speaker(settings, notice, language, at)
    text = texts.POLL_IN_ROOM_AND_PASS if aims.of(notice.aim).residents else texts.POLL_IN_ROOM
    question = say(text, language, who=who, words=ended(notice.words, language)).strip()
    return {"question": question, "options": [*notice.options] if notice.options else []}


async def segments_of(settings: Settings, notice: Notice, language: str, at: datetime, *, leads: bool) -> int:
    """SMS that one text of it takes, with the longer of the two ways to ask whether it was read."""
    ways = [
        await for_phone(settings, notice, language, at, leads=leads, asked=asked) for asked in (True, False)
    ]
    return max(segments.length(text).segments for text in ways)


def _words(notice: Notice, language: str) -> str:
    """A notice's words; of one about a danger, with a first word that says so."""
    return say(texts.URGENT_WORDS, language, words=notice.words) if notice.urgent_why else notice.words


def language_of(person: Person, settings: Settings) -> str:
    """In which somebody is told."""
    return names.language_of(person, settings.territory)


def ended(words: str, language: str) -> str:
    """Words that end as a sentence does, so that what is asked behind them stands apart."""
    words = words.strip()
    if words.endswith(_ENDS):
        return words if words[-1] > "\u2000" else f"{words} "
    return f"{words}。" if language.startswith("zh") else f"{words}. "
