"""The ledger of allowances, `/desk/allowances`: by leader and by who pays, as files, and paying out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from issues import chain
from issues.errors import IssueError
from linzhang.words import Text, say
from models import Allowance, Unit
from papers.csv import write_csv
from papers.paper import Paper, Table
from programme.tasks import ledger, money
from web.access.visits import Visit, Visiting
from web.desk.files import saved
from web.desk.frame import frame_of
from web.desk.texts import tasks as texts

routes = APIRouter()

_HERE = "/desk/allowances"
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Characters of a code that are taken; rows that a page shows, the files have all.
_CODE, _SHOWN = 64, 200

#: No row has a higher number; databases take none that is much longer.
_HIGHEST = 10**15


@routes.get("/allowances")
async def show(request: Request, visit: Visiting) -> Response:
    """What the visitor's units pay, and what the visitor is due."""
    return await _page(request, visit)


@routes.post("/allowances/pay")
async def pay(
    request: Request,
    visit: Visiting,
    payer: Annotated[str, Form(max_length=_CODE)] = "",
    upto: Annotated[int, Form(ge=0, le=_HIGHEST)] = 0,
) -> Response:
    """Note that all which a payer owed when the page was shown has been paid out."""
    frame = frame_of(request)
    language = frame.language_of(request, visit)
    unit = await visit.scope.unit(payer)
    try:
        async with in_transaction():
            at = visit.settings.clock.now()
            count, total = await ledger.pay_out(visit.settings, unit, upto, visit.person, at)
    except IssueError as error:
        return await _page(request, visit, error.sentence(language))
    currency = visit.settings.territory.tasks.currency
    told = say(texts.PAID_NOW, language, count=count, total=money.said(total, currency, language))
    return frame.told(_HERE, told)


@routes.get("/allowances.csv")
async def csv(request: Request, visit: Visiting) -> Response:
    """All rows, as a table."""
    language = frame_of(request).language_of(request, visit)
    content = write_csv(_entries(visit, await _rows(visit), language))
    return _file(content, _CSV, f"{say(texts.FILE, language)}.csv")


@routes.get("/allowances.xlsx")
async def workbook(request: Request, visit: Visiting) -> Response:
    """By leader, by who pays, and all rows, as a workbook."""
    from papers.xlsx import write_xlsx  # takes a second of a processor to load

    language = frame_of(request).language_of(request, visit)
    rows = await _rows(visit)
    paper = Paper(
        title=say(texts.LEDGER, language),
        notes=[visit.scope.home.name],
        tables=[
            _sums(ledger.by_person(rows), texts.BY_LEADER, texts.LEADER, language),
            _sums(ledger.by_payer(rows), texts.BY_PAYER, texts.PAYER, language),
            _entries(visit, rows, language),
        ],
        signatures=[],
        foot="",
        language=language,
    )
    return _file(write_xlsx(paper), _XLSX, f"{say(texts.FILE, language)}.xlsx")


async def _rows(visit: Visit) -> list[Allowance]:
    """What the visitor's units, and those below them, pay; and what is the visitor's own."""
    return await ledger.rows(ledger.paid_by(visit.scope.units) | Q(person_id=visit.person.id))


async def _page(request: Request, visit: Visit, wrong: str = "") -> Response:
    rows = await _rows(visit)
    payers = ledger.by_payer(rows)
    return frame_of(request).page(
        request,
        "tasks/allowances.html",
        texts,
        visit,
        status=409 if wrong else 200,
        wrong=wrong,
        rows=rows[::-1][:_SHOWN],
        upto=rows[-1].id if rows else 0,
        leaders=ledger.by_person(rows),
        payers=payers,
        acts={
            each.of.id
            for each in payers
            if isinstance(each.of, Unit) and await chain.unit_led(visit.person, each.of, visit.scope.at)
        },
        money=money.said,
    )


def _sums(sums: list[ledger.Sum], title: Text, of: Text, language: str) -> Table:
    heading = (of, texts.ROWS, texts.DUE, texts.PAID, texts.OPEN, texts.CURRENCY)
    return Table(
        say(title, language),
        [say(each, language) for each in heading],
        [
            (
                each.of.name,
                each.rows,
                float(money.major(each.due, each.currency)),
                float(money.major(each.paid, each.currency)),
                float(money.major(each.open, each.currency)),
                each.currency,
            )
            for each in sums
        ],
        [20, 8, 12, 12, 12, 8],
    )


def _entries(visit: Visit, rows: list[Allowance], language: str) -> Table:
    zone = visit.settings.territory.zone
    heading = (
        texts.ENTRY,
        texts.DAY,
        texts.LEADER,
        texts.PAYER,
        texts.TASK,
        texts.WORK,
        texts.KIND,
        texts.AMOUNT,
        texts.CURRENCY,
        texts.ENTERED_BY,
        texts.PAID_ON,
    )
    return Table(
        say(texts.ENTRIES, language),
        [say(each, language) for each in heading],
        [
            (
                row.id,
                row.at.astimezone(zone).date().isoformat(),
                row.person.name,
                row.payer.name,
                row.help.task_id,
                row.help.task.words,
                say(texts.KINDS[row.entry], language),
                float(money.major(row.amount, row.currency)),
                row.currency,
                row.by.name,
                row.paid_at.astimezone(zone).date().isoformat() if row.paid_at else None,
            )
            for row in rows
        ],
        [8, 12, 14, 18, 8, 40, 10, 12, 8, 14, 12],
    )


def _file(content: bytes, kind: str, name: str) -> Response:
    """A file to be saved."""
    return saved(content, kind, f"allowances.{name.rpartition('.')[2]}", name)
