"""What the page makes of a room's events, in whatever order they come and however often."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.page.rooms import RoomBook

ROOM = "!block:localhost"
UNITS = {"3416-01": "张庄第1邻", "3416": "张庄组"}
SERVICE, LEADER, GROUP_LEADER = "@linzhang:localhost", "@block:localhost", "@group:localhost"


def message(event_id: str, at: int, body: str, sender: str = LEADER, **content: Any) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "type": "m.room.message",
        "sender": sender,
        "origin_server_ts": at,
        "content": {"msgtype": "m.text", "body": body, **content},
    }


def reply(event_id: str, at: int, body: str) -> dict[str, Any]:
    relation = {"rel_type": "m.thread", "event_id": "$post"}
    return message(event_id, at, body, LEADER, **{"m.relates_to": relation})


def edit(event_id: str, at: int, target: str, body: str, sender: str, **content: Any) -> dict[str, Any]:
    words = {"msgtype": "m.text", "body": body, **content}
    relation = {"rel_type": "m.replace", "event_id": target}
    return message(event_id, at, f"* {body}", sender, **{"m.new_content": words, "m.relates_to": relation})


def reaction(event_id: str, at: int, target: str, key: str, sender: str) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "type": "m.reaction",
        "sender": sender,
        "origin_server_ts": at,
        "content": {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": key}},
    }


def redaction(event_id: str, at: int, target: str) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "type": "m.room.redaction",
        "sender": LEADER,
        "origin_server_ts": at,
        "redacts": target,
        "content": {"redacts": target},
    }


def fact(event_id: str, at: int, kind: str, key: str = "", **content: Any) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "type": kind,
        "state_key": key,
        "sender": SERVICE,
        "origin_server_ts": at,
        "content": content,
    }


def issue(state: str, due: str | None = "2026-11-24T18:32:00+00:00", **more: Any) -> dict[str, Any]:
    facts = {"number": 1024, "state": state, "answer_due": due, "holder": "3416-01", "unit": "3416-01"}
    return {"org.linzhang.issue": facts | more}


CREATED = fact("$created", 0, "m.room.create", creator=SERVICE)

HISTORY = [
    CREATED,
    fact("$name", 1, "m.room.name", name="第1邻"),
    fact("$alias", 2, "m.room.canonical_alias", alias="#lz-3416-01:localhost"),
    fact("$in", 3, "m.room.member", LEADER, membership="join", displayname="陈建国"),
    fact("$invited", 4, "m.room.member", GROUP_LEADER, membership="invite", displayname="周强"),
    fact("$left", 5, "m.room.member", GROUP_LEADER, membership="leave", displayname="周强"),
    message("$post", 10, "停水两天了", SERVICE, **issue("open")),
    reply("$reply", 11, "马上来看"),
    reply("$oops", 12, "写错了"),
    redaction("$takes-oops-back", 13, "$oops"),
    edit("$answered", 14, "$post", "停水两天了 · 已答复", SERVICE, **issue("answered", None)),
    edit("$forged", 15, "$post", "没有这回事", LEADER, **issue("closed", None)),
    reaction("$up", 16, "$post", "⬆️", LEADER),
    redaction("$takes-up-back", 17, "$up"),
    reaction("$done", 18, "$post", "✅", LEADER),
    reaction("$done-too", 19, "$post", "✅", GROUP_LEADER),
    edit("$resolved", 20, "$post", "停水两天了 · 已办", SERVICE, **issue("resolved", None)),
]


class Browser:
    """Holds what it has heard last of each thing, as the page's script does."""

    def __init__(self) -> None:
        self.heard: dict[str, dict[str, dict[str, Any]]] = {"room": {}, "item": {}}
        self.book = RoomBook(UNITS, self.hear, lambda moment: moment)

    def hear(self, kind: str, data: dict[str, Any]) -> None:
        self.heard[kind][data["id"]] = data

    def fresh(self) -> dict[str, dict[str, dict[str, Any]]]:
        snapshot = self.book.snapshot()
        return {kind: {each["id"]: each for each in snapshot[f"{kind}s"]} for kind in self.heard}


def told(events: list[dict[str, Any]]) -> Browser:
    browser = Browser()
    for event in events:
        browser.book.take(ROOM, event)
    return browser


def test_a_poll_is_shown_by_its_words_and_that_it_is_over() -> None:
    poll = message("$poll", 10, "关灯好不好？", SERVICE) | {"type": "org.matrix.msc3381.poll.start"}
    over = message("$over", 20, "投票结束了", SERVICE) | {"type": "org.matrix.msc3381.poll.end"}
    over["content"]["m.relates_to"] = {"rel_type": "m.reference", "event_id": "$poll"}
    shown = told([CREATED, poll, over]).fresh()["item"]
    assert [each["body"] for each in shown.values()] == ["关灯好不好？", "投票结束了"]


