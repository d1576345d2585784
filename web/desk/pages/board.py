"""The board, `/desk/board`: the issues of one's units as a table, or as columns by state.

What is asked for stands in the address. With `part=rows` only what changes is answered: the page asks for it
when something has.
"""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from bridges import registry
from issues import texts as issue_texts
from models import State, Unit
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.queries import board, filters, rows, units
from web.desk.queries.filters import Filters, View, Which
from web.desk.queries.rows import Row
from web.desk.texts import board as texts
from web.desk.texts import ways

routes = APIRouter()

#: The columns, and the states of those who look for all of them.
_COLUMNS = (State.OPEN, State.ANSWERED, State.REFERRED, State.RESOLVED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Column:
    """One state's issues.

    Attributes:
        state: Which.
        rows: Those that are shown.
        more: Address of a table of all of them; empty: these are all.
    """

    state: State
    rows: list[Row]
    more: str


@routes.get("/board")
async def show(request: Request, visit: Visiting) -> Response:
    """The board."""
    query = request.query_params
    wanted = filters.read(query, visit.settings.territory)
    unit = await units.meant(visit.scope, wanted.unit) if wanted.unit else None
    if wanted.unit and unit is not None and wanted.unit != unit.code:
        return RedirectResponse(wanted.but(unit=unit.code).address(), 303)
    nowhere = bool(wanted.unit) and unit is None
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    after = query.get("after", "")
    values: dict[str, Any]
    if wanted.view is View.COLUMNS:
        columns = [] if nowhere else await _columns(visit, wanted, unit, language)
        values = {"columns": columns, "count": None, "table": [], "next": ""}
    else:
        values = await _table(visit, wanted, unit, after, language, nowhere=nowhere)
    part = query.get("part") == "rows"
    return frame.page(
        request,
        "board/rows.html" if part else "board/board.html",
        texts,
        visit,
        wanted=wanted,
        unit=unit,
        nowhere=nowhere,
        after=after,
        states=issue_texts.STATE_NAMES,
        bridges=registry.names(visit.settings),
        say_bridge=lambda name: ways.called(name, language),
        order=board.order(wanted),
        counted=board.COUNTED,
        **values,
    )


@routes.get("/board/units")
async def propose(request: Request, visit: Visiting, q: str = "") -> Response:
    """Units whose code or name has what somebody types."""
    found = await units.proposed(visit.scope, q[:80])
    profile = visit.settings.territory
    language = frame_of(request).language_of(request, visit)
    return JSONResponse(
        [
            {
                "code": unit.code,
                "name": unit.name,
                "tier": profile.tier(unit.tier).name[language],
                "in": unit.parent.name if unit.parent else "",
            }
            for unit in found
        ],
        headers={"Cache-Control": "no-store"},
    )


async def _table(
    visit: Visit, wanted: Filters, unit: Unit | None, after: str, language: str, *, nowhere: bool
) -> dict[str, Any]:
    if nowhere:
        return {"table": [], "count": 0, "next": "", "columns": []}
    if after:
        found = await board.page(visit.scope, wanted, unit, after=after)
        count = await board.count(visit.scope, wanted, unit)
    else:
        found, count = await board.first_page(visit.scope, wanted, unit)
    return {
        "table": await rows.of(visit.scope, found.issues, language),
        "count": count,
        "next": wanted.address(after=found.after) if found.after else "",
        "columns": [],
    }


async def _columns(visit: Visit, wanted: Filters, unit: Unit | None, language: str) -> list[Column]:
    shown: tuple[State, ...] = _COLUMNS
    if isinstance(wanted.state, State):
        shown = (wanted.state,)
    elif wanted.state is Which.ALL:
        shown = tuple(State)
    columns = []
    for state in shown:
        of_state = wanted.but(state=state)
        found = await board.page(visit.scope, of_state, unit, limit=board.COLUMN)
        more = of_state.but(view=View.TABLE).address() if found.after else ""
        columns.append(Column(state, await rows.of(visit.scope, found.issues, language), more))
    return columns
