"""Statements that the ORM has no words for, on both databases, and the lock that lets in one writer."""

from collections.abc import Sequence
from itertools import count

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient

#: Of all advisory locks of the database, the projections' writer's.
_LOCK = 0x6C7A7072


async def alone(connection: BaseDBAsyncClient, *, wait: bool = False) -> bool:
    """Be the only writer of the projections until the transaction ends; False: another one is.

    On SQLite every transaction is (`linzhang.sqlite`).

    Args:
        connection: The transaction's.
        wait: Whether to wait until the other one is done.
    """
    if not isinstance(connection, AsyncpgDBClient):
        return True
    if wait:
        await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [_LOCK])
        return True
    rows = await connection.execute_query_dict("SELECT pg_try_advisory_xact_lock($1) AS got", [_LOCK])
    return bool(rows[0]["got"])


async def execute_many(
    connection: BaseDBAsyncClient, statement: str, rows: Sequence[Sequence[object]]
) -> None:
    """Run a statement once for each row of values; '?' stands for each value."""
    if not rows:
        return
    if isinstance(connection, AsyncpgDBClient):
        numbers = count(1)
        statement = "".join(f"${next(numbers)}" if each == "?" else each for each in statement)
    await connection.execute_many(statement, [list(row) for row in rows])
