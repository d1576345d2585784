"""Edits and redactions: what somebody changes about what they said before.

A resident's phone cannot see either, so both lead to new words or to the truth about the old ones.
"""

from collections.abc import Sequence

from issues import lifecycle, texts, together, wording
from issues.effects import Effects
from linzhang.words import Text
from models import Issue, Message, Outbox, OutboxState, Voice
from rooms import commands, undoing
from rooms.heard import Heard


async def edit(event: Heard) -> Sequence[Effects]:
    """New words for an earlier message, if it is the editor's own.

    Raises:
        IssueError: It cannot be done; says why.
    """
    words = await _own_message(event)
    if words is None:
        before = await undoing.earlier(event)
        return await undoing.write_anew(event, before) if before else ()
    issue = await lifecycle.lock(words.issue_id)
    text = wording.clean(event.inbound.text)
    if wording.is_blank(text) or text == words.text:
        return ()
    if words.voice is Voice.RESIDENT:
        return [await lifecycle.add(event.settings, issue, event.message(text), event.at)]
    note = commands.inside(text)
    if note is not None and words.voice is Voice.LEADER:
        return await _into_note(event, issue, words, note)
    unsent = await _stop(words)
    text = text if note is None else note
    done = await lifecycle.correct(event.settings, issue, event.actor, words, text, event.at, unsent=unsent)
    return _answered(event, issue, words, done, texts.LINE_CORRECTED)


async def redaction(event: Heard) -> Sequence[Effects]:
    """Something earlier was taken back, if it was their own: words, a command, a reaction.

    Raises:
        IssueError: It cannot be done; says why.
    """
    words = await _own_message(event)
    if words is None:
        before = await undoing.earlier(event)
        return await undoing.take_back(event, before) if before else ()
    if words.voice is Voice.RESIDENT or words.retracted_at is not None:
        return ()
    issue = await lifecycle.lock(words.issue_id)
    return await _take_back(event, issue, words)


async def into_note(event: Heard) -> Sequence[Effects]:
    """An answer was marked as a note by its author: it is taken back, and kept inside.

    Raises:
        IssueError: It cannot be done; says why.
    """
    words = await _own_message(event)
    if words is None or words.voice is not Voice.LEADER or words.retracted_at is not None:
        return ()
    return await _into_note(event, await lifecycle.lock(words.issue_id), words, words.text)


async def _take_back(event: Heard, issue: Issue, words: Message) -> Sequence[Effects]:
    unsent = await _stop(words)
    done = await lifecycle.retract(event.settings, issue, event.actor, words, event.at, unsent=unsent)
    return _answered(event, issue, words, done, texts.LINE_TAKEN_BACK if unsent else texts.LINE_TOO_LATE)


async def _into_note(event: Heard, issue: Issue, words: Message, note: str) -> Sequence[Effects]:
    """An answer was edited into a note: it is taken back as well as it can be, and kept inside."""
    done = await _take_back(event, issue, words)
    await lifecycle.note(event.settings, issue, event.actor, event.message(note), event.at)
    return done


def _answered(event: Heard, issue: Issue, words: Message, done: Effects, text: Text) -> Sequence[Effects]:
    """What was done, and in a direct room, where no thread tells it, a line that says so."""
    if event.is_direct and words.voice is Voice.LEADER:
        return [done, event.retort(text, issue)]
    return [done]


async def _stop(words: Message) -> bool:
    """Stop what carries these words to the resident; returns whether nothing of it has left yet."""
    issue = await Issue.get(id=words.issue_id).select_related("reporter")
    ids = [each.id for each in await together.heard_by(issue)]
    rows = await Outbox.filter(issue_id__in=ids).exclude(address_id=None).select_for_update()
    carrying = [row for row in rows if row.payload.get("message") == words.id]
    ids = [row.id for row in carrying]
    stopped = await Outbox.filter(id__in=ids, state=OutboxState.WAITING).update(state=OutboxState.CANCELLED)
    return stopped > 0 and all(row.state is OutboxState.WAITING for row in carrying)


async def _own_message(event: Heard) -> Message | None:
    words = await Message.get_or_none(bridge=event.inbound.bridge, external_id=event.inbound.target)
    if words is None or event.person is None or words.author_id != event.person.id:
        return None
    return words
