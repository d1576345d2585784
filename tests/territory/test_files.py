"""Files as people have them: headings in two languages, workbooks, and what is wrong said in both."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from linzhang.profile import load_profile
from models import Chosen, Role
from territory.columns import FileKind
from territory.files import Table, read
from territory.rows import PlaceRow, PostRow, ResidentRow, TerritoryError
from tests.territory.small import PROFILE

BOZHOU = load_profile(PROFILE)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "file.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def workbook(folder: Path, *rows: list[object]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    path = folder / "file.xlsx"
    book.save(path)
    return path


def rows_of(path: Path) -> Table:
    return read(path, BOZHOU)


def test_a_heading_is_known_in_both_languages_and_however_it_is_spelt(tmp_path: Path) -> None:
    chen = PostRow("340101", Role.LEADER, "陈建国", "+8610000000001", "", Chosen.VOLUNTEERED, True, False)
    for heading, row in (
        ("单元编码,职务,姓名,手机号,产生方式,党员,智能手机", "340101,负责人,陈建国,10000000001,自荐,是,否"),
        (
            "Unit Code,ROLE,name,Phone number,how-chosen,Party Member,smart phone",
            "340101,Leader,陈建国,+86 100 0000 0001,Volunteered,yes,no",
        ),
    ):
        assert rows_of(written(tmp_path, heading, row)).posts == [chen]


def test_a_column_of_blocks_may_be_called_by_their_tiers_name(tmp_path: Path) -> None:
    found = rows_of(written(tmp_path, "邻编码,门牌,姓名,电话,语言", "3401,3号,刘奶奶,,en"))
    assert found.residents == [ResidentRow("3401", "3号", "刘奶奶", "", "en")]
    found = rows_of(written(tmp_path, "block code,Place,Type,closed,,", "3401,小卖部,商店,yes,,,"))
    assert found.places == [PlaceRow("3401", "小卖部", "shop", closed=True)]


def test_a_workbook_is_read_as_people_leave_it(tmp_path: Path) -> None:
    found = rows_of(
        workbook(
            tmp_path,
            ["编码", "名称", "层级", "上级编码", "户数", None],
            [34, "亳州市", "市", None, None],
            [3401, "谯城区", "县区", 34.0, None, None],
            [None, None, None, None],
        )
    )
    assert found.kind is FileKind.UNITS
    assert [(row.code, row.tier, row.parent_code) for row in found.units] == [
        ("34", "city", ""),
        ("3401", "county", "34"),
    ]


@pytest.mark.parametrize(
    ("lines", "english", "chinese"),
    [
        (
            ["code,name,tier,parent_code,colour", "1,a,city,,red"],
            "file.csv looks like a file of units, but column 'colour' is not known. Known are: code (编码),",
            "file.csv看起来是单元表，但不认识“colour”这一列。可以用的列有：code (编码)",
        ),
        (
            ["单元编码,姓名,电话,职务,党员", "1,陈,1,负责人,也许"],
            "row 2: phone: this is not a phone number: write it as +86 131 2345 6789",
            "第2行：电话：这不是电话号码，请写成+86 131 2345 6789这样",
        ),
        (
            ["单元编码,姓名,电话,职务", "1,,,副职"],
            "row 2: name: write the person's name. Only a leader's row",
            "第2行：姓名：请写姓名。",
        ),
        (
            ["邻编码,姓名,电话,语言", "1,刘,,fr", "1,刘,,en,x"],
            "row 2: language: 'fr' is not known: write zh-Hans, en.\n  row 3: has 5 cells where",
            "第2行：语言：不认识“fr”，请写zh-Hans、en。\n  第3行：有5格，而表头有4格。",
        ),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(
    tmp_path: Path, lines: list[str], english: str, chinese: str
) -> None:
    with pytest.raises(TerritoryError) as failure:
        rows_of(written(tmp_path, *lines))
    assert english in str(failure.value)
    assert chinese in failure.value.to("zh-Hans")
    assert "10000000001" not in str(failure.value)


def test_a_number_that_a_spreadsheet_has_rounded_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["code", "name", "tier", "parent_code"], [341623402498030404, "邻", "邻", "3"])
    with pytest.raises(TerritoryError, match="row 2: 1: it is kept as a number and has lost its last digits"):
        rows_of(path)


def test_a_damaged_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(TerritoryError, match=r"file\.xlsx is not XLSX, or is damaged"):
        rows_of(path)
