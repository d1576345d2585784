"""Public opinion, `/desk/opinions`: what leaders have filed, of all below too, and filing a note."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from tortoise.transactions import in_transaction

from escalator.waking import Waker
from issues.errors import IssueError
from linzhang.words import say
from programme.opinions import filing, standing
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.queries import units
from web.desk.texts import opinions as texts

routes = APIRouter()

_HERE = "/desk/opinions"

#: Characters of a code, and of what is typed, that are taken.
_CODE, _WORDS = 64, 2000


@routes.get("/opinions")
async def page(
    request: Request, visit: Visiting, unit: Annotated[str, Query(max_length=_CODE)] = ""
) -> Response:
    """The latest, and what files a note: of a unit, if one was come from."""
    of = await visit.scope.unit(unit) if unit else visit.scope.home
    return await _page(request, visit, unit=units.typed(of))


@routes.post("/opinions")
async def file(
    request: Request,
    visit: Visiting,
    words: Annotated[str, Form(max_length=_WORDS)] = "",
    unit: Annotated[str, Form(max_length=_CODE)] = "",
    once: Annotated[str, Form(max_length=_CODE)] = "",
) -> Response:
    """File a note."""
    frame, settings = frame_of(request), visit.settings
    language = frame.language_of(request, visit)
    event_id = f"desk.{visit.person.id}.{once or secrets.token_hex(16)}"
    try:
        of = await units.named(visit.scope, unit)
        async with in_transaction():
            filed = await filing.file(settings, visit.person, of, words, visit.scope.at, event_id=event_id)
            lanes = await filed.save_once()
    except NotThere:
        return await _page(request, visit, words, unit, say(texts.NO_UNIT, language, code=unit))
    except IssueError as error:
        return await _page(request, visit, words, unit, error.sentence(language))
    waker: Waker = request.app.state.waker
    await waker.outbox(lanes)
    return frame.told(_HERE, say(texts.FILED, language))


async def _page(request: Request, visit: Visit, words: str = "", unit: str = "", wrong: str = "") -> Response:
    return frame_of(request).page(
        request,
        "opinions/page.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        words=words,
        unit=unit,
        once=secrets.token_hex(16),
        most=filing.LONGEST,
        opinions=await standing.latest(visit.scope.units),
    )
