"""Lets somebody in who has shown who they are, whichever way: a session, its cookie, and where to go on."""

from typing import Final
from urllib.parse import quote, unquote

from fastapi import Request, Response

from linzhang.settings import Settings
from models import Person, Way
from web.access import sessions, visits
from web.desk.frame import frame_of

_HOME = "/desk/"

#: The cookie with the page that somebody wanted before they came in, seconds for which it is remembered, and
#: the longest address.
_WANTED: Final = "linzhang_wanted"
_WAITS, _LONGEST = 900, 400


async def let_in(request: Request, person: Person, way: Way) -> Response:
    """Begin a session, and go on to the page that they wanted."""
    settings: Settings = request.app.state.settings
    word = await sessions.begin(settings, person, way)
    response = frame_of(request).told(own_page(unquote(request.cookies.get(_WANTED, ""))))
    response.delete_cookie(_WANTED, path="/desk")
    response.set_cookie(
        visits.cookie_name(settings),
        word,
        max_age=round(sessions.LASTS.total_seconds()),
        secure=visits.is_secure(settings),
        httponly=True,
        samesite="lax",
    )
    return response


def remember(request: Request, response: Response) -> None:
    """Remember the page that is asked for by somebody who has not come in."""
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = f"{request.url.path}{query}"
    if len(wanted) > _LONGEST:
        return
    response.set_cookie(
        _WANTED,
        quote(wanted),
        max_age=_WAITS,
        path="/desk",
        secure=visits.is_secure(request.app.state.settings),
        httponly=True,
        samesite="lax",
    )


def own_page(address: str) -> str:
    """An address of our own to go on to; whatever else is asked for, the desk's first page."""
    within = address.startswith(_HOME) and "\\" not in address and "//" not in address
    return address if within else _HOME
