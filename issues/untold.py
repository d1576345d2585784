"""Whether the reporter has heard of what was done last: until then it can be undone as if it had not been.

`stop` takes back what waits in the outbox, in the caller's transaction; nothing else is changed.
"""

from models import History, Issue, Outbox, OutboxState


async def is_so(issue: Issue, deed: History) -> bool:
    """Whether the reporter has not been told of a deed, and nothing came after it."""
    last = await History.filter(issue_id=issue.id).order_by("-seq").first()
    if last is None or last.id != deed.id:
        return False
    to_reporter = [
        row
        for row in await Outbox.filter(key__startswith=_key(issue, deed))
        if row.address_id is not None or issue.reporter_id in row.payload.get("mention", [])
    ]
    return all(row.state is OutboxState.WAITING for row in to_reporter)


async def stop(issue: Issue, deed: History) -> bool:
    """Stop what tells of a deed; returns whether the reporter had not been told and nothing came after."""
    rows = await Outbox.filter(key__startswith=_key(issue, deed)).select_for_update()
    if not await is_so(issue, deed):
        return False
    waiting = [row.id for row in rows if row.state is OutboxState.WAITING]
    await Outbox.filter(id__in=waiting, state=OutboxState.WAITING).update(state=OutboxState.CANCELLED)
    return True


def _key(issue: Issue, deed: History) -> str:
    """How the keys of all rows begin that the deed has made."""
    return f"i{issue.id}.{deed.seq}."
