"""Notices in rooms: what somebody presses, deletes or edits there about one, and how its sender is answered.

Who may do what is for `programme.notices.writing` to say.
"""

from collections.abc import Sequence
from datetime import datetime

from issues import texts as issue_texts
from issues.effects import ROOMS, Effects
from issues.errors import NotFound
from linzhang.words import clock_time, say
from models import Notice, NoticeState, Outbox
from programme import texts
from programme.notices import receipts, sending, writing
from programme.polls import answers as polls
from rooms.heard import Heard

#: The commands whose signs say that a notice was read, and that it was passed on.
_READ, _PASSED = ("accept", "done"), "done"

#: Names that one answer tells.
_NAMED = 5


async def reacted(event: Heard, command: str) -> Sequence[Effects]:
    """Take a sign: on a draft it sends it, on a notice it says that it was read.

    Args:
        event: The reaction.
        command: The name of the command whose sign it is.

    Raises:
        IssueError: It cannot be done; says why.
    """
    target = event.inbound.target
    if event.person is None or command not in _READ:
        return ()
    if await receipts.pressed(event.settings, target, event.person, passed=command == _PASSED):
        return ()
    ours = await Outbox.filter(bridge=ROOMS, external_id=target).first() if target else None
    number = ours.payload.get("notice") if ours is not None else None
    if number is None or command != _PASSED:
        return ()
    return await let_go(event, int(number))


async def chosen(event: Heard) -> Sequence[Effects]:
    """Take a sign below a poll as an answer."""
    if event.person is not None:
        target, sign = event.inbound.target, event.inbound.text
        await polls.pressed(event.settings, target, event.person, sign, event.at)
    return ()


async def voted(event: Heard) -> Sequence[Effects]:
    """Take a vote in a poll as an answer; in a poll of somebody else's it is none of ours."""
    if event.person is not None:
        inbound = event.inbound
        await polls.voted(event.settings, inbound.target, event.person, inbound.text, event.at)
    return ()


async def let_go(event: Heard, number: int, start_at: datetime | None = None) -> Sequence[Effects]:
    """Send a notice, or let somebody else look at it first; and say what comes of that.

    Raises:
        IssueError: It cannot be done; says why.
    """
    assert event.person is not None
    settings, language = event.settings, event.language
    notice = await found(number)
    sent = await writing.send(settings, notice, event.person, event.at, start_at=start_at)
    if sent.waits:
        names = say(issue_texts.COMMA, language).join(each.name for each in sent.others[:_NAMED])
        text = texts.WAITS if names else texts.WAITS_FOR_NOBODY
        words = say(text, language, number=notice.id, people=notice.people, names=names)
        effects = event.retort_words(words)
        form = say(texts.FORM_SEND, settings.territory.default_language, number=notice.id)
        await writing.ask_others(settings, sent, effects, event.at, form=form)
        return [effects]
    assert notice.start_at is not None
    begins = await sending.held_until(settings, notice, notice.start_at) or notice.start_at
    text = texts.GOES_NOW if begins <= event.at else texts.GOES_AT
    words = say(
        text,
        language,
        number=notice.id,
        people=notice.people,
        time=clock_time(begins, event.at, settings.territory.zone, language),
        stop=say(texts.FORM_STOP, language, number=notice.id),
    )
    return [event.retort_words(words)]


async def stop(event: Heard, number: int) -> Sequence[Effects]:
    """Take a notice back, and say how many know it by now.

    Raises:
        IssueError: It cannot be done; says why.
    """
    assert event.person is not None
    notice = await found(number)
    unsent = notice.state in writing.UNSENT
    told = await writing.stop(event.settings, notice, event.person, event.at)
    text = texts.DROPPED if unsent else texts.STOPPED
    return [event.retort(text, number=notice.id, told=told)]


async def taken_back(event: Heard, event_id: str) -> Sequence[Effects]:
    """Drop the notice that was written by an event which its author takes back, if nobody knows it yet.

    Raises:
        IssueError: It cannot be done; says why.
    """
    notice = await _written_by(event, event_id)
    return await stop(event, notice.id) if notice is not None else ()


async def written_anew(event: Heard, event_id: str) -> None:
    """Drop the draft that was written by an event which its author edits: what it is now is another."""
    notice = await _written_by(event, event_id)
    if notice is not None and notice.state is NoticeState.DRAFT and event.person is not None:
        await writing.stop(event.settings, await found(notice.id), event.person, event.at)


async def found(number: int) -> Notice:
    """A notice by its number, locked.

    Raises:
        NotFound: There is none.
    """
    notice = await writing.lock(number)
    if notice is None:
        raise NotFound(texts.NO_SUCH, number=number)
    return notice


async def _written_by(event: Heard, event_id: str) -> Notice | None:
    if event.person is None:
        return None
    mine = Notice.filter(event_id=event_id, author_id=event.person.id, state__in=writing.UNSENT)
    return await mine.order_by("-id").first()
