"""The divisions' file is read whole, or its wrong rows are named."""

from collections import Counter
from pathlib import Path

import pytest

from territory.divisions import read_divisions
from territory.rows import TerritoryError
from tests.territory.small import DIVISIONS, SMALL_DIVISIONS, programme


def test_the_real_file_has_the_city_down_to_its_villages() -> None:
    rows = read_divisions(DIVISIONS, programme())
    assert Counter(row.tier for row in rows) == {"city": 1, "county": 4, "township": 96, "village": 1360}
    assert rows[0].name == "亳州市"
    assert all(row.parent_code for row in rows[1:])


def test_a_community_is_urban_and_a_village_is_not() -> None:
    rows = {row.name: row for row in read_divisions(DIVISIONS, programme())}
    assert rows["望汤阁社区"].urban
    assert rows["富园社区居委会"].urban
    assert not rows["石羊村委会"].urban
    assert not rows["闫集村村民委员会"].urban


@pytest.mark.parametrize(
    ("add", "sentence"),
    [
        ("34010101,又一村,village,340101\n", "row 7: 34010101: it stands in an earlier row too"),
        ("34010103,,village,340101\n", "row 7: name: write 1 to 128 characters"),
        ("34/1,村,village,340101\n", "row 7: code: write 1 to 64 characters without spaces"),
        ("34010103,村,village,999\n", "row 7: 34010103: its parent must be a township of this file"),
        ("34010103,村,village,3401\n", "row 7: 34010103: its parent must be a township of this file"),
        ("34010103,片,section,34010101\n", "row 7: 34010103: 'section' is not a tier of the divisions"),
        ("35,第二市,city,34\n", "row 7: 35: a city stands at the top: leave parent_code empty"),
        ("34010103,村,village\n", "row 7: has 3 cells where the heading has 4"),
        ("\n34010103,村,village,340101\n", "row 7: is empty: delete it"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, add: str, sentence: str) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(SMALL_DIVISIONS + add, encoding="utf-8")
    with pytest.raises(TerritoryError) as failure:
        read_divisions(path, programme())
    assert sentence in str(failure.value)


def test_all_wrong_rows_are_named_at_once_but_not_a_thousand(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(
        SMALL_DIVISIONS + "".join(f"x{row},,village,340101\n" for row in range(30)), encoding="utf-8"
    )
    with pytest.raises(TerritoryError) as failure:
        read_divisions(path, programme())
    assert len(failure.value.errors) == 30
    assert "row 26" in str(failure.value)
    assert "row 27" not in str(failure.value)
    assert "and 10 more" in str(failure.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: the first row must be the heading"),
        (b"code,name\n", "its heading has no column tier, parent_code"),
        (
            b"code,name,tier,parent_code,colour\n",
            "column 'colour' is not known. Known are: code \\(编码\\), name",
        ),
        (SMALL_DIVISIONS.encode("gb18030"), "is not UTF-8: save it as 'CSV UTF-8'"),
        (b'code,name,tier,parent_code\n"34,x,city,\n', "is not CSV"),
    ],
)
def test_a_file_that_is_no_table_says_so(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "divisions.csv"
    path.write_bytes(content)
    with pytest.raises(TerritoryError, match=sentence):
        read_divisions(path, programme())


def test_a_file_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    windows = SMALL_DIVISIONS.replace("\n", "\r\n") + ",,,\r\n\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + windows.encode())
    assert [row.code for row in read_divisions(path, programme())] == [
        "34",
        "3401",
        "340101",
        "34010101",
        "34010102",
    ]


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(TerritoryError, match="cannot be read: No such file"):
        read_divisions(tmp_path / "nothing.csv", programme())
