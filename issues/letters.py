"""What a letter about an issue says, where somebody is written letters: the whole story, and how to answer.

Whoever has an issue and reads mail instead of a room has only this, so that everything stands in it that
stands in a room's post. Changes nothing.
"""

from datetime import datetime

from issues import departments, names, segments, story, telling, texts
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Issue, Message, Person, State, Unit

#: Characters of somebody's words in a subject.
_SUBJECT = 40


async def given(settings: Settings, issue: Issue, person: Person, at: datetime) -> str:
    """The letter by which somebody gets an issue.

    Args:
        settings: The service's.
        issue: With its holder, block and reporter fetched.
        person: Whose letter; it is in their language.
        at: Programme time.
    """
    profile = settings.territory
    language = names.language_of(person, profile)
    said = await Message.filter(issue_id=issue.id).select_related("author").order_by("id")
    head = await telling.head(settings, issue, language, at)
    first = telling.said(said[0], language) if said else ""
    happened = [f"· {line}" for line in await story.lines(settings, issue, said[1:], language)]
    parts = [
        head,
        first,
        "\n".join(happened),
        _by_when(settings, issue, language, at),
        _how(settings, issue.holder, language),
    ]
    return "\n\n".join(part for part in parts if part)


async def subject(settings: Settings, number: str, language: str) -> str:
    """What stands above a letter: the issue's number and first words, or what the programme is called.

    Args:
        settings: The service's.
        number: The issue's number; empty: it is about none.
        language: The reader's.
    """
    issue = await Issue.get_or_none(id=Issue.id_of(int(number))) if number else None
    if issue is None:
        return settings.territory.name.get(language, "")
    first = await Message.filter(issue_id=issue.id).order_by("id").first()
    words = segments.cut(telling.said(first, language), _SUBJECT) if first and not issue.private else ""
    return say(texts.LETTER_SUBJECT, language, number=number, words=words).rstrip(" :：")


def _by_when(settings: Settings, issue: Issue, language: str, at: datetime) -> str:
    due = issue.answer_due or issue.resolve_due
    if due is None or issue.holder is None:
        return ""
    time = clock_time(due, at, settings.territory.zone, language)
    text = texts.LETTER_REFERRED if issue.state is State.REFERRED else texts.LETTER_YOURS
    return say(text, language, unit=issue.holder.name, time=time)


def _how(settings: Settings, holder: Unit | None, language: str) -> str:
    is_department = departments.is_one(holder, settings.territory)
    return say(texts.LETTER_HOW_DEPARTMENT if is_department else texts.LETTER_HOW, language)
