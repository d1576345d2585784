"""What a resident's private message is: an answer to a question, more of an issue, or a new one.

Runs in the transaction in which its message leaves the inbox. It only puts the questions in their
order, and what follows from the answer is the lifecycle's:

    STOP, START ─► a telephone number ─► an edit ─► 'new', 'private' ─► a danger ─► an answer
                ─► a word that always works ─► 'solved', 'never mind' ─► a place, a card
                ─► thanks, a greeting ─► a trouble

It never asks through which platform the message came.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from bridges.contract import Inbound
from issues import (
    asking,
    floods,
    keywords,
    reporting,
    rewording,
    senders,
    texts,
    unasked,
    urgency,
    vouched,
    wishes,
    wording,
)
from issues.conversation import Conversation, cause_of
from issues.effects import Effects
from issues.errors import IssueError
from issues.folding import bare
from issues.vocabulary import Word
from linzhang.settings import Settings
from models import Message, Person, Voice

__all__ = ["cause_of", "message", "take"]

#: What a text can be, in the order in which it is asked; what it is not is a trouble.
_STEPS = (
    rewording.take,
    reporting.announced,
    reporting.danger,
    asking.answer,
    reporting.wish,
    unasked.verdict,
    reporting.place,
    reporting.card,
    unasked.courtesy,
)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Do what a resident's message asks for.

    Args:
        settings: The service's.
        inbound: What was said to the service in private.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    address = await senders.of(settings, inbound)
    text = wording.clean(inbound.text)
    words = message(inbound, address.person, text, at)
    danger = urgency.danger(text, settings.territory)
    talk = Conversation(settings, inbound, address, words, keywords.read(text), danger, at)
    lanes: set[str] = set()
    try:
        async with in_transaction():  # what is refused half-way has changed nothing
            done = await _take(talk)
    except IssueError as error:
        done = [talk.reply_in_words(error.sentence(talk.language))]
    heard = bool(inbound.detail.get("answered")) and address.fixed_line
    silent = heard or await floods.is_answered_enough(settings, address, at)
    for effects in done:
        if silent:
            effects.spare(address)
        lanes |= await effects.save()
    return lanes


def message(inbound: Inbound, author: Person, text: str, at: datetime) -> Message:
    """The row that keeps what was said; not saved yet."""
    return Message(
        author_id=author.id,
        voice=Voice.RESIDENT,
        bridge=inbound.bridge,
        external_id=inbound.external_id,
        room_id=inbound.room,
        text=text,
        media=media_of(inbound),
        said_at=at,
    )


def media_of(inbound: Inbound) -> list[dict[str, Any]]:
    """What came with words, as `Message.media` keeps it."""
    return [
        {name: fact for name, fact in asdict(each).items() if fact not in (None, "")}
        for each in inbound.media
    ]


async def _take(talk: Conversation) -> Sequence[Effects]:
    """The first of all that a text can be that it is."""
    opted = await _opted_in_or_out(talk)
    if opted is not None:
        return opted
    handed = await vouched.take(talk)
    if handed is not None:
        return handed
    if _is_empty(talk):
        asks = "?" in talk.text or "？" in talk.text
        return await wishes.status(talk) if asks else [talk.reply(texts.EMPTY)]
    await _learn_language(talk)
    for step in _STEPS:
        done = await step(talk)
        if done is not None:
            return done
    return await reporting.words(talk)


async def _opted_in_or_out(talk: Conversation) -> Sequence[Effects] | None:
    """Who wants messages and who does not, by the carrier's word or by ours.

    The carrier counts 'yes' as a word that starts messages; from somebody who never stopped them it is an
    answer.
    """
    carrier = talk.inbound.detail.get("opt_out")
    if carrier == "STOP" or (carrier is None and talk.said.word is Word.STOP):
        return await wishes.stop(talk, farewell=carrier is None)
    stopped = talk.address.stopped_at is not None
    if carrier == "START" or (carrier is None and talk.said.word is Word.START):
        if stopped:
            return await wishes.start(talk, welcome=carrier is None)
        return None if talk.said.word is Word.YES else [talk.reply(texts.HELLO)]
    return () if carrier is not None else None


def _is_empty(talk: Conversation) -> bool:
    """Whether a text says nothing: no letter, no digit, no symbol, no picture."""
    return not talk.words.media and not bare(talk.text)


async def _learn_language(talk: Conversation) -> None:
    """Learn from what somebody writes in which language they read, unless they have chosen one.

    A lone 'ok', '1' or 'haole' says nothing about that, but an English word is better than no hint.
    """
    person = talk.person
    one_word = talk.said.word is not None and not talk.said.rest
    if person.language_chosen or (one_word and (person.language or not _is_hint(talk))):
        return
    language = wording.language(talk.text, talk.profile)
    if language and language != person.language:
        person.language = language
        await person.save(update_fields=["language"])


def _is_hint(talk: Conversation) -> bool:
    return talk.said.surely and talk.said.word not in (Word.YES, Word.NO, Word.OKAY, Word.STOP)