@given(st.permutations(HISTORY), st.lists(st.sampled_from(HISTORY), max_size=8))
def test_order_and_repetition_change_nothing(
    shuffled: list[dict[str, Any]], again: list[dict[str, Any]]
) -> None:
    browser = told([*shuffled, *again])

    expected = told(HISTORY).fresh()
    assert _without_order_of_people(browser.fresh()) == _without_order_of_people(expected)
    assert browser.heard["item"] == browser.fresh()["item"]
    assert browser.heard["room"] == browser.fresh()["room"]


def _without_order_of_people(shown: dict[str, Any]) -> dict[str, Any]:
    rooms = {key: room | {"joined": sorted(room["joined"])} for key, room in shown["room"].items()}
    return shown | {"room": rooms}


def test_the_last_edit_of_the_author_counts() -> None:
    post = told(HISTORY).fresh()["item"]["$post"]

    assert post["body"] == "停水两天了 · 已办"
    assert post["issue"] == {
        "number": 1024,
        "state": "resolved",
        "due": None,
        "holder": "3416-01",
        "unit": "3416-01",
    }
    assert post["reactions"] == [{"key": "✅", "senders": [LEADER, GROUP_LEADER]}]


def test_threads_redactions_and_members() -> None:
    shown = told(HISTORY).fresh()

    assert shown["item"]["$reply"]["thread"] == "$post"
    assert shown["item"]["$oops"]["redacted"]
    assert shown["item"]["$oops"]["body"] == ""
    assert shown["room"][ROOM]["unit"] == "3416-01"
    assert shown["room"][ROOM]["joined"] == [LEADER]
    assert shown["room"][ROOM]["names"][GROUP_LEADER] == "周强"


def test_a_deadline_is_told_in_milliseconds() -> None:
    post = told([message("$post", 10, "停水", SERVICE, **issue("open"))]).fresh()["item"]["$post"]

    assert post["issue"]["due"] == datetime.fromisoformat("2026-11-24T18:32:00+00:00").timestamp() * 1000


def test_a_room_is_known_by_its_posts_before_its_alias() -> None:
    browser = told([CREATED, message("$post", 10, "停水", SERVICE, **issue("open", unit="3416"))])

    assert browser.heard["room"][ROOM]["unit"] == "3416"


@given(st.permutations(HISTORY[1:4]))
def test_a_space_is_never_shown(facts: list[dict[str, Any]]) -> None:
    browser = told([*facts, fact("$created", 0, "m.room.create", type="m.space")])

    assert browser.heard["room"] == browser.fresh()["room"] == {}


def test_a_reaction_can_be_found_again_until_it_is_taken_back() -> None:
    book = told(HISTORY).book

    assert book.reaction_of(LEADER, "$post", "✅") == "$done"
    assert book.reaction_of(LEADER, "$post", "⬆️") == ""
    assert book.reaction_of(LEADER, "$unknown", "✅") == ""


def test_nothing_of_another_room_changes_a_message() -> None:
    browser = told(HISTORY)
    browser.book.take("!other:localhost", reaction("$far", 30, "$post", "👎", LEADER))
    browser.book.take("!other:localhost", redaction("$far-too", 31, "$post"))

    assert browser.fresh()["item"]["$post"] == told(HISTORY).fresh()["item"]["$post"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
contents = st.fixed_dictionaries(
    {},
    optional={
        "body": json_values,
        "msgtype": json_values,
        "m.relates_to": json_values
        | st.fixed_dictionaries(
            {"rel_type": st.sampled_from(["m.thread", "m.replace", "m.annotation"]), "event_id": json_values}
        ),
        "m.new_content": json_values,
        "org.linzhang.issue": json_values
        | st.fixed_dictionaries({"number": st.integers(), "answer_due": json_values, "unit": json_values}),
    },
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "event_id": st.sampled_from(["$1", "$2", "$3"]) | json_values,
                "type": st.sampled_from(["m.room.message", "m.reaction", "m.room.redaction", "m.room.name"]),
                "content": contents | json_values,
            },
            optional={
                "sender": json_values,
                "origin_server_ts": json_values,
                "state_key": json_values,
                "redacts": json_values,
            },
        ),
        max_size=6,
    )
)
def test_whatever_strangers_send_is_survived(events: list[dict[str, Any]]) -> None:
    browser = told(events)

    assert browser.heard["item"] == browser.fresh()["item"]


@pytest.mark.parametrize("number", ["1024", 10.24, True, None])
def test_a_number_that_is_none_makes_no_issue(number: Any) -> None:
    post = told([message("$post", 10, "停水", SERVICE, **issue("open", number=number))]).fresh()["item"][
        "$post"
    ]

    assert post["issue"] is None
