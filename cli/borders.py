"""`linzhang territory borders`: the map's borders, from a file or drawn."""

from pathlib import Path
from typing import Annotated

import typer

from cli import running
from cli.told import bars, print_changes
from linzhang.settings import Settings
from linzhang.words import say
from territory import texts as rows
from territory.borders import texts
from territory.borders.load import load_borders
from territory.borders.whole import draw_all
from territory.plan import Changes


def borders(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="GeoJSON in WGS84: a feature for each unit, named by properties.code, by its id, or by"
            " properties.name (and properties.tier). A feature without geometry takes a border away.",
        ),
    ] = None,
    tier: Annotated[
        str, typer.Option(help="Key or name of the tier of features that give a name and no tier.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    show_all: Annotated[
        bool, typer.Option("--show-all", help="Name everything that changes, not some of each kind.")
    ] = False,
    draw: Annotated[
        bool, typer.Option("--draw", help="Draw all that is missing now, and not when somebody looks.")
    ] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Draw all that is not from a file anew, by today's households.")
    ] = False,
) -> None:
    """Load the borders of units for the map, all or nothing; or draw a cell for every unit that has none.

    The same file again changes nothing. docs/admins.md has more.
    """
    if source is None and not (draw or afresh):
        running.fail("Name a file, or write --draw.")

    async def load(settings: Settings) -> Changes:
        assert source is not None
        return await load_borders(settings, source, tier=tier, dry_run=dry_run, keep_all=show_all)

    async def draw_them(settings: Settings) -> tuple[int, int]:
        with bars(texts.STAGES) as progress:
            return await draw_all(settings, afresh=afresh, progress=progress)

    language = running.language()
    if source is not None:
        changes = running.with_database(load)
        typer.echo(say(texts.FEATURES, language, file=source.name, count=changes.counts.total()))
        print_changes(changes, show_all=show_all, line=texts.FEATURE_CHANGES)
        if dry_run:
            typer.echo(say(rows.DRY_RUN, language))
            return
    if draw or afresh:
        count, drawn = running.with_database(draw_them)
        typer.echo(say(texts.DRAWN, language, count=count, drawn=drawn))
