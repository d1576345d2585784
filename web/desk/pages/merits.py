"""A leader's own page of good work, `/desk/merits/{code}`: for themselves and those above, to be printed."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from programme.thanks.merits import reading, shown
from programme.thanks.merits import texts as merit_texts
from web.access.scope import NotThere
from web.access.visits import Visiting
from web.desk.frame import frame_of
from web.desk.texts import merits as texts

routes = APIRouter(prefix="/merits")


@routes.get("")
async def home(visit: Visiting) -> Response:
    """To one's own."""
    return RedirectResponse(f"/desk/merits/{visit.scope.units[-1].code}", 303)


@routes.get("/{code}")
async def page(request: Request, visit: Visiting, code: str) -> Response:
    """What whoever leads a unit has done."""
    unit = await visit.scope.led(code)
    merits = await reading.of_unit(unit, visit.scope.at)
    is_above = any(unit.path.startswith(own.path) and own.id != unit.id for own in visit.scope.units)
    if merits is not None and not is_above and merits.person.id != visit.person.id:
        raise NotThere(code)  # a deputy's own work is not this
    language = frame_of(request).language_of(request, visit)
    return frame_of(request).page(
        request,
        "merits/page.html",
        texts,
        visit,
        unit=unit,
        merits=merits,
        facts=shown.facts(merits, language) if merits else [],
        merit_texts=merit_texts,
    )
