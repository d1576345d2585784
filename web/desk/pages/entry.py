"""The way in by a link from chat, `/desk/in/…`, and out, `/desk/out`; and one's tastes.

Opening a link lets nobody in: chat clients look at links before people do. Pressing the button does.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from issues import tickets
from linzhang.settings import Settings
from linzhang.words import say
from models import Way
from web.access import sessions, visits
from web.access.visits import Visiting
from web.desk import letting_in, tastes
from web.desk.frame import frame_of
from web.desk.texts import access as texts

routes = APIRouter()


@routes.get("/")
async def home(visit: Visiting) -> Response:
    """To the map of one's own unit."""
    return RedirectResponse(f"/desk/map/{visit.scope.home.code}", 303)


@routes.get("/in/{word}")
async def ticket(request: Request, word: str) -> Response:
    """Who comes in with this link, and the button with which they do."""
    found = await tickets.find(request.app.state.settings, word)
    if found is None:
        return frame_of(request).page(request, "access/ended.html", texts, status=410)
    return frame_of(request).page(request, "access/ticket.html", texts, name=found.person.name, word=word)


@routes.post("/in/{word}")
async def enter(request: Request, word: str) -> Response:
    """Come in."""
    await visits.check_form(request, "")
    person = await tickets.use(request.app.state.settings, word)
    if person is None:
        return frame_of(request).page(request, "access/ended.html", texts, status=410)
    return await letting_in.let_in(request, person, Way.TICKET)


@routes.post("/out")
async def out(request: Request, visit: Visiting) -> Response:
    """Go, in this browser."""
    await sessions.end(visit.settings, visit.session)
    frame = frame_of(request)
    response = frame.told("/desk/login", say(texts.SIGNED_OUT, frame.language_of(request, visit)))
    name, secure = visits.cookie_name(visit.settings), visits.is_secure(visit.settings)
    response.delete_cookie(name, secure=secure, httponly=True)
    return response


@routes.post("/tastes")
async def taste(
    request: Request,
    after: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
    look: Annotated[tastes.Look | None, Form()] = None,
    size: Annotated[tastes.Size | None, Form()] = None,
) -> Response:
    """Keep how somebody likes their pages; it changes nothing but their own browser."""
    settings: Settings = request.app.state.settings
    response = frame_of(request).told(letting_in.own_page(after))
    secure = visits.is_secure(settings)
    if language in settings.territory.languages:
        tastes.keep(response, tastes.LANGUAGE, language, secure=secure)
    if look is not None:
        tastes.keep(response, tastes.LOOK, look, secure=secure)
    if size is not None:
        tastes.keep(response, tastes.SIZE, size, secure=secure)
    return response
