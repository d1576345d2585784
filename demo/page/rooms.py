"""What the leaders' Matrix clients have seen, put together: rooms, posts, threads, edits, reactions.

Events come from several sessions, twice and in any order, and the result is the same. Everything in
them is data of strangers: checked for its type, cut to a length, and never interpreted further.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.page.cards import take_apart
from demo.page.media import facts_of

ISSUE = "org.linzhang.issue"
"""Key of a post's content under which the service says which issue it shows, and how it stands."""

_LONGEST_BODY = 8000
_LONGEST_NAME = 200

Publish = Callable[[str, dict[str, Any]], None]


@dataclass
class _Edit:
    at: int
    content: Mapping[str, Any]


@dataclass(frozen=True)
class _Reaction:
    at: int
    key: str
    sender: str


@dataclass
class _Item:
    """A message in a room, with all that was later said about it."""

    id: str
    room: str
    sender: str
    at: int
    content: Mapping[str, Any]
    redacted: bool = False
    edits: dict[str, _Edit] = field(default_factory=dict)
    reactions: dict[str, _Reaction] = field(default_factory=dict)

    @property
    def current(self) -> Mapping[str, Any]:
        """The words that count now: those of the last edit."""
        if not self.edits:
            return self.content
        return max(self.edits.items(), key=lambda each: (each[1].at, each[0]))[1].content

    @property
    def thread(self) -> str | None:
        """Id of the thread's root, if it stands in a thread."""
        relation = _mapping(self.content.get("m.relates_to"))
        return _text(relation.get("event_id")) or None if relation.get("rel_type") == "m.thread" else None


@dataclass
class _Room:
    """A room, as its state events describe it."""

    id: str
    facts: dict[tuple[str, str], tuple[int, Mapping[str, Any]]] = field(default_factory=dict)

    def fact(self, kind: str, key: str = "") -> Mapping[str, Any]:
        return self.facts.get((kind, key), (0, {}))[1]


