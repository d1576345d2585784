"""What was wrong, as the specification has it: a list of code and sentence, in the form of the address."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from issues.errors import IssueError, NotAllowed, NotFound
from issues.switches import TurnedOff
from linzhang.settings import Settings
from linzhang.words import Text, say
from web.access.scope import NotThere
from web.api.problems import language_of
from web.open311 import forms, texts

log = logging.getLogger(__name__)


class Wrong(Exception):
    """A request is not answered, and why."""

    def __init__(self, status: int, text: Text, **values: object) -> None:
        super().__init__(text.english)
        self.status = status
        self.text = text
        self.values = values


def handle(app: FastAPI) -> None:
    """Let an application answer errors so."""

    async def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, Wrong)
        headers = {"Retry_After": str(error.values["seconds"])} if "seconds" in error.values else {}
        return _told(request, error.status, say(error.text, language_of(request), **error.values), **headers)

    async def by_rule(request: Request, error: Exception) -> Response:
        assert isinstance(error, IssueError)
        status = 403 if isinstance(error, NotAllowed) else 404 if isinstance(error, NotFound) else 400
        return _told(request, status, error.sentence(language_of(request)))

    async def not_there(request: Request, _error: Exception) -> Response:
        name = "service_request_id"
        return _told(request, 404, say(texts.NOT_FOUND, language_of(request), name=name))

    async def turned_off(request: Request, _error: Exception) -> Response:
        return _told(request, 503, say(texts.TURNED_OFF, language_of(request)), Retry_After="60")

    async def by_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = {"Allow": (error.headers or {})["Allow"]} if error.status_code == 405 else {}
        return _told(request, error.status_code, say(texts.NO_ADDRESS, language_of(request)), **headers)

    async def no_form(request: Request, _error: Exception) -> Response:
        return _told(request, 404, say(texts.NO_ADDRESS, language_of(request)))

    async def broken(request: Request, error: Exception) -> Response:
        log.error("Open311 broke: %s", type(error).__name__, exc_info=error)
        return _told(request, 500, say(texts.BROKEN, language_of(request)))

    for kind, handler in (
        (Wrong, wrong),
        (IssueError, by_rule),
        (NotThere, not_there),
        (TurnedOff, turned_off),
        (HTTPException, by_framework),
        (RequestValidationError, no_form),
        (Exception, broken),
    ):
        app.add_exception_handler(kind, handler)


def say_in(request: Request, text: Text, **values: object) -> str:
    """A text in the request's language."""
    return say(text, language_of(request), **values)


def settings_of(request: Request) -> Settings:
    """The service's settings."""
    settings: Settings = request.app.state.settings
    return settings


def _told(request: Request, status: int, description: str, **headers: str) -> Response:
    form = forms.JSON if request.url.path.endswith(".json") else forms.XML
    return forms.written(form, "errors", [{"code": status, "description": description}], status, **headers)
