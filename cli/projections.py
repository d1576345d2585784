"""`linzhang projections`: what the desk shows, made anew or looked over."""

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli import running
from linzhang.settings import Settings
from projections import rebuilding
from projections.status import Status
from projections.status import status as look

projections = typer.Typer(
    help="Warning levels, figures and words, which the desk shows: made from the issues, at any time anew.",
    no_args_is_help=True,
)


@projections.command()
def rebuild() -> None:
    """Make all of it anew from the issues. The service may run; nobody is told of a level.

    The desk shows what was there before until all is done.
    """

    async def work(settings: Settings) -> int:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bars:
            task = bars.add_task("issues", total=None)

            def told(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total)

            return await rebuilding.rebuild(settings, told)

    typer.echo(f"{running.with_database(work)} issues are shown as they are.")


@projections.command()
def status() -> None:
    """Say how far the projections are behind the issues; the exit code is 1 where they are."""
    found: Status = running.with_database(look)
    typer.echo(f"{found.shown} of {found.issues} issues are shown.")
    if found.stale:
        typer.echo(
            f"{found.stale} have changed since, the first at {found.stale_since:%Y-%m-%d %H:%M:%S %Z}."
        )
    if not found.sized:
        typer.echo("The households of the units are still to be counted.")
    if not found.follows_profile:
        typer.echo("The levels are still to be made by the profile's parameters.")
    if found.rebuilt_at:
        typer.echo(f"Last made from scratch: {found.rebuilt_at:%Y-%m-%d %H:%M:%S %Z}.")
    if found.stale or found.shown < found.issues or not (found.sized and found.follows_profile):
        typer.echo("A worker (`python -m escalator`) does what is left, a moment after it runs.")
        raise typer.Exit(1)
