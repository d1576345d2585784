"""A text is filed where its words belong, and a trouble of another kind is told from more of the same."""

import pytest

from issues import likeness

LAMP, WATER = "村口的路灯坏了", "家里水管漏水了\n已经两天了"
LAMP_EN, WATER_EN = "The lamp at the gate is broken", "We have no water"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("灯还没修好", 0),
        ("路灯", 0),
        ("是村口那个", 0),
        ("路燈還是黑的", 0),
        ("水还在漏", 1),
        ("水管又爆了", 1),
        ("怎么还没人来", None),
        ("还是黑的", None),
        ("第二个", None),
        ("已经三天了", None),
        ("明天几点来", None),
        ("灯没修好，水也在漏", None),
        ("猪跑了", None),
        ("", None),
    ],
)
def test_of_two_troubles_the_one_with_the_same_words_is_meant(text: str, about: int | None) -> None:
    assert likeness.clearly(text, [LAMP, WATER]) == about


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("the lamp flickers", 0),
        ("It is at the gate", 0),
        ("LAMP", 0),
        ("still no water", 1),
        ("when will you come", None),
        ("still not fixed", None),
        ("the power is out", None),
    ],
)
def test_english_is_compared_by_its_words(text: str, about: int | None) -> None:
    assert likeness.clearly(text, [LAMP_EN, WATER_EN]) == about


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("家里停电了", True),
        ("家里停水了", True),
        ("楼上太吵了", True),
        ("下水道堵了", True),
        ("猪跑到路上来了", True),
        ("家裡停電了", True),
        ("The power is out", True),
        ("路灯还是不亮", False),
        ("灯还没修好", False),
        ("就在停车场旁边", False),
        ("我家在水塔旁边", False),
        ("已经三天了", False),
        ("怎么还没人来", False),
        ("没电工来", False),
        ("是村口那个", False),
        ("", False),
    ],
)
def test_only_a_trouble_of_another_kind_is_another(text: str, another: bool) -> None:
    assert likeness.is_another(text, [LAMP]) is another


def test_what_nobody_can_tell_apart_is_not_another() -> None:
    assert not likeness.is_another("家里停电了", ["王大爷家的事"])
    assert not likeness.is_another("家里停电了", [LAMP, "家里没电"])
