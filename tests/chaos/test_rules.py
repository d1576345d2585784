"""The checker itself: records in which all is well, and the same with one thing wrong for each rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chaos.evidence import Effect, Entry, Event, Evidence, Facts, Issue, Message, Step, TextIn, TextOut
from chaos.rules import violations

MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NUMBER, OTHER = "+8610000000001", "+8610000000002"
LEADER, GHOST, BOT = "@leader-0:localhost", "@lz_7:localhost", "@linzhang:localhost"
BLOCK, GROUP = "!block:localhost", "!group:localhost"


def at(hours: float) -> datetime:
    """So many hours after the morning."""
    return MORNING + hours * HOUR


def effect(number: int, key: str, **facts: Any) -> Effect:
    """A text to the resident that went out; its id at the carrier tells its number."""
    made: dict[str, Any] = {
        "id": number,
        "key": key,
        "lane": "address:1",
        "bridge": "sms",
        "issue_id": 1,
        "address_id": 1,
        "state": "sent",
        "topic": "",
        "hold_until": None,
        "external_id": f"SMout{number}",
        "text": f"text {number}",
    }
    return Effect(**made | facts)


def in_room(number: int, key: str, unit: int, event_id: str, do: str) -> Effect:
    """Something said in a unit's room."""
    lane = f"issue:1:{unit}"
    return effect(number, key, lane=lane, bridge="rooms", address_id=None, external_id=event_id, do=do)


def well() -> Evidence:
    """A report, more of it, an escalation after four hours, and the group leader's answer."""
    return Evidence(
        facts=Facts(
            numbers={1: NUMBER, 2: OTHER},
            leaders=frozenset({LEADER}),
            windows={"block": 4 * HOUR, "group": 4 * HOUR},
            now=at(9),
        ),
        texts_in=[
            TextIn("SM1", NUMBER, "路灯坏了（BBBBBBBB）", accepted=True),
            TextIn("SM2", NUMBER, "就在路口（CCCCCCCC）", accepted=True, told=2),
            TextIn("SM3", NUMBER, "1", accepted=True),
        ],
        texts_out=[
            TextOut("SMout1", NUMBER, "text 1", "i1.1.1"),
            TextOut("SMout4", NUMBER, "text 4", "i1.3.2"),
            TextOut("SMout6", NUMBER, "负责人：明天来（DDDDDDDD）", "i1.4.0"),
        ],
        events=[
            Event("$post", BLOCK, GHOST, "编号1001 路灯坏了（BBBBBBBB）", key="i1.1.0", issue=1001),
            Event("$more", BLOCK, GHOST, "就在路口（CCCCCCCC）", root="$post", key="i1.2.0"),
            Event("$above", GROUP, BOT, "路灯坏了（BBBBBBBB）", key="i1.3.0", issue=1001),
            Event("$gone", BLOCK, BOT, "已上报", root="$post", key="i1.3.1"),
            Event("$answer", GROUP, LEADER, "明天来（DDDDDDDD）", root="$above"),
        ],
        inbox=[
            Entry(1, "sms", "SM1", "done", at(0)),
            Entry(2, "sms", "SM2", "done", at(1)),
            Entry(3, "sms", "SM3", "done", at(2)),
            Entry(4, "matrix", "$answer", "done", at(5)),
        ],
        issues=[Issue(1, "answered", 10, 11, 1, private=False, answer_due=None)],
        messages=[
            Message(1, 1, "SM1", "resident", "路灯坏了（BBBBBBBB）"),
            Message(2, 1, "SM2", "resident", "就在路口（CCCCCCCC）"),
            Message(3, 1, "$answer", "leader", "明天来（DDDDDDDD）"),
        ],
        history=[
            Step(1, 1, at(0), "report", "", "open", None, 10),
            Step(1, 2, at(1), "add", "open", "open", 10, 10),
            Step(1, 3, at(4.1), "escalate", "open", "open", 10, 11),
            Step(1, 4, at(5), "answer", "open", "answered", 11, 11, "$answer"),
        ],
        effects=[
            effect(1, "i1.1.1"),
            in_room(2, "i1.2.0", 10, "$more", "relay"),
            in_room(3, "i1.3.0", 11, "$above", "show"),
            effect(4, "i1.3.2"),
            in_room(5, "i1.3.1", 10, "$gone", "say"),
            effect(6, "i1.4.0", text="负责人：明天来（DDDDDDDD）"),
            effect(7, "n1.1.0", state="waiting", hold_until=at(23)),
            in_room(0, "i1.1.0", 10, "$post", "show"),
        ],
        tiers={10: "block", 11: "group"},
        rooms={BLOCK: 10, GROUP: 11},
    )


def with_rows(evidence: Evidence, name: str, rows: list[Any]) -> Evidence:
    """The evidence with other records of one kind."""
    changes: dict[str, Any] = {name: rows}
    return replace(evidence, **changes)


