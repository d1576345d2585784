"""A county's year: frozen, signed off, printed, and held against the year before."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from cryptography.fernet import Fernet
from openpyxl import load_workbook
from typer.testing import CliRunner

from cli.main import app
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import YearlyCount
from papers.paper import Paper, Table
from papers.pdf import print_pdf
from papers.xlsx import write_xlsx
from territory.load import load_files
from territory.yearly import numbers
from territory.yearly.freezing import YearlyError, find, freeze, lines_of, sign
from territory.yearly.report import report
from tests.territory.small import ROOT

EXAMPLE = ROOT / "data" / "examples" / "bozhou"
COUNTY, TOWNSHIP, VILLAGE = "3401", "340101", "34010101"
FIRST, SECOND = "34010101010101", "34010101010102"

#: When the county counts in each year, in programme time.
LAST, NOW = datetime(2025, 12, 20, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Office = Callable[[datetime], Settings]


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    """Settings at a moment of the programme."""

    def at(moment: datetime) -> Settings:
        clock = tmp_path / f"{moment.year}.json"
        if not clock.exists():
            FileClock(clock).set(moment)
        return settings.model_copy(update={"clock_file": clock})

    return at


async def test_a_year_is_counted_signed_and_held_against_the_last(office: Office, tmp_path: Path) -> None:
    await load_files(office(LAST), [EXAMPLE])
    before = await freeze(office(LAST), COUNTY, 2025, "王会计")
    county, *below = lines_of(before)
    assert [line.code for line in below] == [TOWNSHIP, VILLAGE]
    assert (county.counts["block"], county.counts[numbers.HOUSEHOLDS]) == (2, 21)
    assert (county.counts[numbers.RESIDENTS], county.counts[numbers.PLACES]) == (4, 2)
    assert (county.counts[numbers.POSTS], county.leaders, county.vacant) == (6, 6, 0)
    assert county.counts[numbers.DEPUTIES] == 1
    assert county.counts[f"{numbers.CHOSEN}volunteered"] == 2
    assert (county.counts[numbers.PARTY_MEMBERS], county.counts[numbers.SMARTPHONES]) == (3, 5)
    await sign(office(LAST), COUNTY, 2025, "李书记")

    changes = tmp_path / "changes.csv"
    changes.write_text(
        f"编码,名称,层级,上级编码,并入\n{SECOND},张庄第2邻,邻,340101010101,{FIRST}\n", encoding="utf-8"
    )
    await load_files(office(NOW), [changes])
    changes.write_text("单元编码,职务,姓名,电话\n3401010101,负责人,,\n", encoding="utf-8")
    await load_files(office(NOW), [changes])
    after = await freeze(office(NOW), COUNTY, 2026, "王会计")
    county = lines_of(after)[0]
    assert (county.counts["block"], county.counts[numbers.CLOSED]) == (1, 1)
    assert (county.counts[numbers.ILL_SIZED], county.counts[numbers.HOUSEHOLDS]) == (1, 21)
    assert (county.leaders, county.vacant, county.counts[numbers.ENDED]) == (4, 1, 2)

    paper = await report(office(NOW).territory, COUNTY, 2026, "zh-Hans")
    rows = {row[0]: tuple(row[1:]) for row in paper.tables[0].rows}
    assert rows["邻"] == (2, 1, "-1")
    assert rows["现有负责人"] == (6, 4, "-2")
    assert rows["空缺岗位"] == (0, 1, "+1")
    assert [table.rows[0][0] for table in paper.tables[1:]] == ["魏岗镇", "魏岗村委会"]


@ON_SQLITE
async def test_what_is_signed_stays(office: Office) -> None:
    await load_files(office(LAST), [EXAMPLE])
    await freeze(office(LAST), COUNTY, 2025, "王会计")
    again = await freeze(office(LAST), COUNTY, 2025, "赵会计")
    assert (again.frozen_by, await YearlyCount.all().count()) == ("赵会计", 1)
    await sign(office(LAST), COUNTY, 2025, "李书记")
    for doing in (freeze, sign):
        with pytest.raises(YearlyError, match="signed off for 谯城区 by 李书记 on 2025-12-20"):
            await doing(office(LAST), COUNTY, 2025, "somebody")
    assert (await find(COUNTY, 2025)).frozen_by == "赵会计"


@ON_SQLITE
async def test_what_cannot_be_is_told(office: Office) -> None:
    await load_files(office(NOW), [EXAMPLE])
    for year in (2024, 2027):
        with pytest.raises(YearlyError, match=f"{year} cannot be counted now.*Write 2026 or 2025"):
            await freeze(office(NOW), COUNTY, year, "王会计")
    with pytest.raises(YearlyError, match="There is no unit 9"):
        await freeze(office(NOW), "9", 2026, "王会计")
    with pytest.raises(YearlyError, match="2026 is not frozen for 3401"):
        await sign(office(NOW), COUNTY, 2026, "李书记")
    counted = await freeze(office(NOW), COUNTY, 2026, "王会计")
    counted.lines[0]["counts"][numbers.LEADERS] = 7
    await counted.save()
    with pytest.raises(YearlyError, match="not those that were frozen"):
        await sign(office(NOW), COUNTY, 2026, "李书记")


def test_a_paper_prints_in_chinese_on_as_many_pages_as_it_needs() -> None:
    rows = [(f"=第{number}村", number) for number in range(1000, 1100)]
    table = Table("各村", ("村", "户数"), rows, (30, 10))
    paper = Paper(
        "谯城区2026年度花名册年审", ["草稿，尚未签字。"], [table], ["签字人："], "校验码", "zh-Hans"
    )
    printed = print_pdf(paper)
    assert printed == print_pdf(paper)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(printed)]
    assert len(pages) > 2
    assert "谯城区2026年度花名册年审" in pages[0]
    assert all("户数" in page for page in pages[:-1])  # the heading is on every page
    assert "=第1099村" in "".join(pages)
    assert "1,099" in "".join(pages)
    assert "签字人：" in pages[-1]

    sheet = load_workbook(BytesIO(write_xlsx(paper))).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][0] == paper.title
    assert cells[-1] == ["=第1099村", 1099]
    assert sheet.cell(sheet.max_row, 1).data_type == "s"


def test_a_county_does_it_all_from_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = {
        "DATABASE_URL": f"sqlite://{tmp_path / 'linzhang.db'}",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PUBLIC_URL": "http://127.0.0.1:1",
        "PROFILE": str(ROOT / "profiles" / "bozhou.toml"),
        "SEAL_KEYS": f'["{Fernet.generate_key().decode()}"]',
        "LOOKUP_KEY": "x" * 32,
        "HOMESERVERS": '[{"server_name":"t","url":"http://127.0.0.1:1","as_token":"a","hs_token":"h"}]',
        "CLOCK_FILE": str(tmp_path / "clock.json"),
    }
    for name, value in config.items():
        monkeypatch.setenv(f"LINZHANG_{name}", value)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    FileClock(tmp_path / "clock.json").set(NOW)

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == code, done.output
        return done.output

    run("migrate")
    run("territory", "load", str(EXAMPLE))
    frozen = run("yearly", "freeze", COUNTY, "2026", "--by", "王会计")
    assert "谯城区2026年已定格：负责人6人，空缺0个" in frozen
    assert "已签字" in run("yearly", "sign", COUNTY, "2026", "--by", "李书记")
    for name, begins in (("year.pdf", b"%PDF"), ("year.xlsx", b"PK")):
        run("yearly", "report", COUNTY, "2026", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert "year.doc: write a name that ends in .pdf or .xlsx" in run(
        "yearly", "report", COUNTY, "2026", str(tmp_path / "year.doc"), code=2
    )
    assert "2026 3401 谯城区：已签字。" in run("yearly", "list")
    assert "数字不再变动" in run("yearly", "freeze", COUNTY, "2026", code=2)
