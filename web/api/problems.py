"""What was wrong with a request, as RFC 9457 has it: a kind for the programme, a sentence for its author.

The sentence says what to do. It is in the first language of the request's Accept-Language that the programme
speaks.
"""

import logging
from collections.abc import Mapping
from enum import Enum
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from issues.errors import IssueError, NotAllowed, NotFound, NotNow
from linzhang.settings import Settings
from linzhang.words import Text, say
from web.access.scope import NotThere
from web.api import texts

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

#: Where the API and its problems are explained to people.
DOCS = "/api/v1/docs"


class Kind(Enum):
    """The kinds of problems, each with its status and title."""

    UNAUTHORISED = ("unauthorised", 401, "Not authorised")
    FORBIDDEN = ("forbidden", 403, "Not allowed")
    NOT_THERE = ("not-there", 404, "Not there")
    WRONG_METHOD = ("wrong-method", 405, "Wrong method")
    NOT_NOW = ("not-now", 409, "Not now")
    NOT_UNDERSTOOD = ("not-understood", 422, "Not understood")
    TOO_MANY = ("too-many", 429, "Too many requests")
    BROKEN = ("broken", 500, "Broken")

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug = slug
        self.status = status
        self.title = title


class Flaw(BaseModel):
    """One thing that is wrong in a request."""

    where: str = Field(description="Where it stands, as a path.", examples=["body/words"])
    what: str = Field(description="What is wrong with it.", examples=["Field required"])


class Problem(BaseModel):
    """What was wrong (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(
        description="The kind, as the address where it is explained.",
        examples=["https://linzhang.example/api/v1/docs#not-there"],
    )
    title: str = Field(description="The kind in words; always English.", examples=["Not there"])
    status: int = Field(description="The status of the answer.", examples=[404])
    detail: str = Field(
        description="What to do about it.",
        examples=["There is no such thing, or it is not yours to see. Check the number or the code."],
    )
    errors: list[Flaw] = Field(default=[], description="What is wrong in the request, where that is it.")


class Refusal(Exception):
    """A request is not answered, and why.

    Attributes:
        kind: Of the problem.
        text: What to do about it.
        values: For the text.
        headers: Of the answer.
    """

    def __init__(
        self, kind: Kind, text: Text, *, headers: Mapping[str, str] | None = None, **values: object
    ) -> None:
        super().__init__(kind.title)
        self.kind = kind
        self.text = text
        self.values = values
        self.headers = headers or {}


def handle(app: FastAPI) -> None:
    """Let an application answer so."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        detail = say(error.text, language_of(request), **error.values)
        return answer(request, error.kind, detail, headers=error.headers)

    async def refused_by_rule(request: Request, error: Exception) -> Response:
        assert isinstance(error, IssueError)
        return answer(request, _kind_of(error), error.sentence(language_of(request)))

    async def not_there(request: Request, _error: Exception) -> Response:
        return answer(request, Kind.NOT_THERE, say(texts.NOT_THERE, language_of(request)))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        flaws = [
            Flaw(where="/".join(str(part) for part in each["loc"]), what=str(each["msg"]))
            for each in error.errors()
        ]
        detail = say(texts.NOT_UNDERSTOOD, language_of(request), where="errors")
        return answer(request, Kind.NOT_UNDERSTOOD, detail, errors=flaws)

    async def broken(request: Request, error: Exception) -> Response:
        log.error("the API broke: %s", type(error).__name__, exc_info=error)
        return answer(request, Kind.BROKEN, say(texts.BROKEN, language_of(request)))

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(IssueError, refused_by_rule)
    app.add_exception_handler(NotThere, not_there)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, _by_framework)
    app.add_exception_handler(Exception, broken)


def answer(
    request: Request,
    kind: Kind,
    detail: str,
    *,
    errors: list[Flaw] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that tells a problem."""
    settings: Settings = request.app.state.settings
    problem = Problem(
        type=f"{settings.public_url}{DOCS}#{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        errors=errors or [],
    )
    return JSONResponse(problem.model_dump(), kind.status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def language_of(request: Request) -> str:
    """The language in which a request is answered."""
    profile = request.app.state.settings.territory
    for wished in request.headers.get("accept-language", "").split(","):
        tag = wished.partition(";")[0].strip().lower()
        for language in profile.languages:
            if tag and (language.lower() == tag or language.lower().split("-")[0] == tag.split("-")[0]):
                return str(language)
    return str(profile.default_language)


def _kind_of(error: IssueError) -> Kind:
    match error:
        case NotAllowed():
            return Kind.FORBIDDEN
        case NotFound():
            return Kind.NOT_THERE
        case NotNow():
            return Kind.NOT_NOW
    return Kind.NOT_UNDERSTOOD


async def _by_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    language = language_of(request)
    if error.status_code == Kind.WRONG_METHOD.status:
        allowed = (error.headers or {}).get("Allow", "")
        detail = say(texts.WRONG_METHOD, language, method=request.method, allowed=allowed)
        return answer(request, Kind.WRONG_METHOD, detail, headers=error.headers)
    if error.status_code == Kind.NOT_THERE.status:
        return answer(request, Kind.NOT_THERE, say(texts.NO_ADDRESS, language, address=DOCS))
    detail = say(texts.NOT_UNDERSTOOD, language, where=str(error.detail))
    return answer(request, Kind.NOT_UNDERSTOOD, detail)


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: the problems that a route may have, besides those of every route."""
    return {kind.status: {"model": Problem, "description": kind.title} for kind in (*_EVERYWHERE, *kinds)}


_EVERYWHERE = (Kind.UNAUTHORISED, Kind.FORBIDDEN, Kind.NOT_UNDERSTOOD, Kind.TOO_MANY)
