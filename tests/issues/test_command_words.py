"""What a line asks for: every way in which people write a command, and what is none."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linzhang.words import say
from rooms.commands import FAMILIES, TABLE, inside, nearest, reacting, read

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "name", "number", "words"),
    [
        ("!done", "done", None, ""),
        ("！办结", "done", None, ""),
        ("！ 办结", "done", None, ""),
        ("!DONE 1024", "done", 1024, ""),
        ("！ｄｏｎｅ　１０２４", "done", 1024, ""),
        ("!done #1024", "done", 1024, ""),
        ("!done no. 1024", "done", 1024, ""),
        ("！办结1024", "done", 1024, ""),
        ("！办结 1024号", "done", 1024, ""),
        ("！办结 编号1024", "done", 1024, ""),
        ("!1024 done", "done", 1024, ""),
        ("！1024 办结", "done", 1024, ""),
        ("!up the pipe lies under the road", "up", None, "the pipe lies under the road"),
        ("！上报 1024 水管在马路下面，归镇里", "up", 1024, "水管在马路下面，归镇里"),
        ("！上报1024，水管在马路下面", "up", 1024, "水管在马路下面"),
        ("！上报水管在马路下面", "up", None, "水管在马路下面"),
        ("！上报：水管在马路下面", "up", None, "水管在马路下面"),
        ("!up 2024年的旧水管", "up", None, "2024年的旧水管"),
        ("!up 5000元的账", "up", None, "5000元的账"),
        ("!up 5 days without water", "up", None, "5 days without water"),
        ("!answer 1024 I come at three", "answer", 1024, "I come at three"),
        ("！答复 1024 下午３点到", "answer", 1024, "下午３点到"),
        ("!1024 I come at three", "answer", 1024, "I come at three"),
        ("!note 她一个人住", "note", None, "她一个人住"),
        ("！收到", "accept", None, ""),
        ("!help", "help", None, ""),
        ("！帮助 上报", "help", None, "上报"),
    ],
)
def test_a_command_is_understood_however_it_is_written(
    text: str, name: str, number: int | None, words: str
) -> None:
    line = read(text)
    assert line is not None
    assert line.command is TABLE[name]
    assert (line.number, line.words) == (number, words)


@pytest.mark.parametrize("text", ["done", "", "!", "！！！", "!?", "1024 done", "好了", "没有！", "//note"])
def test_what_has_no_mark_is_no_command_in_a_room(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "name", "number", "words"),
    [
        ("done 1024", "done", 1024, ""),
        ("Done 1024", "done", 1024, ""),
        ("办结1024", "done", 1024, ""),
        ("1024 办结", "done", 1024, ""),
        ("1024 明天上午来修", "answer", 1024, "明天上午来修"),
        ("1024，明天上午来修", "answer", 1024, "明天上午来修"),
        ("1024号 明天来", "answer", 1024, "明天来"),
        ("1024 up 水管在马路下面", "up", 1024, "水管在马路下面"),
        ("1024", "show", 1024, ""),
        ("编号1024", "show", 1024, ""),
        ("帮助", "help", None, ""),
        ("!help", "help", None, ""),
    ],
)
def test_in_private_the_mark_may_be_left_out(text: str, name: str, number: int | None, words: str) -> None:
    line = read(text, bare=True)
    assert line is not None
    assert line.command is TABLE[name]
    assert (line.number, line.words) == (number, words)


@pytest.mark.parametrize("text", ["好了吗", "上报有什么用", "谢谢", "明天去", "in 2024年"])
def test_in_private_words_are_not_taken_for_commands_by_chance(text: str) -> None:
    assert read(text, bare=True) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("!dnoe", "done"),
        ("!anwser 1024 x", "answer"),
        ("！办洁", "done"),
        ("！上保", "up"),
        ("!hlep", "help"),
    ],
)
def test_a_slip_of_the_pen_is_told_what_it_may_have_meant(text: str, name: str) -> None:
    line = read(text)
    assert line is not None
    assert line.command is None
    assert nearest(line.word) is TABLE[name]


@pytest.mark.parametrize("word", ["!xyzzy", "！天气", "!！"])
def test_what_is_like_nothing_is_not_guessed(word: str) -> None:
    assert nearest(word) is None


@pytest.mark.parametrize(
    ("emoji", "name"),
    [("✅", "done"), ("✔️", "done"), ("⬆️", "up"), ("👀", "accept"), ("👍", "accept"), ("👍🏽", "accept")],
)
def test_reactions_ask_for_the_same(emoji: str, name: str) -> None:
    assert reacting(emoji) is TABLE[name]
    assert reacting("🎉") is None


def test_a_note_begins_with_two_slashes() -> None:
    assert inside("// 又是那户人家") == "又是那户人家"
    assert inside("／／ 又是那户人家") == "又是那户人家"
    assert inside("a // b") is None


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_form_that_help_shows_is_understood(name: str, language: str) -> None:
    line = read(say(TABLE[name].form, language))
    assert line is not None
    assert line.command is TABLE[name]


def test_no_two_commands_share_a_word_or_a_sign() -> None:
    for kind in ("names", "emoji"):
        each = [word for command in TABLE.values() for word in getattr(command, kind)]
        assert len(each) == len(set(each))


def test_every_family_is_in_the_table() -> None:
    assert {command.run.__module__ for command in TABLE.values()} == {each.__name__ for each in FAMILIES}


@given(st.text(max_size=200), st.booleans())
def test_nothing_that_anybody_writes_breaks_the_parser(text: str, bare: bool) -> None:
    line = read(f"!{text}", bare=bare)
    if line is not None:
        assert line.words == line.words.strip()
        nearest(line.word)
    read(text, bare=bare)
    inside(text)
    reacting(text)


@given(st.text(alphabet="!！ 1024号#转部门上报办结done，：年日\u3000", max_size=30), st.booleans())
def test_nothing_like_a_command_breaks_the_parser(text: str, bare: bool) -> None:
    line = read(text, bare=bare)
    assert line is None or line.number is None or 1000 <= line.number <= 999_999_999


def test_the_page_for_leaders_has_the_table() -> None:
    command = [sys.executable, "-m", "rooms.commands"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout
    assert printed in (ROOT / "docs" / "leaders.md").read_text(encoding="utf-8")
