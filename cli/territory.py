"""`linzhang territory`: draw, load and look over a territory."""

from pathlib import Path
from typing import Annotated

import typer

from cli import running
from cli.borders import borders
from cli.told import bars, print_changes
from linzhang.profile import ProfileError, load_profile
from linzhang.settings import Settings
from linzhang.words import say
from territory import files, people, texts
from territory.check import check
from territory.divisions import read_divisions
from territory.draw import draw
from territory.load import Loaded, load_files
from territory.rows import TerritoryError

UNITS_FILE, LEADERS_FILE, RESIDENTS_FILE = "units.csv", "leaders.csv", "residents.csv"

territory = typer.Typer(
    help="The units of the programme, who leads them, who lives in them: draw, load, look over.",
    no_args_is_help=True,
)
territory.command()(borders)


@territory.command()
def generate(
    out: Annotated[Path, typer.Option(help="Folder for the files; made where it is missing.")],
    seed: Annotated[int, typer.Option(help="The same seed draws the same territory and people.")] = 1,
    divisions: Annotated[
        Path, typer.Option(help="File of the real units that stand above those to be drawn.")
    ] = Path("data/bozhou/divisions.csv"),
    profile: Annotated[
        Path,
        typer.Option(help="The programme's profile; its table [drawing] says how many units of each tier."),
    ] = Path("profiles/bozhou.toml"),
    residents: Annotated[
        int, typer.Option(help=f"About how many residents to write into {RESIDENTS_FILE} besides.", min=0)
    ] = 0,
) -> None:
    """Draw a whole programme for a rehearsal: invented units, leaders and residents below real divisions.

    No phone number can be anybody's: all are in ranges that are never assigned.
    """
    try:
        programme = load_profile(profile)
        units = draw(read_divisions(divisions, programme), seed, programme)
        led = [tier.key for tier in programme.tiers if tier.chain]
        out.mkdir(parents=True, exist_ok=True)
        files.write_units(out / UNITS_FILE, units)
        files.write_roster(out / LEADERS_FILE, people.leaders(units, led, seed))
        typer.echo(f"{len(units)} units in {out / UNITS_FILE}, their leaders in {out / LEADERS_FILE}.")
        if residents:
            invented = list(people.all_residents(units, seed, residents))
            files.write_residents(out / RESIDENTS_FILE, invented)
            typer.echo(f"{len(invented)} residents in {out / RESIDENTS_FILE}.")
    except TerritoryError as error:
        running.fail(error.to(running.language()))
    except ProfileError as error:
        running.fail(str(error))
    except ValueError as error:
        running.fail(f"{profile}: {error}")
    except OSError as error:
        running.fail(f"{out} cannot be written: {error.strerror}.")


@territory.command()
def load(
    sources: Annotated[
        list[Path],
        typer.Argument(
            help="CSV or XLSX files of units, leaders, residents or places, or folders with units.csv,"
            " leaders.csv, residents.csv, places.csv (or .xlsx). What a file holds, its heading tells."
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    show_all: Annotated[
        bool, typer.Option("--show-all", help="Name everything that changes, not some of each kind.")
    ] = False,
) -> None:
    """Bring the database up to date from files, all or nothing. The same files again change nothing.

    A unit with another parent_code is moved, with all below it.

    A unit with another's code in merged_into becomes part of it and is closed.

    A leader's row without name and phone makes the post vacant.

    What a file does not name stays as it is. docs/admins.md names the columns.
    """

    async def work(settings: Settings) -> list[Loaded]:
        with bars(texts.STAGES) as progress:
            return await load_files(settings, sources, dry_run=dry_run, keep_all=show_all, progress=progress)

    loaded = running.with_database(work)
    for each in loaded:
        _print(each, show_all=show_all)
    if dry_run:
        typer.echo(say(texts.DRY_RUN, running.language()))


@territory.command("check")
def check_territory() -> None:
    """Look for whatever breaks a rule of the programme; the exit code is 1 where something does.

    As many households in a block as the profile says; one leader for every unit.

    Everybody and every place in a block that is there; nobody in two.

    Nobody's phone number twice.
    """
    report, language = running.with_database(check), running.language()
    for finding in report.findings:
        rule, examples = finding.says.to(language), "; ".join(finding.examples)
        more = " …" if finding.number > len(finding.examples) else ""
        line = say(texts.NOT_SO, language, rule=rule, examples=f"{examples}{more}")
        typer.echo(f"{finding.number:>9} × {line}")
    if report.findings:
        raise typer.Exit(1)
    counts = {"units": report.units, "people": report.people, "places": report.places}
    typer.echo(say(texts.ALL_WELL, language, **counts))


def _print(loaded: Loaded, *, show_all: bool) -> None:
    """What a file changes."""
    language, changes = running.language(), loaded.changes
    kind, count = texts.KINDS[loaded.kind], changes.counts.total()
    typer.echo(say(texts.ROWS, language, file=loaded.file, kind=kind, count=count))
    print_changes(changes, show_all=show_all)
