"""A terminal whose configuration names an empty, migrated database: SQLite and PostgreSQL alike."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
from typer.testing import CliRunner

from cli.main import app
from linzhang.database import database
from linzhang.settings import Settings
from tests.factories import empty_database, make_settings

T = TypeVar("T")


@dataclass
class Terminal:
    """Somebody at a terminal of the machine on which the service runs.

    Attributes:
        settings: The service's, as the terminal's commands read them.
    """

    settings: Settings

    def run(self, *words: str, say: str | None = None) -> tuple[int, str]:
        """Run `linzhang` with some words; its exit code, and all that it says."""
        result = CliRunner().invoke(app, list(words), input=say, catch_exceptions=False)
        return result.exit_code, result.output

    def live(self, work: Callable[[Settings], Awaitable[T]]) -> T:
        """Let the service do something."""

        async def live() -> T:
            async with database(self.settings.database_url):
                return await work(self.settings)

        return asyncio.run(live())

    def sql(self, *statements: str) -> list[Any]:
        """Do something to the database as somebody who has got into it; the rows of the last statement."""
        if self.settings.database_url.startswith("sqlite://"):
            path = self.settings.database_url.removeprefix("sqlite://")
            with closing(sqlite3.connect(path)) as connection, connection:
                return [connection.execute(statement).fetchall() for statement in statements][-1]

        async def ask() -> list[Any]:
            connection = await asyncpg.connect(self.settings.database_url)
            try:
                rows = [await connection.fetch(statement) for statement in statements]
                return list(rows[-1])
            finally:
                await connection.close()

        return asyncio.run(ask())


def terminal_of(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose environment holds the settings."""
    homeservers = [
        {
            "server_name": each.server_name,
            "url": each.url,
            "as_token": each.as_token.get_secret_value(),
            "hs_token": each.hs_token.get_secret_value(),
        }
        for each in settings.homeservers
    ]
    for key, value in {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PUBLIC_URL": settings.public_url,
        "PROFILE": str(settings.profile),
        "SEAL_KEYS": json.dumps([key.get_secret_value() for key in settings.seal_keys]),
        "LOOKUP_KEY": settings.lookup_key.get_secret_value(),
        "HOMESERVERS": json.dumps(homeservers),
        "CLOCK_FILE": str(settings.clock_file),
    }.items():
        monkeypatch.setenv(f"LINZHANG_{key}", value)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    return Terminal(settings)


@pytest.fixture(params=["sqlite", "postgres"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal on an empty database of each kind."""
    if request.param == "sqlite":
        shutil.copy(asyncio.run(empty_database()), tmp_path / "linzhang.db")
        settings = make_settings(tmp_path)
    else:
        make: Callable[[], str] = request.getfixturevalue("new_postgres")
        settings = make_settings(tmp_path, database_url=make())
    return terminal_of(settings, monkeypatch)
