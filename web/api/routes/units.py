"""`/units`: the territory, as far as the caller leads it."""

from typing import Annotated

from fastapi import APIRouter, Query
from tortoise.expressions import Q

from models import Unit
from web.api import views
from web.api.access import ReadsUnits
from web.api.problems import Kind, documented
from web.api.schema import Code, LoadedUnit, Page, UnitView, Wanted

routes = APIRouter(tags=["Units"])


class _Part(Wanted):
    """Which part of a list."""

    cursor: str | None = Query(
        None, description="`next` of the part before.", pattern=r"^[0-9A-Za-z._-]{1,64}$"
    )
    limit: Annotated[int, Query(description="How many at most.", ge=1, le=200)] = 100


@routes.get("/units", summary="Your units", responses=documented())
async def own(caller: ReadsUnits) -> list[LoadedUnit]:
    """The units that the token is for, the highest first: begin here."""
    return await views.loaded(caller.scope.units)


@routes.get("/units/{code}", summary="One unit", responses=documented(Kind.NOT_THERE))
async def one(code: Code, caller: ReadsUnits) -> UnitView:
    """A unit that is yours or lies below one of yours, and who answers for it."""
    return await views.unit(caller.scope, await caller.scope.unit(code))


@routes.get("/units/{code}/children", summary="The units below", responses=documented(Kind.NOT_THERE))
async def children(code: Code, caller: ReadsUnits, part: Annotated[_Part, Query()]) -> Page[LoadedUnit]:
    """The units right below one, by code; those that have become part of others are left out."""
    above = await caller.scope.unit(code)
    after = Q(code__gt=part.cursor) if part.cursor else Q()
    below = Unit.filter(after, parent_id=above.id, closed_at=None).order_by("code")
    found = await below.limit(part.limit + 1)
    shown = found[: part.limit]
    return Page(
        items=await views.loaded(shown),
        next=shown[-1].code if len(found) > part.limit else None,
    )
