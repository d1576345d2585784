"""Troubles: a report, more of one, where its writer lives, and what must not wait or be seen by others.

Each takes one text of a resident, or says that it is something else; see `issues.intake`.
"""

from collections.abc import Sequence

from issues import (
    asking,
    belonging,
    chain,
    keywords,
    lifecycle,
    likeness,
    names,
    stale,
    texts,
    whereabouts,
    wishes,
)
from issues.conversation import Conversation
from issues.effects import Effects
from issues.vocabulary import Word
from issues.whereabouts import Whereabouts
from models import Issue, Question, QuestionKind, State

#: By the topics of our answers to a lone 'new' or 'private' we know what the next text is.
_ASKED_FOR = {"new": Word.NEW, "private": Word.PRIVATE}


async def announced(talk: Conversation) -> Sequence[Effects] | None:
    """What begins with 'new' or 'private', or follows one of these words that came alone."""
    word, rest = talk.said.word, talk.said.rest
    if word in (Word.NEW, Word.PRIVATE) and rest:
        talk.words.text = rest
    elif word in (Word.NEW, Word.PRIVATE) and talk.words.media:
        talk.words.text = ""
    elif word is None:
        word = _ASKED_FOR.get(await talk.last_topic() or "")
    else:
        return None
    if word is Word.PRIVATE:
        about = await belonging.quoted(talk.person, talk.said.numbers)
        if about and await belonging.needs(about):
            return await _keep_private(talk, about, add=True)
    if word in (Word.NEW, Word.PRIVATE):
        return [await _report(talk, private=word is Word.PRIVATE)]
    return None


async def danger(talk: Conversation) -> Sequence[Effects] | None:
    """A danger never waits for a question: it joins what is being talked about, or is a report."""
    if talk.danger is None:
        return None
    judged = await asking.judged(talk) if keywords.says_no(talk.text) else None
    if judged is not None:
        return judged
    placed = await place(talk)
    if placed:
        return placed
    issue = await belonging.quoted(talk.person, talk.said.numbers) or await _spoken_of(talk)
    if issue is None or issue.state not in (State.OPEN, State.ANSWERED):
        return [await _report(talk)]
    receipt = False if await belonging.gathered(talk.settings, talk.person, talk.at) else None
    locked = await talk.lock(issue.id)
    return [await lifecycle.add(talk.settings, locked, talk.words, talk.at, receipt=receipt)]


async def wish(talk: Conversation) -> Sequence[Effects] | None:
    """One of the words that always work."""
    done = await wishes.fulfil(talk)
    if done is not None:
        return done
    match talk.said.word:
        case Word.NEW:
            return [talk.reply(texts.WHAT_NEW, topic="new")]
        case Word.PRIVATE:
            issue = await belonging.quoted(talk.person, talk.said.numbers)
            issue = issue or next(iter(await belonging.undone(talk.person)), None)
            if issue is None or not await belonging.needs(issue):
                return [talk.reply(texts.HOW_PRIVATE, topic="private")]
            return await _keep_private(talk, issue)
        case Word.PERSON:
            return [await _report(talk)]  # nobody could be named, so it is tracked as a report
    return None


async def place(talk: Conversation) -> Sequence[Effects] | None:
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
        # Who has answered with a place, though with one that we cannot tell apart, is not left waiting.
        answers = whereabouts.speaks_of_a_place(talk.text, talk.profile)
        second_part = await belonging.gathered(talk.settings, talk.person, talk.at) is not None
        receipt = False if second_part and not answers else None
        return [await lifecycle.add(talk.settings, issues[-1], talk.words, talk.at, receipt=receipt)]
    await _settle_down(talk, found)
    placed = [
        await lifecycle.place(talk.settings, issue, found.unit, talk.at, bridge=talk.words.bridge)
        for issue in issues
    ]
    if talk.danger:
        placed.append(await lifecycle.add(talk.settings, issues[-1], talk.words, talk.at, receipt=False))
    return placed


async def card(talk: Conversation) -> Sequence[Effects] | None:
    """The code of a card alone: who has scanned it is told whose it is, and asked for nothing."""
    unit = None if talk.words.media else await whereabouts.carded(talk.text)
    if unit is None:
        return None
    if await chain.home_of(talk.person, talk.at) is not None:
        return [talk.reply(texts.HELLO)]
    await _settle_down(talk, Whereabouts(unit))
    leader = await names.holder(unit, talk.profile, talk.language, talk.at)
    place = await names.place(unit, talk.profile, talk.language)
    return [talk.reply(texts.CARD_SCANNED, place=place, leader=leader)]


async def words(talk: Conversation) -> Sequence[Effects]:
    """A report, or more of one."""
    about = await belonging.quoted(talk.person, talk.said.numbers)
    if about and await belonging.needs(about):
        return [await lifecycle.add(talk.settings, await talk.lock(about.id), talk.words, talk.at)]
    second_part_of = await belonging.gathered(talk.settings, talk.person, talk.at)
    if second_part_of:
        issue = await talk.lock(second_part_of.id)
        return [await lifecycle.add(talk.settings, issue, talk.words, talk.at, receipt=False)]
    found = await belonging.find(talk.settings, talk.person, talk.text, talk.at)
    if found.unclear:
        return await asking.which(talk, found.unclear)
    if found.issue is None:
        return [await _report(talk)]
    # A machine that answers every text of ours with the same words must not be answered for ever.
    receipt = False if await belonging.is_repeated(found.issue, talk.words) else None
    locked = await talk.lock(found.issue.id)
    return [await lifecycle.add(talk.settings, locked, talk.words, talk.at, receipt=receipt)]


async def _report(talk: Conversation, *, private: bool = False) -> Effects:
    home = await chain.home_of(talk.person, talk.at)
    known = home is not None
    if home is None:
        found = await whereabouts.find(talk.text, talk.profile, strict=True)
        if found:
            await _settle_down(talk, Whereabouts(found.unit))
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


async def _keep_private(talk: Conversation, about: Issue, *, add: bool = False) -> Sequence[Effects]:
    issue = await talk.lock(about.id)
    effects = []
    if not issue.private or not add:
        effects.append(await lifecycle.make_private(talk.settings, issue, talk.actor, talk.at))
    if add:
        effects.append(await lifecycle.add(talk.settings, issue, talk.words, talk.at))
    return effects


async def _spoken_of(talk: Conversation) -> Issue | None:
    """The issue that is being talked about, if one is."""
    second_part_of = await belonging.gathered(talk.settings, talk.person, talk.at)
    if second_part_of:
        return second_part_of
    alive = await belonging.undone(talk.person)
    index = likeness.clearly(talk.text, [await belonging.story(issue) for issue in alive])
    if index is not None:
        return alive[index]
    last = await belonging.last_talk(alive, talk.at) if alive else None
    # A lamp that is broken is not what burns; a strange smell may be.
    return None if last and likeness.troubles(await belonging.story(last)) else last


async def _settle_down(talk: Conversation, found: Whereabouts) -> None:
    person = talk.person
    person.block = found.unit
    if found.name and not person.name:
        person.name = found.name
        await stale.reported_by(talk.settings, person.id)
    await person.save()
