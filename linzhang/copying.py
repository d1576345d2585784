"""A whole database as one file, and back: for `linzhang backup` and `linzhang restore`.

SQLite is copied by its own online backup, PostgreSQL by its own `pg_dump` and `pg_restore`, which must be of
the server's version or later. Both see one moment, while everything goes on. Nothing here knows a table.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from linzhang.database import tortoise_config


class CopyError(Exception):
    """It was not copied; the message says why and what to do, and holds no secret."""


def back_up(database_url: str, file: Path) -> None:
    """Write a database into a file that only its owner can read; it is whole, or not there.

    Raises:
        CopyError: It could not be done.
    """
    if file.exists():
        raise CopyError(f"{file} is there already: nothing was overwritten.")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        path = _sqlite_path(database_url)
        if path is None:
            _run("pg_dump", ["--format=custom", f"--file={draft}"], _environment(database_url))
        elif path.is_file():
            _copy(path, draft)
        else:
            raise CopyError(f"There is no database at {path}.")
        draft.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise CopyError(f"It could not be written: {error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def bring_back(file: Path, database_url: str) -> None:
    """Fill an empty database from a file that `back_up` has written; it has all of it, or stays empty.

    Raises:
        CopyError: It could not be done: the database is not empty, say, or the file is of the other kind.
    """
    try:
        is_sqlite = file.read_bytes()[:15] == b"SQLite format 3"
    except OSError as error:
        raise CopyError(f"{file} cannot be read: {error.strerror}.") from error
    path = _sqlite_path(database_url)
    if is_sqlite is not (path is not None):
        kinds = ("SQLite", "PostgreSQL") if is_sqlite else ("PostgreSQL", "SQLite")
        raise CopyError(f"{file} is of {kinds[0]}, and database_url names a database of {kinds[1]}.")
    if path is None:
        _require_nothing_there(database_url)
        whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        environment = _environment(database_url)
        _run("pg_restore", [*whole, f"--dbname={environment['PGDATABASE']}", str(file)], environment)
        return
    if path.exists():
        raise CopyError(f"{path} is there already: move it away, so that there is an empty place.")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _copy(file, draft)
        draft.rename(path)
    except (OSError, sqlite3.Error) as error:
        raise CopyError(f"It could not be brought back: {error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _sqlite_path(database_url: str) -> Path | None:
    prefix = "sqlite://"
    return Path(database_url.removeprefix(prefix)) if database_url.startswith(prefix) else None


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
        (found,) = other.execute("PRAGMA quick_check").fetchone()
    if found != "ok":
        raise CopyError(f"{source} is damaged: {found}.")


def _require_nothing_there(database_url: str) -> None:
    ask = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    found = _run(
        "psql", ["--no-psqlrc", "--tuples-only", "--no-align", f"--command={ask}"], _environment(database_url)
    )
    if found.strip() != "0":
        raise CopyError("The database that database_url names has tables already: make an empty one.")


def _environment(database_url: str) -> Mapping[str, str]:
    """How PostgreSQL's own programmes reach the database; not as arguments, which everybody can see."""
    (connection,) = tortoise_config(database_url)["connections"].values()
    told = connection["credentials"]
    environment = {
        "PGHOST": told["host"],
        "PGPORT": told["port"],
        "PGUSER": told["user"],
        "PGPASSWORD": told["password"],
        "PGDATABASE": told["database"],
        "PGSSLMODE": "require" if told.get("ssl") else None,
    }
    return {name: str(value) for name, value in environment.items() if value is not None}


def _run(programme: str, arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    path = shutil.which(programme)
    if path is None:
        raise CopyError(f"{programme} is not installed: it comes with PostgreSQL's client programmes.")
    done = subprocess.run(  # noqa: S603 - found by its own name, and no shell is asked
        [path, *arguments], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CopyError(f"{programme}: {done.stderr.strip() or done.returncode}")
    return done.stdout
