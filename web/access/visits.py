"""A visit: one request of somebody who has come in. Pages take it as a parameter: `visit: Visiting`.

A request that changes something must come from our own page: it shows the session's word for forms, in a
field or in a header, and no other site can know it.
"""

import secrets
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from linzhang.settings import Settings
from models import Person, Session
from web.access import sessions
from web.access.scope import NotThere, Scope, scope_of

#: Name of the cookie. Over https it has the prefix with which browsers keep it to this very host.
COOKIE = "linzhang"

#: Where a request shows the word for forms.
FIELD, HEADER = "form_word", "x-form-word"

_CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})


class NotIn(Exception):
    """Whoever asks has not come in, or their session has ended."""


class LeadsNothing(Exception):
    """Whoever asks has come in and leads nothing (any more)."""


class Forged(Exception):
    """A request that changes something does not come from our own page."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who has come in.

    Attributes:
        settings: The service's.
        session: Theirs.
        scope: What they may see and do.
        form_word: What their forms must show.
    """

    settings: Settings
    session: Session
    scope: Scope
    form_word: str

    @property
    def person(self) -> Person:
        """Who."""
        return self.scope.person


def cookie_name(settings: Settings) -> str:
    """The cookie's name for the address at which people find us."""
    return f"__Host-{COOKIE}" if is_secure(settings) else COOKIE


def is_secure(settings: Settings) -> bool:
    """Whether people find us over https."""
    return settings.public_url.startswith("https://")


async def visiting(request: Request) -> Visit:
    """The visit that a request is.

    Raises:
        NotIn: Nobody has come in with this cookie.
        LeadsNothing: They lead nothing.
        Forged: It would change something and is not from our page.
    """
    settings: Settings = request.app.state.settings
    word = request.cookies.get(cookie_name(settings), "")
    session = await sessions.find(settings, word)
    if session is None:
        raise NotIn
    await check_form(request, word)
    scope = await scope_of(settings, session.person)
    if scope is None:
        raise LeadsNothing
    return Visit(settings, session, scope, sessions.form_word(settings, word))


async def check_form(request: Request, word: str) -> None:
    """Make sure that a request which changes something comes from our own page.

    Args:
        request: The request.
        word: The session's; before anybody has come in, what the page of the way in has.

    Raises:
        Forged: It does not.
    """
    if request.method in _CHANGES_NOTHING:
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Forged
    shown = request.headers.get(HEADER) or str((await request.form()).get(FIELD, ""))
    if not secrets.compare_digest(
        shown.encode(), sessions.form_word(request.app.state.settings, word).encode()
    ):
        raise Forged


Visiting = Annotated[Visit, Depends(visiting)]


async def administering(visit: Visiting) -> Visit:
    """The visit of somebody who administrates the service; to all others, its pages are not there.

    Raises:
        NotThere: They do not.
    """
    if not visit.scope.is_admin:
        raise NotThere("administration")
    return visit


Administering = Annotated[Visit, Depends(administering)]
