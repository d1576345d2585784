"""Whether the service is well: `/health` tells of this process, `/ready` of what it stands on.

Only what makes this process useless is an error to a load balancer: without its database it can accept
nothing, and before the database is migrated it would break. Whatever else is away, webhooks accept.
"""

import asyncio
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Response
from tortoise.exceptions import BaseORMException

from linzhang.database import unapplied
from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Outbox, OutboxState, Worker
from web.dependencies import Answer, Watch

#: Seconds for which the database may be silent.
PATIENCE = 3.0

#: A worker that has said nothing for so long is dead, or hangs.
ALIVE = timedelta(seconds=20)

#: When nobody has looked for what is due for so long, workers live and do nothing.
SWEPT = timedelta(seconds=60)


def router(settings: Settings, watch: Watch) -> APIRouter:
    """The routes for a load balancer and for whoever is called at night."""
    routes = APIRouter()
    schema = _Schema(settings)

    @routes.get("/health")
    async def health() -> dict[str, str]:
        """This process answers."""
        return {"status": "ok"}

    @routes.get("/ready")
    async def ready(response: Response) -> dict[str, Any]:
        """How each dependency is; how much work waits, and how much went wrong for good."""
        response.headers["Cache-Control"] = "no-store"
        counts: dict[str, Any] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                missing = await schema.missing()
                found = {"database": Answer(not missing, missing)}
                if not missing:
                    found["workers"] = await workers(settings)
                    counts = await _counts(settings)
        except (BaseORMException, OSError):  # a TimeoutError is an OSError
            found = {"database": Answer(False, "the database does not answer")}
        found |= await watch.look()
        useless = not found["database"].well
        if useless:
            response.status_code = 503
        away = any(each.well is False for each in found.values())
        status = "down" if useless else "degraded" if away else "ok"
        return {"status": status, "dependencies": {k: v.told() for k, v in found.items()}, **counts}

    return routes


class _Schema:
    """Remembers that the database has all that this version needs: it will not lose it again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._whole = False

    async def missing(self) -> str:
        """What the database lacks; empty: nothing."""
        if self._whole:
            await Worker.exists(name="")  # it must answer all the same
            return ""
        missing = await unapplied(self._settings.database_url)
        self._whole = not missing
        return f"it waits for `linzhang migrate`: {', '.join(missing)}" if missing else ""


async def workers(settings: Settings) -> Answer:
    """Whether workers live, and look for what is due."""
    wall = settings.clock.wall()
    alive = await Worker.filter(seen_at__gt=wall - ALIVE).count()
    if not alive:
        return Answer(False, "no worker lives: what comes in and goes out waits")
    if await Worker.filter(swept_at__gt=wall - SWEPT).exists():
        return Answer(True, f"{alive} alive")
    begun = await Worker.filter(seen_at__gt=wall - ALIVE, started_at__gt=wall - SWEPT).exists()
    if begun:
        return Answer(None, f"{alive} alive, which have just begun")
    return Answer(False, f"{alive} alive, but nobody has looked for what is due for a minute")


async def _counts(settings: Settings) -> dict[str, int]:
    return {
        "inbox_waiting": await Inbox.filter(state=InboxState.WAITING).count(),
        "inbox_failed": await Inbox.filter(state=InboxState.FAILED).count(),
        "outbox_waiting": await Outbox.filter(state__in=(OutboxState.WAITING, OutboxState.CALLING)).count(),
        "outbox_failed": await Outbox.filter(state=OutboxState.FAILED).count(),
        "overdue": await Issue.filter(answer_due__lte=settings.clock.now()).count(),
    }
