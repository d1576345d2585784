"""What a text answers of what was last asked: is it solved, how was it, which one is it about.

A lone '1' means nothing by itself. The question that was put last tells; a quoted number picks another.
"""

from collections.abc import Sequence
from datetime import datetime

from issues import choices, keywords, lifecycle, likeness, overview, texts, wording
from issues.belonging import needs, quoted, story
from issues.conversation import Conversation
from issues.effects import Effects
from issues.lifecycle.common import ask
from issues.vocabulary import Word
from issues.wording import Verdict
from linzhang.settings import Settings
from linzhang.words import say
from models import Issue, Message, Person, Question, QuestionKind, Voice

_JUDGED = (QuestionKind.SOLVED, QuestionKind.RATE)
_ANSWERABLE = (*_JUDGED, QuestionKind.WHICH)

#: Words that go their own way, whatever was asked.
_WISHES = (
    Word.STATUS,
    Word.PERSON,
    Word.HELP,
    Word.LANGUAGE,
    Word.PRIVATE,
    Word.STOP,
    Word.START,
)


async def answer(talk: Conversation) -> Sequence[Effects] | None:
    """Take a text as the answer to what was last asked; None: it is none."""
    if talk.said.word in _WISHES:
        return None
    about = await quoted(talk.person, talk.said.numbers)
    asked = Question.filter(person_id=talk.person.id, kind__in=_ANSWERABLE, settled_at=None)
    if about:
        asked = asked.filter(issue_id=about.id)
    question = await asked.order_by("-id").select_for_update().first()
    if about and (question is None or keywords.is_number(talk.text)):
        waiting = Question.filter(person_id=talk.person.id, kind=QuestionKind.WHICH, settled_at=None)
        question = await waiting.order_by("-id").select_for_update().first() or question
    if question is None or (question.due is not None and question.due <= talk.at):
        return None
    match question.kind:
        case QuestionKind.SOLVED:
            return await _solved(talk, question)
        case QuestionKind.RATE:
            return await _rating(talk, question)
        case _:
            return await _choice(talk, question, about)


async def judged(talk: Conversation) -> Sequence[Effects] | None:
    """Take a text as the answer to how it was done, if that was asked last; None: it is none."""
    asked = Question.filter(person_id=talk.person.id, kind__in=_ANSWERABLE, settled_at=None)
    last = await asked.order_by("-id").first()
    return await answer(talk) if last and last.kind in _JUDGED else None


async def which(talk: Conversation, issues: Sequence[Issue]) -> Sequence[Effects]:
    """Ask which of several issues a text is about; it waits for the answer, but not for ever."""
    words = talk.words
    due = talk.at + talk.profile.which_window
    pending = {
        "text": words.text,
        "media": words.media,
        "bridge": words.bridge,
        "external_id": words.external_id,
        "said_at": words.said_at.isoformat(),
        "options": [issue.id for issue in issues],
    }
    await ask(issues[0], QuestionKind.WHICH, talk.at, due=due, pending=pending)
    return [await _asked_which(talk, issues)]


async def _asked_which(talk: Conversation, issues: Sequence[Issue]) -> Effects:
    """The question which of several issues it is, with a button for each and one for a new trouble."""
    options = await overview.options(issues, talk.language)
    pressed = await overview.pressed(issues, talk.language)
    new = (say(texts.WORD_NEW, talk.language), say(texts.BUTTON_NEW, talk.language))
    below = choices.offered(say(texts.ASKED_WHICH, talk.language), [*pressed, new])
    return talk.reply_in_words(say(texts.WHICH, talk.language, options=options), below=below)


async def settle_overdue(settings: Settings, question: Question, at: datetime) -> Sequence[Effects]:
    """Let go of a question that nobody has answered; words that waited for it join the last conversation.

    Args:
        settings: The service's.
        question: Locked.
        at: Programme time.
    """
    if question.settled_at is not None or question.due is None or question.due > at:
        return ()
    await _settle(question, at)
    if question.kind is not QuestionKind.WHICH or not question.pending:
        return ()
    person = await Person.get(id=question.person_id)
    words = _pending(question, person)
    issue = await lifecycle.lock(question.issue_id)
    if await needs(issue):
        return [await lifecycle.add(settings, issue, words, at, receipt=True)]
    address = issue.address
    address.person = person
    _, effects = await lifecycle.report(settings, address=address, unit=issue.block, words=words, at=at)
    return [effects]


async def file(talk: Conversation, issue: Issue, words: Message) -> Effects:
    """Take words as what they are once it is known which issue they are about."""
    word = keywords.read(words.text).word
    if word is Word.SOLVED:
        return await lifecycle.confirm(talk.settings, issue, talk.actor, talk.at, words=with_media(words))
    if word is Word.WITHDRAW:
        return await lifecycle.withdraw(talk.settings, issue, talk.actor, talk.at, words=with_media(words))
    return await lifecycle.add(talk.settings, issue, words, talk.at, receipt=True)


