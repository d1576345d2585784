"""`linzhang audit`: the record of what administrators did, and whether anybody has written to it since.

What a `head` prints is to be kept where nobody can write who can write to the database.
"""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli import running
from issues import sealing, tampering
from issues.tampering import Finding, Noted
from linzhang.settings import Settings
from models import AdminAction

audit = typer.Typer(
    help="The record of what administrators did: read it, look whether it was tampered with.",
    no_args_is_help=True,
)

#: The exit code where the record is broken.
_BROKEN = 1

#: How many findings are said.
_SAID = 20


@audit.command("list")
def show(
    last: Annotated[int, typer.Option(min=1, help="How many entries.")] = 50,
    before: Annotated[int | None, typer.Option(help="Only entries before this number.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="What the service itself seals, too.")] = False,
    subject: Annotated[str | None, typer.Option(help="Only what was done to this.")] = None,
) -> None:
    """Show the record, the last entry first."""

    async def work(settings: Settings) -> Table:
        table = Table("no.", "when", "who", "action", "subject", "detail")
        deeds = AdminAction.all() if before is None else AdminAction.filter(seq__lt=before)
        if not everything:
            deeds = deeds.exclude(action=sealing.ACTION)
        if subject is not None:
            deeds = deeds.filter(subject=subject)
        zone = settings.territory.zone
        for deed in await deeds.order_by("-seq").limit(last):
            when = f"{deed.at.astimezone(zone):%Y-%m-%d %H:%M}"
            table.add_row(str(deed.seq), when, deed.who, deed.action, deed.subject, deed.detail)
        return table

    Console(markup=False).print(running.with_database(work))


@audit.command()
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option(help="A head that `linzhang audit head` printed once; can be given several times."),
    ] = None,
) -> None:
    """Look whether anybody but the service has written to the record; exit code 1 where somebody has."""
    noted = [_noted(words) for words in head or []]

    async def work(settings: Settings) -> Finding:
        return await tampering.look_over(settings, noted)

    found = running.with_database(work)
    if not found.broken:
        typer.echo(f"The record is whole: {_entries(found.entries)}. Keep its head outside: {found.head}")
        return
    typer.echo(f"The record was tampered with: {_entries(found.entries)}.")
    for sentence in found.broken[:_SAID]:
        typer.echo(f"- {sentence}")
    if len(found.broken) > _SAID:
        typer.echo(f"… and {len(found.broken) - _SAID} more.")
    raise typer.Exit(_BROKEN)


@audit.command()
def head() -> None:
    """Print the head of the record, to be kept outside; refuses where the record is broken."""

    async def work(settings: Settings) -> Finding:
        return await tampering.look_over(settings)

    found = running.with_database(work)
    if found.head is None:
        running.fail("The record was tampered with: see `linzhang audit verify`.")
    typer.echo(str(found.head))


def _noted(words: str) -> Noted:
    try:
        return Noted.read(words)
    except ValueError as error:
        running.fail(str(error))


def _entries(count: int) -> str:
    return "one entry" if count == 1 else f"{count} entries"
