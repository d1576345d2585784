"""Whether the service is well: `/health` tells of this process, `/ready` of what it stands on."""

from typing import Any

from fastapi import APIRouter, Response
from tortoise.exceptions import BaseORMException

from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Outbox, OutboxState


def router(settings: Settings) -> APIRouter:
    """The routes for a load balancer and for whoever is called at night."""
    routes = APIRouter()

    @routes.get("/health")
    async def health() -> dict[str, str]:
        """This process answers."""
        return {"status": "ok"}

    @routes.get("/ready")
    async def ready(response: Response) -> dict[str, Any]:
        """The database answers; how much work waits in it, and how much went wrong for good."""
        try:
            return {
                "status": "ok",
                "inbox_waiting": await Inbox.filter(state=InboxState.WAITING).count(),
                "inbox_failed": await Inbox.filter(state=InboxState.FAILED).count(),
                "outbox_waiting": await Outbox.filter(
                    state__in=(OutboxState.WAITING, OutboxState.CALLING)
                ).count(),
                "outbox_failed": await Outbox.filter(state=OutboxState.FAILED).count(),
                "overdue": await Issue.filter(answer_due__lte=settings.clock.now()).count(),
            }
        except (BaseORMException, OSError):
            response.status_code = 503
            return {"status": "the database does not answer"}

    return routes
