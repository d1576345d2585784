"""The outbox: carries effects out, lane by lane, none lost and none twice.

A lane is a conversation; its rows go out by ascending id, one after the other:

    WAITING ──claim──► CALLING ──the far side took it──────────────► SENT
       ▲                  │ ├────it never will─────────────────────► FAILED
       └──it certainly ───┘ └────nobody knows, or we died: the lease runs out,
          did not take it,        the far side is asked, and only what it has
          later again             not got is sent again

The claim is committed before the call, so that a worker that dies leaves a trace. A worker that was
only slow finds its lease gone when it comes back and writes nothing. Times here are machine time.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from opentelemetry.trace import SpanKind
from tortoise.expressions import Q, Subquery
from tortoise.functions import Min
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from bridges.contract import UNKNOWN, Delivered, OptedOut, Refused, Unasked, Unavailable, Unfit
from escalator.delivery import Deliverer
from escalator.pacing import Pacing
from escalator.shares import Turn
from issues import reaching, switches, undelivered
from linzhang import logs, tracing
from linzhang.settings import Settings
from models import Address, Issue, Outbox, OutboxState
from programme.notices import progress

log = logging.getLogger(__name__)

#: Seconds to wait after the first, second … attempt that the far side did not take; then the last. What was
#: turned away before anything was asked has made no attempt, and waits only for as long as it was told to.
BACKOFF = (0.5, 1, 2, 4, 8, 15, 30, 60)

_UNDONE = (OutboxState.WAITING, OutboxState.CALLING)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is ours until its lease ends.

    Attributes:
        row: As it was committed.
        doubtful: Whether an earlier call for it may have succeeded.
    """

    row: Outbox
    doubtful: bool


#: Seconds after which a call is given up, whatever it waits for; how it ended, nobody knows then.
PATIENCE = 60.0


async def due_lanes(settings: Settings, limit: int, *, besides: Sequence[str] = ()) -> list[str]:
    """Lanes in which something may be done now, from the database alone.

    Those come first in which nobody knows how a call ended, then those in which somebody waits for something,
    then those that only the clock has filled: after an outage that may be a hundred thousand, and who writes
    now must not wait behind them. Of all three the longest waiting come first. Only the first row of a lane
    counts: lanes that a homeserver keeps waiting, however many, must not take the places of those that could
    go on.

    Args:
        settings: The service's.
        limit: How many at most.
        besides: Names of deliverers that can take on nothing more now, but what somebody waits for.
    """
    wall = settings.clock.wall()
    let_go = Q(hold_until=None) | Q(hold_until__lte=settings.clock.now())
    due = (Q(state=OutboxState.WAITING, not_before__lte=wall) & let_go) | Q(
        state=OutboxState.CALLING, leased_until__lte=wall
    )
    off = await switches.off()
    doubtful = Outbox.filter(state=OutboxState.CALLING, leased_until__lte=wall).exclude(bridge__in=off)
    lanes = [row["lane"] for row in await doubtful.order_by("leased_until").limit(limit).values("lane")]
    awaited = Outbox.filter(state__in=_UNDONE, patient=False, not_before__lte=wall).values("lane")
    lanes += await _first_of(Outbox.filter(lane__in=Subquery(awaited)), due, off, limit)
    if len(lanes) < limit:
        lanes += await _first_of(Outbox.all(), due, [*besides, *off], limit)
    return list(dict.fromkeys(lanes))[:limit]


async def _first_of(where: QuerySet[Outbox], due: Q, idle: Sequence[str], limit: int) -> list[str]:
    """Lanes whose first row is due and of no deliverer that is idle, the longest waiting first."""
    first = where.filter(state__in=_UNDONE).annotate(first=Min("id")).group_by("lane").values("first")
    found = Outbox.filter(due, id__in=Subquery(first))
    if idle:
        found = found.exclude(bridge__in=idle)
    rows = await found.order_by("not_before").limit(limit).values("lane")
    return [row["lane"] for row in rows]


@dataclass(frozen=True, slots=True)
class Next:
    """What is next in a lane.

    Attributes:
        bridge: Who has to carry it out.
        turn: When it is its turn; what stands behind it can be waited for, too.
    """

    bridge: str
    turn: Turn


async def next_in(lane: str) -> Next | None:
    """What is next in a lane; None: it is empty."""
    undone = Outbox.filter(lane=lane, state__in=_UNDONE)
    head = await undone.order_by("id").first()
    if head is None:
        return None
    if head.state is OutboxState.CALLING:
        return Next(head.bridge, Turn.DOUBTFUL)
    awaited = not head.patient or await undone.filter(patient=False).exists()
    return Next(head.bridge, Turn.AWAITED if awaited else Turn.PATIENT)


async def drain(
    settings: Settings, deliverers: Mapping[str, Deliverer], lane: str, pacing: Pacing | None = None
) -> set[str]:
    """Deliver what a lane holds, until it is empty, somebody else has it, or it must wait.

    Args:
        settings: The service's.
        deliverers: Who carries out effects, by name.
        lane: Which.
        pacing: How fast goes out what nobody waits for; None: as fast as it can.

    Returns:
        Other lanes that have got rows meanwhile.
    """
    woken: set[str] = set()
    while claim := await _claim(settings, lane, pacing):
        span = tracing.span("deliver", parent=claim.row.trace, kind=SpanKind.CLIENT)
        with logs.about(**_facts(claim.row)), span:
            woken |= await _carry(settings, deliverers, claim)
    return woken


def _facts(row: Outbox) -> Mapping[str, logs.Fact]:
    """What the log says of a row."""
    facts: dict[str, logs.Fact] = {"outbox": row.key, "bridge": row.bridge}
    return facts | {"issue": Issue(id=row.issue_id).number} if row.issue_id else facts


