"""`linzhang tokens`: make, list and revoke the keys with which programmes use the API.

Each deed is recorded: who, when, what.
"""

import getpass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli import running
from issues import chain
from linzhang.settings import Settings
from models import ApiToken, Unit
from web.access import tokens as access
from web.access.scope import scope_of
from web.access.tokens import Right, TooMuch

tokens = typer.Typer(help="The keys with which programmes use the API.", no_args_is_help=True)

Who = Annotated[str, typer.Option(help="Who does it, for the record.", default_factory=getpass.getuser)]


@tokens.command()
def make(
    code: Annotated[str, typer.Argument(help="Code of the unit whose leader the token acts for.")],
    name: Annotated[str, typer.Argument(help="What it is for, so that it is known again.")],
    rights: Annotated[list[Right], typer.Argument(help="What it may do, such as issues:read.")],
    who: Who,
    days: Annotated[int, typer.Option(help="For how many days it counts.")] = access.LASTS,
) -> None:
    """Make a token for a unit and those below it, and print it: it is shown this once."""

    async def work(settings: Settings) -> str:
        unit = await Unit.get_or_none(code=code)
        leader = await chain.leader_of(unit, settings.clock.now()) if unit else None
        scope = await scope_of(settings, leader) if leader else None
        if unit is None or scope is None:
            running.fail(f"Nobody leads {code}." if unit else f"There is no unit {code}.")
        try:
            _, word = await access.make(settings, scope, name, rights, who, units=[unit], days=days)
        except TooMuch as error:
            running.fail(error.sentence(running.language()))
        return word

    typer.echo(running.with_database(work))


@tokens.command("list")
def show() -> None:
    """Show all tokens that have not been revoked."""

    async def work(settings: Settings) -> Table:
        table = Table("id", "name", "of", "rights", "units", "until", "last used")
        wall = settings.clock.wall()
        for token in await ApiToken.filter(revoked_at=None).order_by("id").select_related("person"):
            units = [unit.code for unit in await Unit.filter(id__in=token.unit_ids)]
            until = "ended" if token.expires_at <= wall else f"{token.expires_at:%Y-%m-%d}"
            used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never"
            rights = " ".join(token.rights)
            table.add_row(
                str(token.id), token.name, token.person.name, rights, " ".join(units) or "all", until, used
            )
        return table

    Console().print(running.with_database(work))


@tokens.command()
def revoke(
    token_id: Annotated[int, typer.Argument(metavar="ID", help="As `linzhang tokens list` shows it.")],
    who: Who,
) -> None:
    """Take a token back: it counts no more."""

    async def work(settings: Settings) -> str:
        token = await ApiToken.get_or_none(id=token_id)
        if token is None or not await access.revoke(settings, token, who):
            running.fail(f"There is no token {token_id}.")
        return token.name

    typer.echo(f"{running.with_database(work)} counts no more.")
