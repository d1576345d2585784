"""The number on a card survives what old eyes and fingers do to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.cards import CAPACITY, card_code, card_index, valid

indexes = st.integers(0, CAPACITY - 1)


@given(indexes)
def test_a_code_is_digits_at_most_eight_and_leads_back_to_its_block(index: int) -> None:
    code = card_code(index)
    assert code.isascii()
    assert code.isdigit()
    assert len(code) <= 8
    assert not code.startswith("0")
    assert valid(code)
    assert card_index(code) == index


@given(indexes, st.integers(0, 7), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_found(index: int, place: int, digit: str) -> None:
    code = card_code(index)
    place %= len(code)
    wrong = code[:place] + digit + code[place + 1 :]
    assert valid(wrong) == (wrong == code)


@given(indexes, st.integers(0, 6))
def test_two_swapped_digits_are_found(index: int, place: int) -> None:
    code = card_code(index)
    place %= len(code) - 1
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert valid(swapped) == (swapped == code)


def test_codes_of_different_blocks_differ() -> None:
    assert len({card_code(index) for index in range(120_000)}) == 120_000


def test_the_scheme_is_damm() -> None:
    # 5724 is the worked example of Damm's scheme: 572 has the check digit 4.
    assert card_code(5_720_000 - 100_000)[:3] == "572"
    assert all(valid(code) for code in ("1000002", "99999992"))


@pytest.mark.parametrize("text", ["", "12", "abcdefg", "١٠٠٠٠٠٢", "0000000", "100000200"])
def test_what_is_no_code_is_not_valid(text: str) -> None:
    assert not valid(text)
    with pytest.raises(ValueError, match="not a card code"):
        card_index(text)


@pytest.mark.parametrize("index", [-1, CAPACITY])
def test_there_are_no_codes_beyond_the_last(index: int) -> None:
    with pytest.raises(ValueError, match="there are card codes"):
        card_code(index)
