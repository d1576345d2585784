"""`linzhang webhooks`: the addresses of other systems that are told what changes.

Each deed is recorded: who, when, what.
"""

import getpass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli import running
from escalator.webhooks import targets
from escalator.webhooks.targets import Event, Unfit
from issues import chain
from linzhang.settings import Settings
from models import Unit, WebhookTarget

webhooks = typer.Typer(help="Addresses of other systems that are told what changes.", no_args_is_help=True)

Who = Annotated[str, typer.Option(help="Who does it, for the record.", default_factory=getpass.getuser)]
Id = Annotated[int, typer.Argument(metavar="ID", help="As `linzhang webhooks list` shows it.")]


@webhooks.command()
def make(
    code: Annotated[str, typer.Argument(help="Code of the unit; it is told of those below too.")],
    url: Annotated[str, typer.Argument(help="Where.")],
    who: Who,
    events: Annotated[list[Event], typer.Option("--event", help="What it is told.")] = list(Event),  # noqa: B006
) -> None:
    """Tell an address from now on, in the name of the unit's leader, and print its secret: this once."""

    async def work(settings: Settings) -> str:
        unit = await Unit.get_or_none(code=code)
        leader = await chain.leader_of(unit, settings.clock.now()) if unit else None
        if unit is None or leader is None:
            running.fail(f"Nobody leads {code}." if unit else f"There is no unit {code}.")
        try:
            _, secret = await targets.make(settings, leader, unit, url, events, who)
        except Unfit as error:
            running.fail(error.sentence(running.language()))
        return secret

    typer.echo(running.with_database(work))


@webhooks.command("list")
def show() -> None:
    """Show all that have not been removed."""

    async def work(_settings: Settings) -> Table:
        table = Table("id", "address", "unit", "events", "is")
        there = WebhookTarget.filter(ended_at=None).order_by("id").select_related("unit")
        for each in await there:
            state = "given up" if each.disabled_at else "failing" if each.failing_since else "told"
            table.add_row(str(each.id), each.url, each.unit.code, " ".join(each.events), state)
        return table

    Console().print(running.with_database(work))


@webhooks.command()
def enable(target_id: Id, who: Who) -> None:
    """Tell one again that was given up."""

    async def work(settings: Settings) -> None:
        await targets.enable(settings, await _named(target_id), who)

    running.with_database(work)
    typer.echo("It is told again, of what happens from now on.")


@webhooks.command()
def remove(target_id: Id, who: Who) -> None:
    """Tell one nothing more."""

    async def work(settings: Settings) -> None:
        await targets.end(settings, await _named(target_id), who)

    running.with_database(work)
    typer.echo("It is told nothing more.")


async def _named(target_id: int) -> WebhookTarget:
    target = await WebhookTarget.get_or_none(id=target_id, ended_at=None)
    if target is None:
        running.fail(f"There is no webhook {target_id}.")
    return target
