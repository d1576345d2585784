"""How rounds stand, and who may look at them. Reads; changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from models import HonourBallot, HonourNomination, HonourRound, HonourState, Notice, NoticeState, Unit
from programme.honours import nominating
from programme.notices import standing as notices

#: Rounds that a page lists.
LISTED = 30

_UNSENT = (NoticeState.DRAFT, NoticeState.ASKED)


class Phase(StrEnum):
    """Where a round stands, with what its notices tell."""

    DRAFT = "draft"  # its announcement has not begun to go out
    NOMINATING = "nominating"
    CHOOSING = "choosing"  # nominations are over, and the ballots are about to be written
    READY = "ready"  # its ballots wait to be sent
    VOTING = "voting"
    OVER = "over"
    STOPPED = "stopped"


def concerning(units: Sequence[Unit]) -> QuerySet[HonourRound]:
    """The rounds that somebody who leads these units may look at: those of whose notices that is so."""
    seen = Notice.filter(notices.concerning(units)).values_list("id", flat=True)
    return HonourRound.filter(notice_id__in=Subquery(seen)).select_related("notice__author", "unit")


async def latest(units: Sequence[Unit], limit: int = LISTED) -> list[HonourRound]:
    """The latest of them."""
    return await concerning(units).order_by("-id").limit(limit)


async def ballots(one: HonourRound) -> list[HonourBallot]:
    """A round's ballots, with their units, notices and the round."""
    found = HonourBallot.filter(round_id=one.id).order_by("id")
    return await found.select_related("unit", "notice", "round")


async def phase(one: HonourRound, at: datetime) -> Phase:
    """Where a round, which has its notice, stands."""
    if one.state is HonourState.NOMINATING:
        until = nominating.until(one)
        if one.notice.state is NoticeState.STOPPED:
            return Phase.STOPPED
        if until is None:
            return Phase.DRAFT
        return Phase.NOMINATING if at < until else Phase.CHOOSING
    if one.state is HonourState.VOTING:
        waits = Notice.filter(honour_ballot__round_id=one.id, state__in=_UNSENT)
        return Phase.READY if await waits.exists() else Phase.VOTING
    return Phase.OVER if one.state is HonourState.OVER else Phase.STOPPED


async def nominations(one: HonourRound) -> int:
    """How many have nominated somebody by now."""
    return await HonourNomination.filter(round_id=one.id).count()
