"""`linzhang backup` and `linzhang restore`: the whole database as one file, and back."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from cli import running
from escalator import restoring
from linzhang import copying
from linzhang.database import database, migrate, unknown
from linzhang.settings import Settings

#: Ids of each table that a restored database leaves out, unless somebody knows better.
SKIP = 10_000


def backup(file: Annotated[Path, typer.Argument(help="Where to; it must not be there yet.")]) -> None:
    """Write the whole database into one file, while everything goes on.

    The file holds what residents have said, in the open. Numbers in it are sealed: keep seal_keys and
    lookup_key elsewhere.
    """
    settings = running.settings()
    try:
        copying.back_up(settings.database_url, file)
    except copying.CopyError as error:
        running.fail(str(error))
    typer.echo(
        f"{file}: {file.stat().st_size / 2**20:.1f} MB. Keep the configuration and its keys elsewhere."
    )


def restore(
    file: Annotated[
        Path | None, typer.Argument(help="A file that `linzhang backup` has written; without, --only-settle.")
    ] = None,
    *,
    who: Annotated[str, typer.Option(help="Who does it, for the record.", default_factory=getpass.getuser)],
    skip: Annotated[
        int, typer.Option(min=1, help="Ids to leave out: more than issues, messages … came since the backup.")
    ] = SKIP,
    only_settle: Annotated[
        bool, typer.Option("--only-settle", help="Put a database right that was brought back by other means.")
    ] = False,
) -> None:
    """Fill an empty database from a backup, and put it right; neither web nor workers may run meanwhile.

    See "Backup and restore" in docs/operators.md for what came in between.
    """
    settings = running.settings()
    if (file is None) is not only_settle:
        running.fail("Name the file, or say --only-settle: one of them.")
    try:
        if file is not None:
            copying.bring_back(file, settings.database_url)
    except copying.CopyError as error:
        running.fail(str(error))
    in_doubt = running.attempt(lambda: _put_right(settings, who, skip))
    typer.echo(
        "The database is as it was, and of this version. Everybody has to come in to the desk anew."
        f" Effects that may have gone out already: {in_doubt}; the far side is asked before any is sent."
    )


async def _put_right(settings: Settings, who: str, skip: int) -> int:
    async with database(settings.database_url):
        later = await unknown(settings.database_url)
    if later:
        running.fail(f"The backup is of a later version ({', '.join(later)}): go on with that one.")
    await migrate(settings.database_url)
    async with database(settings.database_url):
        return await restoring.settle(settings, who, skip)
