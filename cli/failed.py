"""`linzhang failed`: what the service could not do, and trying it once more."""

import getpass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli import running
from issues import mending
from linzhang.settings import Settings
from models import Inbox, InboxState, Outbox, OutboxState

failed = typer.Typer(help="What the service could not do: list it, try it once more.", no_args_is_help=True)

#: Rows of the list.
_SHOWN = 50


@failed.command("list")
def show() -> None:
    """Show what has failed for good and nobody has seen to, the last first."""

    async def work(_settings: Settings) -> Table:
        table = Table("box", "id", "bridge", "error")
        effects = Outbox.filter(state=OutboxState.FAILED, settled_at=None).order_by("-id")
        for row in await effects.limit(_SHOWN):
            table.add_row("outbox", str(row.id), row.bridge, row.error)
        for event in await Inbox.filter(state=InboxState.FAILED).order_by("-id").limit(_SHOWN):
            table.add_row("inbox", str(event.id), event.bridge, event.error)
        return table

    Console().print(running.with_database(work))


@failed.command()
def again(
    who: Annotated[str, typer.Option(help="Who does it, for the record.", default_factory=getpass.getuser)],
    outbox: Annotated[
        list[int] | None, typer.Option(help="Id of an effect; can be given several times.")
    ] = None,
    inbox: Annotated[
        list[int] | None, typer.Option(help="Id of an event; can be given several times.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All effects and events that have failed.")
    ] = False,
) -> None:
    """Try failed effects and events once more, with the next sweep of a worker."""

    async def work(settings: Settings) -> int:
        effects, events = list(outbox or []), list(inbox or [])
        if everything:
            rows = Outbox.filter(state=OutboxState.FAILED, settled_at=None)
            effects = [row["id"] for row in await rows.values("id")]
            rows_in = Inbox.filter(state=InboxState.FAILED)
            events = [row["id"] for row in await rows_in.values("id")]
        count, _ = await mending.do_again(settings, who, effects=effects, events=events)
        return count

    if not everything and not outbox and not inbox:
        running.fail("Say which: --outbox 12, --inbox 34, or --all; `linzhang failed list` shows them.")
    typer.echo(f"{running.with_database(work)} are tried again.")
