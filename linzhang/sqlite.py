"""Tortoise's SQLite backend, with transactions that take the write lock when they begin.

Tortoise begins with a plain BEGIN, which takes the lock at the first write. With two processes
on one file, a transaction that has read and then wants to write fails at once ('database is
locked', SQLITE_BUSY_SNAPSHOT), whatever the busy time-out is. BEGIN IMMEDIATE waits its turn
instead (SQLite documentation, "Transaction control syntax"). Tortoise names a backend by its
module, so this module is the backend.
"""

import sqlite3
from typing import Any

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.exceptions import OperationalError


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that is a writer from its first statement."""

    async def begin(self) -> None:
        """Take the write lock, waiting as long as the busy time-out allows."""
        try:
            await self._connection.commit()
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class ImmediateSqliteClient(SqliteClient):
    """A connection whose transactions begin IMMEDIATE."""

    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient


def get_client_class(db_info: dict[str, Any]) -> type[SqliteClient]:  # noqa: ARG001 - Tortoise's signature
    """Tortoise asks the backend's module for its client."""
    return ImmediateSqliteClient
