"""`linzhang leaders`: let leaders tie their own chat accounts to their posts."""

from typing import Annotated

import typer

from cli import running
from issues import chain, linking
from linzhang.settings import Settings
from models import Address, Leadership, Role, Unit
from rooms import inviting, roster

leaders = typer.Typer(help="Let leaders tie their own chat accounts to their posts.", no_args_is_help=True)


@leaders.callback()
def _group() -> None:
    """Let leaders tie their own chat accounts to their posts."""


@leaders.command()
def invite(
    code: Annotated[str, typer.Argument(help="Code of the unit whose leader is invited.")],
    below: Annotated[
        bool,
        typer.Option("--below", help="Also the leaders of all units below who have no account yet."),
    ] = False,
) -> None:
    """Send a leader a code by text; sent on to the service in a direct chat, it ties the account to the post.

    The account may be on any homeserver. It takes the place of one that was tied to the post before.
    """

    async def work(settings: Settings) -> tuple[int, list[str]]:
        unit = await Unit.get_or_none(code=code)
        if unit is None:
            running.fail(f"There is no unit {code}.")
        at = settings.clock.now()
        posts = Leadership.filter(chain.in_office(at), role=Role.LEADER).select_related("person", "unit")
        scope = {"unit__path__startswith": unit.path} if below else {"unit_id": unit.id}
        invited: set[int] = set()
        without: list[str] = []
        for post in await posts.filter(**scope).order_by("unit__path"):
            has_one = await Address.exists(person_id=post.person_id, bridge=roster.MATRIX)
            if post.person_id in invited or (has_one and post.unit_id != unit.id):
                continue
            sent, _ = await inviting.invite(settings, post.person, post.unit)
            if sent:
                invited.add(post.person_id)
            else:
                without.append(f"{post.person.name} ({post.unit.name})")
        return len(invited), without

    sent, without = running.with_database(work)
    for each in without:
        typer.echo(f"{each} has no mobile phone in the roster.")
    if not sent and not without:
        running.fail(f"Nobody leads {code}.")
    typer.echo(f"{sent} get a code by text, which works for {linking.LASTS.days} days.")
    if without:
        raise typer.Exit(1)
