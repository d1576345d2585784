"""What is said in a unit's room: a command, an answer, a note, a resident's own words, or chat."""

from collections.abc import Sequence
from dataclasses import replace

from issues import chain, intake, keywords, lifecycle, senders, stale, texts, together, wording
from issues.effects import Effects
from issues.wording import Verdict
from linzhang.words import Text
from models import Issue, Question, QuestionKind, RoomEvent, RoomEventKind, State, Unit
from rooms import commands
from rooms.heard import Heard

#: How to answer what has no words.
_UNREAD = {"encrypted": texts.ENCRYPTED, "sticker": texts.STICKER, "poll": texts.POLL}


async def take(event: Heard) -> Sequence[Effects]:
    """Do what was said.

    Raises:
        IssueError: It cannot be done; says why.
    """
    answer = unread(event)
    if answer is not None:
        # Outside threads stickers and polls are chat among leaders.
        about_issue = event.issue_id is not None or event.inbound.detail.get("encrypted")
        return [event.retort(answer)] if about_issue else ()
    text = event.text
    line = commands.read(text)
    if line is not None:
        return await commands.obey(event, line)
    if wording.is_blank(text) and not event.inbound.media:
        return ()
    if event.issue_id is None:
        return await _outside_threads(event, text)
    return await in_thread(event, await lifecycle.lock(event.issue_id), text)


def unread(event: Heard) -> Text | None:
    """What to answer somebody whose words nobody can read; None: they can be read."""
    return next((text for what, text in _UNREAD.items() if event.inbound.detail.get(what)), None)


async def in_thread(event: Heard, issue: Issue, text: str) -> Sequence[Effects]:
    """Words about an issue: the reporter's own, a note among leaders, or an answer.

    Raises:
        IssueError: It cannot be done; says why.
    """
    if event.person is None:
        raise await lifecycle.not_yours(event.settings, issue, event.at)
    if event.person.id == issue.reporter_id:
        return [await _by_reporter(event, issue, text)]
    actor = event.actor
    if issue.state is State.MERGED:
        issue = await lifecycle.lock((await together.whole(issue)).id)
        actor = replace(actor, unit_id=None)  # so that it is said in the thread in which it goes on
    words = event.message(text)
    note = commands.inside(text)
    if note is not None:
        words.text = note
        await lifecycle.note(event.settings, issue, actor, words, event.at)
        return ()
    return [await lifecycle.answer(event.settings, issue, actor, words, event.at)]


async def _by_reporter(event: Heard, issue: Issue, text: str) -> Effects:
    """The resident speaks in their own issue's thread: a yes, a no, or more about it."""
    asked = await Question.exists(issue_id=issue.id, kind=QuestionKind.SOLVED, settled_at=None)
    verdict = wording.verdict(text) if asked else None
    if verdict is Verdict.YES:
        return await lifecycle.confirm(event.settings, issue, event.actor, event.at)
    if verdict is Verdict.NO:
        return await lifecycle.reject(event.settings, issue, event.actor, event.at)
    if asked and keywords.says_no(text):
        words = event.message(text)
        return await lifecycle.reject(event.settings, issue, event.actor, event.at, words=words)
    return await lifecycle.add(event.settings, issue, event.message(text), event.at)


async def _outside_threads(event: Heard, text: str) -> Sequence[Effects]:
    """Leaders chat freely; what anybody else says in a block's room is a report."""
    settings, inbound = event.settings, event.inbound
    unit = await Unit.get(id=event.unit_id)
    if unit.tier != settings.territory.bottom.key:
        return ()
    if event.person and await chain.unit_led(event.person, unit, event.at):
        return ()
    address = await senders.of(settings, inbound)
    if not address.person.name:
        address.person.name = inbound.sender.lstrip("@").split(":")[0]
        await address.person.save()
        await stale.reported_by(settings, address.person_id)
    issue, effects = await lifecycle.report(
        settings,
        address=address,
        unit=unit,
        words=intake.message(inbound, address.person, text, event.at),
        at=event.at,
        known=address.person.block_id == unit.id,
        room_id=inbound.room,
    )
    await RoomEvent.create(
        issue_id=issue.id, room_id=inbound.room, event_id=inbound.external_id, kind=RoomEventKind.POST
    )
    return [effects]
