"""Lets somebody in who has shown who they are, whichever way: a session, its cookie, and where to go on."""

from fastapi import Request, Response

from linzhang.settings import Settings
from models import Person, Way
from web.access import sessions, visits
from web.desk.frame import frame_of

_HOME = "/desk/"


async def let_in(request: Request, person: Person, way: Way) -> Response:
    """Begin a session, and go on."""
    settings: Settings = request.app.state.settings
    word = await sessions.begin(settings, person, way)
    response = frame_of(request).told(_HOME)
    response.set_cookie(
        visits.cookie_name(settings),
        word,
        max_age=round(sessions.LASTS.total_seconds()),
        secure=visits.is_secure(settings),
        httponly=True,
        samesite="lax",
    )
    return response


def own_page(address: str) -> str:
    """An address of our own to go on to; whatever else is asked for, the desk's first page."""
    within = address.startswith(_HOME) and "\\" not in address and "//" not in address
    return address if within else _HOME
