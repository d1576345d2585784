"""Invented people have plausible names and numbers that can be nobody's."""

from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linzhang.phones import normalise
from territory import people
from tests.territory.small import SIZE, units

TIERS = ("township", "village", "section", "group", "block")


@given(st.integers(0, 2_999_999), st.integers(0, 2**32))
def test_numbers_can_be_written_but_belong_to_nobody(block: int, seed: int) -> None:
    for each in people.residents(block, 1, seed):
        number = phonenumbers.parse(each.phone, None)
        assert phonenumbers.is_possible_number(number)
        assert not phonenumbers.is_valid_number(number)
        assert normalise(each.phone, "CN") == each.phone
        assert normalise(each.phone.removeprefix("+86"), "CN") == each.phone


def test_leaders_and_residents_all_have_numbers_of_their_own(tmp_path: Path) -> None:
    leaders = [post.phone for post in people.leaders(units(tmp_path), TIERS, seed=3)]
    residents = [each.phone for block in range(2_000) for each in people.residents(block, 15, seed=3)]
    assert len(leaders) == SIZE - 2
    assert len(set(leaders + residents)) == len(leaders) + len(residents)


def test_a_household_has_one_or_two_with_a_phone() -> None:
    living = [each.household for each in people.residents(4, 15, seed=1)]
    assert sorted(set(living)) == list(range(1, 16))
    assert {living.count(household) for household in living} == {1, 2}


def test_the_same_seed_gives_the_same_people(tmp_path: Path) -> None:
    small = units(tmp_path)
    assert people.residents(9, 10, seed=1) == people.residents(9, 10, seed=1)
    assert people.residents(9, 10, seed=1) != people.residents(9, 10, seed=2)
    assert list(people.leaders(small, TIERS, 1)) == list(people.leaders(small, TIERS, 1))


def test_names_are_two_or_three_characters(tmp_path: Path) -> None:
    names = [each.name for block in range(50) for each in people.residents(block, 15, seed=1)]
    assert {len(name) for name in names} == {2, 3}
    assert len(set(names)) > len(names) / 2


def test_a_block_beyond_the_numbers_set_aside_is_an_error() -> None:
    with pytest.raises(ValueError, match="no numbers for the residents"):
        people.residents(3_000_000, 5, seed=1)
