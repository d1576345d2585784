"""Migrating gives every index and every constraint that the models declare, and keeps what was there."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from tortoise import Tortoise, connections
from tortoise.context import TortoiseContext
from tortoise.indexes import Index
from tortoise.migrations.api import migrate as apply_migrations

from issues import audit, tampering
from linzhang.database import database, migrate, tortoise_config
from models import Issue
from tests.factories import make_settings

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


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path / 'linzhang.db'}"
    new_postgres: Callable[[], str] = request.getfixturevalue("new_postgres")
    url = new_postgres()
    connection = await asyncpg.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    return url


@pytest.mark.long
async def test_a_database_that_has_issues_already_is_migrated_with_them(url: str, tmp_path: Path) -> None:
    with TortoiseContext() as context:
        await apply_migrations(config=tortoise_config(url), target="linzhang.0010_borders")
        await context.close_connections()
    async with database(url):
        await connections.all()[0].execute_script(BEFORE)
    await migrate(url)
    async with database(url):
        issue = await Issue.get()
        assert (issue.bridge, issue.path) == ("sms", "34/")
        assert issue.stale_at is not None, "the desk would never show it"
        settings = make_settings(tmp_path, database_url=url)
        await audit.begin(settings, "root")
        found = await tampering.look_over(settings)
        assert (found.entries, found.broken) == (3, []), "what was recorded before is a chain now"


#: One issue, as it was kept before anything was derived from it.
BEFORE = """
INSERT INTO unit (id, code, name, tier, path, urban, households)
    VALUES (1, '34', '亳州市', 'city', '34/', false, 0);
INSERT INTO person (id, name, language, language_chosen) VALUES (1, '王芳', '', false);
INSERT INTO address (id, person_id, bridge, lookup, sealed, fixed_line) VALUES (1, 1, 'sms', 'x', 'x', false);
INSERT INTO issue (id, block_id, holder_id, reporter_id, address_id, state, opened_at, talked_at, reminded,
    reported_in, nudges, urgent, private) VALUES (1, 1, 1, 1, 1, 'open', '2026-11-24 02:00:00+00:00',
    '2026-11-24 02:00:00+00:00', false, '', 0, false, false);
INSERT INTO history (id, issue_id, seq, at, action, actor_id, bridge, room_id, event_id, from_state, to_state,
    to_holder_id, detail) VALUES (1, 1, 1, '2026-11-24 02:00:00+00:00',
    'report', 1, 'sms', '', '', '', 'open', 1, '');
INSERT INTO admin_action (id, at, who, action, subject, detail) VALUES
    (101, '2026-11-24 02:00:00+00:00', '王芳', 'bridge off', 'sms', 'by "night"'),
    (103, '2026-11-24 02:00:00.120000+00:00', 'root', 'bridge on', 'sms', '');
"""
