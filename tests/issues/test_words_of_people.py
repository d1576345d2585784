"""What people write is understood as they mean it, and what nobody supports is left alone."""

import pytest

from issues import wording
from issues.wording import Verdict
from linzhang.profile import load_profile
from tests.factories import PROFILE

YES, NO = Verdict.YES, Verdict.NO


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  水管坏了\r\n两天了 \n", "水管坏了\n两天了"),
        ("水管\x00坏\x07了\x1b", "水管坏了"),
        ("家人👨‍👩‍👧病了", "家人👨‍👩‍👧病了"),
        ("红旗❤️", "红旗❤️"),
        ("文件\u202egpj.exe", "文件gpj.exe"),
        ("\u2067左\u2069右\u200f", "左右"),
        ("列\t表", "列\t表"),
        ("坏\ud800了", "坏了"),
        ("\u3000水管坏了\u3000", "水管坏了"),
        ("", ""),
    ],
)
def test_only_what_can_be_shown_stays(text: str, kept: str) -> None:
    assert wording.clean(text) == kept


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        (" \n\t\u3000", True),
        ("\u200b\ufeff\u200d", True),
        ("\ufe0f", True),
        ("\x00\x07", True),
        ("。", False),
        ("1", False),
        ("👍", False),
        (" 好 ", False),
    ],
)
def test_a_text_without_anything_to_see_is_blank(text: str, blank: bool) -> None:
    assert wording.is_blank(text) is blank


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("水管坏了", "zh-Hans"),
        ("WiFi坏了", "zh-Hans"),
        ("TP LINK 的 WIFI 坏了", "zh-Hans"),
        ("看看 https://example.org/one/two/three/four/five", "zh-Hans"),
        ("I live in 魏岗村, my name is Tom", "en"),
        ("The pipe is broken", "en"),
        ("1", None),
        ("12345674", None),
        ("👍", None),
        ("?!", None),
        ("a", None),
        ("Вода", None),
    ],
)
def test_the_language_is_told_from_the_letters(text: str, language: str | None) -> None:
    assert wording.language(text, load_profile(PROFILE)) == language


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("1", YES),
        ("１", YES),
        (" 1。", YES),
        ("【1】", YES),
        ("2", NO),
        ("２", NO),
        ("2、没好", NO),
        ("好了！", YES),
        ("好 了", YES),
        ("已经解决了", YES),
        ("好了，谢谢！", YES),
        ("谢谢您。", YES),
        ("謝謝", YES),
        ("解決了", YES),
        ("OK.", YES),
        ("ＯＫ", YES),
        ("Yes, thanks!", YES),
        ("没好", NO),
        ("沒好", NO),
        ("沒有解決", NO),
        ("还没好呢", NO),
        ("不行。", NO),
        ("Not yet", NO),
        ("Still not fixed!", NO),
        ("no", NO),
        ("11", None),
        ("12", None),
        ("3", None),
        ("没好好修", None),
        ("好不好", None),
        ("好像坏了", None),
        ("不是水管，是电", None),
        ("Yesterday", None),
        ("no water", None),
        ("1栋没水", None),
        ("👍", YES),
        ("", None),
    ],
)
def test_a_lone_yes_or_no_is_understood_and_nothing_else(text: str, verdict: Verdict | None) -> None:
    assert wording.verdict(text) is verdict
