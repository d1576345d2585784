"""Writing many rows at once: PostgreSQL's COPY, or one prepared statement on SQLite.

Building a model instance per row costs more than storing it, so rows go in as tuples, in the
order of named columns. It must never decide what is stored, and it runs in the caller's
transaction.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

#: Parameters of one query; both databases take 32,766 and more.
SLICE = 10_000

T = TypeVar("T")


def slices(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in pieces that a query can take as parameters."""
    for start in range(0, len(items), SLICE):
        yield items[start : start + SLICE]


async def find(connection: BaseDBAsyncClient, statement: str, values: Sequence[str]) -> list[Any]:
    """The rows of a SELECT that ends in 'IN', for any number of values at once.

    The ORM makes a term of each value, which takes longer than finding the rows.

    Args:
        connection: The transaction's.
        statement: Of our own words only; what comes from outside is among the values.
        values: What the last column of the statement is to be.

    Returns:
        Rows as the database has them: SQLite knows no booleans and no dates.
    """
    if not values:
        return []
    if isinstance(connection, AsyncpgDBClient):
        _, rows = await connection.execute_query(f"{statement} (SELECT unnest($1::text[]))", [list(values)])
    else:
        listed = f"{statement} (SELECT value FROM json_each(?))"  # noqa: S608 - our own words
        _, rows = await connection.execute_query(listed, [json.dumps(list(values))])
    return list(rows)


async def reserve_ids(connection: BaseDBAsyncClient, model: type[Model], count: int) -> list[int]:
    """Ids for so many new rows, that nobody else will get."""
    table = model._meta.db_table
    if isinstance(connection, AsyncpgDBClient):
        rows = await connection.execute_query_dict(
            "SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2::int)",
            [table, count],
        )
        return [row["id"] for row in rows]
    # The transaction holds the only write lock (linzhang.sqlite), so nobody can take them meanwhile.
    # The sequence, unlike the largest id, remembers rows that are gone: an id is never used twice.
    rows = await connection.execute_query_dict("SELECT seq FROM sqlite_sequence WHERE name = ?", [table])
    last = rows[0]["seq"] if rows else 0
    return list(range(last + 1, last + 1 + count))


async def insert(
    connection: BaseDBAsyncClient, model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Store new rows.

    Args:
        connection: The transaction's.
        model: Whose table.
        columns: Names of the columns that each row has values for, in its order.
        rows: Values as the database takes them; columns that are left out must allow NULL or have
            a default in the schema.
    """
    table = model._meta.db_table
    if isinstance(connection, AsyncpgDBClient):
        async with connection.acquire_connection() as raw:
            await raw.copy_records_to_table(table, records=rows, columns=list(columns))
        return
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" for _ in columns)
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own tables
    remaining = iter(rows)
    while batch := [list(row) for row in islice(remaining, SLICE)]:
        await connection.execute_many(statement, batch)
