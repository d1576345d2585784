"""The map, `/desk/map/{code}`: a unit and what lies below it, coloured by its warning level.

The page is a frame; what is in view comes as GeoJSON from `cells`, of the deepest tier of which not too much
is in view, so that everybody's block can be seen by going nearer.
"""

import json
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from models import Unit
from projections import levels
from projections.levels import Load
from territory import borders
from territory.borders import Feature
from web.access.visits import Visiting
from web.desk.frame import frame_of
from web.desk.texts import map as texts

routes = APIRouter()

#: Cells at once: more are too small to be told apart, and slow on a cheap phone.
MOST = 260

#: Pixels of the whole world on a map of zoom 0, and how many of a pixel a border may be off.
_WORLD, _OFF = 256, 0.6

#: How a side of a box is written.
_DEGREES = r"-?[0-9]{1,4}(\.[0-9]{1,12})?"

#: The deepest zoom.
_DEEPEST = 22


@routes.get("/map")
async def home(visit: Visiting) -> Response:
    """To the map of one's own unit."""
    return RedirectResponse(f"/desk/map/{visit.scope.home.code}", 303)


@routes.get("/map/{code}")
async def show(request: Request, visit: Visiting, code: str) -> Response:
    """The map of a unit; of one without others below, the map of the one above, with it chosen."""
    chosen = unit = await visit.scope.unit(code)
    if unit.tier == visit.settings.territory.bottom.key and unit.parent_id is not None:
        above = await Unit.get(id=unit.parent_id)
        unit = above if visit.scope.sees(above) else unit
    drawn = await borders.feature(visit.settings, unit)
    language = frame_of(request).language_of(request, visit)
    return frame_of(request).page(
        request,
        "map/map.html",
        texts,
        visit,
        unit=unit,
        chosen=chosen,
        box=",".join(f"{each:.6f}" for each in drawn.box) if drawn else "",
        tiers=json.dumps({tier.key: tier.name[language] for tier in visit.settings.territory.tiers}),
    )


@routes.get("/map/{code}/cells")
async def cells(
    visit: Visiting,
    code: str,
    box: Annotated[str, Query(pattern=rf"^{_DEGREES}(,{_DEGREES}){{3}}$")],
    zoom: Annotated[float, Query(ge=0, le=_DEEPEST)],
) -> Response:
    """What lies in a box, at or below a unit, as GeoJSON.

    `tier` names the tier of `features`; `outlines` are the borders of the tier above them.
    """
    unit = await visit.scope.unit(code)
    west, south, east, north = (float(each) for each in box.split(","))
    found, above = await borders.deepest(
        visit.settings, (west, south, east, north), below=unit, most=MOST, tolerance=_tolerance(zoom)
    )
    loads = await _loads(found)
    answer = {
        "tier": found[0].tier if found else unit.tier,
        "features": [_shown(each, loads.get(each.code, Load())) for each in found],
        "outlines": [each.geojson() for each in above],
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def _loads(features: Sequence[Feature]) -> dict[str, Load]:
    units = await Unit.filter(code__in=[each.code for each in features]).values_list("id", "code")
    loads = await levels.of_units([unit_id for unit_id, _ in units])
    return {code: loads[unit_id] for unit_id, code in units if unit_id in loads}


def _shown(feature: Feature, load: Load) -> dict[str, object]:
    return feature.geojson(
        level=load.level.name.lower(), open=load.open, overdue=load.overdue, urgent=load.urgent
    )


def _tolerance(zoom: float) -> float:
    """Degrees by which a border may be off at a zoom."""
    return float(360 / (_WORLD * 2**zoom) * _OFF)
