"""Leaders to be encouraged or helped, `/desk/encouraging/{code}`: who, why, and what was done for them."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from tortoise.transactions import in_transaction

from escalator.waking import Waker
from issues import names
from issues.errors import IssueError
from linzhang.words import say
from models import Concern, StepKind, Unit
from programme.thanks.encouraging import standing, stepping
from programme.thanks.encouraging import texts as encouraging_texts
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.texts import encouraging as texts

routes = APIRouter(prefix="/encouraging")

#: Characters of a form's own word, of words, and of a path that are taken.
_ONCE, _WORDS, _PATH = 80, 1000, 512

#: No row has a higher number; databases take none that is much longer.
_HIGHEST = 10**15


@routes.get("")
async def home(visit: Visiting) -> Response:
    """To those of one's own unit."""
    return RedirectResponse(f"/desk/encouraging/{visit.scope.home.code}", 303)


@routes.get("/{code}")
async def page(
    request: Request, visit: Visiting, code: str, after: Annotated[str, Query(max_length=_PATH)] = ""
) -> Response:
    """Those below a unit."""
    return await _page(request, visit, await visit.scope.led(code), after)


@routes.post("/{code}/{post_id}/word")
async def send(
    request: Request,
    visit: Visiting,
    code: str,
    post_id: int,
    words: Annotated[str, Form(max_length=_WORDS)] = "",
    once: Annotated[str, Form(max_length=_ONCE)] = "",
) -> Response:
    """Send one of them a kind word."""
    unit = await visit.scope.led(code)
    concern = await _concern(visit, unit, post_id)
    settings, at = visit.settings, visit.scope.at
    try:
        async with in_transaction():
            sent = await stepping.send(
                settings, visit.person, concern, words, at, event_id=_event(visit, once)
            )
            lanes = await sent.save_once()
    except IssueError as error:
        return await _page(request, visit, unit, wrong=_sentence(request, visit, error))
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)
    language = frame_of(request).language_of(request, visit)
    told = say(texts.SENT, language, name=concern.person.name)
    return frame_of(request).told(f"/desk/encouraging/{unit.code}", told)


@routes.post("/{code}/{post_id}/step")
async def note(
    request: Request,
    visit: Visiting,
    code: str,
    post_id: int,
    kind: Annotated[StepKind, Form()],
    note: Annotated[str, Form(max_length=_WORDS)] = "",
    once: Annotated[str, Form(max_length=_ONCE)] = "",
) -> Response:
    """Note what was done for one of them."""
    unit = await visit.scope.led(code)
    concern = await _concern(visit, unit, post_id)
    settings, at = visit.settings, visit.scope.at
    if kind is StepKind.WORD:
        raise NotThere(code)
    try:
        async with in_transaction():
            event_id = _event(visit, once)
            await stepping.note(settings, visit.person, concern, kind, note, at, event_id=event_id)
    except IssueError as error:
        return await _page(request, visit, unit, wrong=_sentence(request, visit, error))
    language = frame_of(request).language_of(request, visit)
    days = settings.territory.encouraging.rest.days
    told = say(texts.NOTED, language, name=concern.person.name, days=days)
    return frame_of(request).told(f"/desk/encouraging/{unit.code}", told)


def _event(visit: Visit, once: str) -> str:
    return f"desk.{visit.person.id}.{once or secrets.token_hex(16)}"


def _sentence(request: Request, visit: Visit, error: IssueError) -> str:
    return error.sentence(frame_of(request).language_of(request, visit))


async def _concern(visit: Visit, unit: Unit, post_id: int) -> Concern:
    """Somebody on the list of a unit.

    Raises:
        NotThere: They are not.
    """
    if post_id > _HIGHEST:
        raise NotThere(str(post_id))
    found = standing.listed([unit], visit.person, visit.scope.at).filter(post_id=post_id)
    concern = await found.select_related("person", "unit").first()
    if concern is None:
        raise NotThere(str(post_id))
    return concern


async def _page(request: Request, visit: Visit, unit: Unit, after: str = "", *, wrong: str = "") -> Response:
    profile, at = visit.settings.territory, visit.scope.at
    language = frame_of(request).language_of(request, visit)
    concerns, behind = await standing.page([unit], visit.person, at, after)
    return frame_of(request).page(
        request,
        "encouraging/page.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        unit=unit,
        concerns=concerns,
        behind=behind,
        reasons=lambda each: standing.reasons(each, profile, language),
        word=lambda each: standing.word(each, names.language_of(each.person, profile)),
        kinds=encouraging_texts.KINDS,
        steps=await standing.steps([unit], visit.person),
        rules=profile.encouraging,
        most=stepping.LONGEST,
        once=secrets.token_hex(16),
    )
