"""What people say to the service alone: leaders command and answer, residents report.

A leader needs no '!' here, since nobody else is spoken to. Words that are neither a command nor about
an issue are answered with how to say which.
"""

from collections.abc import Sequence
from dataclasses import replace

from bridges.contract import Inbound, Kind
from issues import chain, intake, keywords, lifecycle, texts, wording
from issues.effects import Effects
from issues.folding import bare
from issues.vocabulary import Word
from models import Question, QuestionKind
from programme import answering
from rooms import acts, changes, commands, reactions, speech
from rooms.commands import Line
from rooms.heard import Heard

#: How residents say yes and no with one press.
_DIGITS = {"👍": "1", "✅": "1", "👎": "2", "❌": "2"}


async def take(event: Heard) -> set[str]:
    """Do what somebody said or did in their direct room.

    Returns:
        The outbox lanes that have got rows.
    """
    assert event.person is not None
    if event.inbound.kind is Kind.TEXT and event.issue_id is None and not speech.unread(event):
        answered = await answering.take(event.settings, event.inbound, event.at)
        if answered is not None:
            return answered
    leads = await chain.post_of(event.person, event.at) is not None
    if not leads or _is_own_affair(event) or await _answers_a_question(event):
        as_text = await _as_text(event)
        if as_text is not None:
            return await intake.take(event.settings, as_text, event.at)
    lanes: set[str] = set()
    for effects in await acts.do(event, _by_leader if leads else _by_resident):
        lanes |= await effects.save()
    return lanes


async def _by_resident(event: Heard) -> Sequence[Effects]:
    """What a resident did that is no text."""
    if event.inbound.kind is Kind.REACTION:
        return await reactions.take(event) if event.issue_id is None else ()
    unread = speech.unread(event)
    if unread is not None:
        return [event.retort(unread)]
    return await changes.edit(event) if event.inbound.kind is Kind.EDIT else ()


async def _by_leader(event: Heard) -> Sequence[Effects]:
    return await acts.by_kind(event, _said)


async def _said(event: Heard) -> Sequence[Effects]:
    unread = speech.unread(event)
    if unread is not None:
        return [event.retort(unread)]
    text = event.text
    line = _line(event, text)
    if line is not None:
        return await commands.obey(event, line)
    if event.issue_id is not None:
        return await speech.in_thread(event, await lifecycle.lock(event.issue_id), text)
    return [event.retort(texts.SAY_WHICH, form=texts.FORM_ANSWER_PRIVATE, help=texts.FORM_HELP)]


def _line(event: Heard, text: str) -> Line | None:
    line = commands.read(text)
    if line is not None:
        return line
    bare = commands.read(text, bare=True)
    if event.issue_id is None or bare is None or bare.command is None:
        return bare
    # In an issue's thread words are an answer, unless they are nothing but a command: '办结'.
    alone = not bare.words and bare.number is None
    return bare if alone else None


def _is_own_affair(event: Heard) -> bool:
    """Whether a leader reports what troubles themselves: '新 电梯坏了'."""
    if event.inbound.kind is not Kind.TEXT or event.issue_id is not None:
        return False
    said = keywords.read(event.text)
    return said.word in (Word.NEW, Word.PRIVATE) and bool(said.rest)


async def _answers_a_question(event: Heard) -> bool:
    """Whether a leader, who lives somewhere too, answers what they were asked as a resident."""
    text = event.text
    if event.inbound.kind is not Kind.TEXT or not (wording.verdict(text) or bare(text).isdecimal()):
        return False
    kinds = (QuestionKind.SOLVED, QuestionKind.RATE, QuestionKind.WHICH)
    assert event.person is not None
    return await Question.exists(person_id=event.person.id, kind__in=kinds, settled_at=None)


async def _as_text(event: Heard) -> Inbound | None:
    """What a resident said, as a text to the service; None: it is none."""
    inbound = event.inbound
    text = event.text
    if inbound.kind is Kind.REACTION:
        asked = event.issue_id is not None and await Question.exists(
            issue_id=event.issue_id, kind=QuestionKind.SOLVED, settled_at=None
        )
        text = _DIGITS.get(text.replace("\ufe0f", ""), "") if asked else ""
        if not text:
            return None
    elif inbound.kind is not Kind.TEXT or speech.unread(event):
        return None
    return replace(inbound, kind=Kind.TEXT, text=text, room="", thread="", target="")
