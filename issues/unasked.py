"""What nobody has asked for: 'solved', 'never mind', thanks, an 'ok', a greeting, a lone digit.

Each takes one text of a resident, or says that it is something else; see `issues.intake`.
"""

from collections.abc import Sequence

from issues import asking, belonging, keywords, lifecycle, likeness, texts, wishes
from issues.conversation import Conversation
from issues.effects import Effects
from issues.vocabulary import Word
from models import Action, History, Issue

#: The topic of one kind word, after which there is no second one.
_WELCOMED = "welcome"

#: Marks that come when nobody has asked for one any more; as a trouble they would tell nobody anything.
_MARKS = range(1, 6)


async def verdict(talk: Conversation) -> Sequence[Effects] | None:
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
        found = await belonging.find(talk.settings, talk.person, "", talk.at)
        if found.unclear:
            return await asking.which(talk, found.unclear)
        issue = found.issue or next(iter(await belonging.undone(talk.person)), None)
    if issue is None:
        return await _kindly(talk)
    if not await belonging.needs(issue):
        return await wishes.status(talk)
    return [await asking.file(talk, await talk.lock(issue.id), talk.words)]


async def courtesy(talk: Conversation) -> Sequence[Effects] | None:
    """Thanks, an 'ok', a greeting, a lone digit: no trouble, and nothing that was asked for."""
    word = talk.said.word
    digit = word in (Word.YES, Word.NO) or (keywords.digit(talk.text) in _MARKS and await _is_over(talk))
    if word is Word.HELLO or (digit and not talk.words.media):
        if await belonging.undone(talk.person):
            return await wishes.status(talk)
        return [talk.reply(texts.HELLO)] if word is Word.HELLO else await _kindly(talk)
    if word not in (Word.THANKS, Word.OKAY) or talk.words.media:
        return None
    issue = next(iter(await belonging.undone(talk.person)), None)
    if issue and await _leader_spoke_last(issue):
        locked = await talk.lock(issue.id)
        return [await lifecycle.add(talk.settings, locked, talk.words, talk.at, receipt=False)]
    if await belonging.gathered(talk.settings, talk.person, talk.at):
        return ()
    if word is Word.OKAY and await talk.last_topic() is not None:
        return ()
    return await _kindly(talk)


async def _reopen(talk: Conversation) -> Sequence[Effects] | None:
    """A 'no' may be about an issue that was closed a short while ago and has been spoken of last."""
    since = talk.at - talk.profile.reopen
    about = await belonging.quoted(talk.person, talk.said.numbers)
    closed = await belonging.closed(talk.person, since)
    at, issue = next((each for each in closed if not about or each[1].id == about.id), (None, None))
    alive = [] if about else await belonging.undone(talk.person)
    if issue is None or at is None or (alive and alive[0].talked_at >= at):
        return None
    words = asking.with_media(talk.words)
    if talk.said.word is None:
        if not likeness.likeness(talk.text, await belonging.story(issue)):
            return None
        words = talk.words
    locked = await talk.lock(issue.id)
    return [await lifecycle.reject(talk.settings, locked, talk.actor, talk.at, words=words)]


async def _is_over(talk: Conversation) -> bool:
    """Whether nothing was said a moment ago of which a lone digit could be the rest."""
    return await belonging.gathered(talk.settings, talk.person, talk.at) is None


async def _kindly(talk: Conversation) -> Sequence[Effects]:
    """One kind word; no second one right after it."""
    if await talk.last_topic() == _WELCOMED:
        return ()
    return [talk.reply(texts.WELCOME, topic=_WELCOMED)]


async def _leader_spoke_last(issue: Issue) -> bool:
    last = await History.filter(issue_id=issue.id).order_by("-seq").first()
    return last is not None and last.action in (Action.ANSWER, Action.SAY, Action.ACCEPT)
