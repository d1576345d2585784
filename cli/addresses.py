"""`linzhang address`: where people are reached besides their phones."""

from typing import Annotated

import typer

from cli import running
from linzhang.settings import Settings
from territory.addresses import give, take

address = typer.Typer(help="Where people are reached besides their phones.", no_args_is_help=True)


_Unit = Annotated[str, typer.Argument(help="Code of the unit whose leader it is, such as 3416-water.")]
_Bridge = Annotated[str, typer.Argument(help="The bridge: email, wecom, whatsapp …")]
_Where = Annotated[str, typer.Argument(help="The address there: water@example.org, a member's id, a number.")]


@address.command()
def add(unit: _Unit, bridge: _Bridge, where: _Where) -> None:
    """Let the leader of a unit, or the head of a department, be reached at one more address."""

    async def work(settings: Settings) -> str:
        return (await give(settings, unit, bridge, where)).name

    typer.echo(f"{running.with_database(work)} is reached by {bridge} too.")


@address.command()
def remove(unit: _Unit, bridge: _Bridge, where: _Where) -> None:
    """Send nothing more to one of their addresses."""

    async def work(settings: Settings) -> str:
        return (await take(settings, unit, bridge, where)).name

    typer.echo(f"{running.with_database(work)} gets nothing more there by {bridge}.")
