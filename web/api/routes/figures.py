"""`/figures/{code}`: what was received at a unit and below it, and what has become of it."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from projections import tallies
from web.access.scope import Scope
from web.api import views
from web.api.access import ReadsFigures
from web.api.problems import Kind, documented
from web.api.schema import ChildFiguresView, Code, Day, FiguresView, Wanted, WeekView

routes = APIRouter(prefix="/figures", tags=["Figures"], responses=documented(Kind.NOT_THERE))

#: Weeks that are counted where nobody has said which, and at most.
_USUAL, _MOST = 12, 520


class _Weeks(Wanted):
    """Which weeks."""

    since: Day | None = Query(
        None, description="Any day of the first week; else eleven weeks before the last."
    )
    until: Day | None = Query(None, description="Any day of the last week; else this one.")

    def span(self, scope: Scope) -> tuple[date, date]:
        """A day of the first week and one of the last; ten years at most."""
        zone = scope.settings.territory.zone
        last = self.until or scope.at.astimezone(zone).date()
        first = self.since or last - timedelta(weeks=_USUAL - 1)
        return max(first, last - timedelta(weeks=_MOST)), last


@routes.get("/{code}", summary="Figures")
async def figures(code: Code, caller: ReadsFigures, weeks: Annotated[_Weeks, Query()]) -> FiguresView:
    """The figures of the issues that were received at a unit and below it in some weeks."""
    unit = await caller.scope.unit(code)
    profile = caller.scope.settings.territory
    return views.figures(await tallies.figures(profile, unit, *weeks.span(caller.scope)))


@routes.get("/{code}/weeks", summary="Figures by week")
async def by_week(code: Code, caller: ReadsFigures, weeks: Annotated[_Weeks, Query()]) -> list[WeekView]:
    """The same for each week."""
    unit = await caller.scope.unit(code)
    profile = caller.scope.settings.territory
    found = await tallies.by_week(profile, unit, *weeks.span(caller.scope))
    return [WeekView(week=week, figures=views.figures(each)) for week, each in found]


@routes.get("/{code}/children", summary="Figures of the units below")
async def by_child(
    code: Code, caller: ReadsFigures, weeks: Annotated[_Weeks, Query()]
) -> list[ChildFiguresView]:
    """The same for each unit right below one."""
    unit = await caller.scope.unit(code)
    profile = caller.scope.settings.territory
    found = await tallies.by_child(profile, unit, *weeks.span(caller.scope))
    return [ChildFiguresView(unit=views.unit_ref(each), figures=views.figures(of)) for each, of in found]
