"""How each way out is doing: whether it is on, what waits in it, what has failed, what was last sent.

Reads; changes nothing. Its cost grows with what waits and has failed lately, not with what was ever sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.functions import Count

from issues.switches import NEEDED
from linzhang.settings import Settings
from models import AdminAction, BridgeOff, Outbox, OutboxState

#: Failures older than this are history.
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Stand:
    """How one bridge, or another deliverer of the outbox, is doing.

    Attributes:
        name: Its name.
        needed: Whether the service stands on it, so that it cannot be turned off.
        switched: Who turned it on or off last, when and why; None: nobody ever did.
        off_since: Since when it is off; None: it is on.
        waiting: Effects that wait in it.
        failed: Effects that it refused for good, lately.
        last_sent: Machine time at which it last sent something.
    """

    name: str
    needed: bool
    switched: AdminAction | None
    off_since: datetime | None
    waiting: int
    failed: int
    last_sent: datetime | None


async def stands(settings: Settings, names: Sequence[str]) -> list[Stand]:
    """How some are doing, in their order."""
    off = {row.name: row.since for row in await BridgeOff.all()}
    waiting = await _counts(state__in=[OutboxState.WAITING, OutboxState.CALLING])
    lately = settings.clock.wall() - LATELY
    failed = await _counts(state=OutboxState.FAILED, not_before__gte=lately)
    return [
        Stand(
            name,
            name in NEEDED,
            await _switched(name),
            off.get(name),
            waiting.get(name, 0),
            failed.get(name, 0),
            await _last_sent(name),
        )
        for name in names
    ]


async def _counts(**which: object) -> dict[str, int]:
    rows = (
        await Outbox.filter(**which)
        .annotate(number=Count("id"))
        .group_by("bridge")
        .values("bridge", "number")
    )
    return {row["bridge"]: row["number"] for row in rows}


async def _switched(name: str) -> AdminAction | None:
    deeds = AdminAction.filter(subject=name, action__in=["bridge off", "bridge on"])
    return await deeds.order_by("-id").first()


async def _last_sent(name: str) -> datetime | None:
    row = await Outbox.filter(bridge=name, state=OutboxState.SENT).order_by("-id").only("sent_at").first()
    return row.sent_at if row else None
