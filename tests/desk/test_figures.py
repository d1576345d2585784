"""The figures: who sees whose, and that every number is what one gets who counts by hand."""

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO, StringIO
from urllib.parse import unquote

import httpx
import openpyxl
import pypdfium2
import pytest

from linzhang.settings import Settings
from models import State, Unit
from papers.csv import write_csv
from papers.paper import Cell, Share, Table
from tests.desk.desk import Desk
from tests.desk.received import Story, receive, stories
from tests.factories import MORNING, Territory, resident
from tests.projections.desk import show
from web.desk.figures import periods, spelling
from web.desk.figures.measures import SATISFACTION

TODAY = date(2026, 11, 24)


@pytest.fixture
async def told(settings: Settings, territory: Territory) -> list[Story]:
    """Issues of eight weeks in both blocks and in the neighbouring township, shown by the duty."""
    blocks = [territory.units[name] for name in ("block", "other_block", "peace", "peace_too")]
    made = stories(blocks, 60, 56)
    await receive(settings, await resident(settings, territory.block), made)
    await show(settings)
    return made


def monday(story: Story) -> date:
    """The Monday of the week in Bozhou in which it was reported."""
    day = (story.at + timedelta(hours=8)).date()
    return day - timedelta(days=day.weekday())


def counted(told: Sequence[Story]) -> dict[str, str]:
    """What a file says of some stories, counted by hand."""
    done = sum(each.state is State.CLOSED for each in told)
    left = sum(each.state in (State.OPEN, State.ANSWERED) for each in told)
    late = sum(each.escalated for each in told)
    in_time = sum(each.answered is not None and not each.escalated for each in told)
    marks = [each.rating for each in told if each.rating]
    return {
        "Received": str(len(told)),
        "Answered in time, number": str(in_time),
        "Answered too late or not at all": str(late),
        "Answered in time": f"{in_time / (in_time + late) * 100:.1f}%" if in_time + late else "",
        "Closed": str(done),
        "Closing rate": f"{done / (done + left) * 100:.1f}%" if done + left else "",
        "Not closed yet": str(left),
        "Went up": str(late),
        "Not solved after all": str(sum(each.rejected for each in told)),
        "Satisfaction": f"{sum(marks) / len(marks):.2f}" if marks else "",
        "Marks given": str(len(marks)),
    }


def within(unit: Unit, told: Sequence[Story], first: date, last: date) -> list[Story]:
    return [each for each in told if each.block.path.startswith(unit.path) and first <= monday(each) <= last]


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def some(row: dict[str, str], like: dict[str, str]) -> dict[str, str]:
    return {key: row[key] for key in like}


async def test_files_hold_what_one_counts_by_hand(
    desk: Desk, territory: Territory, told: list[Story]
) -> None:
    township = territory.units["township"]
    first, last = date(2026, 10, 12), date(2026, 11, 9)
    span = f"from={first + timedelta(days=2)}&to={last}"
    ours = within(township, told, first, last)
    async with desk.browser(territory.leaders["township"]) as browser:
        browser.http.cookies.set("linzhang_language", "en")
        units = await browser.get(f"/desk/figures/{township.code}/units.csv?{span}")
        whole, *children = rows_of(units)
        assert some(whole, counted(ours)) == counted(ours)
        assert [row["Unit"] for row in children] == ["魏岗村委会", "和平社区"]
        for row in children:
            child = await Unit.get(code=row["Code"])
            expected = counted(within(child, told, first, last))
            assert some(row, expected) == expected
        weeks = rows_of(await browser.get(f"/desk/figures/{township.code}/weeks.csv?{span}"))
        assert [row["Week from"] for row in weeks] == [
            f"{first + timedelta(weeks=number)}" for number in range(5)
        ]
        for row in weeks:
            week = date.fromisoformat(row["Week from"])
            expected = counted(within(township, told, week, week))
            assert some(row, expected) == expected
        book = await browser.get(f"/desk/figures/{township.code}/figures.xlsx?{span}")
        # A block has few issues; they are counted when somebody asks.
        (block,) = rows_of(await browser.get(f"/desk/figures/{territory.block.code}/units.csv?weeks=52"))
    everything = within(territory.block, told, date(2020, 1, 6), TODAY)
    assert some(block, counted(everything)) == counted(everything)
    name = unquote(units.headers["content-disposition"].partition("''")[2])
    assert name == "魏岗镇_figures-by-unit_20261012-20261115.csv"
    _assert_times(whole["Time to answer"], [each.answered for each in ours if each.answered])
    _assert_times(whole["Time to close"], [each.closed for each in ours if each.closed])
    _assert_workbook(book.content, ours)


