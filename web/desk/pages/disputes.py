"""Disputes, `/desk/disputes`: who goes between whom, and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from tortoise.expressions import Subquery

from models import Agreement, Dispute, Issue
from web.access.visits import Visit, Visiting
from web.desk.frame import frame_of
from web.desk.texts import disputes as texts

routes = APIRouter()

#: Disputes that the page lists, the latest first.
_LISTED = 100


@dataclass(frozen=True, slots=True)
class _Line:
    """One dispute.

    Attributes:
        dispute: With its issue, that one's reporter and block, the other party and the mediator.
        agreement: The last words that they were asked to agree to.
        is_read: Whether whoever looks may know who they are.
    """

    dispute: Dispute
    agreement: Agreement | None
    is_read: bool

    @property
    def said(self) -> int:
        """How many have agreed."""
        last = self.agreement
        return 0 if last is None else bool(last.reporter_says) + bool(last.other_says)

    @property
    def is_refused(self) -> bool:
        """Whether one of them does not agree."""
        return self.agreement is not None and False in (
            self.agreement.reporter_says,
            self.agreement.other_says,
        )


@routes.get("/disputes")
async def page(request: Request, visit: Visiting) -> Response:
    """All that somebody may see."""
    return frame_of(request).page(request, "disputes/page.html", texts, visit, lines=await _lines(visit))


async def _lines(visit: Visit) -> Sequence[_Line]:
    seen = Issue.filter(visit.scope.issues(), dispute__issue_id__isnull=False)
    found = Dispute.filter(issue_id__in=Subquery(seen.values("id"))).order_by("-since").limit(_LISTED)
    disputes = await found.select_related("issue__reporter", "issue__block", "other", "mediator")
    ids = [each.issue_id for each in disputes]
    readable = Issue.filter(visit.scope.readable(), id__in=ids).values_list("id", flat=True)
    read = {int(str(each)) for each in await readable}
    last = {each.issue_id: each for each in await Agreement.filter(issue_id__in=ids).order_by("id")}
    return [_Line(each, last.get(each.issue_id), each.issue_id in read) for each in disputes]
