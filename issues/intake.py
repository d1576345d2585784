"""What a resident's private message is: an answer to a question, more of an issue, or a new one.

Runs in the transaction in which its message leaves the inbox. It decides; what follows from the
decision is the lifecycle's. It never asks through which platform the message came.

    STOP, START ─► a danger ─► 'new', 'private' ─► an answer ─► a wish ─► a place ─► thanks ─► words
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from bridges.contract import Inbound
from issues import (
    asking,
    belonging,
    chain,
    keywords,
    lifecycle,
    likeness,
    numbers,
    texts,
    urgency,
    whereabouts,
    wishes,
    wording,
)
from issues.belonging import UNDONE
from issues.conversation import Conversation, cause_of
from issues.effects import Effects
from issues.folding import bare
from issues.vocabulary import Word
from issues.whereabouts import Whereabouts
from linzhang.settings import Settings
from models import Action, Address, History, Issue, Message, Person, Question, QuestionKind, State, Voice

__all__ = ["cause_of", "message", "sender", "take"]

#: Topics of what we say last, by which we know what the next text is.
_WELCOMED, _ASKED_NEW, _ASKED_PRIVATE = "welcome", "new", "private"

#: For how long, in machine time, a text of ours is what theirs answers.
_LATELY = timedelta(days=1)


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str]:
    """Do what a resident's message asks for.

    Args:
        settings: The service's.
        inbound: What was said to the service in private.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows.
    """
    address = await sender(settings, inbound)
    text = wording.clean(inbound.text)
    words = message(inbound, address.person, text, at)
    danger = urgency.danger(text, settings.territory)
    talk = Conversation(settings, inbound, address, words, keywords.read(text), danger, at)
    lanes: set[str] = set()
    for effects in await _take(talk):
        if inbound.detail.get("answered") and address.fixed_line:
            effects.spare(address)
        lanes |= await effects.save()
    return lanes


async def sender(settings: Settings, inbound: Inbound) -> Address:
    """The address that an event came from, with its person; both are made when they are new."""
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    if address is None:
        address = await Address.create(
            person=await Person.create(),
            bridge=inbound.bridge,
            lookup=settings.vault.lookup(inbound.bridge, inbound.sender),
            sealed=settings.vault.seal(inbound.sender),
            stopped_at=settings.clock.wall() if inbound.detail.get("withheld") else None,
        )
    # A telephone that texts is none that has to be called, whatever its number looks like.
    fixed_line = "call" in inbound.detail and bool(inbound.detail.get("fixed_line"))
    if fixed_line != address.fixed_line:
        address.fixed_line = fixed_line
        await address.save(update_fields=["fixed_line"])
    return address


def message(inbound: Inbound, author: Person, text: str, at: datetime) -> Message:
    """The row that keeps what was said; not saved yet."""
    return Message(
        author_id=author.id,
        voice=Voice.RESIDENT,
        bridge=inbound.bridge,
        external_id=inbound.external_id,
        room_id=inbound.room,
        text=text,
        media=[
            {name: fact for name, fact in asdict(each).items() if fact not in (None, "")}
            for each in inbound.media
        ],
        said_at=at,
    )


async def _take(talk: Conversation) -> Sequence[Effects]:
    """The first of all that a text can be that it is."""
    opted = await _opted_in_or_out(talk)
    if opted is not None:
        return opted
    if _is_empty(talk):
        return (
            await wishes.status(talk) if "?" in talk.text or "？" in talk.text else [talk.reply(texts.EMPTY)]
        )
    await _learn_language(talk)
    for step in (_announced, _danger, asking.answer, _wish, _verdict, _place, _courtesy):
        done = await step(talk)
        if done is not None:
            return done
    return await _words(talk)


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
    if person.language_chosen or (
        talk.said.word and not talk.said.rest and (person.language or not _is_hint(talk))
    ):
        return
    language = wording.language(talk.text, talk.profile)
    if language and language != person.language:
        person.language = language
        await person.save(update_fields=["language"])


def _is_hint(talk: Conversation) -> bool:
    return talk.said.surely and talk.said.word not in (Word.YES, Word.NO, Word.OKAY, Word.STOP)


async def _announced(talk: Conversation) -> Sequence[Effects] | None:
    """What begins with 'new' or 'private', or follows one of these words that came alone."""
    word, rest = talk.said.word, talk.said.rest
    if word in (Word.NEW, Word.PRIVATE) and rest:
        talk.words.text = rest
    elif word in (Word.NEW, Word.PRIVATE) and talk.words.media:
        talk.words.text = ""
    elif word is None:
        last = await talk.last_told()
        topic = last.topic if last and _is_recent(talk, last.created_at) else ""
        word = {_ASKED_NEW: Word.NEW, _ASKED_PRIVATE: Word.PRIVATE}.get(topic)
    else:
        return None
    if word is Word.PRIVATE:
        about = await belonging.quoted(talk.person, talk.said.numbers)
        if about and about.state in UNDONE:
            return await _keep_private(talk, about, add=True)
    return [await _report(talk, private=word is Word.PRIVATE)] if word in (Word.NEW, Word.PRIVATE) else None


async def _danger(talk: Conversation) -> Sequence[Effects] | None:
    """A danger never waits for a question: it joins what is being talked about, or is a report."""
    if talk.danger is None or keywords.says_no(talk.text):
        return None
    placed = await _place(talk)
    if placed:
        return placed
    issue = await belonging.quoted(talk.person, talk.said.numbers) or await _spoken_of(talk)
    if issue is None or issue.state not in (State.OPEN, State.ANSWERED):
        return [await _report(talk)]
    return [await lifecycle.add(talk.settings, await talk.lock(issue.id), talk.words, talk.at)]


async def _spoken_of(talk: Conversation) -> Issue | None:
    """The issue that is being talked about, if one is."""
    alive = await belonging.undone(talk.person)
    index = likeness.clearly(talk.text, [await belonging.story(issue) for issue in alive])
    if index is not None:
        return alive[index]
    return await belonging.last_talk(alive, talk.at) if alive else None


async def _wish(talk: Conversation) -> Sequence[Effects] | None:
    """One of the words that always work."""
    done = await wishes.fulfil(talk)
    if done is not None:
        return done
    match talk.said.word:
        case Word.NEW:
            return [talk.reply(texts.WHAT_NEW, topic=_ASKED_NEW)]
        case Word.PRIVATE:
            issue = await belonging.quoted(talk.person, talk.said.numbers)
            issue = issue or next(iter(await belonging.undone(talk.person)), None)
            if issue is None or issue.state not in UNDONE:
                return [talk.reply(texts.HOW_PRIVATE, topic=_ASKED_PRIVATE)]
            return await _keep_private(talk, issue)
        case Word.PERSON:
            return [await _report(talk)]  # nobody could be named, so it is tracked as a report
    return None


async def _keep_private(talk: Conversation, about: Issue, *, add: bool = False) -> Sequence[Effects]:
    issue = await talk.lock(about.id)
    effects = []
    if not issue.private or not add:
        effects.append(await lifecycle.make_private(talk.settings, issue, talk.actor, talk.at))
    if add:
        effects.append(await lifecycle.add(talk.settings, issue, talk.words, talk.at))
    return effects


async def _verdict(talk: Conversation) -> Sequence[Effects] | None:
    """'Solved', 'not solved' or 'never mind' that nobody has asked for; a yes or no is then about nothing."""
    word = talk.said.word
    if word is Word.NO or word is Word.NOT_SOLVED or (word is None and keywords.says_no(talk.text)):
        reopened = await _reopen(talk)
        if reopened is not None or word is None:
            return reopened
    if word not in (Word.SOLVED, Word.NOT_SOLVED, Word.WITHDRAW):
        return None
    issue = await belonging.quoted(talk.person, talk.said.numbers)
    if issue is None:
        place = await belonging.find(talk.settings, talk.person, "", talk.at)
        if place.unclear:
            return await asking.which(talk, place.unclear)
        issue = place.issue or next(iter(await belonging.undone(talk.person)), None)
    if issue is None:
        return await _kindly(talk)
    if issue.state not in UNDONE:
        return await wishes.status(talk)
    return [await asking.file(talk, await talk.lock(issue.id), talk.words)]


async def _reopen(talk: Conversation) -> Sequence[Effects] | None:
    """A 'no' may be about an issue that was closed a short while ago and has been spoken of last."""
    since = talk.at - talk.profile.reopen
    closed = Issue.filter(
        reporter_id=talk.person.id, reported_in="", state=State.CLOSED, closed_at__gte=since
    )
    about = await belonging.quoted(talk.person, talk.said.numbers)
    if about:
        closed = closed.filter(id=about.id)
    issue = await closed.order_by("-closed_at", "-id").first()
    alive = [] if about else await belonging.undone(talk.person)
    if issue is None or (alive and alive[0].talked_at >= (issue.closed_at or issue.talked_at)):
        return None
    words = asking.with_media(talk.words)
    if talk.said.word is None:
        if not likeness.likeness(talk.text, await belonging.story(issue)):
            return None
        words = talk.words
    locked = await talk.lock(issue.id)
    return [await lifecycle.reject(talk.settings, locked, talk.actor, talk.at, words=words)]


async def _place(talk: Conversation) -> Sequence[Effects] | None:
    """The answer to 'where do you live?'; what is no place is further words, and we ask again."""
    if talk.said.word in (Word.SOLVED, Word.NOT_SOLVED, Word.WITHDRAW):
        return None
    unplaced = Question.filter(person_id=talk.person.id, kind=QuestionKind.WHERE, settled_at=None)
    asked = await unplaced.order_by("id")
    if not asked:
        return None
    found = await whereabouts.find(talk.text, talk.profile)
    issues = [await talk.lock(question.issue_id) for question in asked]
    if found is None:
        if talk.danger:
            return None
        second_part = await belonging.gathered(talk.settings, talk.person, talk.at) is not None
        receipt = False if second_part else None
        return [await lifecycle.add(talk.settings, issues[-1], talk.words, talk.at, receipt=receipt)]
    await _settle_down(talk.person, found)
    placed = [
        await lifecycle.place(talk.settings, issue, found.unit, talk.at, bridge=talk.words.bridge)
        for issue in issues
    ]
    if talk.danger:
        placed.append(await lifecycle.add(talk.settings, issues[-1], talk.words, talk.at, receipt=False))
    return placed


async def _courtesy(talk: Conversation) -> Sequence[Effects] | None:
    """Thanks, an 'ok', a greeting, a lone digit: no trouble, and nothing that was asked for."""
    word = talk.said.word
    if word is Word.HELLO or (word in (Word.YES, Word.NO) and not talk.words.media):
        if await belonging.undone(talk.person):
            return await wishes.status(talk)
        return await _kindly(talk) if word is not Word.HELLO else [talk.reply(texts.HELLO)]
    if word not in (Word.THANKS, Word.OKAY) or talk.words.media:
        return None
    issue = next(iter(await belonging.undone(talk.person)), None)
    if issue and await _leader_spoke_last(issue):
        return [
            await lifecycle.add(talk.settings, await talk.lock(issue.id), talk.words, talk.at, receipt=False)
        ]
    if await belonging.gathered(talk.settings, talk.person, talk.at):
        return ()
    last = await talk.last_told()
    if word is Word.OKAY and last and _is_recent(talk, last.created_at):
        return ()
    return await _kindly(talk)


async def _kindly(talk: Conversation) -> Sequence[Effects]:
    """One kind word; no second one right after it."""
    last = await talk.last_told()
    if last and last.topic == _WELCOMED and _is_recent(talk, last.created_at):
        return ()
    return [talk.reply(texts.WELCOME, topic=_WELCOMED)]


async def _leader_spoke_last(issue: Issue) -> bool:
    last = await History.filter(issue_id=issue.id).order_by("-seq").first()
    return last is not None and last.action in (Action.ANSWER, Action.SAY, Action.ACCEPT)


async def _words(talk: Conversation) -> Sequence[Effects]:
    """A report, or more of one."""
    about = await belonging.quoted(talk.person, talk.said.numbers)
    if about and about.state in UNDONE:
        return [await lifecycle.add(talk.settings, await talk.lock(about.id), talk.words, talk.at)]
    second_part_of = await belonging.gathered(talk.settings, talk.person, talk.at)
    if second_part_of:
        issue = await talk.lock(second_part_of.id)
        return [await lifecycle.add(talk.settings, issue, talk.words, talk.at, receipt=False)]
    place = await belonging.find(talk.settings, talk.person, talk.text, talk.at)
    if place.unclear:
        return await asking.which(talk, place.unclear)
    if place.issue:
        return [await lifecycle.add(talk.settings, await talk.lock(place.issue.id), talk.words, talk.at)]
    return [await _report(talk)]


async def _report(talk: Conversation, *, private: bool = False) -> Effects:
    home = await chain.home_of(talk.person, talk.at)
    known = home is not None
    if home is None:
        found = await whereabouts.find(talk.text, talk.profile, strict=True)
        if found:
            await _settle_down(talk.person, Whereabouts(found.unit))
            home = found.unit
    _, effects = await lifecycle.report(
        talk.settings,
        address=talk.address,
        unit=home,
        words=talk.words,
        at=talk.at,
        known=known,
        private=private,
    )
    return effects


async def _settle_down(person: Person, found: Whereabouts) -> None:
    person.block = found.unit
    person.name = person.name or found.name
    await person.save()


def _is_recent(talk: Conversation, created_at: datetime) -> bool:
    """Whether something was put on its way lately, in machine time."""
    return created_at >= talk.settings.clock.wall() - _LATELY
