"""`/issues`: the issues that the caller may see, and the story of one."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query
from tortoise.expressions import Q

from models import State
from web.access.scope import Scope
from web.api import views
from web.api.access import ReadsIssues
from web.api.problems import Kind, documented
from web.api.schema import Code, IssueView, Moment, Number, Page, StoryView, Wanted
from web.desk.queries import sought
from web.desk.queries.filters import Filters

routes = APIRouter(tags=["Issues"])


class Only(StrEnum):
    """What alone is wanted."""

    URGENT = "urgent"  # a life or a house is in danger
    OVERDUE = "overdue"  # a window has passed, and nothing was done since
    PRIVATE = "private"  # only leaders see it
    MINE = "mine"  # one of the caller's own units has to act


class _Wanted(Wanted):
    """Which issues are wanted."""

    unit: Code | None = Query(None, description="Code of a unit: there and below.")
    state: list[State] = Query([], description="In one of these states; none: in any.")
    only: list[Only] = Query(
        [],
        description="`urgent`; `overdue`: a window has passed; `private`: only leaders see it; `mine`: one "
        "of your own units has to act. Several: all of it.",
    )
    bridge: str | None = Query(
        None, description="It was reported through this bridge.", pattern=r"^[a-z0-9_]{1,32}$"
    )
    since: Moment | None = Query(None, description="Reported then or later.")
    before: Moment | None = Query(None, description="Reported before then.")
    q: str | None = Query(
        None, description="In which all these words were said.", max_length=80, pattern=r"^[^\x00]*$"
    )
    cursor: str | None = Query(None, description="`next` of the part before.", pattern=r"^[0-9]{1,15}$")
    limit: Annotated[int, Query(description="How many at most.", ge=1, le=100)] = 50

    @property
    def filters(self) -> Filters:
        """What can be asked for on the board too."""
        return Filters(
            urgent=Only.URGENT in self.only,
            overdue=Only.OVERDUE in self.only,
            private=Only.PRIVATE in self.only,
            bridge=self.bridge or "",
            words=(self.q or "").strip(),
        )

    def conditions(self, scope: Scope) -> list[Q]:
        """What else is asked for."""
        found = []
        if Only.MINE in self.only:
            found.append(Q(holder_id__in=[unit.id for unit in scope.units]))
        if self.state:
            found.append(Q(state__in=self.state))
        if self.since is not None:
            found.append(Q(opened_at__gte=self.since))
        if self.before is not None:
            found.append(Q(opened_at__lt=self.before))
        if self.cursor is not None:
            found.append(Q(id__lt=int(self.cursor)))
        return found


@routes.get("/issues", summary="Issues", responses=documented(Kind.NOT_THERE))
async def several(caller: ReadsIssues, wanted: Annotated[_Wanted, Query()]) -> Page[IssueView]:
    """The issues that are yours to see, the latest first."""
    scope = caller.scope
    unit = await scope.unit(wanted.unit) if wanted.unit is not None else None
    # Of the same issues as the board, by the same conditions.
    found = (await sought.issues(scope, wanted.filters, unit)).filter(*wanted.conditions(scope))
    ids = await sought.ids(found.order_by("-id").limit(wanted.limit + 1))
    shown = await sought.fetched(ids[: wanted.limit], views.FETCHED)
    return Page(
        items=await views.issues(scope, shown),
        next=str(shown[-1].id) if len(ids) > wanted.limit else None,
    )


@routes.get("/issues/{number}", summary="One issue", responses=documented(Kind.NOT_THERE))
async def one(
    number: Annotated[Number, Path(description="The number that people use.", examples=[1042])],
    caller: ReadsIssues,
) -> StoryView:
    """An issue with all that happened and was said."""
    return await views.story(caller.scope, (await caller.scope.issue(number)).id)
