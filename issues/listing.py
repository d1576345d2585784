"""One issue in a leader's list, in one line; the same in the chat's commands and in the morning's digest."""

from datetime import datetime

from issues import links, names, overlook, segments, texts
from issues.quoting import quoted
from linzhang.words import say, time_left
from models import Issue, Message, Person

#: Characters of an issue's words that a list shows.
_WORDS = 24


async def line(issue: Issue, reader: Person, language: str, at: datetime) -> str:
    """Number, words, who and where, how much time is left, and where it stands.

    Args:
        issue: With its reporter and block fetched.
        reader: Who reads it, and may see where it stands.
        language: Theirs.
        at: Programme time.
    """
    first = await Message.filter(issue_id=issue.id).order_by("id").first()
    due = overlook.due(issue)
    return say(
        texts.LIST_LINE,
        language,
        mark=say(texts.MARK_URGENT, language) if issue.urgent else "",
        number=issue.number,
        words=segments.cut(quoted(first, language), _WORDS),
        name=names.resident(issue.reporter, language),
        place=issue.block.name if issue.block else say(texts.UNKNOWN_PLACE, language),
        state=time_left(due, at, language) if due else say(texts.STATE_NAMES[issue.state], language),
        link=await links.post_of(issue, reader),
    ).strip()
