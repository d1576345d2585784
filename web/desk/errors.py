"""What is shown when a page cannot be: a sentence, and where to go on."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from linzhang.words import Text
from web.access.scope import NotThere
from web.access.visits import Forged, LeadsNothing, NotIn
from web.desk import letting_in
from web.desk.frame import frame_of
from web.desk.texts import frame as texts


def handle(app: FastAPI) -> None:
    """Let an application answer errors so."""
    app.add_exception_handler(NotIn, _not_in)
    app.add_exception_handler(HTTPException, _http)
    for error, head, words, status in (
        (NotThere, texts.NOT_THERE_HEAD, texts.NOT_THERE, 404),
        (OverflowError, texts.NOT_THERE_HEAD, texts.NOT_THERE, 404),  # a number that no database takes
        (Forged, texts.FORGED_HEAD, texts.FORGED, 403),
        (LeadsNothing, texts.LEADS_NOTHING_HEAD, texts.LEADS_NOTHING, 403),
        (RequestValidationError, texts.NOT_THERE_HEAD, texts.WRONG_ADDRESS, 422),
        (Exception, texts.BROKEN_HEAD, texts.BROKEN, 500),
    ):
        app.add_exception_handler(error, _said(head, words, status))


async def _not_in(request: Request, _error: Exception) -> Response:
    """To the way in, and back to this page afterwards."""
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        return Response(status_code=401)
    response = RedirectResponse("/desk/login", 303)
    letting_in.remember(request, response)
    return response


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = status in (404, 405)
    words = texts.NOT_THERE if known else texts.WRONG_ADDRESS
    return _page(request, texts.NOT_THERE_HEAD, words, status)


def _said(head: Text, words: Text, status: int):  # type: ignore[no-untyped-def]  # Starlette's own loose type
    async def answer(request: Request, _error: Exception) -> Response:
        return _page(request, head, words, status)

    return answer


def _page(request: Request, head: Text, words: Text, status: int) -> Response:
    return frame_of(request).page(request, "error.html", texts, None, status=status, head=head, words=words)