def _assert_times(said: str, took: list[timedelta]) -> None:
    """A median lies between those in the middle, or in the bucket of a histogram around them."""
    hours, minutes = said.split(":")
    median = timedelta(hours=int(hours), minutes=int(minutes))
    ordered = sorted(took)
    middle = ordered[len(ordered) // 2 - 1 : len(ordered) // 2 + 1]
    assert min(middle) - timedelta(minutes=60) <= median <= max(middle) + timedelta(minutes=1)


def _assert_workbook(content: bytes, ours: list[Story]) -> None:
    book = openpyxl.load_workbook(BytesIO(content))
    by_unit, by_week = book.worksheets
    rows = list(by_unit.iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == "Unit")
    whole = dict(zip(rows[top], rows[top + 1], strict=True))
    assert whole["Received"] == len(ours)
    assert f"{whole['Answered in time'] * 100:.1f}%" == counted(ours)["Answered in time"]
    assert isinstance(whole["Time to answer"], timedelta)
    assert len(list(by_week.iter_rows())) == 6


async def test_the_page_shows_them_with_the_change_and_leads_down(
    desk: Desk, territory: Territory, told: list[Story]
) -> None:
    township, last = territory.units["township"], date(2026, 11, 23)
    ours = within(township, told, date(2026, 11, 2), last)
    before = within(township, told, date(2026, 10, 5), date(2026, 10, 26))
    async with desk.browser(territory.leaders["township"]) as browser:
        home = await browser.get("/desk/figures")
        assert home.headers["location"] == f"/desk/figures/{township.code}"
        page = (await browser.get(f"{home.headers['location']}?sort=-in_time")).text
    cards = dict(re.findall(r'<h3>([^<]+)</h3>\s*<p class="key-value number">([^<]+)</p>', page))
    expected = counted(ours)
    assert cards["受理"] == expected["Received"]
    assert cards["办结率"] == expected["Closing rate"]
    assert cards["满意度"] == spelling.spelled(SATISFACTION, float(expected["Satisfaction"]), "zh-Hans")
    more = len(ours) - len(before)
    word = "与上一时段持平" if not more else f"比上一时段{'多' if more > 0 else '少'}{abs(more)}"
    assert word in page
    assert "问题计入受理的那一周" in page
    data = json.loads(re.findall(r'id="figures-data">(.*?)</script>', page, re.DOTALL)[0])
    load = next(plot for plot in data if plot["key"] == "load")
    assert [row["numbers"][0] for row in load["rows"]] == [
        len(within(township, told, week, week)) for week in weeks_until(last, 4)
    ]
    units = data[-1]
    assert units["title"] == "各单元按时答复率"
    assert units["rows"] == sorted(units["rows"], key=lambda row: row["numbers"][0])
    for row in units["rows"]:
        assert f'<a href="{row["link"].replace("&", "&amp;")}">{row["name"]}</a>' in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))|style=", page)


def weeks_until(last: date, number: int) -> list[date]:
    return [last - timedelta(weeks=back) for back in range(number - 1, -1, -1)]


@pytest.mark.parametrize("rest", ["", "/units.csv", "/weeks.csv", "/figures.xlsx", "/month.pdf"])
async def test_figures_of_others_are_not_there(desk: Desk, territory: Territory, rest: str) -> None:
    async with desk.browser(territory.leaders["village"]) as browser:
        for unit in ("township", "peace", "next_township", "peace_too"):
            assert (await browser.get(f"/desk/figures/{territory.units[unit].code}{rest}")).status_code == 404
        assert (await browser.get(f"/desk/figures/nowhere{rest}")).status_code == 404
        if rest != "/month.pdf":  # which takes a second to print
            own = await browser.get(f"/desk/figures/{territory.block.code}{rest}")
            assert own.status_code == 200
    async with desk.browser() as stranger:
        assert (await stranger.get(f"/desk/figures/{territory.block.code}{rest}")).status_code == 303


