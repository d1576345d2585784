"""The figures, `/desk/figures/{code}`: of a unit, its weeks and the units right below it; and as files.

Which time, and by what units are sorted, stands in the address, so that it can be handed on.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from issues import chain, departments
from linzhang.words import say
from models import Unit
from papers.csv import write_csv
from papers.fonts import NoFont
from papers.paper import Paper
from projections.weeks import WEEK
from web.access.visits import Visit, Visiting
from web.desk.figures import cards, periods, plots, reading, sheets, spelling
from web.desk.figures.meaning import meaning
from web.desk.figures.measures import SHOWN
from web.desk.figures.periods import Period
from web.desk.figures.reading import Reading
from web.desk.figures.report import WEEKS, MonthlyReport
from web.desk.files import saved
from web.desk.frame import frame_of
from web.desk.texts import figures as texts

routes = APIRouter()

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PDF = "application/pdf"

#: Printing takes a second of a processor: reports are printed one after the other.
_PRINTER = asyncio.Semaphore(1)

_Short = Annotated[str, Query(max_length=32)]


def _asked(
    visit: Visiting,
    weeks: _Short = "",
    month: _Short = "",
    first: Annotated[str, Query(max_length=32, alias="from")] = "",
    last: Annotated[str, Query(max_length=32, alias="to")] = "",
) -> Period:
    """The period that an address asks for."""
    settings = visit.settings
    today = visit.scope.at.astimezone(settings.territory.zone).date()
    return periods.asked(today, weeks, month, first, last)


_Asked = Annotated[Period, Depends(_asked)]


@routes.get("/figures")
async def home(visit: Visiting) -> Response:
    """To the figures of one's own unit."""
    return RedirectResponse(f"/desk/figures/{visit.scope.home.code}", 303)


@routes.get("/figures/{code}")
async def page(request: Request, visit: Visiting, period: _Asked, code: str, sort: _Short = "") -> Response:
    """The figures of a unit."""
    unit = await visit.scope.unit(code)
    profile = visit.settings.territory
    language = frame_of(request).language_of(request, visit)
    read = await reading.read(profile, unit, period)
    order = reading.order(sort)

    def asking(query: str = period.query, by: str = order.word) -> str:
        """What asks for a time and an order in an address."""
        return f"?{query}" if by == reading.Order().word else f"?{query}&sort={by}"

    units = plots.by_unit(read, order, language, asking())
    by_week = plots.by_week(read, language)
    return frame_of(request).page(
        request,
        "figures/page.html",
        texts,
        visit,
        unit=unit,
        is_department=departments.is_one(unit, profile),
        crumbs=[each for each in (await chain.ancestors(unit))[:-1] if visit.scope.sees(each)],
        period=period,
        periods=periods,
        read=read,
        cards=cards.cards(read, language),
        by_week=by_week,
        units=units,
        children=order.sorted(read.children),
        order=order,
        asking=asking,
        measures=SHOWN,
        spelled=spelling.spelled,
        data=[plot.as_data() for plot in [*by_week, *([units] if units else [])]],
        meaning=meaning(profile, language),
    )


@routes.get("/figures/{code}/units.csv")
async def units_csv(request: Request, visit: Visiting, period: _Asked, code: str) -> Response:
    """The figures of a unit and of those right below it."""
    read, language = await _read(request, visit, period, code)
    name = sheets.file_name(read, texts.FILE_UNITS, "csv", language)
    return _file(write_csv(sheets.by_unit(read, language)), _CSV, name, read.unit)


@routes.get("/figures/{code}/weeks.csv")
async def weeks_csv(request: Request, visit: Visiting, period: _Asked, code: str) -> Response:
    """The figures of a unit week by week."""
    read, language = await _read(request, visit, period, code)
    name = sheets.file_name(read, texts.FILE_WEEKS, "csv", language)
    return _file(write_csv(sheets.by_week(read, language)), _CSV, name, read.unit)


@routes.get("/figures/{code}/figures.xlsx")
async def workbook(request: Request, visit: Visiting, period: _Asked, code: str) -> Response:
    """Both as a workbook."""
    read, language = await _read(request, visit, period, code)
    name = sheets.file_name(read, texts.FILE_ALL, "xlsx", language)
    return _file(_written(sheets.paper(read, language)), _XLSX, name, read.unit)


@routes.get("/figures/{code}/month.pdf")
async def month_report(request: Request, visit: Visiting, period: _Asked, code: str) -> Response:
    """The printed report of a month; of this one if the address names none."""
    profile = visit.settings.territory
    if not period.month:
        period = periods.of_month(period.today.year, period.today.month, period.today)
    read, language = await _read(request, visit, period, code)
    span = periods.of_weeks(period.last - (WEEKS - 1) * WEEK, period.last, period.today)
    course = await reading.read(profile, read.unit, span)
    paper = MonthlyReport(read, course, language, visit.scope.at).paper()
    try:
        async with _PRINTER:
            printed = await asyncio.to_thread(_printed, paper)
    except NoFont:
        address = f"/desk/figures/{read.unit.code}?{period.query}"
        return frame_of(request).told(address, say(texts.NO_LETTERS, language))
    name = sheets.file_name(read, texts.FILE_REPORT, "pdf", language)
    return _file(printed, _PDF, name, read.unit)


async def _read(request: Request, visit: Visit, period: Period, code: str) -> tuple[Reading, str]:
    unit = await visit.scope.unit(code)
    language = frame_of(request).language_of(request, visit)
    return await reading.read(visit.settings.territory, unit, period), language


# What writes workbooks and PDFs takes a second of a processor to load: no process has to start with it.


def _written(paper: Paper) -> bytes:
    from papers.xlsx import write_xlsx

    return write_xlsx(paper)


def _printed(paper: Paper) -> bytes:
    from papers.pdf import print_pdf

    return print_pdf(paper)


def _file(content: bytes, kind: str, name: str, unit: Unit) -> Response:
    """A file to be saved, called in plain letters by its unit's code."""
    return saved(content, kind, f"{unit.code}.{name.rpartition('.')[2]}", name)
