"""`POST /issues/{number}/…`: what leaders do to issues, each a transition of `issues.lifecycle`.

Who may is decided there; the effects go the same way as those of words in a room.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Path, Request

from escalator.waking import Waker
from issues import departments, lifecycle
from issues import texts as issue_texts
from issues.effects import Effects
from issues.errors import NotNow
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Issue, Message
from web.access.tokens import Caller
from web.api import repeating, texts, views
from web.api.access import WritesIssues
from web.api.problems import Kind, Refusal, documented
from web.api.repeating import Key
from web.api.schema import IssueView, MergeIn, Number, ReasonIn, ReferIn, SayIn

#: As which bridge it stands in the history.
BRIDGE = "api"

routes = APIRouter(
    prefix="/issues/{number}",
    tags=["What leaders do"],
    responses=documented(Kind.NOT_THERE, Kind.NOT_NOW),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that is to be done to an issue.

    Attributes:
        request: What asks for it.
        caller: Who.
        number: The issue's.
        key: What the caller calls the request.
        tasks: Done after the answer.
        at: Programme time.
    """

    request: Request
    caller: Caller
    number: int
    key: str | None
    tasks: BackgroundTasks
    at: datetime

    @property
    def settings(self) -> Settings:
        """The service's."""
        return self.caller.scope.settings

    @property
    def actor(self) -> Actor:
        """Who, for the lifecycle."""
        return Actor(self.caller.scope.person, BRIDGE)

    def message(self, words: str) -> Message:
        """The row that keeps what is said; not saved yet."""
        # That nothing is said twice `repeating` sees to; its keys may be used again after a day.
        name = secrets.token_hex(16)
        return Message(
            author_id=self.caller.scope.person.id,
            bridge=BRIDGE,
            external_id=f"{self.caller.token.id}.{name}",
            text=words,
            said_at=self.at,
        )

    async def do(self, doing: Callable[[Issue], Awaitable[Sequence[Effects]]]) -> IssueView:
        """Do it, once, and wake whoever carries its effects out."""
        scope, lanes = self.caller.scope, set[str]()
        seen = await scope.issue(self.number)
        if not await scope.reads(seen):
            raise await lifecycle.not_yours(self.settings, seen, self.at)

        async def work() -> IssueView:
            for effects in await doing(await lifecycle.lock(seen.id)):
                lanes.update(await effects.save())
            return await views.issue(scope, seen.id)

        answer = await repeating.once(self.request, self.caller, self.key, work)
        waker: Waker = self.request.app.state.waker
        self.tasks.add_task(waker.outbox, lanes)
        return answer


async def _deed(
    request: Request,
    caller: WritesIssues,
    tasks: BackgroundTasks,
    number: Annotated[Number, Path(description="The number that people use.", examples=[1042])],
    key: Key = None,
) -> Deed:
    return Deed(request, caller, number, key, tasks, caller.scope.at)


Doing = Annotated[Deed, Depends(_deed)]


@routes.post("/accept", summary="Take it on")
async def accept(deed: Doing) -> IssueView:
    """A leader is on it: the resident hears that it was seen, and the window goes on."""

    async def work(issue: Issue) -> Sequence[Effects]:
        return [await lifecycle.accept(deed.settings, issue, deed.actor, deed.at)]

    return await deed.do(work)


@routes.post("/answer", summary="Answer the resident")
async def answer(deed: Doing, said: SayIn) -> IssueView:
    """Words that reach the resident on the way by which they wrote; the first ones stop the window."""

    async def work(issue: Issue) -> Sequence[Effects]:
        words = deed.message(said.words)
        return [await lifecycle.answer(deed.settings, issue, deed.actor, words, deed.at)]

    return await deed.do(work)


@routes.post("/note", summary="Note something")
async def note(deed: Doing, said: SayIn) -> IssueView:
    """Words that stay among leaders."""

    async def work(issue: Issue) -> Sequence[Effects]:
        await lifecycle.note(deed.settings, issue, deed.actor, deed.message(said.words), deed.at)
        return []

    return await deed.do(work)


