"""What became of what was sent to people because of an issue: by the outbox and the carrier's last word.

Whom it went to is a name; addresses are looked at by nobody here, and rows hold none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from issues import names
from issues.effects import ROOMS
from issues.undelivered import FAILURES
from linzhang.settings import Settings
from linzhang.words import Text, clock_time, say
from models import Issue, Outbox, OutboxState
from web.desk.texts import issue as texts
from web.desk.texts import ways

_CAUSE = re.compile(r"i(\d+)\.(\d+)\.")

_RECEIPTS = {
    "delivered": texts.ARRIVED,
    "read": texts.READ,
    "completed": texts.HEARD,
    "in-progress": texts.HEARD,
}
_CALLS = {"no-answer": texts.NOT_PICKED_UP, "busy": texts.BUSY}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One text or call to one person.

    Attributes:
        seq: Of the step of the history that it tells of; None: of none.
        wall: When it was written, in machine time.
        to: Whom it goes to.
        way: The bridge, as people call it.
        state: How far it is, in the reader's language.
        is_lost: Whether it has not arrived and will not.
        is_there: Whether it has arrived.
        words: What was sent.
    """

    seq: int | None
    wall: datetime
    to: str
    way: str
    state: str
    is_lost: bool
    is_there: bool
    words: str


async def of(settings: Settings, issue: Issue, language: str, at: datetime) -> Sequence[Delivery]:
    """All of an issue, in the order in which they were written.

    Args:
        settings: The service's.
        issue: Which.
        language: The reader's.
        at: Programme time.
    """
    rows = Outbox.filter(issue_id=issue.id).exclude(address_id=None).exclude(bridge=ROOMS)
    found = []
    for row in await rows.order_by("id").select_related("address__person"):
        assert row.address is not None
        found.append(
            Delivery(
                seq=_seq(row, issue),
                wall=row.created_at,
                to=names.resident(row.address.person, language),
                way=ways.called(row.bridge, language),
                state=_state(settings, row, language, at),
                is_lost=row.state is OutboxState.FAILED or row.receipt in FAILURES,
                is_there=row.receipt in _RECEIPTS,
                words=str(row.payload.get("text", "")),
            )
        )
    return found


def _seq(row: Outbox, issue: Issue) -> int | None:
    cause = _CAUSE.match(row.key)
    return int(cause[2]) if cause and int(cause[1]) == issue.id else None


def _state(settings: Settings, row: Outbox, language: str, at: datetime) -> str:
    match row.state:
        case OutboxState.WAITING if row.hold_until is not None and row.hold_until > at:
            time = clock_time(row.hold_until, at, settings.territory.zone, language)
            return say(texts.HELD, language, time=time)
        case OutboxState.WAITING if row.attempts:
            return say(texts.TRIED, language, count=row.attempts)
        case OutboxState.WAITING:
            return say(texts.WAITING, language)
        case OutboxState.CALLING:
            return say(texts.GOING, language)
        case OutboxState.CANCELLED:
            return say(texts.STOPPED, language)
        case OutboxState.FAILED if row.receipt_code is None:
            return say(texts.REFUSED, language)
    if row.state is OutboxState.FAILED or row.receipt in FAILURES:
        return say(texts.WHY_LOST, language, why=why(row.receipt, row.receipt_code, language))
    return say(_RECEIPTS.get(row.receipt, texts.GONE), language)


def why(receipt: str, code: int | None, language: str) -> str:
    """Why something has not arrived, in plain words."""
    if receipt in _CALLS:
        return say(_CALLS[receipt], language)
    if code is None:
        return say(texts.WHY[30008], language)
    known: Text | None = texts.WHY.get(code)
    return say(known, language) if known else say(texts.WHY_UNKNOWN, language, code=code)
