"""The database connection: how Tortoise is configured, opened and migrated.

Migrations are Tortoise's own (`tortoise.migrations`): they are part of the ORM since 1.0, know its
fields, run on SQLite and PostgreSQL alike and are kept by the same people; aerich keeps the
schema as a serialised snapshot per dialect, so that one migration cannot serve both databases.
"""

import asyncio
import gc
import pkgutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as apply_migrations

#: Milliseconds that a writer on SQLite waits for another one.
SQLITE_BUSY_TIMEOUT = 30_000


def tortoise_config(database_url: str) -> dict[str, Any]:
    """Tortoise's configuration for a database URL."""
    connection = expand_db_url(database_url.replace("postgresql://", "postgres://", 1))
    if connection["engine"] == "tortoise.backends.sqlite":
        connection["engine"] = "linzhang.sqlite"
        connection["credentials"] |= {
            "journal_mode": "WAL",
            "synchronous": "FULL",  # an accepted message survives a power cut
            "busy_timeout": SQLITE_BUSY_TIMEOUT,
        }
    else:
        # After some calls PostgreSQL would take one plan for all values of a statement: the whole city's
        # for a block. To plan each time takes a part of a millisecond.
        connection["credentials"]["server_settings"] = {"plan_cache_mode": "force_custom_plan"}
        connection["credentials"]["reset"] = _as_it_is
    # Tortoise keeps statements per connection's name and table: a process that opens databases of
    # two kinds, as the tests do, must not find those of the other.
    name = connection["engine"].rpartition(".")[2]
    return {
        "connections": {name: connection},
        "apps": {
            "linzhang": {
                "models": ["models"],
                "default_connection": name,
                "migrations": "models.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def _as_it_is(connection: object) -> None:
    """Give a connection back to its pool, where asyncpg has ended its transaction if one was left open.

    Otherwise each statement would be followed by another one, which undoes what a session can be set to, and
    take twice as long. Nothing here sets anything for a session: locks and settings are a transaction's.
    """


@asynccontextmanager
async def database(database_url: str, *, for_all_tasks: bool = False) -> AsyncIterator[None]:
    """Hold a database open: for the caller and the tasks that it starts meanwhile.

    Args:
        database_url: Which one.
        for_all_tasks: Whether tasks that are not the caller's children see it too, as a web server's
            requests; one database of a process can be open so.
    """
    with TortoiseContext() as context:
        await context.init(config=tortoise_config(database_url), _enable_global_fallback=for_all_tasks)
        try:
            yield
        finally:
            await context.close_connections()


async def migrate(database_url: str, *, patience: float = 3.0, tries: int = 60) -> None:
    """Bring the schema up to date; does nothing where it is.

    A table that is to be changed must be nobody else's for a moment. On PostgreSQL whoever waits for that
    keeps all others waiting, too: so it is not waited for long, but again and again.

    Args:
        database_url: Which database.
        patience: Seconds for which a table is waited for, and then as long a pause.
        tries: How often; what was migrated before stays so.

    Raises:
        asyncpg.LockNotAvailableError: Somebody has held a table all the time.
    """
    config = tortoise_config(database_url)
    (connection,) = config["connections"].values()
    if connection["engine"] == "tortoise.backends.asyncpg":
        connection["credentials"]["server_settings"] = {"lock_timeout": f"{round(patience * 1000)}ms"}
    for left in reversed(range(tries)):
        with TortoiseContext() as context, _seldom_collected():
            try:
                await apply_migrations(config=config)
                return
            except asyncpg.LockNotAvailableError:
                if not left:
                    raise
            finally:
                await context.close_connections()
        await asyncio.sleep(patience)


async def unapplied(database_url: str) -> Sequence[str]:
    """Names of the migrations that this version needs and the open database does not have yet.

    A database that has more, of a later version, is fine: the later version must leave this one its tables
    (docs/developers.md, "Tables").
    """
    return sorted(_needed() - await _applied(database_url))


async def unknown(database_url: str) -> Sequence[str]:
    """Names of the migrations that the open database has and this version does not know."""
    return sorted(await _applied(database_url) - _needed())


def _needed() -> set[str]:
    package = import_module(TORTOISE["apps"]["linzhang"]["migrations"])
    return {each.name for each in pkgutil.iter_modules(package.__path__) if each.name[0].isdigit()}


async def _applied(database_url: str) -> set[str]:
    connection = Tortoise.get_connection(next(iter(tortoise_config(database_url)["connections"])))
    if not await connection.execute_query_dict(_HAS_MIGRATIONS[connection.capabilities.dialect]):
        return set()
    found = await connection.execute_query_dict("SELECT name FROM tortoise_migrations")
    return {row["name"] for row in found}


#: Whether anything was ever migrated.
_HAS_MIGRATIONS = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'tortoise_migrations'",
    "postgres": "SELECT 1 WHERE to_regclass('tortoise_migrations') IS NOT NULL",
}


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage a hundred times less often.

    Tortoise makes all models anew for each step of each migration, thousands of classes: a third of the
    time went into looking through them. The price is 70 MB, for seconds.
    """
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


#: For `tortoise -c linzhang.database.TORTOISE makemigrations`: the tables, on no database at all.
TORTOISE = tortoise_config("sqlite://:memory:")
