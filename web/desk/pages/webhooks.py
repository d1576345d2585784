"""Webhooks, `/desk/webhooks`: the addresses that a leader has told of what changes in their units."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from escalator.webhooks import targets
from escalator.webhooks.targets import Event
from issues.errors import IssueError
from linzhang.words import say
from models import WebhookTarget
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.texts import webhooks as texts

routes = APIRouter()

_HERE = "/desk/webhooks"


@routes.get("/webhooks")
async def show(request: Request, visit: Visiting) -> Response:
    """One's own, and what makes another."""
    return await _page(request, visit)


@routes.post("/webhooks")
async def make(
    request: Request,
    visit: Visiting,
    url: Annotated[str, Form(max_length=500)] = "",
    unit: Annotated[str, Form(max_length=64)] = "",
    events: Annotated[Sequence[Event], Form()] = (),
) -> Response:
    """Make one, and show its secret."""
    language = frame_of(request).language_of(request, visit)
    try:
        at = await visit.scope.unit(unit.strip())
        _, secret = await targets.make(
            visit.settings, visit.person, at, url.strip(), events, visit.person.name
        )
    except NotThere:
        return await _page(request, visit, wrong=say(texts.NO_UNIT, language, code=unit), url=url)
    except IssueError as error:
        return await _page(request, visit, wrong=error.sentence(language), url=url)
    return await _page(request, visit, secret=secret)


@routes.post("/webhooks/{target_id}/remove")
async def remove(request: Request, visit: Visiting, target_id: int) -> Response:
    """Tell one of one's own nothing more."""
    await targets.end(visit.settings, await _own(visit, target_id), visit.person.name)
    frame = frame_of(request)
    return frame.told(_HERE, say(texts.REMOVED, frame.language_of(request, visit)))


@routes.post("/webhooks/{target_id}/enable")
async def enable(request: Request, visit: Visiting, target_id: int) -> Response:
    """Tell one again that was given up."""
    await targets.enable(visit.settings, await _own(visit, target_id), visit.person.name)
    frame = frame_of(request)
    return frame.told(_HERE, say(texts.ENABLED, frame.language_of(request, visit)))


async def _own(visit: Visit, target_id: int) -> WebhookTarget:
    target = await WebhookTarget.get_or_none(id=target_id, person_id=visit.person.id, ended_at=None)
    if target is None:
        raise NotThere(str(target_id))
    return target


async def _page(
    request: Request, visit: Visit, *, secret: str = "", wrong: str = "", url: str = ""
) -> Response:
    return frame_of(request).page(
        request,
        "webhooks/webhooks.html",
        texts,
        visit,
        status=422 if wrong else 200,
        targets=await targets.of(visit.person),
        events=texts.EVENT_NAMES,
        secret=secret,
        wrong=wrong,
        url=url,
    )