def with_media(words: Message) -> Message | None:
    """Words that say no more than a verdict, kept only for the picture that came with them."""
    return words if words.media else None


async def _solved(talk: Conversation, question: Question) -> Sequence[Effects] | None:
    verdict = wording.verdict(talk.text)
    more = with_media(talk.words)
    if verdict is None and keywords.says_no(talk.text) and not await _is_another(talk, question):
        verdict, more = Verdict.NO, talk.words
    if verdict is None:
        return None
    issue = await talk.lock(question.issue_id)
    if verdict is Verdict.YES:
        return [await lifecycle.confirm(talk.settings, issue, talk.actor, talk.at, words=more)]
    was_urgent = issue.urgent
    effects = [await lifecycle.reject(talk.settings, issue, talk.actor, talk.at, words=more)]
    if talk.danger and not was_urgent:
        urgent = lifecycle.urgent(talk.settings, issue, talk.actor, talk.at, danger=talk.danger)
        effects.insert(0, await urgent)
    return effects


async def _rating(talk: Conversation, question: Question) -> Sequence[Effects] | None:
    mark = keywords.mark(talk.text)
    if mark is not None and not talk.words.media:
        issue = await talk.lock(question.issue_id)
        return [await lifecycle.rate(talk.settings, issue, talk.actor, mark, talk.at)]
    if keywords.digit(talk.text) is not None:
        issue = await Issue.get(id=question.issue_id)
        return [talk.reply(texts.RATE_AGAIN, number=issue.number)]
    if talk.said.word in (Word.THANKS, Word.OKAY, Word.YES, Word.SOLVED):
        return ()  # our thanks are not to be thanked for again
    if talk.said.word is Word.NOT_SOLVED or (
        keywords.says_no(talk.text) and not await _is_another(talk, question)
    ):
        issue = await talk.lock(question.issue_id)
        words = talk.words if talk.said.word is None else with_media(talk.words)
        return [await lifecycle.reject(talk.settings, issue, talk.actor, talk.at, words=words)]
    return None


async def _choice(talk: Conversation, question: Question, about: Issue | None) -> Sequence[Effects]:
    """The answer to 'which one?'; what is none is more of what waits."""
    assert question.pending is not None
    options = [await Issue.get(id=each) for each in question.pending["options"]]
    if talk.said.word in (Word.THANKS, Word.OKAY, Word.HELLO):
        return ()
    chosen = about or await _chosen(talk, options)
    if talk.said.word is Word.WITHDRAW and chosen is None:
        chosen = options[0]  # what they have said before is kept
    elif chosen is None and talk.said.word is not Word.NEW:
        if keywords.digit(talk.text) is None:
            await _append(question, talk.words)
        if talk.words.media or question.asked_at >= talk.at - talk.profile.gather:
            return ()
        return [await _asked_which(talk, options)]
    await _settle(question, talk.at)
    words = _pending(question, talk.person)
    issue = await talk.lock((chosen or options[0]).id)
    if chosen is None or not await needs(issue):
        words.text = f"{words.text}\n{talk.said.rest}".strip()
        _, effects = await lifecycle.report(
            talk.settings, address=talk.address, unit=issue.block, words=words, at=talk.at
        )
        return [effects]
    return [await file(talk, issue, words)]


async def _chosen(talk: Conversation, options: Sequence[Issue]) -> Issue | None:
    """The issue that an answer picks, by its digit or by its words."""
    digit = keywords.digit(talk.text)
    if digit is not None:
        return options[digit - 1] if 1 <= digit <= len(options) else None
    index = likeness.clearly(talk.text, [await story(each) for each in options])
    return options[index] if index is not None else None


async def _append(question: Question, words: Message) -> None:
    """Let further words wait together with the first ones."""
    assert question.pending is not None
    question.pending["text"] = f"{question.pending['text']}\n{words.text}".strip()
    question.pending["media"] += words.media
    await question.save(update_fields=["pending"])


async def _is_another(talk: Conversation, question: Question) -> bool:
    told = await story(await Issue.get(id=question.issue_id))
    return likeness.is_another(talk.text, [told])


async def _settle(question: Question, at: datetime) -> None:
    question.settled_at = at
    await question.save(update_fields=["settled_at"])


def _pending(question: Question, author: Person) -> Message:
    """The words that have waited for an answer; not saved yet."""
    assert question.pending is not None
    return Message(
        author_id=author.id,
        voice=Voice.RESIDENT,
        bridge=question.pending["bridge"],
        external_id=question.pending["external_id"],
        text=question.pending["text"],
        media=question.pending["media"],
        said_at=datetime.fromisoformat(question.pending["said_at"]),
    )
