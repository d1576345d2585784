"""'1' or '2' right after a lesson answers its question; all else that somebody writes is what it ever was."""

from datetime import datetime

from bridges.contract import Inbound, Kind
from issues import names, numbers
from issues.effects import Effects
from issues.folding import bare
from issues.last_word import last_word
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, Course
from programme import texts
from programme.teaching.going_on import next_lesson
from programme.teaching.lessons import DIGITS, LESSONS


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Take what somebody has written to the service alone as the answer to a lesson.

    Args:
        settings: The service's.
        inbound: What they wrote.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: it is something else.
    """
    digit = bare(inbound.text)
    if inbound.kind is not Kind.TEXT or inbound.media or digit not in DIGITS:
        return None
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None or not await _was_our_last_word(address):
        return None
    course = await Course.select_for_update().get_or_none(person_id=address.person_id)
    if course is None:
        return None
    if not course.waits:
        return set()  # they say it twice
    await course.fetch_related("person")
    return await _judge(settings, course, address, digit, at)


async def _was_our_last_word(address: Address) -> bool:
    row = await last_word(address)
    return row is not None and row.payload.get("course") == address.person_id


async def _judge(settings: Settings, course: Course, address: Address, digit: str, at: datetime) -> set[str]:
    lesson = LESSONS[course.lesson - 1]
    language = names.language_of(course.person, settings.territory)
    is_right = digit == lesson.right
    course.right += is_right
    next_lesson(course, at)
    await course.save()
    words = say(texts.IS_RIGHT if is_right else texts.IS_WRONG, language, why=say(lesson.why, language))
    if course.finished_at is not None:
        words = say(texts.FINISHED, language, judged=words, right=course.right, of=len(LESSONS))
    else:
        words = say(texts.TOMORROW_MORE, language, judged=words)
    effects = Effects(f"co{course.person_id}.{course.turn}.{course.lesson}.judged", settings.clock.wall())
    effects.tell(address, words, course=course.person_id)
    return await effects.save_once()