async def test_an_empty_time_says_so_and_crumbs_end_where_the_scope_does(
    desk: Desk, territory: Territory
) -> None:
    async with desk.browser(territory.leaders["village"]) as browser:
        page = (await browser.get(f"/desk/figures/{territory.block.code}?month=2026-11")).text
    assert "这段时间这里没有受理过问题" in page
    crumbs = re.findall(r'<li><a href="/desk/figures/(\d+)\?month=2026-11">', page)
    assert crumbs == [territory.units[tier].code for tier in ("village", "section", "group")]
    assert "NaN" not in page


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_month_is_printed(desk: Desk, territory: Territory, told: list[Story], language: str) -> None:
    township = territory.units["township"]
    ours = within(township, told, date(2026, 9, 28), date(2026, 10, 26))
    async with desk.browser(territory.leaders["township"]) as browser:
        browser.http.cookies.set("linzhang_language", language)
        answer = await browser.get(f"/desk/figures/{township.code}/month.pdf?month=2026-10")
    assert answer.headers["content-type"] == "application/pdf"
    name = unquote(answer.headers["content-disposition"].partition("''")[2])
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content)]
    text = re.sub(r"\s+", " ", " ".join(pages))
    assert 1 <= len(pages) <= 2
    words = {
        "zh-Hans": (
            "魏岗镇2026年10月月报",
            "2026年9月28日至11月1日受理的问题",
            "办结率",
            "按下级单元",
            "数字说明",
        ),
        "en": ("魏岗镇: report of October 2026", "Closing rate", "By unit below", "What the figures mean"),
    }[language]
    for each in (*words, str(len(ours)), counted(ours)["Closing rate"], "和平社区"):
        assert each in text
    assert "李国庆" not in text
    assert name == {"zh-Hans": "魏岗镇_月报_2026-10.pdf", "en": "魏岗镇_report_2026-10.pdf"}[language]


def test_a_spreadsheet_is_told_no_formula() -> None:
    heading = ["=SUM(A1)", "b"]
    rows: list[tuple[Cell, Cell]] = [
        ("=cmd|' /C calc'!A0", Share(0.9996)),
        (" ＋86", timedelta(hours=73, minutes=5)),
        ("村", -1),
        ("", None),
    ]
    written = write_csv(Table("", heading, rows, [1, 1])).decode("utf-8-sig")
    assert list(csv.reader(StringIO(written))) == [
        ["'=SUM(A1)", "b"],
        ["'=cmd|' /C calc'!A0", "99.9%"],
        ["' ＋86", "73:05"],
        ["村", "-1"],
        ["", ""],
    ]


def test_each_week_belongs_to_one_month() -> None:
    weeks: Counter[date] = Counter()
    for number in range(72):
        month = periods.of_month(2024 + number // 12, number % 12 + 1, date(2040, 1, 1))
        week = month.first
        while week <= month.last:
            assert (week + timedelta(days=3)).month == number % 12 + 1
            weeks[week] += 1
            week += timedelta(weeks=1)
    assert set(weeks.values()) == {1}
    assert max(weeks) - min(weeks) == timedelta(weeks=len(weeks) - 1)


@pytest.mark.parametrize(
    ("asked", "days", "before"),
    [
        ({}, ("2026-11-02", "2026-11-29"), "2026-10-05"),
        ({"weeks": "1"}, ("2026-11-23", "2026-11-29"), "2026-11-16"),
        ({"weeks": "7"}, ("2026-11-02", "2026-11-29"), "2026-10-05"),
        ({"month": "2026-10"}, ("2026-09-28", "2026-11-01"), "2026-08-31"),
        ({"month": "2026-12"}, ("2026-11-02", "2026-11-29"), "2026-10-05"),
        ({"first": "2026-10-20", "last": "2026-10-07"}, ("2026-10-05", "2026-10-25"), "2026-09-14"),
        ({"first": "2026-11-20"}, ("2026-11-16", "2026-11-29"), "2026-11-02"),
        ({"first": "0001-01-01", "last": "x"}, ("2026-11-02", "2026-11-29"), "2026-10-05"),
        ({"first": "2000-01-01", "last": "9999-12-31"}, ("2021-12-06", "2026-11-29"), "2016-12-12"),
    ],
)
def test_a_period_is_whole_weeks_and_has_a_time_before(
    asked: dict[str, str], days: tuple[str, str], before: str
) -> None:
    period = periods.asked(TODAY, **asked)
    assert (f"{period.first}", f"{period.sunday}") == days
    assert f"{period.before[0]}" == before
    assert MORNING.date() == TODAY
