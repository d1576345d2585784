"""The duty of questions: what nobody has answered in time settles itself, exactly once.

Words that waited for 'which one?' are filed then, so that nothing that somebody wrote is lost. Two
workers that see the same question lock it one after the other; the second finds nothing left to do.
"""

import logging
from datetime import datetime

from tortoise.transactions import in_transaction

from escalator.hearing import heard_until
from issues import asking
from linzhang.settings import Settings
from models import Question

log = logging.getLogger(__name__)


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Settle what is overdue, the longest first.

    Args:
        settings: The service's.
        limit: How many questions at most.

    Returns:
        How many were settled, and the outbox lanes that have got rows.
    """
    overdue = Question.filter(settled_at=None, due__lte=await heard_until(settings))
    found = await overdue.order_by("due").limit(limit).values("id")
    woken: set[str] = set()
    settled = 0
    for row in found:
        try:
            woken |= await _settle(settings, row["id"])
            settled += 1
        except Exception:
            log.exception("question %s: it could not be settled", row["id"])
    return settled, woken


async def next_due(settings: Settings) -> datetime | None:  # noqa: ARG001 - the shape of a duty
    """When the next question settles itself, in programme time."""
    waiting = Question.filter(settled_at=None).exclude(due=None)
    first = await waiting.order_by("due").first()
    return first.due if first else None


async def _settle(settings: Settings, question_id: int) -> set[str]:
    woken: set[str] = set()
    async with in_transaction():
        question = await Question.select_for_update().get(id=question_id)
        for effects in await asking.settle_overdue(settings, question, settings.clock.now()):
            woken |= await effects.save()
    return woken
