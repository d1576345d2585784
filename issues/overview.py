"""How a resident's issues stand, in at most two SMS: which, with whom, by when.

Reads; changes nothing. Words that only a leader may see are not repeated on a phone that others may hold.
"""

from collections.abc import Sequence
from datetime import datetime

from issues import names, segments, texts, together
from issues.belonging import UNDONE
from issues.quoting import quoted
from issues.segments import cut, length, say_short
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Issue, Message, State

#: Issues that one text tells of, and characters of their words where there is room.
_SHOWN, _WORDS = 3, 16

#: Characters of an issue's words that a button shows.
_ON_A_BUTTON = 30

_ONE = {
    State.OPEN: texts.STATUS_OPEN,
    State.ANSWERED: texts.STATUS_ANSWERED,
    State.REFERRED: texts.STATUS_ANSWERED,
    State.RESOLVED: texts.STATUS_RESOLVED,
}
_LINE = {
    State.OPEN: texts.STATUS_LINE_OPEN,
    State.ANSWERED: texts.STATUS_LINE_ANSWERED,
    State.REFERRED: texts.STATUS_LINE_ANSWERED,
    State.RESOLVED: texts.STATUS_LINE_RESOLVED,
}


async def of_one(settings: Settings, issue: Issue, language: str, at: datetime) -> str:
    """How one issue stands."""
    stands = await together.whole(issue)
    await stands.fetch_related("holder", "block")
    if stands.state not in UNDONE:
        text = texts.STATUS_OVER
    elif stands.block is None and stands.state is State.OPEN:
        text = texts.STATUS_UNPLACED
    else:
        text = _ONE[stands.state]
    words = await called(issue, language)
    return say_short(text, language, words, **await _facts(settings, stands, language, at))


async def of_all(settings: Settings, issues: Sequence[Issue], language: str, at: datetime) -> str:
    """How several issues stand: the urgent ones first, then those last talked about."""
    first = sorted(issues, key=lambda issue: not issue.urgent)[:_SHOWN]
    told = []
    for issue in first:
        stands = await together.whole(issue)
        await stands.fetch_related("holder", "block")
        told.append((stands, await called(issue, language), await _facts(settings, stands, language, at)))
    for shown in range(len(told), 0, -1):
        for limit in range(_WORDS, 1, -1):
            lines = [
                say(_LINE[issue.state], language, words=cut(words, limit), **facts)
                for issue, words, facts in told[:shown]
            ]
            text = say(texts.STATUS_SEVERAL, language, options="\n".join(lines))
            if length(text).segments <= segments.LIMIT:
                return text
    return text


async def options(issues: Sequence[Issue], language: str) -> str:
    """Issues to choose from, one a line: '1: the lamp (1024)'."""
    shown = list(issues[:_SHOWN])
    words = [await called(issue, language) for issue in shown]
    for limit in range(_WORDS, 1, -1):
        lines = [
            say(texts.WHICH_OPTION, language, digit=digit, words=cut(each, limit), number=issue.number)
            for digit, (issue, each) in enumerate(zip(shown, words, strict=True), start=1)
        ]
        chosen = "\n".join(lines)
        if length(say(texts.WHICH, language, options=chosen)).segments <= segments.LIMIT:
            break
    return chosen


async def pressed(issues: Sequence[Issue], language: str) -> list[tuple[str, str]]:
    """The same as buttons: each says its issue's number, and shows its words."""
    return [
        (str(issue.number), cut(await called(issue, language), _ON_A_BUTTON)) for issue in issues[:_SHOWN]
    ]


async def called(issue: Issue, language: str) -> str:
    """The words by which the resident knows the issue: their own first ones."""
    if issue.private:
        return say(texts.PRIVATE_WORDS, language)
    first = await Message.filter(issue_id=issue.id).order_by("id").first()
    return quoted(first, language)


async def _facts(settings: Settings, issue: Issue, language: str, at: datetime) -> dict[str, object]:
    """What the texts of an issue's state have blanks for."""
    profile = settings.territory
    due = issue.answer_due
    return {
        "number": issue.number,
        "leader": await names.holder(issue.holder, profile, language, at) if issue.holder else "",
        "time": clock_time(due, at, profile.zone, language) if due else "",
    }
