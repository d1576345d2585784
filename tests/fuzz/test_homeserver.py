"""Whatever a homeserver tells: no crash, every event that means something is kept, and worked on."""

import json
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bridges.contract import Inbound
from bridges.matrix.events import TEXT_LIMIT, parse
from tests.fuzz.service import ROOM, Service

_ids = count(1)

#: Text as JSON can carry it: with halves of surrogate pairs, too.
_TEXT = st.text(st.characters(), max_size=80)

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=8,
)

_TYPES = [
    "m.room.message",
    "m.reaction",
    "m.room.redaction",
    "m.room.member",
    "m.room.encrypted",
    "m.sticker",
    "org.matrix.msc3381.poll.response",
    "m.poll.response",
]
_MESSAGES = ["m.text", "m.emote", "m.notice", "m.image", "m.audio", "m.video", "m.file", "m.location"]
_RELATIONS = ["m.replace", "m.thread", "m.annotation", "m.reference"]
_WORDS = ["好", "!done", "！上报 1001 说明", "// 里面", "1001 好了", "@room", "<b>x</b>", "!", "!assign x"]


def _mostly(*usual: object) -> st.SearchStrategy[Any]:
    """One of these values, or now and then anything."""
    return st.one_of(*(st.just(each) for each in usual), st.one_of(_TEXT, _JSON))


def events(senders: list[str], post: str) -> st.SearchStrategy[dict[str, Any]]:
    """Events as people's clients send them, with anything in any place."""
    target = _mostly(post, post, "$elsewhere")
    relation = st.fixed_dictionaries(
        {},
        optional={
            "rel_type": _mostly(*_RELATIONS),
            "event_id": target,
            "key": _mostly("✅", "⬆️", "👍"),
            "is_falling_back": _mostly(True, False),
            "m.in_reply_to": st.one_of(st.fixed_dictionaries({"event_id": target}), _JSON),
        },
    )
    words = st.one_of(st.sampled_from(_WORDS), _TEXT)
    info = st.fixed_dictionaries({"mimetype": _mostly("image/png"), "size": _mostly(1)})
    new = st.fixed_dictionaries({"msgtype": _mostly("m.text"), "body": words})
    content = st.fixed_dictionaries(
        {"msgtype": _mostly(*_MESSAGES), "body": words},
        optional={
            "m.relates_to": st.one_of(relation, relation, _JSON),
            "m.new_content": st.one_of(new, _JSON),
            "url": _mostly("mxc://test/abc"),
            "filename": _mostly("a.jpg"),
            "info": st.one_of(info, _JSON),
            "membership": _mostly("join", "leave"),
            "redacts": target,
        },
    )
    return st.fixed_dictionaries(
        {
            "type": _mostly(*_TYPES),
            "event_id": st.builds(lambda: f"$fuzz{next(_ids)}"),
            "room_id": _mostly(ROOM, ROOM, ROOM, "!elsewhere:test"),
            "sender": _mostly(*senders),
            "content": st.one_of(content, content, content, _JSON),
        },
        optional={
            "origin_server_ts": _mostly(1_700_000_000_000),
            "redacts": target,
            "state_key": _mostly(*senders, "@linzhang:test"),
        },
    )


def _is_well_formed(inbound: Inbound) -> None:
    for each in (inbound.external_id, inbound.sender, inbound.room, inbound.thread, inbound.target):
        assert len(each.encode()) <= 255
        assert "\0" not in each
    assert len(inbound.text) <= TEXT_LIMIT
    inbound.text.encode()
    for medium in inbound.media:
        assert medium.url.startswith("mxc://")
        (medium.name + medium.content_type).encode()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_event_breaks_the_parser(service: Service, data: st.DataObject) -> None:
    event = data.draw(events(service.senders, service.post))
    inbound = parse(event, service.settings.homeservers)
    if inbound is not None:
        _is_well_formed(inbound)


@settings(max_examples=100, deadline=None)
@given(_JSON)
def test_nothing_that_is_no_event_breaks_the_parser(service: Service, event: Any) -> None:
    if isinstance(event, dict):
        assert parse(event, service.settings.homeservers) is None
    assert service.transact([event]).status_code == 200
    assert service.transact(event).status_code in (200, 400)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_every_event_that_means_something_is_kept_once_and_worked_on(
    service: Service, data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(events(service.senders, service.post), max_size=5))
    told = json.loads(json.dumps(drawn))
    assert service.transact(drawn).status_code == 200
    assert service.transact(drawn).status_code == 200
    for event in told:
        inbound = parse(event, service.settings.homeservers)
        if inbound is not None:
            assert service.stored("matrix", inbound.external_id) is not None
    service.work()
