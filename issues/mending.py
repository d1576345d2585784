"""What leaders and administrators do about what has got stuck (`issues.triage`); each deed is recorded.

Functions open their own transaction; what they return are the outbox lanes that have got rows.
"""

from collections.abc import Sequence
from datetime import datetime

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from issues import audit, lifecycle, undelivered
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Inbox, InboxState, Issue, Outbox, OutboxState, Person, Question, QuestionKind, Unit


async def place(settings: Settings, issue_id: int, unit: Unit, by: Person, at: datetime) -> set[str]:
    """Say where somebody lives whom nobody knows; all that they have reported and waits goes there.

    Args:
        settings: The service's.
        issue_id: An issue of theirs.
        unit: Where they live.
        by: The leader who knows.
        at: Programme time.

    Raises:
        IssueError: It cannot be placed, or not by this leader.
    """
    lanes: set[str] = set()
    async with in_transaction():
        issue = await lifecycle.lock(issue_id)
        asked = Question.filter(person_id=issue.reporter_id, kind=QuestionKind.WHERE, settled_at=None)
        ids = [issue.id, *(question.issue_id for question in await asked if question.issue_id != issue.id)]
        await Person.filter(id=issue.reporter_id, block_id=None).update(block_id=unit.id)
        for each in ids:
            one = issue if each == issue.id else await lifecycle.lock(each)
            if one.block_id is None:
                effects = await lifecycle.place(settings, one, unit, at, by=Actor(by, "desk"))
                lanes |= await effects.save()
    return lanes


async def send_again(settings: Settings, row_id: int, by: Person) -> set[str]:
    """Send words once more that have not arrived."""
    async with in_transaction():
        row = await _unsettled(row_id)
        if row is None:
            return set()
        lanes = await undelivered.send_again(settings, row)
        await audit.record(settings, "sent again", _about(row), by.name)
        return lanes


async def have_told(settings: Settings, row_id: int, by: Person, how: str) -> None:
    """Note that somebody was told what a message of ours has not told them.

    Args:
        settings: The service's.
        row_id: The message.
        by: Who has told them.
        how: 'in person' or 'by phone'.
    """
    async with in_transaction():
        row = await _unsettled(row_id)
        if row is not None:
            await undelivered.settle(settings, row)
            await audit.record(settings, f"told {how}", _about(row), by.name)


async def do_again(
    settings: Settings, who: str, *, effects: Sequence[int] = (), events: Sequence[int] = ()
) -> tuple[int, set[str]]:
    """Let failed effects and failed events be tried once more, as if for the first time.

    Args:
        settings: The service's.
        who: As the administrator is called.
        effects: Ids of rows of the outbox.
        events: Ids of rows of the inbox.

    Returns:
        How many are tried again, and their lanes: of the outbox.
    """
    wall = settings.clock.wall()
    async with in_transaction():
        failed = Q(id__in=list(effects), state=OutboxState.FAILED, settled_at=None)
        rows = await Outbox.filter(failed).select_for_update()
        ids = [row.id for row in rows]
        await Outbox.filter(id__in=ids).update(
            state=OutboxState.WAITING,
            not_before=wall,
            attempts=0,
            called_at=None,
            leased_until=None,
            error="",
        )
        count = await Inbox.filter(id__in=list(events), state=InboxState.FAILED).update(
            state=InboxState.WAITING, not_before=wall, attempts=0
        )
        if rows or count:
            detail = f"outbox {len(rows)}, inbox {count}"
            await audit.record(settings, "run again", "outbox, inbox", who, detail)
    return len(rows) + count, {row.lane for row in rows}


async def _unsettled(row_id: int) -> Outbox | None:
    rows = Outbox.filter(id=row_id, settled_at=None).select_for_update()
    row = await rows.first()
    if row is not None:
        await row.fetch_related("address", "issue")
    return row


def _about(row: Outbox) -> str:
    issue: Issue | None = row.issue
    return f"No. {issue.number}" if issue else row.bridge
