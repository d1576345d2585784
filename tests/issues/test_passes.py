"""Passes open what they name, until when they say, and cannot be written by anybody else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from linzhang.passes import LENGTH, Pass, Passes

KEY = "k" * 32
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
ANY = st.builds(Pass, st.integers(0, 2**40 - 1), st.integers(0, 255), MOMENTS)


@given(ANY)
def test_what_was_written_is_read(opens: Pass) -> None:
    word = Passes(KEY, "passes").write(opens)
    assert Passes(KEY, "passes").read(word) == opens
    assert len(word) <= LENGTH
    assert word.replace("-", "").replace("_", "").isalnum()


@given(ANY, st.integers(0, 21), st.integers(1, 255))
def test_another_byte_makes_it_none(opens: Pass, place: int, change: int) -> None:
    content = bytearray(urlsafe_b64decode(Passes(KEY, "passes").write(opens) + "=="))
    content[place] ^= change
    assert Passes(KEY, "passes").read(urlsafe_b64encode(bytes(content)).decode().rstrip("=")) is None


@given(ANY)
def test_one_under_another_key_is_none(opens: Pass) -> None:
    assert (
        Passes("another key of thirty-two letters", "passes").read(Passes(KEY, "passes").write(opens)) is None
    )


@given(st.text())
def test_any_other_word_is_none(word: str) -> None:
    assert Passes(KEY, "passes").read(word) is None
