"""`/search`: a unit or an issue by name, number, code or words."""

from typing import Annotated

from fastapi import APIRouter, Query
from tortoise.expressions import Q

from models import Issue, Unit
from projections import words
from web.access.scope import Scope
from web.access.tokens import Right
from web.api import views
from web.api.access import ReadsIssuesOrUnits
from web.api.problems import documented
from web.api.schema import FoundView

routes = APIRouter(tags=["Search"])

#: Of each kind that are found at most.
_MOST = 20

#: Digits of the longest number that an issue can have.
_DIGITS = 12


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
    units = await _units(scope, typed) if typed and caller.may(Right.READ_UNITS) else []
    issues = await _issues(scope, typed) if typed and caller.may(Right.READ_ISSUES) else []
    return FoundView(units=[views.unit_ref(each) for each in units], issues=await views.issues(scope, issues))


async def _units(scope: Scope, typed: str) -> list[Unit]:
    within = Q(id__in=[])
    for unit in scope.units:
        within |= Q(path__startswith=unit.path)
    called = Q(code__startswith=typed) | Q(name__contains=typed)
    return await Unit.filter(within, called, closed_at=None).order_by("path").limit(_MOST)


async def _issues(scope: Scope, typed: str) -> list[Issue]:
    said = words.find(typed) & scope.readable()
    if typed.isascii() and typed.isdecimal() and len(typed) <= _DIGITS:
        said |= Q(id=Issue.id_of(int(typed)))
    found = Issue.filter(scope.issues(), said).order_by("-id").limit(_MOST)
    return await found.select_related(*views.FETCHED)
