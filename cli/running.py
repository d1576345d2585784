"""What every command shares: reading the settings, opening the database, failing in plain words.

A command that fails says one thing, what to do about it, and nothing of Python. It must never print
a secret.
"""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable
from tomllib import TOMLDecodeError
from typing import NoReturn, TypeVar

import asyncpg
import typer
from pydantic_settings import SettingsError as SourceError
from rich.console import Console
from tortoise.exceptions import BaseORMException

from linzhang.database import database
from linzhang.profile import ProfileError
from linzhang.settings import Settings, SettingsError, load_settings
from territory.rows import TerritoryError

#: The exit code when a command cannot do what it was asked.
FAILED = 2

_errors = Console(stderr=True, soft_wrap=True, highlight=False)

T = TypeVar("T")


def fail(message: str) -> NoReturn:
    """Say why the command ends here, and end it."""
    _errors.print(message, markup=False)
    raise typer.Exit(FAILED)


def language() -> str:
    """In which language the person at the terminal reads: Chinese where their locale is, else English."""
    locale = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return "zh-Hans" if locale.lower().startswith("zh") else "en"


def settings() -> Settings:
    """The settings, profile included; ends the command where something is wrong."""
    try:
        loaded = load_settings()
        # The profile's file is part of the configuration, but is only read when it is needed.
        _ = loaded.territory
    except (SettingsError, ProfileError) as error:
        fail(str(error))
    except TOMLDecodeError as error:
        fail(f"The file that LINZHANG_CONFIG names is not TOML: {error}")
    except SourceError as error:
        fail(f"The configuration cannot be used: {error}; lists and tables are written as JSON.")
    return loaded


def with_database(work: Callable[[Settings], Awaitable[T]]) -> T:
    """Do something with the database open; ends the command where it cannot be done.

    Args:
        work: What to do.
    """
    loaded = settings()

    async def run() -> T:
        async with database(loaded.database_url):
            return await work(loaded)

    return attempt(run)


def attempt(work: Callable[[], Awaitable[T]]) -> T:
    """Run to the end; ends the command in plain words where it cannot be done."""

    async def run() -> T:
        return await work()

    try:
        return asyncio.run(run())
    except TerritoryError as error:
        fail(error.to(language()))
    except (BaseORMException, sqlite3.Error, asyncpg.PostgresError, OSError) as error:
        fail(
            f"The database that LINZHANG_DATABASE_URL names does not do it: {error}\n"
            "Is it there, and has `linzhang migrate` been run?"
        )
