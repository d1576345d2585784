"""Migrating an empty database gives every index and every constraint that the models declare."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tortoise import Tortoise
from tortoise.indexes import Index

from linzhang.database import database, migrate

#: Columns of an index, and whether it lets each value be there once.
Key = tuple[tuple[str, ...], bool]


def declared() -> dict[str, set[Key]]:
    """What the models of the open database say, by table."""
    found: dict[str, set[Key]] = {}
    for model in Tortoise.apps["linzhang"].values():
        meta = model._meta
        column = {name: field.source_field or name for name, field in meta.fields_map.items()}
        keys: set[Key] = {
            (tuple(column[name] for name in (each.fields if isinstance(each, Index) else each)), False)
            for each in meta.indexes
        }
        keys |= {(tuple(column[name] for name in names), True) for names in meta.unique_together}
        keys |= {
            ((column[name],), True)
            for name, field in meta.fields_map.items()
            if field.unique and not field.pk and field.has_db_field
        }
        found[meta.db_table] = keys
    return found


def there(path: Path, table: str) -> set[Key]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            (tuple(row[2] for row in connection.execute(f"PRAGMA index_info('{name}')")), bool(unique))
            for _, name, unique, *_ in connection.execute(f"PRAGMA index_list('{table}')").fetchall()
        }


async def test_a_migrated_database_has_every_index_and_every_constraint(tmp_path: Path) -> None:
    path = tmp_path / "linzhang.db"
    await migrate(f"sqlite://{path}")
    async with database(f"sqlite://{path}"):
        missing = {table: keys - there(path, table) for table, keys in declared().items()}
    assert {table: keys for table, keys in missing.items() if keys} == {}
