"""Puts down for webhooks' targets what has changed: it follows the feed, from where each target has read.

What a delivery says is decided here, when it is put down, so that it is the same however often it is sent.
"""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from escalator.webhooks import targets
from escalator.webhooks.targets import Event
from issues import chain
from linzhang import tracing
from linzhang.settings import Settings
from models import Change, ChangeKind, Issue, Outbox, Unit, WebhookTarget
from projections import changes

_EVENTS = {ChangeKind.ISSUE: Event.ISSUE, ChangeKind.LEVEL: Event.LEVEL}


async def run(settings: Settings, limit: int) -> tuple[int, set[str]]:
    """Put down what has changed, for every target.

    Args:
        settings: The service's.
        limit: Lines of the feed for each target at most.

    Returns:
        How many lines were read by the target that has read the most, and the lanes that have got rows.
    """
    done, lanes = 0, set[str]()
    newest = await changes.newest()
    for target in await _behind(newest):
        read, told = await _follow(settings, target.id, limit)
        done = max(done, read)
        if told:
            lanes.add(targets.lane(target.id))
    return done, lanes


async def next_due(settings: Settings) -> datetime | None:
    """Now, where a target has not read the feed to its end."""
    return settings.clock.now() if await _behind(await changes.newest()) else None


async def _behind(newest: int) -> list[WebhookTarget]:
    there = WebhookTarget.filter(ended_at=None, disabled_at=None, read_to__lt=newest)
    return await there.order_by("id")


async def _follow(settings: Settings, target_id: int, limit: int) -> tuple[int, int]:
    """Let one target read on; returns how many lines it has read, and of how many it is told."""
    async with in_transaction():
        found = WebhookTarget.filter(id=target_id, ended_at=None, disabled_at=None)
        target = await found.select_for_update().first()
        if target is None:
            return 0, 0
        lines = await changes.after(target.read_to, limit)
        if not lines:
            return 0, 0
        rows = [row for line in lines if (row := await _row(settings, target, line)) is not None]
        await Outbox.bulk_create(rows)
        target.read_to = lines[-1].id
        await target.save(update_fields=["read_to"])
    return len(lines), len(rows)


async def _row(settings: Settings, target: WebhookTarget, line: Change) -> Outbox | None:
    """What a target is told of a line; None: nothing."""
    event = _EVENTS[line.kind]
    await target.fetch_related("unit", "person")
    if event not in target.events or not await _concerns(target, line):
        return None
    if not await chain.unit_led(target.person, target.unit, settings.clock.now()):
        return None
    data = await (_issue(line) if line.kind is ChangeKind.ISSUE else _level(line))
    if data is None:
        return None
    wall = settings.clock.wall()
    return Outbox(
        key=f"hook{target.id}.{line.id}",
        lane=targets.lane(target.id),
        bridge=targets.NAME,
        payload={
            "target": target.id,
            "body": {"type": event, "timestamp": line.at.isoformat(), "data": data},
        },
        created_at=wall,
        not_before=wall,
        trace=tracing.carried(),
    )


async def _concerns(target: WebhookTarget, line: Change) -> bool:
    """Whether something has changed at a target's unit or below, or with what the unit has: a department."""
    held = Issue.filter(id=line.issue_id or 0, holder_id=target.unit.id)
    return line.path.startswith(target.unit.path) or await held.exists()


async def _issue(line: Change) -> dict[str, Any] | None:
    """How an issue stands: a number, states and times. No words: what was said is asked for with a token."""
    issue = await Issue.get_or_none(id=line.issue_id).select_related("block", "holder")
    if issue is None:
        return None
    due = issue.answer_due or issue.resolve_due
    return {
        "number": issue.number,
        "state": issue.state,
        "urgent": issue.urgent,
        "block": issue.block.code if issue.block else None,
        "holder": issue.holder.code if issue.holder else None,
        "opened_at": issue.opened_at.isoformat(),
        "due": due.isoformat() if due else None,
        "answered_at": issue.answered_at.isoformat() if issue.answered_at else None,
        "resolved_at": issue.resolved_at.isoformat() if issue.resolved_at else None,
        "closed_at": issue.closed_at.isoformat() if issue.closed_at else None,
    }


async def _level(line: Change) -> dict[str, Any] | None:
    unit = await Unit.get_or_none(id=line.unit_id)
    if unit is None or line.level is None:
        return None
    return {"unit": unit.code, "level": line.level.name.lower()}
