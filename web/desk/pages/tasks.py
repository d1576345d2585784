"""Tasks, `/desk/tasks`: asking leaders for help, who helps, their proofs, and confirming them.

Who may do what is for `programme.tasks` to say.
"""

import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from tortoise.transactions import in_transaction

from escalator.waking import Waker
from issues import chain
from issues.effects import Effects
from issues.errors import IssueError
from linzhang.words import say
from models import Help, HelpState, Message, Task, TaskState, Unit
from programme.tasks import helping, money, settling, standing, writing
from programme.tasks import texts as task_texts
from programme.tasks.reading import Wanted
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk import pictures
from web.desk.frame import frame_of
from web.desk.queries import units
from web.desk.texts import tasks as texts

routes = APIRouter()

_HERE = "/desk/tasks"

#: Characters of words, of a code and of an amount that are taken.
_WORDS, _CODE, _AMOUNT = 500, 64, 16

#: Nothing has a higher number; databases take none that is much longer.
_HIGHEST = 10**15


class Verdict(StrEnum):
    """What somebody says of a helper."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    REVERSE = "reverse"


@routes.get("/tasks")
async def show(
    request: Request, visit: Visiting, unit: Annotated[str, Query(max_length=_CODE)] = ""
) -> Response:
    """The latest ones, and what writes another: for a unit's leaders, if one was come from."""
    return await _overview(request, visit, await visit.scope.unit(unit) if unit else None)


@routes.post("/tasks")
async def write(
    request: Request,
    visit: Visiting,
    words: Annotated[str, Form(max_length=_WORDS)] = "",
    payer: Annotated[str, Form(max_length=_CODE)] = "",
    area: Annotated[str, Form(max_length=_CODE)] = "",
    need: Annotated[int, Form(ge=0, le=10000)] = 1,
    pay: Annotated[str, Form(max_length=_AMOUNT)] = "",
    once: Annotated[str, Form(max_length=_CODE)] = "",
) -> Response:
    """Keep a draft, and show it."""
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    known = await Task.get_or_none(event_id=once, author_id=visit.person.id) if once else None
    if known is not None:
        return frame.told(f"{_HERE}/{known.id}")
    typed = {"words": words, "payer": payer, "area": area, "need": need, "pay": pay}
    amount = money.minor(pay.strip(), visit.settings.territory.tasks.currency)
    if not words.strip() or need < 1 or amount is None:
        return await _overview(request, visit, typed=typed, wrong=say(texts.INCOMPLETE, language))
    try:
        pays = await visit.scope.unit(payer.strip())
        named = await _area(visit, area.strip())
        wanted = Wanted(words, need, amount)
        async with in_transaction():
            written = await writing.write(
                visit.settings, visit.person, pays, wanted, visit.scope.at, event_id=once, area=named
            )
    except NotThere as error:
        wrong = say(texts.NO_UNIT, language, code=error.args[0])
        return await _overview(request, visit, typed=typed, wrong=wrong)
    except IssueError as error:
        return await _overview(request, visit, typed=typed, wrong=error.sentence(language))
    return frame.told(f"{_HERE}/{written.task.id}")


@routes.get("/tasks/{task_id}")
async def look(request: Request, visit: Visiting, task_id: int) -> Response:
    """One of them, and who helps."""
    return await _page(request, visit, await _seen(visit, task_id))


@routes.post("/tasks/{task_id}/send")
async def send(request: Request, visit: Visiting, task_id: int) -> Response:
    """Let it go."""
    seen = await _seen(visit, task_id)
    language = frame_of(request).language_of(request, visit)
    try:
        async with in_transaction():
            task = await writing.lock(seen.id)
            count = await writing.send(visit.settings, task, visit.person, visit.settings.clock.now())
    except IssueError as error:
        return await _page(request, visit, seen, wrong=error.sentence(language))
    words = say(task_texts.ASKED, language, number=seen.id, reach=count)
    return frame_of(request).told(f"{_HERE}/{seen.id}", words)


@routes.post("/tasks/{task_id}/stop")
async def stop(request: Request, visit: Visiting, task_id: int) -> Response:
    """Drop it, or call it off."""
    seen = await _seen(visit, task_id)
    settings = visit.settings
    language = frame_of(request).language_of(request, visit)
    effects = Effects(f"ts{seen.id}.{secrets.token_hex(8)}", settings.clock.wall())
    try:
        async with in_transaction():
            task = await writing.lock(seen.id)
            text = task_texts.DROPPED if task.state is TaskState.DRAFT else task_texts.CALLED_OFF
            told = await writing.stop(settings, task, visit.person, settings.clock.now(), effects)
            lanes = await effects.save_once()
    except IssueError as error:
        return await _page(request, visit, seen, wrong=error.sentence(language))
    await _wake(request, lanes)
    return frame_of(request).told(f"{_HERE}/{seen.id}", say(text, language, number=seen.id, told=told))


