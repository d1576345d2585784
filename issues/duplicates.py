"""Which other issues may be about the same: open, of the last days, near by, and told in the same words.

Reads; changes nothing, and merges nothing: that is a leader's to say. Private issues are never shown here.
"""

from datetime import datetime, timedelta

from issues import chain, likeness, segments, texts
from issues.effects import Effects
from issues.standing import IN_HAND
from linzhang.settings import Settings
from linzhang.words import say
from models import Issue, Message, Voice

#: For how long an issue is looked at, and how many of its neighbourhood at most.
_LATELY, _MOST = timedelta(days=7), 200

#: How much must be told alike (`likeness.likeness`) in the same block, and elsewhere in the neighbourhood.
_NEAR, _FAR = 3, 6

#: Characters of the other issue's words in a hint.
_WORDS = 24


async def of(settings: Settings, issue: Issue, at: datetime, limit: int = 3) -> list[Issue]:
    """The issues that may be the same as one, the most alike first, those of its own block before others."""
    if issue.block is None or issue.private:
        return []
    around = await chain.neighbourhood(issue.block, settings.territory)
    near = Issue.filter(
        block__path__startswith=around.path,
        state__in=IN_HAND,
        private=False,
        opened_at__gte=at - _LATELY,
    )
    others = await near.exclude(id=issue.id).order_by("-id").limit(_MOST).select_related("block", "holder")
    told = await _words([issue.id, *(other.id for other in others)])
    alike = []
    for other in others:
        score = likeness.likeness(told.get(issue.id, ""), told.get(other.id, ""))
        same_block = other.block_id == issue.block_id
        if score >= (_NEAR if same_block else _FAR):
            alike.append((not same_block, -score, other.id, other))
    return [other for *_, other in sorted(alike, key=lambda each: each[:3])][:limit]


async def hint(settings: Settings, issue: Issue, effects: Effects, at: datetime) -> None:
    """Say in a new issue's thread which open one of the same block it looks like."""
    if issue.holder_id is None:
        return
    alike = [each for each in await of(settings, issue, at) if each.block_id == issue.block_id]
    if not alike:
        return
    line = say(
        texts.LINE_ALIKE,
        settings.territory.default_language,
        number=issue.number,
        other=alike[0].number,
        words=await called(alike[0]),
    )
    effects.say(issue, issue.holder_id, line)


async def called(issue: Issue) -> str:
    """The first words of an issue, short."""
    return segments.cut((await _words([issue.id])).get(issue.id, ""), _WORDS)


async def _words(ids: list[int]) -> dict[int, str]:
    """All that residents have said in issues."""
    said: dict[int, str] = {}
    for message in await Message.filter(issue_id__in=ids, voice=Voice.RESIDENT).order_by("id"):
        said[message.issue_id] = f"{said.get(message.issue_id, '')}\n{message.text}".strip()
    return said
