"""How somebody who is looked after is told of in one line. Pure functions of what is known."""

from datetime import datetime

from linzhang.profile import Profile
from linzhang.words import clock_time, say
from models import CareRecord
from programme.care import texts, times


def rhythm(record: CareRecord, language: str) -> str:
    """How often they are asked, and when: 'daily 08:00'."""
    day = texts.WEEKDAYS[str(record.weekday or 0)]
    time = f"{times.clock(record.clock):%H:%M}"
    return say(texts.RHYTHMS[record.rhythm], language, day=day, time=time)


def state(record: CareRecord, profile: Profile, language: str, at: datetime) -> str:
    """What was last heard of them."""

    def told(moment: datetime) -> str:
        return clock_time(moment, at, profile.zone, language)

    if record.silent_at is not None:
        return say(texts.STATE_SILENT, language)
    known = [
        (moment, text)
        for moment, text in (
            (record.asked_at, texts.STATE_ASKED),
            (record.heard_at, texts.STATE_HEARD),
            (record.visited_at, texts.STATE_VISITED),
        )
        if moment is not None
    ]
    if not known:
        return say(texts.STATE_NEW, language)
    moment, text = max(known, key=lambda each: each[0])
    return say(text, language, time=told(moment))


def line(record: CareRecord, profile: Profile, language: str, at: datetime) -> str:
    """Name, why, rhythm, and how they are; with a person and a unit fetched."""
    return say(
        texts.LISTED,
        language,
        mark="🔔" if record.silent_at is not None else "·",
        name=record.person.name,
        unit=record.unit.name,
        kind=texts.KINDS[record.kind],
        rhythm=rhythm(record, language),
        state=state(record, profile, language, at),
    )
