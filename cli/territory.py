"""`linzhang territory`: draw, load and look over a territory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from tortoise.transactions import in_transaction

from cli import running
from linzhang.profile import ProfileError, load_profile
from linzhang.settings import Settings
from territory import files, people
from territory.check import check
from territory.divisions import read_divisions
from territory.draw import draw
from territory.load import load_roster, load_units
from territory.progress import Progress as Told
from territory.rows import RowError, TerritoryError

UNITS_FILE, LEADERS_FILE = "units.csv", "leaders.csv"

territory = typer.Typer(help="Draw, load and look over a territory.", no_args_is_help=True)


@territory.command()
def generate(
    out: Annotated[Path, typer.Option(help="Folder for the files; made where it is missing.")],
    seed: Annotated[int, typer.Option(help="The same seed draws the same territory.")] = 1,
    divisions: Annotated[
        Path, typer.Option(help="CSV of the real units from the city to the villages.")
    ] = Path("data/bozhou/divisions.csv"),
    profile: Annotated[
        Path,
        typer.Option(help="The programme's profile; its table [drawing] says how many units of each tier."),
    ] = Path("profiles/bozhou.toml"),
) -> None:
    """Draw sections, groups, blocks and leaders below real villages, for rehearsals and benchmarks."""
    try:
        programme = load_profile(profile)
        units = draw(read_divisions(divisions, programme), seed, programme)
        led = [tier.key for tier in programme.tiers if tier.chain]
        out.mkdir(parents=True, exist_ok=True)
        files.write_units(out / UNITS_FILE, units)
        files.write_roster(out / LEADERS_FILE, people.leaders(units, led, seed))
    except (TerritoryError, ProfileError) as error:
        running.fail(str(error))
    except ValueError as error:
        running.fail(f"{profile}: {error}")
    except OSError as error:
        running.fail(f"{out} cannot be written: {error.strerror}.")
    typer.echo(f"{len(units)} units in {out / UNITS_FILE}, their leaders in {out / LEADERS_FILE}.")


@territory.command()
def load(
    source: Annotated[
        Path,
        typer.Argument(
            help=f"A file of units or a roster, or a folder with {UNITS_FILE} and {LEADERS_FILE}."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
) -> None:
    """Put units and leaders into the database, all or nothing."""

    async def work(settings: Settings) -> tuple[int, int]:
        with _bars() as progress:
            return await _load(settings, source, progress, dry_run=dry_run)

    units, posts = running.with_database(work)
    if dry_run:
        typer.echo(f"Nothing is wrong: {units} units and {posts} posts would be new or changed.")
    else:
        typer.echo(f"{units} units and {posts} posts are new or changed.")


@territory.command("check")
def check_territory() -> None:
    """Look for units that break a rule; the exit code is 1 where there are any."""
    findings = running.with_database(check)
    for finding in findings:
        typer.echo(f"{finding.units:>7} × not so: {finding.rule} ({', '.join(finding.examples)} …)")
    if findings:
        raise typer.Exit(1)
    typer.echo("Every rule holds.")


class _DryRun(Exception):
    """Undoes the transaction of a dry run."""


async def _load(settings: Settings, source: Path, progress: Told, *, dry_run: bool) -> tuple[int, int]:
    units = posts = 0
    try:
        async with in_transaction():
            for path in _files(source):
                if files.is_roster(path):
                    posts += await load_roster(settings, path, progress)
                else:
                    units += await load_units(settings, files.read_units(path), progress)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return units, posts


def _files(source: Path) -> list[Path]:
    """What to load, units before the people who lead them."""
    if not source.is_dir():
        return [source]
    found = [source / name for name in (UNITS_FILE, LEADERS_FILE) if (source / name).is_file()]
    if not found:
        raise TerritoryError([RowError(0, f"{source} has neither {UNITS_FILE} nor {LEADERS_FILE}.")])
    return found


@contextmanager
def _bars() -> Iterator[Told]:
    """A bar per stage, on the error output, where somebody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, int] = {}

        def told(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield told
