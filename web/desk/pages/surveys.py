"""Surveys, `/desk/surveys`: opening one, its draw, and what it has come to. Nobody sees who was asked."""

import json
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from tortoise.transactions import in_transaction

from issues import departments
from issues.errors import IssueError
from linzhang.words import say
from models import Survey, SurveyState, SurveyWord, Unit
from programme.thanks.surveys import opening, proof, results, standing
from programme.thanks.surveys import texts as survey_texts
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.files import saved
from web.desk.frame import frame_of
from web.desk.queries import units
from web.desk.texts import surveys as texts

routes = APIRouter(prefix="/surveys")

_HERE = "/desk/surveys"

#: Characters of a code or a form's own word, of a unit, and of a word that are taken.
_CODE, _UNIT, _WORDS = 64, 80, 200

#: No row has a higher number; databases take none that is much longer.
_HIGHEST = 10**15


@routes.get("")
async def page(
    request: Request, visit: Visiting, unit: Annotated[str, Query(max_length=_CODE)] = ""
) -> Response:
    """The latest surveys, and what opens one: of a unit, if one was come from."""
    of = await visit.scope.unit(unit) if unit else visit.scope.home
    return await _list(request, visit, units.typed(of))


@routes.post("")
async def begin(
    request: Request,
    visit: Visiting,
    unit: Annotated[str, Form(max_length=_UNIT)] = "",
    once: Annotated[str, Form(max_length=_CODE)] = "",
) -> Response:
    """Open one."""
    language = frame_of(request).language_of(request, visit)
    event_id = f"desk.{visit.person.id}.{once or secrets.token_hex(16)}"
    try:
        of = await visit.scope.led((await units.named(visit.scope, unit)).code)
        async with in_transaction():
            survey = await opening.begin(visit.settings, visit.person, of, visit.scope.at, event_id=event_id)
    except NotThere:
        return await _list(request, visit, unit, say(texts.NO_UNIT, language, code=unit))
    except IssueError as error:
        return await _list(request, visit, unit, error.sentence(language))
    return frame_of(request).told(f"{_HERE}/{survey.id}")


@routes.get("/{survey_id}")
async def one(
    request: Request,
    visit: Visiting,
    survey_id: int,
    unit: Annotated[str, Query(max_length=_CODE)] = "",
) -> Response:
    """One survey, at a unit."""
    return await _one(request, visit, await _mine(visit, survey_id), unit)


@routes.post("/{survey_id}/word")
async def add_word(
    request: Request,
    visit: Visiting,
    survey_id: int,
    words: Annotated[str, Form(max_length=_WORDS)] = "",
) -> Response:
    """Add a word to the draw."""
    survey = await _mine(visit, survey_id)
    language = frame_of(request).language_of(request, visit)
    try:
        async with in_transaction():
            await opening.add_word(await opening.lock(survey.id), visit.person, words, visit.scope.at)
    except IssueError as error:
        return await _one(request, visit, survey, wrong=error.sentence(language))
    return frame_of(request).told(f"{_HERE}/{survey.id}", say(texts.ADDED, language))


@routes.post("/{survey_id}/stop")
async def stop(request: Request, visit: Visiting, survey_id: int) -> Response:
    """Stop it before it is drawn."""
    survey = await _mine(visit, survey_id)
    language = frame_of(request).language_of(request, visit)
    try:
        async with in_transaction():
            locked = await opening.lock(survey.id)
            await opening.stop(visit.settings, locked, visit.person, visit.scope.at)
    except IssueError as error:
        return await _one(request, visit, survey, wrong=error.sentence(language))
    return frame_of(request).told(f"{_HERE}/{survey.id}", say(texts.STOPPED, language))


@routes.get("/{survey_id}/proof.json")
async def proof_file(visit: Visiting, survey_id: int) -> Response:
    """All that it takes to draw once more, of a survey that is over."""
    survey = await _mine(visit, survey_id)
    if survey.state is not SurveyState.OVER:
        raise NotThere(str(survey_id))
    content = json.dumps(await proof.of(visit.settings, survey), ensure_ascii=False, indent=1)
    name = f"survey-{survey.id}.json"
    return saved(content.encode(), "application/json", name, name)


async def _mine(visit: Visit, survey_id: int) -> Survey:
    """A survey that concerns the units of whoever asks, with its author and unit.

    Raises:
        NotThere: There is none.
    """
    if survey_id > _HIGHEST:
        raise NotThere(str(survey_id))
    found = Survey.filter(standing.concerning(_units(visit)), id=survey_id)
    survey = await found.select_related("unit", "author").first()
    if survey is None:
        raise NotThere(str(survey_id))
    return survey


def _units(visit: Visit) -> list[Unit]:
    """Theirs, without departments."""
    profile = visit.settings.territory
    return [each for each in visit.scope.units if not departments.is_one(each, profile)]


async def _list(request: Request, visit: Visit, unit: str, wrong: str = "") -> Response:
    return frame_of(request).page(
        request,
        "surveys/list.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        unit=unit,
        once=secrets.token_hex(16),
        states=survey_texts.STATES,
        surveys=await standing.latest(_units(visit)),
    )


async def _one(
    request: Request, visit: Visit, survey: Survey, code: str = "", *, wrong: str = ""
) -> Response:
    profile, own = visit.settings.territory, _units(visit)
    unit = await results.seen_at(profile, survey, own, code)
    is_asked = survey.state in (SurveyState.ASKING, SurveyState.OVER)
    found = await results.of(profile, survey, unit) if is_asked else None
    is_undrawn = survey.state in opening.UNDRAWN
    return frame_of(request).page(
        request,
        "surveys/survey.html",
        texts,
        visit,
        status=422 if wrong else 200,
        wrong=wrong,
        survey=survey,
        unit=unit,
        states=survey_texts.STATES,
        found=found,
        units=results.seen(found.units, own) if found else [],
        leaders=results.seen(found.leaders, own) if found else [],
        words=await SurveyWord.filter(survey_id=survey.id).order_by("id").select_related("person"),
        stoppable=is_undrawn and any(survey.path.startswith(each.path) for each in own),
    )
