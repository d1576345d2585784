"""`linzhang yearly`: freeze a county's numbers for the year, sign them off, put them on paper."""

import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cli import running
from linzhang.settings import Settings
from linzhang.words import Text, say
from models import Unit, YearlyCount
from papers.fonts import NoFont
from papers.paper import Paper
from papers.pdf import print_pdf
from papers.xlsx import write_xlsx
from territory.yearly import freezing, texts
from territory.yearly.freezing import SHORT, YearlyError
from territory.yearly.report import report

T = TypeVar("T")

yearly = typer.Typer(
    help="The yearly audit of a roster: freeze a county's numbers, sign them off, print them.",
    no_args_is_help=True,
)

_WRITERS: dict[str, Callable[[Paper], bytes]] = {".pdf": print_pdf, ".xlsx": write_xlsx}

Code = Annotated[str, typer.Argument(help="Code of the unit whose year it is, such as a county's.")]
Year = Annotated[int, typer.Argument(help="The year, such as 2026.")]
By = Annotated[
    str, typer.Option("--by", help="Your name, as it stands on the paper; else that of your login.")
]


@yearly.command()
def freeze(code: Code, year: Year, by: By = "") -> None:
    """Count the roster as it is now and keep the numbers. A draft can be counted again until it is signed."""
    counted, unit = _do(lambda settings: _with_unit(freezing.freeze(settings, code, year, by or _login())))
    whole = freezing.lines_of(counted)[0]
    _say(
        texts.FROZEN,
        year=year,
        name=unit.name,
        leaders=whole.leaders,
        vacant=whole.vacant,
        digest=counted.digest[:SHORT],
    )


@yearly.command()
def sign(code: Code, year: Year, by: By = "") -> None:
    """Sign frozen numbers off: from then on they stay as they are."""
    counted, unit = _do(lambda settings: _with_unit(freezing.sign(settings, code, year, by or _login())))
    _say(texts.SIGNED_OFF, year=year, name=unit.name, digest=counted.digest[:SHORT])


@yearly.command("report")
def write_report(
    code: Code,
    year: Year,
    out: Annotated[Path, typer.Argument(help="File to write: its name ends in .pdf or in .xlsx.")],
    language: Annotated[
        str, typer.Option(help="Tag of the language, such as zh-Hans; else the programme's first.")
    ] = "",
) -> None:
    """Write the report: the numbers, by township and village, and the differences to last year."""
    writer = _WRITERS.get(out.suffix.lower())
    if writer is None:
        running.fail(f"{out}: write a name that ends in {' or '.join(_WRITERS)}.")

    async def work(settings: Settings) -> Paper:
        profile = settings.territory
        if language and language not in profile.languages:
            running.fail(f"--language: write one of {', '.join(profile.languages)}.")
        return await report(profile, code, year, language or profile.default_language)

    try:
        out.write_bytes(writer(_do(work)))
    except NoFont as error:
        running.fail(str(error))
    except OSError as error:
        running.fail(f"{out} cannot be written: {error.strerror}.")
    typer.echo(out)


@yearly.command("list")
def list_years() -> None:
    """Say which years of which units are frozen or signed off."""

    async def work(_settings: Settings) -> list[YearlyCount]:
        return await YearlyCount.all().select_related("unit").order_by("year", "unit__code")

    for counted in _do(work):
        state = texts.SIGNED_SHORT if counted.signed_at else texts.DRAFT
        _say(texts.LISTED, year=counted.year, code=counted.unit.code, name=counted.unit.name, state=state)


async def _with_unit(counting: Awaitable[YearlyCount]) -> tuple[YearlyCount, Unit]:
    counted = await counting
    return counted, await Unit.get(id=counted.unit_id)


def _do(work: Callable[[Settings], Awaitable[T]]) -> T:
    try:
        return running.with_database(work)
    except YearlyError as error:
        running.fail(error.says.to(running.language()))


def _say(text: Text, **values: object) -> None:
    typer.echo(say(text, running.language(), **values))


def _login() -> str:
    return getpass.getuser()