@routes.post("/tasks/{task_id}/help/{help_id}")
async def judge(
    request: Request,
    visit: Visiting,
    task_id: int,
    help_id: int,
    verdict: Annotated[Verdict, Form()],
    why: Annotated[str, Form(max_length=_WORDS)] = "",
) -> Response:
    """Confirm somebody's help, refuse it, or take back what the ledger has of it."""
    seen = await _seen(visit, task_id)
    settings = visit.settings
    at = settings.clock.now()
    language = frame_of(request).language_of(request, visit)
    if help_id > _HIGHEST:
        raise NotThere(str(help_id))
    if verdict is not Verdict.CONFIRM and not why.strip():
        return await _page(request, visit, seen, wrong=say(texts.WHY_NEEDED, language))
    effects = Effects(f"th{help_id}.{secrets.token_hex(8)}", settings.clock.wall())
    try:
        async with in_transaction():
            task = await writing.lock(seen.id)
            help_ = await Help.get_or_none(id=help_id, task_id=seen.id).select_related("person")
            if help_ is None:
                raise NotThere(str(help_id))
            match verdict:
                case Verdict.CONFIRM:
                    told = await settling.confirm(settings, task, help_, visit.person, at, effects)
                case Verdict.REFUSE:
                    told = await settling.refuse(
                        settings, task, help_, visit.person, why.strip(), at, effects
                    )
                case Verdict.REVERSE:
                    told = await settling.reverse(
                        settings, task, help_, visit.person, why.strip(), at, effects
                    )
            lanes = await effects.save_once()
    except IssueError as error:
        return await _page(request, visit, seen, wrong=error.sentence(language))
    await _wake(request, lanes)
    return frame_of(request).told(f"{_HERE}/{seen.id}", told)


@routes.api_route("/tasks/{task_id}/help/{help_id}/{which}", methods=["GET", "HEAD"])
async def picture(request: Request, visit: Visiting, task_id: int, help_id: int, which: int) -> Response:
    """What came with a proof, for whoever may confirm it, and for whoever sent it."""
    seen = await _seen(visit, task_id)
    if help_id > _HIGHEST:
        raise NotThere(str(help_id))
    help_ = await Help.get_or_none(id=help_id, task_id=seen.id)
    if help_ is None or not 0 <= which < len(help_.media):
        raise NotThere(f"{task_id}/{help_id}/{which}")
    if help_.person_id != visit.person.id and not await _acts(visit, seen):
        raise NotThere(f"{task_id}/{help_id}/{which}")
    shown = Message(bridge=help_.bridge, external_id=help_.event_id, media=help_.media, text=help_.words)
    return await pictures.given_out(request, shown, which, visit.settings.homeservers[0].server_name)


async def _wake(request: Request, lanes: set[str]) -> None:
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)


async def _acts(visit: Visit, task: Task) -> bool:
    return await chain.unit_led(visit.person, task.payer, visit.scope.at) is not None


async def _seen(visit: Visit, task_id: int) -> Task:
    """A task that somebody may look at.

    Raises:
        NotThere: There is none.
    """
    if task_id > _HIGHEST:
        raise NotThere(str(task_id))
    found = Task.filter(standing.concerning(visit.scope.units, visit.person), id=task_id)
    task = await found.select_related("author", "payer", "unit").first()
    if task is None:
        raise NotThere(str(task_id))
    return task


async def _area(visit: Visit, typed: str) -> Unit | None:
    """The unit whose leaders alone are asked; whether the payer may ask them is for `writing` to say.

    A department asks leaders of units that are not its own to see: these it names by their codes.

    Raises:
        NotThere: There is no such unit.
    """
    if not typed:
        return None
    named = await units.meant(visit.scope, typed) or await Unit.get_or_none(code=typed.split(" ", 1)[0])
    if named is None:
        raise NotThere(typed)
    return named


async def _overview(
    request: Request,
    visit: Visit,
    unit: Unit | None = None,
    *,
    typed: Mapping[str, Any] | None = None,
    wrong: str = "",
) -> Response:
    area = units.typed(unit) if unit else ""
    language = frame_of(request).language_of(request, visit)
    empty = {"words": "", "payer": visit.scope.home.code, "area": area, "need": 1, "pay": ""}
    latest = await standing.latest(visit.scope.units, visit.person)
    return frame_of(request).page(
        request,
        "tasks/tasks.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        typed=typed or empty,
        once=secrets.token_hex(16),
        most=_WORDS,
        tasks=[(task, await helping.taken(task)) for task in latest],
        states=task_texts.STATES,
        money=money.said,
        currency=money.called(visit.settings.territory.tasks.currency, language),
    )


async def _page(request: Request, visit: Visit, task: Task, *, wrong: str = "") -> Response:
    settings, at = visit.settings, visit.scope.at
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    unsent = task.state is TaskState.DRAFT
    offered = await writing.offer(settings, task, settings.territory.default_language, at)
    phone = say(task_texts.ON_PHONE, settings.territory.default_language, offer=offered)
    return frame.page(
        request,
        "tasks/task.html",
        texts,
        visit,
        status=409 if wrong else 200,
        wrong=wrong,
        one=task,
        acts=await _acts(visit, task),
        takes_two=writing.takes_two(settings, task),
        alone=writing.alone(settings, language),
        unsent=unsent,
        going=task.state in writing.GOING,
        reach=await writing.reach(task, settings.territory, at) if unsent else 0,
        phone=phone,
        helps=await standing.helps(task),
        taken=await helping.taken(task),
        states=task_texts.STATES,
        help_states=task_texts.HELPS,
        judged=(HelpState.DONE, HelpState.ACCEPTED),
        pay=money.said(task.pay, task.currency, language),
        total=money.said(task.pay * task.need, task.currency, language),
        on_map=settings.territory.on_map,
    )
