"""`linzhang address`: where people are reached besides their phones."""

from typing import Annotated

import typer

from cli import running
from linzhang.settings import Settings
from territory.addresses import give

address = typer.Typer(help="Where people are reached besides their phones.", no_args_is_help=True)


@address.callback()
def _group() -> None:
    """Where people are reached besides their phones."""


@address.command()
def add(
    unit: Annotated[str, typer.Argument(help="Code of the unit whose leader it is, such as 3416-water.")],
    bridge: Annotated[str, typer.Argument(help="The bridge: email, wecom, whatsapp …")],
    where: Annotated[
        str, typer.Argument(help="The address there: water@example.org, a member's id, a number.")
    ],
) -> None:
    """Let the leader of a unit, or the head of a department, be reached at one more address."""

    async def work(settings: Settings) -> str:
        return (await give(settings, unit, bridge, where)).name

    typer.echo(f"{running.with_database(work)} is reached by {bridge} too.")