def without(name: str, index: int) -> Callable[[Evidence], Evidence]:
    """The evidence with one record missing."""

    def change(evidence: Evidence) -> Evidence:
        rows = list(getattr(evidence, name))
        del rows[index]
        return with_rows(evidence, name, rows)

    return change


def once_more(name: str, index: int, **facts: Any) -> Callable[[Evidence], Evidence]:
    """The evidence with one record there again, otherwise."""

    def change(evidence: Evidence) -> Evidence:
        rows = list(getattr(evidence, name))
        return with_rows(evidence, name, [*rows, replace(rows[index], **facts)])

    return change


def other(name: str, index: int, **facts: Any) -> Callable[[Evidence], Evidence]:
    """The evidence with one record otherwise."""

    def change(evidence: Evidence) -> Evidence:
        rows = list(getattr(evidence, name))
        rows[index] = replace(rows[index], **facts)
        return with_rows(evidence, name, rows)

    return change


def swapped(name: str, one: int, two: int) -> Callable[[Evidence], Evidence]:
    """The evidence with two records in each other's place."""

    def change(evidence: Evidence) -> Evidence:
        rows = list(getattr(evidence, name))
        rows[one], rows[two] = rows[two], rows[one]
        return with_rows(evidence, name, rows)

    return change


def test_where_all_is_well_nothing_is_found() -> None:
    assert violations(well()) == []


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        # drained
        ("drained", other("inbox", 0, state="failed")),
        ("drained", other("inbox", 1, state="waiting")),
        ("drained", other("effects", 6, hold_until=at(8))),
        ("drained", other("effects", 4, state="calling")),
        ("drained", other("effects", 3, state="failed")),
        # arrived
        ("arrived", without("inbox", 0)),
        ("arrived", without("messages", 1)),
        ("arrived", once_more("messages", 1, id=9)),
        ("arrived", once_more("messages", 1, id=9, issue_id=2)),
        ("arrived", other("messages", 1, text="就在路口（CCCCCCCC）\n（CCCCCCCC）")),
        ("arrived", other("issues", 0, address_id=2)),
        ("arrived", without("events", 1)),
        ("arrived", once_more("events", 1, event_id="$again", key="i9")),
        ("arrived", other("events", 1, root="$elsewhere")),
        ("arrived", other("issues", 0, private=True)),
        ("arrived", other("texts_in", 2, sid="SM9")),
        # heard
        ("heard", without("inbox", 3)),
        ("heard", other("history", 3, event_id="")),
        ("heard", without("texts_out", 2)),
        ("heard", once_more("texts_out", 2, sid="SMout9")),
        ("heard", other("texts_out", 2, number=OTHER)),
        # history
        ("history", without("history", 1)),
        ("history", other("history", 1, seq=3)),
        ("history", other("history", 2, from_holder_id=11)),
        ("history", other("history", 0, action="place")),
        ("history", other("issues", 0, state="closed")),
        # windows
        ("windows", other("history", 2, at=at(3.9))),
        ("windows", other("history", 3, at=at(8.2))),
        ("windows", other("history", 3, at=at(3.9))),
        ("windows", other("issues", 0, answer_due=at(12))),
        ("windows", without("history", 3)),
        # sent
        ("sent", without("texts_out", 0)),
        ("sent", once_more("texts_out", 0, sid="SMout9")),
        ("sent", once_more("texts_out", 0, sid="SMout9", key="")),
        ("sent", other("texts_out", 0, number=OTHER)),
        ("sent", other("texts_out", 0, body="something else")),
        ("sent", other("effects", 0, external_id="SMother")),
        ("sent", other("effects", 0, state="cancelled")),
        ("sent", other("effects", 6, state="cancelled", topic="holder")),
        ("sent", swapped("texts_out", 0, 1)),
        ("sent", without("effects", 3)),
        # shown
        ("shown", without("events", 2)),
        ("shown", once_more("events", 2, event_id="$again", key="i9")),
        ("shown", once_more("events", 3, event_id="$again")),
        ("shown", without("events", 3)),
        ("shown", swapped("events", 1, 3)),
    ],
)
def test_one_thing_wrong_is_found(rule: str, change: Callable[[Evidence], Evidence]) -> None:
    assert rule in {each.rule for each in violations(change(well()))}


def test_an_open_window_that_has_passed_is_missed() -> None:
    steps = [each for each in well().history if each.seq < 4]
    open_ = Issue(1, "open", 10, 11, 1, private=False, answer_due=at(8.1))
    found = violations(replace(well(), history=steps, issues=[open_]))
    assert any("nobody noticed" in each.says for each in found)


def test_words_that_wait_for_which_one_are_in_one_place() -> None:
    kept = [each for each in well().messages if each.id != 2]
    events = [each for each in well().events if each.event_id != "$more"]
    effects = [each for each in well().effects if each.id != 2]
    asked = replace(well(), messages=kept, events=events, effects=effects, pending=["就在路口（CCCCCCCC）"])
    assert violations(asked) == []
    assert {each.rule for each in violations(replace(asked, pending=["（CCCCCCCC）"] * 2))} == {"arrived"}
