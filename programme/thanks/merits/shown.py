"""A leader's good work in lines. Pure functions of what was read; what is not there is not told."""

from linzhang.profile import Profile
from linzhang.words import day, say
from programme.thanks.merits import texts
from programme.thanks.merits.reading import Merits

#: Kind words that chat tells.
_QUOTED = 3


def facts(merits: Merits, language: str) -> list[str]:
    """What they did, a line each."""
    lines = []
    if merits.answered:
        blanks = {"count": merits.answered, "in_time": merits.in_time}
        lines.append(say(texts.ANSWERED, language, **blanks))
    counted = (
        (merits.done, texts.DONE),
        (merits.closed, texts.CLOSED),
        (merits.kindness.count, texts.THANKED),
        (merits.visits, texts.VISITS),
        (merits.tasks, texts.TASKS),
        (merits.reconciled, texts.RECONCILED),
    )
    lines += [say(text, language, count=count) for count, text in counted if count]
    if merits.mark is not None:
        lines.append(say(texts.MARKS, language, count=len(merits.marks), mark=f"{merits.mark:.1f}"))
    if merits.course_is_finished:
        lines.append(say(texts.COURSE_DONE, language))
    elif merits.lessons:
        lines.append(say(texts.COURSE, language, lessons=merits.lessons, of=merits.of_lessons))
    return lines


def in_chat(merits: Merits, profile: Profile, language: str) -> str:
    """The same as a message, with a few kind words."""
    since = day(merits.since, profile.zone, language)
    found = facts(merits, language)
    if not found:
        return say(texts.NOTHING_YET, language)
    lines = [say(texts.SINCE, language, day=since, name=merits.person.name)]
    lines += [say(texts.LINE, language, line=each) for each in found]
    lines += [say(texts.QUOTE, language, words=each) for each in merits.kindness.quotes[:_QUOTED]]
    return "\n".join([*lines, say(texts.THANK_YOU, language)])