@routes.post("/done", summary="It is done")
async def done(deed: Doing) -> IssueView:
    """A leader says that it is done; the resident is asked."""

    async def work(issue: Issue) -> Sequence[Effects]:
        return [await lifecycle.resolve(deed.settings, issue, deed.actor, deed.at)]

    return await deed.do(work)


@routes.post("/undo", summary="It is not done after all")
async def undo(deed: Doing) -> IssueView:
    """Take 'done' back: it is open again, with a window of its own."""

    async def work(issue: Issue) -> Sequence[Effects]:
        return [await lifecycle.undo(deed.settings, issue, deed.actor, deed.at)]

    return await deed.do(work)


@routes.post("/up", summary="Pass it up")
async def up(deed: Doing, why: ReasonIn) -> IssueView:
    """To the unit above its holder."""

    async def work(issue: Issue) -> Sequence[Effects]:
        return [await lifecycle.pass_up(deed.settings, issue, deed.actor, why.reason, deed.at)]

    return await deed.do(work)


@routes.post("/refer", summary="Refer it to a department")
async def refer(deed: Doing, why: ReferIn) -> IssueView:
    """A department has it by its own clock, until it says that it is done or returns it."""

    async def work(issue: Issue) -> Sequence[Effects]:
        there = {each.code: each for each in await departments.of(issue, deed.settings.territory)}
        if why.department not in there:
            codes = ", ".join(there) or "–"
            raise Refusal(Kind.NOT_THERE, texts.NO_DEPARTMENT, code=why.department, codes=codes)
        to = there[why.department]
        return [await lifecycle.refer(deed.settings, issue, deed.actor, to, why.reason, deed.at)]

    return await deed.do(work)


@routes.post("/return", summary="Return it from a department")
async def hand_back(deed: Doing, why: ReasonIn) -> IssueView:
    """Back to whoever referred it."""

    async def work(issue: Issue) -> Sequence[Effects]:
        return [await lifecycle.hand_back(deed.settings, issue, deed.actor, why.reason, deed.at)]

    return await deed.do(work)


@routes.post("/urgent", summary="It is urgent")
async def urgent(deed: Doing) -> IssueView:
    """A life or a house is in danger: a new, short window, and the whole chain hears of it."""

    async def work(issue: Issue) -> Sequence[Effects]:
        if issue.urgent:
            raise NotNow(issue_texts.ALREADY_URGENT, number=issue.number)
        return [await lifecycle.urgent(deed.settings, issue, deed.actor, deed.at)]

    return await deed.do(work)


@routes.post("/calm", summary="It is not urgent")
async def calm(deed: Doing) -> IssueView:
    """It has its usual window again."""

    async def work(issue: Issue) -> Sequence[Effects]:
        return [await lifecycle.calm(deed.settings, issue, deed.actor, deed.at)]

    return await deed.do(work)


@routes.post("/withdraw", summary="It needs nothing")
async def withdraw(deed: Doing, why: ReasonIn) -> IssueView:
    """A test, a mistake: its reporter is told why, and may say that it does need something."""

    async def work(issue: Issue) -> Sequence[Effects]:
        return [await lifecycle.take_off(deed.settings, issue, deed.actor, why.reason, deed.at)]

    return await deed.do(work)


@routes.post("/merge", summary="It is the same as another one")
async def merge(deed: Doing, what: MergeIn) -> IssueView:
    """It becomes part of another issue that is yours to see; its reporter hears what is done about that."""
    main = await deed.caller.scope.issue(what.into)

    async def work(issue: Issue) -> Sequence[Effects]:
        locked = await lifecycle.lock(main.id)
        return [await lifecycle.merge(deed.settings, issue, locked, deed.actor, deed.at)]

    return await deed.do(work)
