"""Sends the next lesson when it is due, and reminds once of one that was not answered."""

from datetime import datetime, timedelta

from issues import choices, names, reaching
from issues.effects import Effects
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Course
from programme import texts
from programme.teaching.lessons import DIGITS, LESSONS

#: Between two lessons, and until a lesson that was not answered is asked again.
_EVERY = timedelta(days=1)


async def go_on(settings: Settings, course: Course, at: datetime) -> set[str]:
    """Send what is due of a course.

    Args:
        settings: The service's.
        course: Locked, with its person; it is due.
        at: Programme time; not at night.

    Returns:
        The outbox lanes that have got rows.
    """
    profile = settings.territory
    address = await reaching.address_of(settings, course.person, at)
    if address is None:
        course.due = at + _EVERY  # somebody may enter a number, or an account, meanwhile
        await course.save(update_fields=["due"])
        return set()
    language = names.language_of(course.person, profile)
    if course.waits:
        course.reminded, course.due = True, None
    else:
        course.lesson += 1
        course.waits, course.reminded, course.due = True, False, at + _EVERY
    kind = "again" if course.reminded else "lesson"
    effects = Effects(f"co{course.person_id}.{course.turn}.{course.lesson}.{kind}", settings.clock.wall())
    words = _words(course, language)
    below = choices.offered(words, [(digit, digit) for digit in DIGITS])
    effects.tell(address, words, course=course.person_id, **below)
    await course.save()
    return await effects.save_once()


def _words(course: Course, language: str) -> str:
    lesson = say(LESSONS[course.lesson - 1].words, language)
    head: Text = texts.LESSON_AGAIN if course.reminded else texts.LESSON
    return say(head, language, number=course.lesson, of=len(LESSONS), words=lesson)


def next_lesson(course: Course, at: datetime) -> None:
    """Note when a course goes on whose lesson was answered, or that it is finished."""
    course.waits, course.reminded = False, False
    if course.lesson == len(LESSONS):
        course.due, course.finished_at = None, at
    else:
        course.due = at + _EVERY
