"""How an issue stands, as it is told on the telephone."""

from datetime import datetime

from issues import names, spoken
from linzhang.settings import Settings
from linzhang.words import clock_time, say
from models import Issue, Message, Question, QuestionKind, State, Voice


async def told(settings: Settings, issue: Issue, language: str, at: datetime) -> str:
    """How an issue stands, in one sentence.

    Args:
        settings: The service's.
        issue: With what it belongs to fetched.
        language: In which it is told.
        at: Programme time.
    """
    profile = settings.territory
    if issue.state is State.MERGED and issue.merged_into is not None:
        await issue.merged_into.fetch_related("holder", "block", "merged_into", "reporter")
        return await told(settings, issue.merged_into, language, at)
    match issue.state:
        case State.OPEN if issue.block is None:
            return say(spoken.ISSUE_UNPLACED, language, number=issue.number)
        case State.OPEN:
            assert issue.holder is not None
            assert issue.answer_due is not None
            return say(
                spoken.ISSUE_OPEN,
                language,
                number=issue.number,
                leader=await names.holder(issue.holder, profile, language, at),
                time=clock_time(issue.answer_due, at, profile.zone, language),
            )
        case State.ANSWERED:
            return await _answered(settings, issue, language, at)
        case State.RESOLVED:
            return say(spoken.ISSUE_DONE, language, number=issue.number)
        case State.REFERRED if issue.holder is not None:
            return say(spoken.ISSUE_AWAY, language, number=issue.number, unit=issue.holder.name)
    return say(spoken.ISSUE_CLOSED, language, number=issue.number)


async def is_asked_about(issue: Issue) -> bool:
    """Whether the reporter was asked if it is solved, and has not said so yet."""
    return await Question.exists(issue_id=issue.id, kind=QuestionKind.SOLVED, settled_at=None)


async def _answered(settings: Settings, issue: Issue, language: str, at: datetime) -> str:
    profile = settings.territory
    last = (
        await Message.filter(issue_id=issue.id, voice=Voice.LEADER, retracted_at=None)
        .select_related("author")
        .order_by("-id")
        .first()
    )
    # What only a leader may see is not said aloud to whoever holds the phone.
    if last is None or not last.text or issue.private:
        assert issue.holder is not None
        holder = await names.holder(issue.holder, profile, language, at)
        return say(spoken.ISSUE_IN_HAND, language, number=issue.number, leader=holder)
    leader = await names.speaker(last.author, issue.block or issue.holder, profile, language, at)
    return say(spoken.ISSUE_ANSWERED, language, number=issue.number, leader=leader, words=last.text)
