"""The inbox' worker: takes accepted events out, one at a time per lane, each in one transaction.

What an event leads to and the mark that it is done are committed together, so that a worker that
dies has either done all of it or nothing (DESIGN, rule 4). A window that ended before something was said
about its issue passes first, whoever has been away: what was late stays late.
"""

import logging
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from bridges.contract import Inbound, Kind
from escalator import deadlines
from issues import filing, floods, inbox, intake, leading, presence, telephone, undelivered
from linzhang import logs, tracing
from linzhang.settings import Settings
from models import Inbox, InboxState
from programme import answering
from programme.care import answers as care
from programme.notices import progress
from rooms import heard, listen

log = logging.getLogger(__name__)

#: Seconds to wait after the first, second … failure of the work on an event. A failure here is an
#: error of ours or of the database; after the last the event is kept as failed for an operator.
BACKOFF = (1, 2, 5, 15, 60, 300, 900)

#: Seconds for which an answer is put off for the first, second … time while nobody knows what it answers, or
#: whether another one was there before it; ten minutes in all. A call of which nobody knows how it ended is
#: asked about as soon as its lease is over and the far side answers.
AHEAD = (1, 2, 5, 15, *(30,) * 20)


async def due_lanes(settings: Settings, limit: int) -> list[str]:
    """Lanes in which events wait, from the database alone."""
    waiting = Inbox.filter(state=InboxState.WAITING, not_before__lte=settings.clock.wall())
    rows = await waiting.distinct().limit(limit).values("lane")
    return [row["lane"] for row in rows]


async def drain(settings: Settings, lane: str) -> set[str]:
    """Work on what waits in a lane, in its order.

    Returns:
        The outbox lanes that have got rows.
    """
    woken: set[str] = set()
    while True:
        row = await Inbox.filter(lane=lane, state=InboxState.WAITING).order_by("id").first()
        if row is None or row.not_before > settings.clock.wall():
            return woken
        with logs.about(inbox=row.id, bridge=row.bridge), tracing.span("take in", parent=row.trace):
            try:
                event = inbox.restore(settings, row)
                if await _must_wait(settings, row, event):
                    return woken
                woken |= await deadlines.pass_before(settings, event, row.received_at)
                woken |= await _work(settings, row.id)
            except Exception as error:
                log.exception("what came in could not be worked on")
                tracing.failed(error)
                await _put_back(settings, row.id, error)


async def _must_wait(settings: Settings, row: Inbox, event: Inbound) -> bool:
    """Put off, but not for ever, what cannot be understood before something else is known."""
    if row.attempts >= len(AHEAD):
        return False
    unknown = await heard.is_ahead(settings, event)
    if not unknown and not await deadlines.is_undecided(settings, event, row.received_at):
        return False
    row.not_before = settings.clock.wall() + timedelta(seconds=AHEAD[row.attempts])
    row.attempts += 1
    await row.save(update_fields=["not_before", "attempts"])
    return True


async def _work(settings: Settings, row_id: int) -> set[str]:
    async with in_transaction():
        row = await Inbox.select_for_update().get(id=row_id)
        if row.state is not InboxState.WAITING:
            return set()
        event = inbox.restore(settings, row)
        held = await floods.hold(settings, event, row)
        lanes = await _take(settings, event, row.received_at) if held is None else held
        row.state = InboxState.DONE if held is None else InboxState.HELD
        await row.save(update_fields=["state"])
    return lanes


async def _take(settings: Settings, event: Inbound, at: datetime) -> set[str]:
    if event.kind is Kind.RECEIPT:
        tried = await undelivered.take_receipt(settings, event, at)
        await progress.receipt(settings, event, tried_on=bool(tried))
        return tried
    lanes = await presence.heard(settings, event, at)
    lanes |= await care.sign(settings, event, at)
    if event.kind is Kind.CALL:
        if "language" in event.detail:
            await telephone.choose_language(settings, event)
        return lanes  # the call itself asks for nothing; what is left in it comes by itself
    if "accepts" in event.detail:
        return lanes | await telephone.take_on(settings, event, at)
    if inbox.FILED in event.detail:
        return lanes | await filing.take(settings, event, at)
    if event.room:
        return lanes | await listen.take(settings, event, at)
    answered = await answering.take(settings, event, at)
    if answered is not None:
        return lanes | answered
    told = await leading.take(settings, event, at)
    return lanes | (told if told is not None else await intake.take(settings, event, at))


async def _put_back(settings: Settings, row_id: int, error: Exception) -> None:
    async with in_transaction():
        row = await Inbox.select_for_update().get(id=row_id)
        if row.state is not InboxState.WAITING:
            return
        if row.attempts >= len(BACKOFF):
            row.state = InboxState.FAILED
        else:
            wait = timedelta(seconds=BACKOFF[row.attempts])
            row.not_before = settings.clock.wall() + wait
        row.attempts += 1
        row.error = type(error).__name__
        await row.save()
