"""An upgrade while everything runs: a database of the previous version, with what it has written, goes on.

`previous/` holds that version: the name of its last migration is `PREVIOUS`, what it wrote is `town.sql`.
With a new release all of it is made anew (docs/developers.md, "Tables").
"""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr
from tortoise import Tortoise, connections
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as apply_migrations
from tortoise.migrations.autodetector import MigrationAutodetector

from escalator import inbox
from linzhang.database import database, migrate, tortoise_config, unapplied
from linzhang.settings import Settings
from models import (
    History,
    Inbox,
    InboxState,
    Issue,
    Leadership,
    Message,
    Outbox,
    OutboxState,
    Role,
    State,
    migrations,
)
from tests.desk.desk import desk_for
from tests.factories import make_settings
from tests.issues.diary import Leader, carry_out

PREVIOUS = "0018_webhooks"

HERE = Path(__file__).parent / "previous"

SEAL_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


async def test_the_migrations_make_what_the_models_say() -> None:
    config = tortoise_config("sqlite://:memory:")
    async with TortoiseContext() as context:
        await context.init(config=config)
        assert context.apps is not None
        missing = await MigrationAutodetector(context.apps, config["apps"]).changes()
        await context.close_connections()
    assert [step.describe() for each in missing for step in each.operations] == []


@pytest.fixture(params=["sqlite", "postgres"])
async def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Of a database of each kind with the previous version's tables, and nothing in them."""
    url = f"sqlite://{tmp_path / 'linzhang.db'}"
    if request.param == "postgres":
        new_postgres: Callable[[], str] = request.getfixturevalue("new_postgres")
        url = new_postgres()
        connection = await asyncpg.connect(url)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.close()
    with TortoiseContext() as context:
        await apply_migrations(config=tortoise_config(url), target=f"linzhang.{PREVIOUS}")
        await context.close_connections()
    return make_settings(tmp_path, database_url=url, seal_keys=[SecretStr(SEAL_KEY)])


async def previous_version_writes(settings: Settings) -> None:
    """What the previous version has written: it knows no column that came later."""
    async with database(settings.database_url):
        connection = connections.all()[0]
        await connection.execute_script((HERE / "town.sql").read_text(encoding="utf-8"))
        if connection.capabilities.dialect == "postgres":  # rows with ids do not move its sequences
            await connection.execute_query(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1000) FROM pg_sequences"
            )


async def test_what_the_previous_version_wrote_goes_on(settings: Settings) -> None:
    await previous_version_writes(settings)
    await migrate(settings.database_url)
    await everything_goes_on(settings)
    # And what it goes on writing into the new tables, until it is stopped.
    await forget_all(settings)
    await previous_version_writes(settings)
    await everything_goes_on(settings)


async def forget_all(settings: Settings) -> None:
    """Empty all tables, but for what migrations themselves have put there."""
    kept = {"tortoise_migrations", "audit_head"}
    async with database(settings.database_url):
        connection = connections.all()[0]
        tables = {model._meta.db_table for model in Tortoise.apps["linzhang"].values()} - kept
        if connection.capabilities.dialect == "postgres":
            await connection.execute_script(f"TRUNCATE {', '.join(sorted(tables))} CASCADE")
            return
        delete = ";".join(f"DELETE FROM {table}" for table in sorted(tables))
        await connection.execute_script(f"PRAGMA foreign_keys = OFF; {delete}; PRAGMA foreign_keys = ON")


async def everything_goes_on(settings: Settings) -> None:
    """Look at what is there, and live on with it."""
    async with database(settings.database_url):
        assert await unapplied(settings.database_url) == []
        lamp, pipe, cover = await Issue.all().order_by("id").select_related("holder", "reporter")
        assert [each.state for each in (lamp, pipe, cover)] == [State.RESOLVED, State.OPEN, State.OPEN]
        assert pipe.holder is not None
        assert pipe.holder.tier == "township", "it has gone up"
        # What it had accepted and not worked on joins the issue that it is about.
        (waiting,) = await Inbox.filter(state=InboxState.WAITING)
        await inbox.drain(settings, waiting.lane)
        assert (await Inbox.get(id=waiting.id)).state is InboxState.DONE
        said = [each.text for each in await Message.filter(issue_id=pipe.id).order_by("id")]
        assert said == ["水管爆了", "还在漏水"]
        # What it had not sent goes out.
        assert await Outbox.filter(state=OutboxState.WAITING).count() > 0
        await carry_out(settings)
        assert await Outbox.exclude(state=OutboxState.SENT).count() == 0
        # Its issues go on, and the desk shows them.
        held = Leadership.get(unit_id=cover.holder_id, until=None, role=Role.LEADER)
        acting = await held.select_related("person")
        await Leader(settings, acting.person).answers(cover.number, "马上去盖")
        steps = [each.seq for each in await History.filter(issue_id=cover.id).order_by("seq")]
        assert steps == [1, 2]
        async with desk_for(settings).browser(acting.person) as browser:
            page = await browser.get(f"/desk/issue/{lamp.number}")
        assert page.status_code == 200
        assert "今晚修好" in page.text


def test_migrations_of_a_release_never_change() -> None:
    """Databases that have made them would not get the change: it takes a migration of its own."""
    folder = Path(migrations.__path__[0])
    kept = dict(line.split()[::-1] for line in (HERE / "migrations.sha256").read_text().splitlines())
    assert list(kept)[-1] == f"{PREVIOUS}.py"
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in kept} == kept


def test_migrations_are_one_chain() -> None:
    """Two that came at the same time would both be the last, and which is made first would be chance."""
    folder = Path(migrations.__path__[0])
    later = [path.stem for path in sorted(folder.glob("[0-9]*.py")) if path.stem > PREVIOUS]
    for before, name in zip([PREVIOUS, *later], later, strict=False):
        assert f'dependencies = [("linzhang", "{before}")]' in (folder / f"{name}.py").read_text(), name


async def test_a_migration_that_waits_keeps_nobody_waiting(new_postgres: Callable[[], str]) -> None:
    url = new_postgres()
    one, other = await asyncpg.connect(url), await asyncpg.connect(url)
    # As it was before the last migration but one, which adds a column to this table.
    await one.execute("ALTER TABLE outbox DROP COLUMN trace; ALTER TABLE inbox DROP COLUMN trace")
    await one.execute("DELETE FROM tortoise_migrations WHERE name = '0023_traces'")
    reading = one.transaction()
    await reading.start()
    await one.execute("SELECT count(*) FROM outbox")
    migrating = asyncio.create_task(migrate(url, patience=0.1))
    for _ in range(20):
        await other.fetch("SELECT id FROM outbox LIMIT 1", timeout=5)
        await asyncio.sleep(0.05)
    assert not migrating.done(), "it cannot be done while the table is read"
    await reading.rollback()
    await migrating
    assert await other.fetch("SELECT trace FROM outbox") == []
    await one.close()
    await other.close()
