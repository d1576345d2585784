"""How people write days: from two plain dates to 'Friday' and '三天'."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.commands.dates import LONGEST, Days, read

#: A Tuesday.
TODAY = date(2026, 11, 24)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("words", "first", "last", "behind"),
    [
        ("12-01 12-05 Ma Li", day(12, 1), day(12, 5), "Ma Li"),
        ("12-01 12-05", day(12, 1), day(12, 5), ""),
        ("12/1-12/5 马丽", day(12, 1), day(12, 5), "马丽"),
        ("12.1-12.5", day(12, 1), day(12, 5), ""),
        ("12-01 to 12-05", day(12, 1), day(12, 5), ""),
        ("2026-12-01 2027-01-03 马丽", day(12, 1), day(1, 3, 2027), "马丽"),
        ("2026年12月1日到2026年12月5日", day(12, 1), day(12, 5), ""),
        ("12月1日到5日 马丽", day(12, 1), day(12, 5), "马丽"),
        ("12月1日至12月5日", day(12, 1), day(12, 5), ""),
        ("12月1-5日", day(12, 1), day(12, 5), ""),
        ("１２月１号到５号", day(12, 1), day(12, 5), ""),
        ("十二月一日到五日", day(12, 1), day(12, 5), ""),
        ("12月28日到3日", day(12, 28), day(1, 3, 2027), ""),
        ("12月28日到1月3日", day(12, 28), day(1, 3, 2027), ""),
        ("1月3日", day(1, 3, 2027), day(1, 3, 2027), ""),
        ("28号", day(11, 28), day(11, 28), ""),
        ("3号到5号", day(12, 3), day(12, 5), ""),
        ("Dec 1 to Dec 5 @ma:li", day(12, 1), day(12, 5), "@ma:li"),
        ("1 Dec - 5 December", day(12, 1), day(12, 5), ""),
        ("from December 1st until December 5th", day(12, 1), day(12, 5), ""),
        ("今天", day(11, 24), day(11, 24), ""),
        ("today Ma Li", day(11, 24), day(11, 24), "Ma Li"),
        ("tomorrow", day(11, 25), day(11, 25), ""),
        ("明天马丽", day(11, 25), day(11, 25), "马丽"),
        ("后天", day(11, 26), day(11, 26), ""),
        ("大后天", day(11, 27), day(11, 27), ""),
        ("the day after tomorrow", day(11, 26), day(11, 26), ""),
        ("明天到周五", day(11, 25), day(11, 27), ""),
        ("tomorrow to Friday", day(11, 25), day(11, 27), ""),
        ("周五", day(11, 27), day(11, 27), ""),
        ("星期天", day(11, 29), day(11, 29), ""),
        ("周二", day(11, 24), day(11, 24), ""),
        ("下周一", day(11, 30), day(11, 30), ""),
        ("下周一到周三", day(11, 30), day(12, 2), ""),
        ("next Monday", day(11, 30), day(11, 30), ""),
        ("Wednesday", day(11, 25), day(11, 25), ""),
        ("until Friday", day(11, 24), day(11, 27), ""),
        ("到周五", day(11, 24), day(11, 27), ""),
        ("到12月5日 马丽", day(11, 24), day(12, 5), "马丽"),
        ("3 days", day(11, 24), day(11, 26), ""),
        ("for 3 days Ma Li", day(11, 24), day(11, 26), "Ma Li"),
        ("三天", day(11, 24), day(11, 26), ""),
        ("3天 马丽", day(11, 24), day(11, 26), "马丽"),
        ("一周", day(11, 24), day(11, 30), ""),
        ("两个星期", day(11, 24), day(12, 7), ""),
        ("a week", day(11, 24), day(11, 30), ""),
        ("2 weeks", day(11, 24), day(12, 7), ""),
        ("从明天起3天", day(11, 25), day(11, 27), ""),
        ("明天开始，五天", day(11, 25), day(11, 29), ""),
        ("tomorrow 2 days", day(11, 25), day(11, 26), ""),
        ("tomorrow Sun Mei", day(11, 25), day(11, 25), "Sun Mei"),
        ("12月1日起十天", day(12, 1), day(12, 10), ""),
    ],
)
def test_days_are_understood_as_people_write_them(words: str, first: date, last: date, behind: str) -> None:
    assert read(words, TODAY) == (Days(first, last), behind)


@pytest.mark.parametrize(
    "words", ["", "马丽", "@ma:li", "12-05 2026-12-01", "13-40", "2月30日", "soon", "3", "900天", "0 days"]
)
def test_what_is_no_days_is_none(words: str) -> None:
    assert read(words, TODAY)[0] is None


def test_a_person_is_not_eaten() -> None:
    assert read("Monika", TODAY) == (None, "Monika")
    assert read("Tom Sun", TODAY) == (None, "Tom Sun")
    assert read("马到成", TODAY) == (None, "马到成")


@given(
    st.one_of(
        st.text(max_size=60), st.text(alphabet="0123456789-/.月日号到周一二三十天下明 weeksday", max_size=30)
    ),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 1, 1)),
)
def test_nothing_that_anybody_writes_breaks_it(words: str, today: date) -> None:
    days, _ = read(words, today)
    assert days is None or timedelta(0) <= days.last - days.first < timedelta(days=LONGEST)