async def _claim(settings: Settings, lane: str, pacing: Pacing | None) -> Claim | None:
    wall = settings.clock.wall()
    async with in_transaction():
        head = await Outbox.filter(lane=lane, state__in=_UNDONE).order_by("id").select_for_update().first()
        if head is None or not _is_due(head, wall, settings.clock.now()):
            return None
        if await switches.is_off(head.bridge):
            return None
        if pacing is not None and await pacing.put_off(head, wall):
            return None
        doubtful = head.state is OutboxState.CALLING
        head.state = OutboxState.CALLING
        head.leased_until = wall + timedelta(seconds=settings.lease)
        head.called_at = head.called_at or wall
        head.attempts += 1
        await head.save(update_fields=["state", "leased_until", "called_at", "attempts"])
    return Claim(head, doubtful)


def _is_due(head: Outbox, wall: datetime, now: datetime) -> bool:
    if head.state is OutboxState.WAITING:
        return head.not_before <= wall and (head.hold_until is None or head.hold_until <= now)
    return head.leased_until is None or head.leased_until <= wall


async def _carry(settings: Settings, deliverers: Mapping[str, Deliverer], claim: Claim) -> set[str]:
    row = claim.row
    deliverer = deliverers.get(row.bridge)
    try:
        if deliverer is None:
            raise Unavailable(f"There is no bridge {row.bridge!r} in the configuration.")
        async with asyncio.timeout(PATIENCE):
            found = await deliverer.find(row) if claim.doubtful else None
            delivered = found or await deliverer.deliver(row)
        return await _sent(settings, claim, delivered)
    except Refused as refusal:
        tracing.failed(refusal)
        return await _failed(settings, claim, refusal)
    except Unavailable as reason:
        tracing.failed(reason)
        if row.attempts == 1 and row.error != str(reason):
            log.info("not taken now, and tried again: %s", reason)
        return await _later(settings, claim, reason)
    except Exception as error:
        # `Uncertain`, or something that nobody has thought of: it may have been sent.
        tracing.failed(error)
        log.warning("nobody knows how the call ended: %s", type(error).__name__)
        await _doubt(settings, claim, error)
    return set()


async def _sent(settings: Settings, claim: Claim, delivered: Delivered) -> set[str]:
    unknown = delivered.status == UNKNOWN
    async with in_transaction():
        ours = await _finish(
            claim,
            state=OutboxState.SENT,
            external_id=delivered.external_id or None,
            sent_at=settings.clock.wall(),
            leased_until=None,
            error="nobody can tell whether it has arrived" if unknown else "",
        )
        if not ours:
            return set()
        lanes = await progress.sent(settings, claim.row, delivered)
        return lanes | (await undelivered.uncertain(settings, claim.row) if unknown else set())


async def _failed(settings: Settings, claim: Claim, refusal: Refused) -> set[str]:
    row = claim.row
    log.warning("refused for good: %s", refusal)
    async with in_transaction():
        ours = await _finish(
            claim, state=OutboxState.FAILED, leased_until=None, error=str(refusal), receipt_code=refusal.code
        )
        if not ours:
            return set()
        if isinstance(refusal, OptedOut):
            wall = settings.clock.wall()
            await Address.filter(id=row.address_id, stopped_at=None).update(stopped_at=wall)
        row.receipt_code = refusal.code
        at = settings.clock.now()
        unfit = isinstance(refusal, Unfit)
        lanes = await undelivered.lost(settings, row, at, refused=True, unfit=unfit)
        await progress.refused(settings, row, tried_on=bool(lanes))
        return lanes


async def _later(settings: Settings, claim: Claim, reason: Unavailable) -> set[str]:
    row = claim.row
    if isinstance(reason, Unasked):
        attempts, wait, silent = row.attempts - 1, reason.retry_after, reason.silent
    else:
        attempts, wait, silent = row.attempts, BACKOFF[min(row.attempts, len(BACKOFF)) - 1], 0.0
    later = settings.clock.wall() + timedelta(seconds=max(wait, reason.retry_after or 0))
    if claim.doubtful:
        # The far side could not be asked, so what is unknown stays unknown.
        await _finish(claim, leased_until=later, attempts=attempts, error=str(reason))
        return set()
    phone = await reaching.can_go_by_text(settings, row, silent)
    if phone is not None:
        return await _by_text(settings, claim, phone, reason)
    await _finish(
        claim,
        state=OutboxState.WAITING,
        not_before=later,
        leased_until=None,
        called_at=None,
        attempts=attempts,
        error=str(reason),
    )
    return set()


async def _by_text(settings: Settings, claim: Claim, phone: Address, reason: Unavailable) -> set[str]:
    """Let a leader have by text what their chat's homeserver, which is away, has certainly not got."""
    async with in_transaction():
        gone = {"leased_until": None, "called_at": None, "error": str(reason)}
        if not await _finish(claim, state=OutboxState.CANCELLED, **gone):
            return set()
        return await reaching.by_text_instead(settings, claim.row, phone)


async def _doubt(settings: Settings, claim: Claim, error: Exception) -> None:
    believe = settings.clock.wall() + timedelta(seconds=settings.settle)
    await _finish(claim, leased_until=believe, error=type(error).__name__)


async def _finish(claim: Claim, **changes: object) -> bool:
    """Write how it ended, if the row is still ours."""
    row = claim.row
    mine = Outbox.filter(id=row.id, state=OutboxState.CALLING, leased_until=row.leased_until)
    return bool(await mine.update(**changes))
