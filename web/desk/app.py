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
from web.desk.live.feed import Feed
from web.desk.oidc import oidc_app
from web.desk.pages import board, entry, events, figures, importing, password, tokens

#: The modules of the pages, each with its `routes`.
PAGES = (entry, password, figures, importing, tokens, board, events)


def desk_app(settings: Settings, waker: Waker, feed: Feed) -> ASGIApp:
    """The application below `/desk`.

    Args:
        settings: The service's.
        waker: Wakes workers for what is done here.
        feed: Tells live pages what changes.
    """
    app = FastAPI(title="Linzhang desk", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.waker = waker
    app.state.feed = feed
    app.state.frame = Frame(settings)
    errors.handle(app)
    for page in PAGES:
        app.include_router(page.routes)
    if settings.oidc is not None:
        app.mount("/oidc", oidc_app(settings, settings.oidc, app.state.frame))
    app.mount("/static", _Kept(directory=STATIC))
    return Headers(Bounds(app))


class _Kept(StaticFiles):
    """Files that browsers may keep for ever: their address changes when they do (`web.desk.frame.asset`)."""

    async def get_response(self, path: str, scope: Scope):  # type: ignore[no-untyped-def]  # the base's own
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
