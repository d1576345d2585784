"""What must be put right in a database that was brought back from a backup, before anybody works on it.

Between the backup and the loss things happened that the database knows nothing of any more. What it thinks is
still to be sent may have been: each such effect is in doubt, as after a worker's death, and the far side is
asked before it is sent again. Ids that were given out then stand in rooms, on phones and in Matrix ids, so
none of them may be given out to something else. Who was locked out then must not come in by an old session.
"""

from tortoise import Tortoise
from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from issues import audit
from linzhang.settings import Settings
from models import Outbox, OutboxState, Reading, Session, Ticket, Worker


async def settle(settings: Settings, who: str, skip: int) -> int:
    """Put it right; can be done again.

    Args:
        settings: The service's; its database must be open and migrated, and nobody at work on it.
        who: As the record of administrators' deeds calls whoever does it.
        skip: How many ids of each table are left out; more than were given out since the backup.

    Returns:
        How many effects are in doubt now.
    """
    wall, now = settings.clock.wall(), settings.clock.now()
    async with in_transaction():
        # What is still held for the morning cannot have gone out.
        let_go = Q(state=OutboxState.WAITING) & (Q(hold_until=None) | Q(hold_until__lte=now))
        doubtful = await Outbox.filter(let_go | Q(state=OutboxState.CALLING)).count()
        await Outbox.filter(state=OutboxState.CALLING).update(leased_until=wall)
        await Outbox.filter(let_go).update(
            state=OutboxState.CALLING, called_at=F("created_at"), leased_until=wall
        )
        await Session.filter(ended_at=None).update(ended_at=wall)
        await Ticket.filter(used_at=None).update(used_at=wall)
        await Worker.all().delete()
        # What was said in rooms since the backup was worked on, and answers to residents have gone out.
        await Reading.all().update(position="")
        await _skip_ids(skip)
        await audit.record(settings, "restored", "database", who, f"{doubtful} effects in doubt")
    return doubtful


async def _skip_ids(skip: int) -> None:
    connection = Tortoise.get_connection(str(Outbox._meta.default_connection))
    for statement in _SKIP[connection.capabilities.dialect]:
        await connection.execute_query(statement.format(skip=int(skip)))


#: On SQLite a table that never had a row has no line of its own yet.
_SKIP = {
    "sqlite": (
        "INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master WHERE type = 'table'"
        " AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)",
        "UPDATE sqlite_sequence SET seq = seq + {skip}",
    ),
    "postgres": (
        "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + {skip})"
        " FROM pg_sequences WHERE schemaname = current_schema()",
    ),
}
