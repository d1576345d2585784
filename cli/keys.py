"""`linzhang keys`: by which keys numbers are encrypted, and encrypting all of them with a new one.

Keys are never printed: they are called by their place in `seal_keys`.
"""

import getpass
from typing import Annotated

import typer
from rich.console import Console

from cli import running
from issues import resealing
from issues.resealing import Standing
from linzhang.settings import Settings

keys = typer.Typer(help="The keys with which numbers are encrypted: rotate them.", no_args_is_help=True)

#: The exit code where a key other than the first is still needed, or something cannot be opened.
_NOT_YET = 1

_progress = Console(stderr=True, soft_wrap=True, highlight=False)


@keys.command()
def status() -> None:
    """Say how much each key of `seal_keys` has sealed; exit code 1 while an old one is needed."""

    async def work(settings: Settings) -> tuple[Standing, int]:
        return await resealing.standing(settings, _tell), len(settings.seal_keys)

    found, count = running.with_database(work)
    for key in range(count):
        typer.echo(
            f"Key {key + 1} of {count}: {found.by_key[key]} values{' (the one that seals)' * (key == 0)}"
        )
    if found.lost:
        typer.echo(f"None of the keys opens {found.lost} values: is one missing that was there before?")
    if found.old:
        typer.echo("Old keys are still needed: run `linzhang keys rotate`.")
    elif count > 1:
        typer.echo(
            "The first key alone opens everything. Where all processes of the service have been started with "
            "it in front, the others may be removed. Keep them as long as you keep backups from before."
        )
    if found.old or found.lost:
        raise typer.Exit(_NOT_YET)


@keys.command()
def rotate(
    who: Annotated[str, typer.Option(help="Who does it, for the record.", default_factory=getpass.getuser)],
    at_most: Annotated[int | None, typer.Option(min=1, help="Seal so many anew, and end.")] = None,
) -> None:
    """Seal everything with the first key, while the service runs. Can be stopped, and begun again."""

    async def work(settings: Settings) -> int:
        return await resealing.reseal(settings, who, _tell, at_most=at_most)

    done = running.with_database(work)
    typer.echo(
        f"{done} values were sealed anew. `linzhang keys status` says whether old keys may be removed."
    )


def _tell(place: str, looked: int) -> None:
    _progress.print(f"{place}: {looked} rows", end="\r", markup=False)
