"""`/triage`: how much waits to be mended within the caller's units."""

from fastapi import APIRouter
from tortoise.expressions import Q, Subquery

from issues import chain
from issues.standing import IN_HAND
from models import Absence, Issue, Leadership, Outbox, OutboxState, Unit, WebhookTarget
from web.access.scope import Scope
from web.api.access import ReadsFigures
from web.api.problems import documented
from web.api.schema import CountsView

routes = APIRouter(tags=["Figures"])


@routes.get("/triage", summary="What waits to be mended", responses=documented())
async def counts(caller: ReadsFigures) -> CountsView:
    """What waits to be mended within your units; the desk's page says how."""
    scope = caller.scope
    mine = Subquery(Issue.filter(scope.issues()).values("id"))
    return CountsView(
        unplaced=await Issue.filter(scope.issues(), block_id=None, state__in=IN_HAND).count(),
        undelivered=await Outbox.filter(state=OutboxState.FAILED, issue_id__in=mine).count(),
        vacant=await _vacant(scope),
        webhooks=await WebhookTarget.filter(person_id=scope.person.id, ended_at=None)
        .exclude(disabled_at=None)
        .count(),
    )


async def _vacant(scope: Scope) -> int:
    """Units of the chain, within the caller's, for which nobody has a post and nobody stands in."""
    profile = scope.settings.territory
    tiers = [tier.key for tier in profile.tiers if tier.chain]
    within = Q(id__in=[])
    for unit in scope.units:
        within |= Q(path__startswith=unit.path)
    posts = Subquery(Leadership.filter(chain.in_office(scope.at)).values("unit_id"))
    stand_ins = Absence.filter(since__lte=scope.at, until__gt=scope.at).exclude(deputy_id=None)
    vacant = Unit.filter(within, tier__in=tiers, closed_at=None).exclude(id__in=posts)
    return await vacant.exclude(id__in=Subquery(stand_ins.values("unit_id"))).count()
