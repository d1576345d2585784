"""Who has read something, from what the homeserver says in passing; nothing strange does any harm."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridges.contract import Kind
from bridges.matrix.events import readers
from linzhang.settings import Homeserver

HOME = Homeserver.model_validate(
    {"server_name": "test", "url": "http://127.0.0.1:1", "as_token": "a", "hs_token": "h"}
)
READ = {"ts": 1, "thread_id": "main"}


def receipt(content: Any, room: Any = "!a:test") -> dict[str, Any]:
    return {"type": "m.receipt", "room_id": room, "content": content}


def test_each_reader_is_named_once_in_each_room_and_the_service_never() -> None:
    passing = [
        {"type": "m.typing", "room_id": "!a:test", "content": {"user_ids": ["@wu:test"]}},
        receipt({"$1": {"m.read": {"@chen:test": READ, "@lz_7:test": READ}}}),
        receipt({"$2": {"m.read.private": {"@chen:test": READ}, "m.read": {"@zhou:else": READ}}}, "!b:test"),
    ]
    found = readers(passing, [HOME])
    assert sorted((each.sender, each.room, each.target) for each in found) == [
        ("@chen:test", "!a:test", "$1"),
        ("@chen:test", "!b:test", "$2"),
        ("@zhou:else", "!b:test", "$2"),
    ]
    assert {each.kind for each in found} == {Kind.SEEN}


def test_what_was_read_last_of_the_room_counts_more_than_a_thread() -> None:
    read = {
        "$old": {"m.read": {"@chen:test": {"ts": 5}}},
        "$new": {"m.read": {"@chen:test": {"ts": 7, "thread_id": "main"}}},
        "$thread": {"m.read": {"@chen:test": {"ts": 9, "thread_id": "$root"}}},
    }
    [found] = readers([receipt(read)], [HOME])
    assert (found.target, found.thread) == ("$new", "main")
    assert found.sent_at == datetime.fromtimestamp(0.007, UTC)


@pytest.mark.parametrize(
    "strange",
    [
        None,
        7,
        {},
        {"type": "m.receipt"},
        receipt(None),
        receipt([]),
        receipt({"$1": None}),
        receipt({"$1": {"m.read": ["@chen:test"]}}),
        receipt({"$1": {"m.read": {"": READ}}}),
        receipt({"$1": {"m.read": {"x" * 300: READ}}}),
        receipt({"$1": {"m.read": {"@chen:test": READ}}}, room=3),
    ],
)
def test_what_is_strange_hides_nobody_else(strange: Any) -> None:
    good = receipt({"$1": {"m.read": {"@zhou:test": READ}}})
    assert [each.sender for each in readers([strange, good], [HOME])] == ["@zhou:test"]


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(json | st.builds(receipt, json), max_size=4))
def test_nothing_raises(passing: list[Any]) -> None:
    assert all(each.kind is Kind.SEEN for each in readers(passing, [HOME]))
