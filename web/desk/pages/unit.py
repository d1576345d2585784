"""One unit: `/desk/unit/{code}`. The map shows the same beside it, as a part of a page.

A leader's number is shown when somebody presses for it, to those who may, and that is recorded.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from linzhang import phones
from linzhang.words import say
from models import Look, StatusNote, Unit
from web.access.scope import NotThere
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.queries import board, rows, unitcard
from web.desk.queries.filters import Filters
from web.desk.texts import map as texts

routes = APIRouter()

#: Issues that are named.
_ISSUES = 6

#: Hours for which a status can be said.
HOURS = (1, 2, 4, 8, 24, 72)

#: Characters of a status.
_NOTE = 120


@routes.get("/unit/{code}")
async def show(request: Request, visit: Visiting, code: str, part: str = "") -> Response:
    """A unit; with `part=card` what the map shows of it."""
    return await _page(request, visit, await visit.scope.unit(code), part=part)


@routes.post("/unit/{code}/call")
async def call(
    request: Request,
    visit: Visiting,
    code: str,
    person: Annotated[int, Form()],
    part: Annotated[str, Form()] = "",
) -> Response:
    """Show the number of somebody who answers for the unit, and record that it was shown."""
    unit = await visit.scope.unit(code)
    card = await unitcard.of(visit.scope, unit)
    leading = next((each for each in card.leading if each.person.id == person), None)
    phone = await unitcard.phone_of(leading.person) if leading and card.dials else None
    if leading is None or phone is None:
        raise NotThere(code)
    await Look.create(at=visit.scope.at, person=visit.person, whose=leading.person)
    return await _page(
        request, visit, unit, part=part, shown={person: visit.settings.vault.open(phone.sealed)}
    )


@routes.post("/unit/{code}/note")
async def note(
    request: Request,
    visit: Visiting,
    code: str,
    text: Annotated[str, Form(max_length=_NOTE)] = "",
    hours: Annotated[int, Form(ge=1, le=HOURS[-1])] = HOURS[2],
) -> Response:
    """Say what the unit's leader is at; without words, no more."""
    unit = await visit.scope.unit(code)
    card = await unitcard.of(visit.scope, unit)
    if not card.is_own:
        raise NotThere(code)
    at = visit.scope.at
    await StatusNote.filter(unit_id=unit.id, until__gt=at).update(until=at)
    notice = ""
    if text.strip():
        until = at + timedelta(hours=hours)
        await StatusNote.create(unit=unit, person=visit.person, text=text.strip(), since=at, until=until)
        notice = say(texts.NOTE_SAVED, frame_of(request).language_of(request, visit), unit=unit.name)
    return frame_of(request).told(f"/desk/unit/{unit.code}", notice)


async def _page(
    request: Request, visit: Visit, unit: Unit, *, part: str = "", shown: dict[int, str] | None = None
) -> Response:
    scope, profile = visit.scope, visit.settings.territory
    language = frame_of(request).language_of(request, visit)
    found = await board.page(scope, Filters(unit=unit.code), unit, limit=_ISSUES)
    tier = profile.tier(unit.tier)
    return frame_of(request).page(
        request,
        "unit/card.html" if part == "card" else "unit/unit.html",
        texts,
        visit,
        card=await unitcard.of(scope, unit),
        issues=await rows.of(scope, found.issues, language),
        tier=tier,
        warning=profile.warning,
        readable=lambda number: phones.readable(number, profile.region),
        shown=shown or {},
        hours=HOURS,
        hour=timedelta(hours=1),
        is_part=part == "card",
    )
