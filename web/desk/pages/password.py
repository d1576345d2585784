"""The way in with name and password of one's homeserver, `/desk/login`.

The password goes to the homeserver and nowhere else.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bridges.matrix import passwords
from bridges.matrix.events import BRIDGE
from linzhang.settings import Homeserver, Settings
from linzhang.words import Text
from models import Address, Person, Way
from web.access import attempts, visits
from web.access.scope import scope_of
from web.desk import letting_in
from web.desk.frame import frame_of
from web.desk.texts import access as texts

routes = APIRouter()

#: Characters of an account's id and of a password that are looked at, the latter as Synapse has it.
_NAME, _PASSWORD = 255, 512


@routes.get("/login")
async def login(request: Request) -> Response:
    """How to come in."""
    return _page(request)


@routes.post("/login")
async def enter(
    request: Request,
    name: Annotated[str, Form(max_length=_NAME)] = "",
    password: Annotated[str, Form(max_length=_PASSWORD)] = "",
) -> Response:
    """Come in, if the homeserver says that this is the password."""
    settings: Settings = request.app.state.settings
    await visits.check_form(request, "")
    user_id = _full(name.strip(), settings)
    homeserver = _of(user_id, settings)
    if homeserver is None or not password:
        return _page(request, texts.NO_HOMESERVER, name, 422)
    address = request.client.host if request.client else ""
    if not await attempts.allowed(settings, user_id, address):
        return _page(request, texts.TOO_OFTEN, name, 429)
    try:
        right = await passwords.is_right(homeserver, user_id, password)
    except passwords.Away:
        return _page(request, texts.HOMESERVER_AWAY, name, 503)
    if not right:
        return _page(request, texts.WRONG_PASSWORD, name, 403)
    await attempts.forget(settings, user_id)
    person = await _person(settings, user_id)
    if person is None or await scope_of(settings, person) is None:
        return _page(request, texts.NO_POST, name, 403)
    return await letting_in.let_in(request, person, Way.MATRIX)


def _page(request: Request, error: Text | None = None, name: str = "", status: int = 200) -> Response:
    settings: Settings = request.app.state.settings
    return frame_of(request).page(
        request,
        "access/login.html",
        texts,
        status=status,
        error=error,
        name=name,
        oidc=settings.oidc,
        example=settings.homeservers[0].server_name,
    )


def _full(name: str, settings: Settings) -> str:
    """The account's whole id: who lives on the first homeserver need not write its name."""
    local, _, server = name.removeprefix("@").partition(":")
    return f"@{local.lower()}:{server or settings.homeservers[0].server_name}"


def _of(user_id: str, settings: Settings) -> Homeserver | None:
    """The homeserver of an account, if it is one of ours: we ask no other for anybody's password."""
    server = user_id.partition(":")[2]
    return next((each for each in settings.homeservers if each.server_name == server), None)


async def _person(settings: Settings, user_id: str) -> Person | None:
    lookup = settings.vault.lookup(BRIDGE, user_id)
    address = await Address.get_or_none(bridge=BRIDGE, lookup=lookup).select_related("person")
    return address.person if address else None
