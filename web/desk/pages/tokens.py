"""Tokens, `/desk/tokens`: each leader makes, sees and revokes their own. A token is shown once, when made."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from issues.errors import IssueError
from linzhang.words import say
from models import ApiToken, Unit
from web.access import tokens
from web.access.scope import NotThere
from web.access.tokens import Right
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.texts import tokens as texts

routes = APIRouter()

_HERE = "/desk/tokens"

#: Units that one token can be limited to.
_UNITS = 50


@routes.get("/tokens")
async def show(request: Request, visit: Visiting) -> Response:
    """One's own tokens, and what makes another."""
    return await _page(request, visit)


@routes.post("/tokens")
async def make(
    request: Request,
    visit: Visiting,
    name: Annotated[str, Form(max_length=80)] = "",
    rights: Annotated[Sequence[Right], Form()] = (),
    units: Annotated[str, Form(max_length=2000)] = "",
    days: Annotated[int, Form()] = tokens.LASTS,
) -> Response:
    """Make a token, and show it."""
    language = frame_of(request).language_of(request, visit)
    try:
        within = await _units(visit, units)
        token, word = await tokens.make(
            visit.settings, visit.scope, name, rights, visit.person.name, units=within, days=days
        )
    except NotThere as error:
        return await _page(
            request, visit, wrong=say(texts.NO_SUCH_UNIT, language, code=str(error)), name=name
        )
    except IssueError as error:
        return await _page(request, visit, wrong=error.sentence(language), name=name)
    return await _page(request, visit, made=token, word=word)


@routes.post("/tokens/{token_id}/revoke")
async def revoke(request: Request, visit: Visiting, token_id: int) -> Response:
    """Take one of one's own back."""
    token = await ApiToken.get_or_none(id=token_id, person_id=visit.person.id)
    if token is None:
        raise NotThere(str(token_id))
    await tokens.revoke(visit.settings, token, visit.person.name)
    frame = frame_of(request)
    return frame.told(_HERE, say(texts.REVOKED, frame.language_of(request, visit), name=token.name))


async def _units(visit: Visit, codes: str) -> list[Unit]:
    return [await visit.scope.unit(code) for code in codes.replace(",", " ").split()[:_UNITS]]


async def _page(
    request: Request,
    visit: Visit,
    *,
    made: ApiToken | None = None,
    word: str = "",
    wrong: str = "",
    name: str = "",
) -> Response:
    own = await tokens.of(visit.person)
    ids = {unit_id for token in own for unit_id in token.unit_ids}
    return frame_of(request).page(
        request,
        "tokens/tokens.html",
        texts,
        visit,
        status=422 if wrong else 200,
        tokens=own,
        units={unit.id: unit for unit in await Unit.filter(id__in=list(ids))},
        wall=visit.settings.clock.wall(),
        rights=texts.RIGHT_NAMES,
        longest=tokens.LONGEST,
        usual=tokens.LASTS,
        made=made,
        word=word,
        wrong=wrong,
        name=name,
    )
