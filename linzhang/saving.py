"""Saves many rows of one table that have changed, each with values of its own, in one round trip.

The ORM's `bulk_update` writes one statement with a case for every row and column; this one sends the
statement of `save` once, and then the rows' values. Runs in the caller's transaction.
"""

from collections.abc import Sequence

from tortoise.models import Model


async def save_all(rows: Sequence[Model]) -> None:
    """Save rows that are in the database, all columns of each."""
    if not rows:
        return
    meta = rows[0]._meta
    executor = meta.db.executor_class(model=type(rows[0]), db=meta.db)
    names = [name for name in meta.fields_db_projection if not meta.fields_map[name].pk]
    values = [
        [meta.fields_map[name].to_db_value(getattr(row, name), row) for name in [*names, meta.pk_attr]]
        for row in rows
    ]
    await meta.db.execute_many(executor.get_update_sql(names, None), values)
