"""Puts the API together: its routes, its document, what is counted, and how errors are told."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from escalator.waking import Waker
from linzhang.settings import Settings
from web.api import docs, problems
from web.api.limits import Limits
from web.api.openapi import document
from web.api.routes import actions, figures, issues, search, triage, units
from web.desk.bounds import Bounds
from web.desk.headers import Headers

#: Where the API is mounted.
PREFIX = "/api/v1"

#: The modules of the routes, each with its `routes`.
ROUTES = (units, issues, actions, figures, triage, search)


def api_app(settings: Settings, waker: Waker, limits: Limits) -> ASGIApp:
    """The application below `/api/v1`.

    Args:
        settings: The service's.
        waker: Wakes workers for what is done here.
        limits: Counts the requests of tokens.
    """
    app = FastAPI(title="Linzhang", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.waker = waker
    app.state.limits = limits
    problems.handle(app)
    for module in ROUTES:
        app.include_router(module.routes)

    @cache
    def described() -> dict[str, Any]:
        return document(app, PREFIX)

    app.include_router(docs.router(described))
    return Headers(Bounds(app))
