"""Leaders who answer with a text: which of their words are for an issue, and what they ask for.

A leader with only a phone is told of issues by text (`issues.reaching`) and answers in the same
conversation in which they may report what troubles themselves. This decides which of the two it is;
what follows is the lifecycle's, and everything that is no leader's word is left to `issues.intake`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Kind
from issues import (
    chain,
    departments,
    digest,
    intake,
    keywords,
    lifecycle,
    names,
    numbers,
    overlook,
    reaching,
    replies,
    texts,
    urgency,
    wording,
)
from issues.effects import PHONE, Effects
from issues.errors import IssueError, NotFound
from issues.lifecycle import Actor
from issues.replies import Reply, Verb
from issues.vocabulary import Word
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Address, Issue, Message, Person, Question, QuestionKind, State

#: States in which an issue still waits for something from its leader.
_WAITS = (State.OPEN, State.ANSWERED)

#: What leaders say in one word as everybody does, for themselves.
_OWN_AFFAIRS = (Word.NEW, Word.PRIVATE, Word.STOP, Word.START, Word.LANGUAGE)

#: What a leader asks for about all that waits for them.
_ABOUT_IT_ALL = (Word.STATUS, Word.HELP)

#: Residents are asked for a digit, leaders never: it would tell the resident nothing.
_SLIPS = frozenset("0123456789?？")


async def take(settings: Settings, inbound: Inbound, at: datetime) -> set[str] | None:
    """Do what a leader's private message asks for, if it is about an issue that they may act on.

    Args:
        settings: The service's.
        inbound: What was said to the service in private.
        at: When it was accepted, in programme time.

    Returns:
        The outbox lanes that have got rows; None: these are no leader's words about an issue.
    """
    text = wording.clean(inbound.text)
    own = keywords.read(text).word in _OWN_AFFAIRS and not inbound.detail.get("about")
    # Who leaves a message on the duty line speaks as a resident: they were told who would hear it.
    if inbound.kind is not Kind.TEXT or inbound.detail.get("opt_out") or "call" in inbound.detail or own:
        return None
    address = await _leaders_address(settings, inbound, at)
    if address is None or (wording.is_blank(text) and not inbound.media):
        return None
    talk = _Talk(settings, inbound, address, at)
    try:
        async with in_transaction():  # what is refused half-way has changed nothing
            effects = await talk.take(text)
    except IssueError as error:
        effects = [talk.answer_words(error.sentence(talk.language))]
    if effects is None:
        return None
    lanes: set[str] = set()
    for each in effects:
        lanes |= await each.save()
    return lanes


async def _leaders_address(settings: Settings, inbound: Inbound, at: datetime) -> Address | None:
    address = await numbers.known(settings, inbound.bridge, inbound.sender)
    return address if address and await chain.post_of(address.person, at) else None


@dataclass(frozen=True, slots=True)
class _Talk:
    """A leader's text with what is known about it."""

    settings: Settings
    inbound: Inbound
    address: Address
    at: datetime

    @property
    def person(self) -> Person:
        return self.address.person

    @property
    def language(self) -> str:
        return names.language_of(self.person, self.settings.territory)

    @property
    def _patience(self) -> timedelta:
        """For how long words wait for the number that they are about."""
        return self.settings.territory.which_window

    @property
    def actor(self) -> Actor:
        return Actor(self.person, self.inbound.bridge)

    async def take(self, text: str) -> Sequence[Effects] | None:
        answered = await self._answered()
        if answered is not None:
            mine = answered.reporter_id == self.person.id
            return None if mine else await self._about(answered, replies.within(text, answered.number))
        reply = replies.read(text)
        issue = await Issue.get_or_none(id=Issue.id_of(reply.number)) if reply.number else None
        if issue is not None:
            return None if issue.reporter_id == self.person.id else await self._about(issue, reply)
        asked = await self._asked(text)
        if not asked or urgency.danger(text, self.settings.territory):
            return None
        if keywords.read(text).word in _ABOUT_IT_ALL:
            return [await self._about_it_all(keywords.read(text).word)]
        if reply.number and reply.apart:
            raise NotFound(texts.NO_SUCH_ISSUE, number=reply.number)
        if reply.number:
            reply = Reply(None, False, None, text, text)
        if len(asked) > 1:
            return [await self._which(asked, reply)]
        if text in _SLIPS and not self.inbound.media:
            return [await self._explained(asked[0].issue)]
        return await self._do(asked[0].issue_id, reply, self._media())

    async def _answered(self) -> Issue | None:
        """The issue of the conversation in which they answer, where the platform keeps such apart."""
        about = str(self.inbound.detail.get("about", ""))
        return await Issue.get_or_none(id=Issue.id_of(int(about))) if about.isdecimal() else None

    async def _about(self, issue: Issue, reply: Reply) -> Sequence[Effects]:
        """The text names this issue; with nothing else it tells what earlier words were about."""
        if reply.verb or reply.text or self.inbound.media:
            return await self._do(issue.id, reply, self._media())
        asked = Question.filter(person_id=self.person.id, kind=QuestionKind.REPLY, settled_at=None)
        waiting = await asked.filter(pending__isnull=False).order_by("-id").first()
        pending = waiting.pending if waiting else None
        if pending and self.at - datetime.fromisoformat(pending["said_at"]) <= self._patience:
            await asked.update(pending=None)
            return await self._do(issue.id, replies.read(pending["text"]), pending["media"])
        return [await self._explained(issue)]

    async def _about_it_all(self, word: Word | None) -> Effects:
        """What waits for them, or how they answer."""
        if word is Word.HELP:
            return self._answer(texts.REPLY_HELP)
        issues = await overlook.held_by(self.person, self.at)
        if not issues:
            return self._answer(texts.NOTHING_OPEN)
        return self.answer_words(digest.by_text(issues, self.language, self.at))

    async def _explained(self, issue: Issue) -> Effects:
        """Tell what the issue is, and how they answer."""
        issue = await lifecycle.lock(issue.id)
        await self._check_right(issue)
        return self.answer_words(await reaching.told_of(self.settings, issue, self.person, self.at))

    async def _asked(self, text: str) -> list[Question]:
        """The issues that a text without a number may be about; none: it is no leader's word."""
        mine = Question.filter(person_id=self.person.id, settled_at=None)
        last = await mine.order_by("-id").first()
        if last is None or _answers(text, last.kind):
            return []
        asked = await mine.filter(kind=QuestionKind.REPLY).select_related("issue").order_by("id")
        if not asked or await self._talks_as_resident(max(question.asked_at for question in asked)):
            return []
        waiting = [question for question in asked if question.issue.state in _WAITS]
        return waiting or asked[-1:]

    async def _talks_as_resident(self, since: datetime) -> bool:
        """Whether the last conversation is about a trouble of their own."""
        recent = self.at - self.settings.territory.follow_up
        own = Issue.filter(reporter_id=self.person.id, state__in=(*_WAITS, State.RESOLVED))
        return await own.filter(talked_at__gte=max(since, recent)).exists()

    async def _which(self, asked: Sequence[Question], reply: Reply) -> Effects:
        """Keep the words until they say which issue is meant."""
        pending = {"text": reply.text, "media": self._media(), "said_at": self.at.isoformat()}
        await Question.filter(id__in=[question.id for question in asked]).update(pending=pending)
        listed = " ".join(str(question.issue.number) for question in asked)
        return self._answer(texts.REPLY_WHICH, numbers=listed)

    async def _do(self, issue_id: int, reply: Reply, media: list[dict[str, Any]]) -> Sequence[Effects]:
        issue = await lifecycle.lock(issue_id)
        await self._check_right(issue)
        settings, actor, at = self.settings, self.actor, self.at
        facts = {"name": names.resident(issue.reporter, self.language), "number": issue.number}
        more = bool(reply.words or media)
        match reply.verb:
            case Verb.UP:
                done = [await lifecycle.pass_up(settings, issue, actor, reply.words, at)]
                unit = issue.holder.name if issue.holder else ""
                return [*done, self._answer(texts.REPLY_UP, parent=unit, **facts)]
            case Verb.NOTE if more:
                await lifecycle.note(settings, issue, actor, self._message(reply.words, media), at)
                return [self._answer(texts.NOTED, **facts)]
            case Verb.CALL if not more:
                return [await self._phone_of(issue)]
            case Verb.ACCEPT if not more and issue.state is not State.REFERRED:
                done = [await lifecycle.accept(settings, issue, actor, at)]
                return [*done, self._answer(texts.REPLY_ACCEPTED, **facts)]
            case Verb.DONE:
                words = self._message(reply.text, media)
                told = [await lifecycle.answer(settings, issue, actor, words, at)] if more else []
                done = [*told, await lifecycle.resolve(settings, issue, actor, at)]
                return [*done, self._answer(texts.REPLY_DONE, **facts)]
            case Verb.RETURN if departments.is_one(issue.holder, settings.territory):
                return await self._hand_back(issue, reply)
        done = [await lifecycle.answer(settings, issue, actor, self._message(reply.text, media), at)]
        return [*done, self._answer(texts.REPLY_SENT, **facts)]

    async def _hand_back(self, issue: Issue, reply: Reply) -> Sequence[Effects]:
        """From a department to whoever referred it, who must hear why."""
        if not reply.words:
            return [self._answer(texts.REPLY_RETURN_WHY)]
        done = [await lifecycle.hand_back(self.settings, issue, self.actor, reply.words, self.at)]
        unit = issue.holder.name if issue.holder else ""
        return [*done, self._answer(texts.REPLY_RETURNED, number=issue.number, unit=unit)]

    async def _phone_of(self, issue: Issue) -> Effects:
        """Tell the number under which the reporter is called; it stands in no row."""
        name = names.resident(issue.reporter, self.language)
        if await numbers.on_phone(self.settings, issue.address) is None:
            return self._answer(texts.REPLY_NO_PHONE, name=name, number=issue.number)
        effects, phone = await lifecycle.look_up_phone(self.settings, issue, self.actor, self.at)
        text = say(texts.REPLY_PHONE, self.language, name=name, number=issue.number, phone=PHONE)
        effects.tell(self.address, text, phone_of=phone.id)
        return effects

    async def _check_right(self, issue: Issue) -> None:
        if await chain.right_on(self.person, issue, self.at) is None:
            raise await lifecycle.not_yours(self.settings, issue, self.at)

    def _message(self, text: str, media: list[dict[str, Any]]) -> Message:
        message = intake.message(self.inbound, self.person, text, self.at)
        message.media = media
        return message

    def _media(self) -> list[dict[str, Any]]:
        return intake.message(self.inbound, self.person, "", self.at).media

    def _answer(self, text: Text, **values: object) -> Effects:
        return self.answer_words(say(text, self.language, **values))

    def answer_words(self, words: str) -> Effects:
        """Tell the leader something at once: they have just written."""
        effects = Effects(intake.cause_of(self.inbound), self.settings.clock.wall())
        if self.inbound.detail.get("left"):
            words = f"{words}\n{say(texts.LETTER_LEFT, self.language)}"
        about = self.inbound.detail.get("about")
        effects.tell(self.address, words, **({"about": about} if about else {}))
        return effects


def _answers(text: str, kind: QuestionKind) -> bool:
    """Whether a text answers what somebody was asked as a resident."""
    match kind:
        case QuestionKind.RATE:
            return keywords.mark(text) is not None
        case QuestionKind.WHICH:
            return keywords.digit(text) is not None
        case QuestionKind.REPLY:
            return False
    return wording.verdict(text) is not None
