"""Puts the desk together: its pages, its files, what every answer says to browsers, and how errors look."""

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from escalator.waking import Waker
from linzhang.settings import Settings
from web.desk import errors
from web.desk.bounds import Bounds
from web.desk.frame import STATIC, Frame
from web.desk.headers import Headers
from web.desk.kept import Kept
from web.desk.live.feed import Feed
from web.desk.pages import (
    allowances,
    board,
    bridging,
    care,
    disputes,
    doors,
    encouraging,
    entry,
    events,
    figures,
    honours,
    importing,
    issue,
    map,
    media,
    merits,
    notices,
    opinions,
    password,
    printing,
    searching,
    surveys,
    tasks,
    teaching,
    tokens,
    triage,
    unit,
    webhooks,
)

#: The modules of the pages, each with its `routes`.
PAGES = (
    entry,
    password,
    board,
    bridging,
    disputes,
    encouraging,
    care,
    doors,
    events,
    figures,
    importing,
    issue,
    map,
    media,
    merits,
    printing,
    notices,
    opinions,
    honours,
    searching,
    surveys,
    tasks,
    allowances,
    teaching,
    tokens,
    triage,
    unit,
    webhooks,
)


def desk_app(settings: Settings, waker: Waker, feed: Feed, kept: Kept) -> ASGIApp:
    """The application below `/desk`.

    Args:
        settings: The service's.
        waker: Wakes workers for what is done here.
        feed: Tells live pages what changes.
        kept: Where what came with words is kept.
    """
    app = FastAPI(title="Linzhang desk", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.waker = waker
    app.state.feed = feed
    app.state.kept = kept
    app.state.frame = Frame(settings)
    errors.handle(app)
    for page in PAGES:
        app.include_router(page.routes)
    if settings.oidc is not None:
        # Its libraries are loaded only where there is a city's login.
        from web.desk.oidc import oidc_app

        app.mount("/oidc", oidc_app(settings, settings.oidc, app.state.frame))
    app.mount("/static", _Kept(directory=STATIC))
    return Headers(Bounds(app))


#: What browsers are told of a file whose address changes when it does (`web.desk.frame.asset`).
_FOR_EVER = "public, max-age=31536000, immutable"


class _Kept(StaticFiles):
    """The desk's files."""

    async def get_response(self, path: str, scope: Scope):  # type: ignore[no-untyped-def]  # the base's own
        response = await super().get_response(path, scope)
        named = scope["query_string"].startswith(b"v=")
        # A script's imports come without a version: they are asked about each time, and seldom sent again.
        response.headers["Cache-Control"] = _FOR_EVER if named else "no-cache"
        return response
