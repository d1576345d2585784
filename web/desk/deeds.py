"""Does what somebody asks for on an issue's page: once for each form, whole or not at all.

Each is a transition of `issues.lifecycle`, which says who may; what it leads to goes out as from a room. A
form carries a word of its own, which the history or the message keeps: sent again, it changes nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.transactions import in_transaction

from issues import departments, lifecycle, untold, wording
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import IssueError, NotNow
from issues.lifecycle import Actor
from linzhang.words import Text
from models import Action, Address, History, Issue, Message, Voice
from web.access.scope import NotThere, Scope
from web.desk.offers import Deed
from web.desk.texts import deeds as texts

#: As which bridge it stands in the history.
BRIDGE = "desk"

#: Characters of words that are taken.
_WORDS = 4000


class Incomplete(IssueError):
    """Something is missing in the form."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent.

    Attributes:
        once: The form's own word.
        words: What was written.
        choice: What was chosen: a department's code, another issue's number, a message's id.
    """

    once: str
    words: str = ""
    choice: str = ""

    @property
    def number(self) -> int:
        """The choice as a number.

        Raises:
            Incomplete: It is none.
        """
        if not (self.choice.isascii() and self.choice.isdecimal() and len(self.choice) <= 18):
            raise Incomplete(texts.NEED_CHOICE)
        return int(self.choice)

    def need_words(self, text: Text = texts.NEED_WORDS) -> str:
        """What was written.

        Raises:
            Incomplete: Nothing was.
        """
        if not self.words:
            raise Incomplete(text)
        return self.words


@dataclass
class Done:
    """What has come of it.

    Attributes:
        lanes: Of the outbox, that have got rows.
        phone: The number that was asked for, where one was.
        is_new: Whether the form was not sent before.
    """

    lanes: set[str]
    phone: Address | None = None
    is_new: bool = True


@dataclass
class _Work:
    """A deed that is being done, in its transaction."""

    scope: Scope
    issue: Issue
    form: Form
    at: datetime
    phone: Address | None = None

    @property
    def actor(self) -> Actor:
        return Actor(self.scope.person, BRIDGE, event_id=self.form.once)

    def message(self, words: str) -> Message:
        return Message(
            author_id=self.scope.person.id,
            bridge=BRIDGE,
            external_id=self.form.once,
            text=words,
            said_at=self.at,
        )


def form(fields: Mapping[str, object]) -> Form:
    """What was sent, as it may be kept."""
    once = str(fields.get("once", ""))[:64]
    words = wording.clean(str(fields.get("words", "")))[:_WORDS]
    return Form(once, words, str(fields.get("choice", "")).strip()[:64])


async def do(scope: Scope, issue: Issue, deed: Deed, sent: Form) -> Done:
    """Do it.

    Args:
        scope: Of whoever wants it.
        issue: One that they may read.
        deed: What.
        sent: How.

    Raises:
        IssueError: It cannot be done; says why. Nothing has changed.
        NotThere: What was chosen is not theirs to see.
    """
    done = Done(set())
    async with in_transaction():  # what is refused half-way has changed nothing
        work = _Work(scope, await lifecycle.lock(issue.id), sent, scope.settings.clock.now())
        if not sent.once or await _was_sent(sent.once):
            done.is_new = False
            return done
        for effects in await _DOING[deed](work):
            done.lanes |= await effects.save()
    done.phone = work.phone
    return done


async def _was_sent(once: str) -> bool:
    said = Message.exists(bridge=BRIDGE, external_id=once)
    return await History.exists(bridge=BRIDGE, event_id=once) or await said


async def _accept(work: _Work) -> Sequence[Effects]:
    return [await lifecycle.accept(work.scope.settings, work.issue, work.actor, work.at)]


async def _answer(work: _Work) -> Sequence[Effects]:
    words = work.message(work.form.need_words())
    return [await lifecycle.answer(work.scope.settings, work.issue, work.actor, words, work.at)]


async def _note(work: _Work) -> Sequence[Effects]:
    words = work.message(work.form.need_words())
    await lifecycle.note(work.scope.settings, work.issue, work.actor, words, work.at)
    return []


async def _done(work: _Work) -> Sequence[Effects]:
    told = await _answer(work) if work.form.words else []
    return [*told, await lifecycle.resolve(work.scope.settings, work.issue, work.actor, work.at)]


async def _undo(work: _Work) -> Sequence[Effects]:
    last = await History.filter(issue_id=work.issue.id).order_by("-seq").first()
    is_done = last is not None and last.action is Action.RESOLVE and work.issue.returns_to_id is None
    if last is None or not is_done or not await untold.stop(work.issue, last):
        raise NotNow(issue_texts.ASKED_ALREADY, number=work.issue.number)
    return [await lifecycle.undo(work.scope.settings, work.issue, work.actor, work.at)]


async def _up(work: _Work) -> Sequence[Effects]:
    why = work.form.words
    return [await lifecycle.pass_up(work.scope.settings, work.issue, work.actor, why, work.at)]


async def _refer(work: _Work) -> Sequence[Effects]:
    there = await departments.of(work.issue, work.scope.settings.territory)
    to = next((each for each in there if each.code == work.form.choice), None)
    if to is None:
        raise Incomplete(texts.NEED_CHOICE)
    why = work.form.words
    return [await lifecycle.refer(work.scope.settings, work.issue, work.actor, to, why, work.at)]


async def _return(work: _Work) -> Sequence[Effects]:
    why = work.form.need_words(texts.NEED_REASON)
    return [await lifecycle.hand_back(work.scope.settings, work.issue, work.actor, why, work.at)]


async def _urgent(work: _Work) -> Sequence[Effects]:
    if work.issue.urgent:
        raise NotNow(issue_texts.ALREADY_URGENT, number=work.issue.number)
    return [await lifecycle.urgent(work.scope.settings, work.issue, work.actor, work.at)]


async def _calm(work: _Work) -> Sequence[Effects]:
    return [await lifecycle.calm(work.scope.settings, work.issue, work.actor, work.at)]


async def _merge(work: _Work) -> Sequence[Effects]:
    seen = await work.scope.issue(work.form.number)
    main = await lifecycle.lock(seen.id)
    return [await lifecycle.merge(work.scope.settings, work.issue, main, work.actor, work.at)]


async def _split(work: _Work) -> Sequence[Effects]:
    said = await Message.filter(issue_id=work.issue.id, voice=Voice.RESIDENT).order_by("id")
    words = next((each for each in said if each.id == work.form.number), None)
    if words is None:
        raise NotThere(work.form.choice)
    if words.id == said[0].id:
        raise NotNow(issue_texts.SPLIT_ALL, number=work.issue.number)
    _, effects = await lifecycle.split(work.scope.settings, work.issue, work.actor, words, work.at)
    return effects


async def _withdraw(work: _Work) -> Sequence[Effects]:
    why = work.form.need_words(texts.NEED_REASON)
    return [await lifecycle.take_off(work.scope.settings, work.issue, work.actor, why, work.at)]


async def _call(work: _Work) -> Sequence[Effects]:
    settings = work.scope.settings
    effects, work.phone = await lifecycle.look_up_phone(settings, work.issue, work.actor, work.at)
    return [effects]


_DOING: Mapping[Deed, Callable[[_Work], Awaitable[Sequence[Effects]]]] = {
    Deed.ACCEPT: _accept,
    Deed.ANSWER: _answer,
    Deed.NOTE: _note,
    Deed.DONE: _done,
    Deed.UNDO: _undo,
    Deed.UP: _up,
    Deed.REFER: _refer,
    Deed.RETURN: _return,
    Deed.URGENT: _urgent,
    Deed.CALM: _calm,
    Deed.MERGE: _merge,
    Deed.SPLIT: _split,
    Deed.WITHDRAW: _withdraw,
    Deed.CALL: _call,
}