class RoomBook:
    """All rooms that any of the leaders is in.

    Attributes:
        units: Name per unit code, of the units that the page knows.
    """

    def __init__(
        self, units: Mapping[str, str], publish: Publish, programme_time: Callable[[datetime], datetime]
    ) -> None:
        self.units = units
        self._publish = publish
        self._programme_time = programme_time
        self._rooms: dict[str, _Room] = {}
        self._items: dict[str, _Item] = {}
        self._orphans: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        self._seen: set[str] = set()
        self._owners: dict[str, str] = {}

    def knows(self, event_id: str) -> bool:
        """Whether this event has been taken in before."""
        return event_id in self._seen

    def take(self, room_id: str, event: Mapping[str, Any]) -> None:
        """Take in one event as the homeserver sent it."""
        event_id = _text(event.get("event_id"))
        if not event_id or event_id in self._seen:
            return
        self._seen.add(event_id)
        if room_id not in self._rooms:
            self._rooms[room_id] = _Room(room_id)
        if "state_key" in event:
            self._take_fact(room_id, event)
            return
        match event.get("type"):
            case "m.room.message" | "org.matrix.msc3381.poll.start" | "org.matrix.msc3381.poll.end":
                self._take_message(room_id, event)
            case "m.reaction":
                relation = _mapping(_mapping(event.get("content")).get("m.relates_to"))
                self._apply(_text(relation.get("event_id")), room_id, event)
            case "m.room.redaction":
                content = _mapping(event.get("content"))
                target = _text(event.get("redacts")) or _text(content.get("redacts"))
                self._apply(self._owners.get(target, target), room_id, event)

    def last_in_thread(self, root: str) -> str:
        """Id of the newest event of a thread, for clients that show a thread as replies."""
        answers = [item for item in self._items.values() if item.thread == root]
        return max(answers, key=lambda item: item.at).id if answers else root

    def reaction_of(self, user_id: str, event_id: str, emoji: str) -> str:
        """Id of somebody's reaction to a message; '' if there is none."""
        item = self._items.get(event_id)
        found = item.reactions.items() if item else ()
        return next((each for each, told in found if (told.key, told.sender) == (emoji, user_id)), "")

    def file_of(self, event_id: str) -> tuple[str, str] | None:
        """Where a message's file is, and of which type it is; None where it has none."""
        item = self._items.get(event_id)
        shown = facts_of(item.content) if item and not item.redacted else None
        return (str(item.content["url"]), str(shown["content_type"])) if item and shown else None

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, as the browser gets it at first."""
        return {
            "rooms": [self._room_json(room) for room in self._rooms.values() if _is_shown(room)],
            "items": [self._item_json(item) for item in self._items.values()],
        }

    def _take_fact(self, room_id: str, event: Mapping[str, Any]) -> None:
        room = self._rooms[room_id]
        key = (_text(event.get("type")), _text(event.get("state_key")))
        at = _whole(event.get("origin_server_ts"))
        if key in room.facts and room.facts[key][0] > at:
            return
        room.facts[key] = (at, _mapping(event.get("content")))
        self._publish_room(room)

    def _take_message(self, room_id: str, event: Mapping[str, Any]) -> None:
        content = _mapping(event.get("content"))
        relation = _mapping(content.get("m.relates_to"))
        if relation.get("rel_type") == "m.replace":
            self._apply(_text(relation.get("event_id")), room_id, event)
            return
        event_id = _text(event["event_id"])
        item = _Item(
            id=event_id,
            room=room_id,
            sender=_text(event.get("sender")),
            at=_whole(event.get("origin_server_ts")),
            content=content,
            redacted="redacted_because" in _mapping(event.get("unsigned")),
        )
        had_unit = self._unit_of(self._rooms[room_id])
        self._items[event_id] = item
        for orphan_room, orphan in self._orphans.pop(event_id, []):
            self._change(item, orphan_room, orphan)
        if self._unit_of(self._rooms[room_id]) != had_unit:
            self._publish_room(self._rooms[room_id])
        self._publish("item", self._item_json(item))

    def _apply(self, target: str, room_id: str, event: Mapping[str, Any]) -> None:
        if not target:
            return  # its relation was taken back together with its content
        item = self._items.get(target)
        if item is None:
            self._orphans.setdefault(target, []).append((room_id, event))
        elif self._change(item, room_id, event):
            self._publish("item", self._item_json(item))

    def _change(self, item: _Item, room_id: str, event: Mapping[str, Any]) -> bool:
        """Let an event change an item; returns whether it did."""
        if item.room != room_id:
            return False
        event_id = _text(event["event_id"])
        sender = _text(event.get("sender"))
        content = _mapping(event.get("content"))
        match event.get("type"):
            case "m.reaction":
                key = _text(_mapping(content.get("m.relates_to")).get("key"))[:32]
                if not key:
                    return False
                item.reactions[event_id] = _Reaction(_whole(event.get("origin_server_ts")), key, sender)
            case "m.room.redaction":
                target = _text(event.get("redacts")) or _text(content.get("redacts"))
                item.edits.pop(target, None)
                item.reactions.pop(target, None)
                if target == item.id:
                    item.redacted = True
            case _:
                words = _mapping(content.get("m.new_content"))
                if sender != item.sender or not words:
                    return False
                item.edits[event_id] = _Edit(_whole(event.get("origin_server_ts")), words)
        self._owners[event_id] = item.id
        for orphan_room, orphan in self._orphans.pop(event_id, []):
            self._change(item, orphan_room, orphan)
        return True

    def _publish_room(self, room: _Room) -> None:
        if _is_shown(room):
            self._publish("room", self._room_json(room))

    def _unit_of(self, room: _Room) -> str | None:
        """Code of the unit whose room it is: by a post of ours, by its alias, or by its name."""
        for item in self._items.values():
            code = _text(_mapping(item.current.get(ISSUE)).get("unit"))
            if item.room == room.id and code in self.units:
                return code
        alias = _text(room.fact("m.room.canonical_alias").get("alias"))
        local = alias.removeprefix("#").partition(":")[0]
        for code in sorted(self.units, key=len, reverse=True):
            before = local.removesuffix(code)
            if before != local and not before[-1:].isalnum():
                return code
        name = _text(room.fact("m.room.name").get("name"))
        return next((code for code, unit in self.units.items() if unit == name), None)

    def _room_json(self, room: _Room) -> dict[str, Any]:
        members = {
            user: _text(content.get("displayname"))[:_LONGEST_NAME] or user
            for (kind, user), (_, content) in room.facts.items()
            if kind == "m.room.member"
        }
        joined = [user for user in members if room.fact("m.room.member", user).get("membership") == "join"]
        return {
            "id": room.id,
            "name": _text(room.fact("m.room.name").get("name"))[:_LONGEST_NAME],
            "unit": self._unit_of(room),
            "names": members,
            "joined": joined,
        }

    def _item_json(self, item: _Item) -> dict[str, Any]:
        current = item.current
        body = "" if item.redacted else _text(current.get("body"))[:_LONGEST_BODY]
        reply = _mapping(item.content.get("m.relates_to")).get("m.in_reply_to")
        if reply and body.startswith("> <"):
            body = _without_quotation(body)
        medium = None if item.redacted else facts_of(item.content)
        if medium and body == medium["name"]:
            body = ""  # the name of a file is no caption
        at = datetime.fromtimestamp(item.at / 1000, UTC)
        issue = None if item.redacted else _issue(_mapping(current.get(ISSUE)))
        return {
            "id": item.id,
            "room": item.room,
            "sender": item.sender,
            "order": item.at,
            "at": round(self._programme_time(at).timestamp() * 1000),
            "body": body,
            "msgtype": _text(current.get("msgtype")) or "m.text",
            "thread": item.thread,
            "medium": medium,
            "issue": issue,
            "card": take_apart(_text(current.get("formatted_body"))) if issue else None,
            "edited": bool(item.edits),
            "redacted": item.redacted,
            "reactions": _tally(item.reactions.values()),
        }


def _issue(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The facts of an issue, each of its right type, or None where there is no issue."""
    number = facts.get("number")
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    due = None
    try:
        moment = datetime.fromisoformat(_text(facts.get("answer_due")))
        due = round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        pass
    return {
        "number": number,
        "state": _text(facts.get("state"))[:32] or "open",
        "due": due,
        "holder": _text(facts.get("holder"))[:64],
        "unit": _text(facts.get("unit"))[:64],
    }


def _tally(reactions: Iterable[_Reaction]) -> list[dict[str, Any]]:
    """Who reacted how, per emoji, in the order of their first use."""
    found: dict[str, list[str]] = {}
    for reaction in sorted(reactions, key=lambda each: (each.at, each.key, each.sender)):
        senders = found.setdefault(reaction.key, [])
        if reaction.sender not in senders:
            senders.append(reaction.sender)
    return [{"key": key, "senders": senders} for key, senders in found.items()]


def _without_quotation(body: str) -> str:
    """A reply's own words, without the quotation that older clients put before them."""
    lines = body.split("\n")
    while lines and lines[0].startswith(">"):
        lines.pop(0)
    return "\n".join(lines).strip()


def _is_shown(room: _Room) -> bool:
    """Whether people talk there; until its beginning was heard of, it may turn out to be a space."""
    return ("m.room.create", "") in room.facts and room.fact("m.room.create").get("type") != "m.space"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**45 else 0
