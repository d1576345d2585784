"""`linzhang homeserver`: on which homeservers the service is, and which units live where."""

from typing import Annotated

import typer

from bridges.contract import DeliveryError
from bridges.matrix.registration import as_yaml, registration
from bridges.registry import matrix_bridge
from cli import running
from linzhang.settings import Homeserver, Settings
from models import Unit
from rooms import relocating

homeservers = typer.Typer(help="Homeservers, and which units live on which.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of a homeserver in the configuration, such as example.org.")]


@homeservers.command("list")
def list_all() -> None:
    """Say of each homeserver whether it answers, which units it was given, and how many rooms it has.

    The exit code is 1 where one does not answer or does not know the service.
    """

    async def work(settings: Settings) -> bool:
        matrix = matrix_bridge(settings)
        all_well = True
        try:
            for each in settings.homeservers:
                try:
                    await matrix.service(each.server_name).ping()
                    state = "answers"
                except DeliveryError as error:
                    state, all_well = str(error), False
                rooms = await relocating.rooms_on(each.server_name)
                given = await relocating.given_to(each.server_name)
                units = ", ".join(f"{unit.code} {unit.name}" for unit in given) or "nothing of its own"
                first = " (where everything else is)" if each is settings.homeservers[0] else ""
                typer.echo(f"{each.server_name}{first}: {state}; {rooms} rooms; {units}")
        finally:
            await matrix.close()
        return all_well

    if not running.with_database(work):
        raise typer.Exit(1)


@homeservers.command("registration")
def print_registration(name: Name) -> None:
    """Print the registration file that the homeserver's administrator needs. It holds secrets."""
    settings = running.settings()
    typer.echo(as_yaml(registration(_known(settings, name), settings.public_url.rstrip("/"))), nl=False)


@homeservers.command()
def assign(
    code: Annotated[str, typer.Argument(help="Code of the unit; what is below it goes along.")],
    name: Annotated[str, typer.Argument(help="The homeserver; nothing: where the unit above lives.")] = "",
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Leave rooms behind that are elsewhere; others come in their place."),
    ] = False,
) -> None:
    """Let a unit and all below it live on a homeserver.

    Rooms that are there already stay where they are, unless they are to be replaced: what is in hand is
    posted in the new ones then, and the old ones can still be read.
    """

    async def work(settings: Settings) -> tuple[str, int, int]:
        if name:
            _known(settings, name)
        unit = await Unit.get_or_none(code=code)
        if unit is None:
            running.fail(f"There is no unit {code}.")
        await relocating.assign(unit, name or None)
        elsewhere = await relocating.left_elsewhere(settings, unit)
        matrix = matrix_bridge(settings)
        replaced = 0
        try:
            for room in elsewhere if replace else ():
                await relocating.leave(settings, matrix, room)
                replaced += 1
        except DeliveryError as error:
            running.fail(f"A homeserver does not do it: {error}. What was done stays; run it again.")
        finally:
            await matrix.close()
        return unit.name, len(elsewhere), replaced

    unit, elsewhere, replaced = running.with_database(work)
    typer.echo(f"{unit} and what is below live {f'on {name}' if name else 'where the unit above lives'}.")
    if replaced:
        typer.echo(
            f"{replaced} rooms were left behind; `linzhang rooms provision {code}` makes the new ones now."
        )
    elif elsewhere:
        typer.echo(f"{elsewhere} rooms are elsewhere and stay there; --replace leaves them behind.")


def _known(settings: Settings, name: str) -> Homeserver:
    found = next((each for each in settings.homeservers if each.server_name == name), None)
    if found is None:
        names = ", ".join(each.server_name for each in settings.homeservers)
        running.fail(f"There is no homeserver {name} in the configuration, only: {names}.")
    return found
