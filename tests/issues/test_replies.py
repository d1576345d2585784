"""What a leader's text says: a table of what leaders really type on a phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.replies import Verb, read


@pytest.mark.parametrize(
    ("text", "number", "verb", "words"),
    [
        ("1024 明天来修", 1024, None, "明天来修"),
        ("1024明天来修", 1024, None, "明天来修"),
        ("1024，明天来修", 1024, None, "明天来修"),
        ("编号1024：明天来修", 1024, None, "明天来修"),
        ("No. 1024 I come at three", 1024, None, "I come at three"),
        ("#1024 I come", 1024, None, "I come"),
        ("１０２４　明天来修", 1024, None, "明天来修"),
        ("1024", 1024, None, ""),
        ("1024 done", 1024, Verb.DONE, ""),
        ("1024 DONE.", 1024, Verb.DONE, ""),
        ("1024好了", 1024, Verb.DONE, ""),
        ("1024 办好了，水泵换了", 1024, Verb.DONE, "水泵换了"),
        ("1024 !done", 1024, Verb.DONE, ""),
        ("1024！办结", 1024, Verb.DONE, ""),
        ("done 1024", 1024, Verb.DONE, ""),
        ("!done 1024", 1024, Verb.DONE, ""),
        ("好了 1024", 1024, Verb.DONE, ""),
        ("办好了1024", 1024, Verb.DONE, ""),
        ("办好了", None, Verb.DONE, ""),
        ("1024 up the pipe lies under the road", 1024, Verb.UP, "the pipe lies under the road"),
        ("1024上报", 1024, Verb.UP, ""),
        ("1024 上报 归镇里管", 1024, Verb.UP, "归镇里管"),
        ("上报 1024 归镇里管", 1024, Verb.UP, "归镇里管"),
        ("上报：归镇里管", None, Verb.UP, "归镇里管"),
        ("1024 accept", 1024, Verb.ACCEPT, ""),
        ("1024 收到", 1024, Verb.ACCEPT, ""),
        ("1024 // 又是那户人家", 1024, Verb.NOTE, "又是那户人家"),
        ("//1024 又是那户", 1024, Verb.NOTE, "又是那户"),
        ("1024 备注 一个人住", 1024, Verb.NOTE, "一个人住"),
        ("1024 电话", 1024, Verb.CALL, ""),
        ("打电话 1024", 1024, Verb.CALL, ""),
        ("1024 call", 1024, Verb.CALL, ""),
        ("电话打不通", None, None, "电话打不通"),
        ("明天来修", None, None, "明天来修"),
        ("上报了，等镇里", None, None, "上报了，等镇里"),
        ("好了吗", None, None, "好了吗"),
        ("update tomorrow", None, None, "update tomorrow"),
        ("doneness", None, None, "doneness"),
        ("110 到了", None, None, "110 到了"),
        ("13800138000", None, None, "13800138000"),
        ("2026年春节前修好", 2026, None, "年春节前修好"),
        ("", None, None, ""),
    ],
)
def test_a_text_is_taken_apart(text: str, number: int | None, verb: Verb | None, words: str) -> None:
    reply = read(text)
    assert (reply.number, reply.verb, reply.words) == (number, verb, words)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("2026年春节前修好", False),
        ("2026块钱", False),
        ("1024 明天", True),
        ("1024好了", True),
        ("1024", True),
    ],
)
def test_a_year_or_a_price_may_be_no_number(text: str, apart: bool) -> None:
    assert read(text).apart is apart


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("1024 办好了，水泵换了", "办好了，水泵换了"),
        ("收到，马上去", "收到，马上去"),
        ("done 1024 the pump is new", "the pump is new"),
    ],
)
def test_all_but_the_number_can_be_passed_on(text: str, whole: str) -> None:
    assert read(text).text == whole


@given(st.text(max_size=60))
def test_no_text_is_too_strange_and_no_word_is_lost(text: str) -> None:
    reply = read(text)
    assert reply.words in text
    if reply.number is None and reply.verb is None:
        assert reply.words == text.strip()
