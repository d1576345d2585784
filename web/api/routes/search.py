"""`/search`: a unit or an issue by name, number, code or words."""

from typing import Annotated

from fastapi import APIRouter, Query

from models import Issue
from web.access.scope import Scope
from web.access.tokens import Right
from web.api import views
from web.api.access import ReadsIssuesOrUnits
from web.api.problems import documented
from web.api.schema import FoundView
from web.desk.queries import sought, units
from web.desk.queries.filters import Filters

routes = APIRouter(tags=["Search"])

#: Issues that are found at most.
_MOST = 20


@routes.get("/search", summary="Search", responses=documented())
async def search(
    caller: ReadsIssuesOrUnits,
    q: Annotated[
        str,
        Query(
            description="A unit's code or a part of its name, an issue's number, or words.",
            min_length=1,
            max_length=80,
            pattern=r"^[^\x00]*$",
            examples=["水管"],
        ),
    ],
) -> FoundView:
    """What is found of units, with the right `units:read`, and of issues, with `issues:read`."""
    scope, typed = caller.scope, q.strip()
    named = await units.proposed(scope, typed) if typed and caller.may(Right.READ_UNITS) else []
    issues = await _issues(scope, typed) if typed and caller.may(Right.READ_ISSUES) else []
    return FoundView(units=[views.unit_ref(each) for each in named], issues=await views.issues(scope, issues))


async def _issues(scope: Scope, typed: str) -> list[Issue]:
    wanted = await sought.issues(scope, Filters(words=typed), None)
    return await sought.fetched(await sought.ids(wanted.order_by("-id").limit(_MOST)), views.FETCHED)
