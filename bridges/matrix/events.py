"""Matrix events into the one form that the core understands.

Pure, and for events that anybody in the federation may have written: whatever is not as the
specification has it is no event for us. It must never raise.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bridges.contract import Inbound, Kind, Media
from bridges.matrix import polls
from linzhang.networks import Network
from linzhang.settings import Homeserver

BRIDGE = "matrix"

#: Characters of one message that are kept.
TEXT_LIMIT = 16_000

#: Bytes of any id, by Matrix' own rules.
_ID_LIMIT = 255

#: Characters of a file's name and of its type, and of the address of what was uploaded.
_NAME_LIMIT = 255
_URL_LIMIT = 1_000

_WORDS = {"m.text", "m.emote"}
_FILES = {"m.image", "m.audio", "m.video", "m.file"}
_MEMBERSHIPS = {"invite", "join", "knock", "leave", "ban"}

#: How old clients begin a reply: the quoted message's lines, then an empty one.
_QUOTATION = re.compile(r"\A> (?:\* )?<@[^\n]*\n(?:>[^\n]*\n)*\n?")


#: Understands the content of one type of event.
_Understand = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any] | None]

#: Where somebody is: RFC 5870, with whatever else they tell left out.
_GEO = re.compile(r"geo:(-?\d{1,3}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)(?:[,;].*)?", re.DOTALL)

#: Characters of a display name that are kept.
_DISPLAYED = 100

#: People that one message mentions, at most.
_MENTIONS = 20


class _Strange(Exception):
    """Something in an event is not as the specification has it."""


def is_ours(homeserver: Homeserver, user_id: str) -> bool:
    """Whether a user is the service's bot or one of its ghosts on this homeserver."""
    if user_id == homeserver.bot_id:
        return True
    ghost = user_id.startswith(f"@{homeserver.ghost_prefix}")
    return ghost and user_id.endswith(f":{homeserver.server_name}")


def is_told_elsewhere(
    event: Mapping[str, Any], teller: Homeserver, homeservers: Sequence[Homeserver]
) -> bool:
    """Whether an event is another of our homeservers' to tell, since the room is there.

    Where both have somebody of ours in a room, both tell of it; it is taken from the one that keeps it. So
    none can put words into a room of another's, and an invitation is heard from whoever is invited.

    Args:
        event: As a homeserver sent it; nothing in it is trusted.
        teller: Which one sent it.
        homeservers: All on which the service is registered.
    """
    room = event.get("room_id")
    keeper = room.partition(":")[2] if isinstance(room, str) else ""
    if keeper == teller.server_name or keeper not in {each.server_name for each in homeservers}:
        return False
    return not (event.get("type") == "m.room.member" and event.get("state_key") == teller.bot_id)


def told(
    event: object, teller: Homeserver, homeservers: Sequence[Homeserver], networks: Sequence[Network] = ()
) -> Inbound | None:
    """Understand what a homeserver tells, if it is its own to tell; see `is_told_elsewhere` and `parse`."""
    if not isinstance(event, Mapping) or is_told_elsewhere(event, teller, homeservers):
        return None
    return parse(event, homeservers, networks)


def parse(
    event: Mapping[str, Any], homeservers: Sequence[Homeserver], networks: Sequence[Network] = ()
) -> Inbound | None:
    """Understand an event from a transaction.

    Args:
        event: As the homeserver sent it; nothing in it is trusted.
        homeservers: All on which the service is registered: rooms federate, and what one of its bots says
            is told by another's homeserver too.
        networks: Whose people are shown in rooms by third parties' bridges.

    Returns:
        What it is, or None where it is nothing for us: our own, also if it comes back through another
        network, a notice of somebody else's than such a bridge's bot, of a type that we do not know, or
        malformed.
    """
    try:
        return _parse(event, homeservers, networks)
    except _Strange:
        return None


def readers(ephemeral: Sequence[Any], homeservers: Sequence[Homeserver]) -> Sequence[Inbound]:
    """Who has read something, each of them once in each room, however much they have read there.

    What they have read last of the room itself counts more than what they have read in one of its threads.

    Args:
        ephemeral: What passes in rooms, as the homeserver sent it; nothing in it is trusted.
        homeservers: All on which the service is registered: rooms federate, and what one of its bots says
            is told by another's homeserver too.
    """
    found: dict[tuple[str, str], Inbound] = {}
    for each in ephemeral:
        try:
            if isinstance(each, Mapping) and _text(each, "type") == "m.receipt":
                room, read = _id(each, "room_id"), _mapping(each, "content")
                for event in read:
                    for user, how in _read_by(read, event):
                        if not _is_one_of_us(homeservers, user):
                            seen, before = _seen(user, room, event, how), found.get((user, room))
                            found[user, room] = seen if before is None else max(before, seen, key=_tells)
        except _Strange:
            continue
    return list(found.values())


def _read_by(read: Mapping[str, Any], event: str) -> Iterator[tuple[str, object]]:
    by_kind = _mapping(read, event)
    for kind in ("m.read", "m.read.private"):
        users = by_kind.get(kind)
        if isinstance(users, Mapping):
            yield from ((_id({"user": user}, "user"), how) for user, how in users.items())


def _seen(user: str, room: str, event: str, how: object) -> Inbound:
    facts = how if isinstance(how, Mapping) else {}
    thread = facts.get("thread_id")
    return Inbound(
        bridge=BRIDGE,
        external_id="",
        sender=user,
        kind=Kind.SEEN,
        room=room,
        target=event if event == _shown(event)[:_ID_LIMIT] else "",
        thread=thread if isinstance(thread, str) and thread == _shown(thread)[:_ID_LIMIT] else "",
        sent_at=_moment(facts.get("ts")),
    )


def _tells(seen: Inbound) -> tuple[bool, datetime]:
    """How much a receipt says of what somebody has read."""
    return seen.thread in ("", "main"), seen.sent_at or datetime.min.replace(tzinfo=UTC)


def _is_one_of_us(homeservers: Sequence[Homeserver], user_id: str) -> bool:
    return any(is_ours(homeserver, user_id) for homeserver in homeservers)


def _parse(
    event: Mapping[str, Any], homeservers: Sequence[Homeserver], networks: Sequence[Network]
) -> Inbound | None:
    sender = _id(event, "sender")
    understand = _UNDERSTAND.get(_text(event, "type"))
    if understand is None:
        return None
    if understand is not _membership:
        if _is_one_of_us(homeservers, sender) or any(each.is_itself(sender) for each in networks):
            return None
        if any(each.bot == sender for each in networks):
            # Whatever else it does there, such as to react to what it has shortened, is nobody's.
            understand = _notice if understand is _message else _nothing
    facts = understand(event, _mapping(event, "content"))
    if facts is None:
        return None
    if understand is _membership and any(each.has(facts["detail"]["member"]) for each in networks):
        facts["detail"] |= _display_name(_mapping(event, "content"))
    return Inbound(
        bridge=BRIDGE,
        external_id=_id(event, "event_id"),
        sender=sender,
        room=_id(event, "room_id"),
        sent_at=_time(event),
        **facts,
    )


def _message(_event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any] | None:
    relation = _mapping(content, "m.relates_to") if "m.relates_to" in content else {}
    if relation.get("rel_type") == "m.replace":
        new = _mapping(content, "m.new_content")
        said = _said(new, is_reply=False)
        return said and {"kind": Kind.EDIT, "text": said["text"], "target": _id(relation, "event_id")}
    in_thread = relation.get("rel_type") == "m.thread"
    is_reply = "m.in_reply_to" in relation
    said = _said(content, is_reply=is_reply)
    if said is None:
        return None
    thread = _id(relation, "event_id") if in_thread else ""
    # Inside threads, clients without threads are told to show a reply to the last message.
    is_answer = is_reply and not (in_thread and relation.get("is_falling_back") is True)
    target = _id(_mapping(relation, "m.in_reply_to"), "event_id") if is_answer else ""
    mentioned = _mentioned(content)
    detail = said.pop("detail", {}) | ({"mentions": mentioned} if mentioned else {})
    return said | {"kind": Kind.TEXT, "thread": thread, "target": target, "detail": detail}


def _said(content: Mapping[str, Any], *, is_reply: bool) -> dict[str, Any] | None:
    """The words and files of a message; None: nobody said anything."""
    kind, body = _text(content, "msgtype"), _text(content, "body")
    if kind in _WORDS:
        # Cut after the quotation, which is not the sender's own and may be long.
        return {"text": _shown(_QUOTATION.sub("", body) if is_reply else body)}
    if kind == "m.location":
        place = _place(_text(content, "geo_uri"))
        return {"text": "", "detail": {"place": place}} if place else {"text": _shown(body)}
    if kind not in _FILES:
        return None
    name, caption = body, ""
    if "filename" in content and _text(content, "filename") != body:
        name, caption = _text(content, "filename"), body
    url = content.get("url")
    if not isinstance(url, str) or not _is_upload(url):
        return {"text": _shown(body)}  # it cannot be shown, but that it was sent is told
    info = _mapping(content, "info") if "info" in content else {}
    size = info.get("size")
    media = Media(
        url=url,
        content_type=_content_type(info, kind),
        size=size if type(size) is int and 0 <= size < 2**53 else None,
        name=_shown(name)[:_NAME_LIMIT],
    )
    return {"text": _shown(caption), "media": (media,)}


def _place(geo_uri: str) -> list[float] | None:
    """Latitude and longitude; None: it is no place on earth."""
    found = _GEO.fullmatch(geo_uri)
    place = [float(each) for each in found.groups()] if found else []
    return place if place and abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


def _mentioned(content: Mapping[str, Any]) -> list[str]:
    """Whom the sender's client says that the words are to reach."""
    mentions = content.get("m.mentions")
    ids = mentions.get("user_ids") if isinstance(mentions, Mapping) else None
    if not isinstance(ids, list):
        return []
    return [each for each in ids if isinstance(each, str) and each == _shown(each)[:_ID_LIMIT]][:_MENTIONS]


def _reaction(_event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any] | None:
    relation = _mapping(content, "m.relates_to")
    if relation.get("rel_type") != "m.annotation":
        return None
    key = _shown(_text(relation, "key"))
    return {"kind": Kind.REACTION, "text": key, "target": _id(relation, "event_id")}


def _vote(_event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any] | None:
    choice = polls.chosen(content)
    if choice is None:
        return None
    poll = _id({"poll": polls.voted_on(content)}, "poll")
    return {"kind": Kind.VOTE, "text": _shown(choice)[:_ID_LIMIT], "target": poll}


def _redaction(event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    target = _id(content if "redacts" in content else event, "redacts")
    return {"kind": Kind.REDACTION, "target": target}


def _membership(event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any] | None:
    membership = _text(content, "membership")
    if membership not in _MEMBERSHIPS:
        return None
    detail: dict[str, Any] = {"member": _id(event, "state_key"), "membership": membership}
    if content.get("is_direct") is True:
        detail["direct"] = True
    return {"kind": Kind.MEMBERSHIP, "detail": detail}


def _display_name(content: Mapping[str, Any]) -> dict[str, Any]:
    """How a member is called in the room, where that is said."""
    name = content.get("displayname")
    shown = " ".join(_shown(name).split())[:_DISPLAYED] if isinstance(name, str) else ""
    return {"name": shown} if shown else {}


def _notice(_event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"kind": Kind.NOTICE, "text": _shown(_text(content, "body"))}


def _nothing(_event: Mapping[str, Any], _content: Mapping[str, Any]) -> None:
    return None


def _state(event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any] | None:
    if event.get("state_key") != "":
        return None
    detail = {"state": _text(event, "type")}
    if "replacement_room" in content:
        detail["successor"] = _id(content, "replacement_room")
    return {"kind": Kind.STATE, "detail": detail}


def _wordless(what: str) -> _Understand:
    """Understands something that has no words for us; in which thread it stands can be read."""

    def understand(_event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
        relation = content.get("m.relates_to")
        in_thread = isinstance(relation, Mapping) and relation.get("rel_type") == "m.thread"
        thread = _id(relation, "event_id") if isinstance(relation, Mapping) and in_thread else ""
        return {"kind": Kind.TEXT, "thread": thread, "detail": {what: True}}

    return understand


_UNDERSTAND: dict[str, _Understand] = {
    "m.room.message": _message,
    "m.reaction": _reaction,
    **dict.fromkeys(polls.VOTES, _vote),
    "m.room.redaction": _redaction,
    "m.room.member": _membership,
    **dict.fromkeys(
        (
            "m.room.avatar",
            "m.room.canonical_alias",
            "m.room.guest_access",
            "m.room.history_visibility",
            "m.room.join_rules",
            "m.room.name",
            "m.room.power_levels",
            "m.room.tombstone",
            "m.room.topic",
        ),
        _state,
    ),
    "m.room.encrypted": _wordless("encrypted"),
    "m.sticker": _wordless("sticker"),
    "m.poll.start": _wordless("poll"),
    polls.START: _wordless("poll"),
}

#: Types of events that can be something for us.
TYPES = tuple(_UNDERSTAND)


def _text(source: Mapping[str, Any], key: str) -> str:
    value = source.get(key)
    if not isinstance(value, str):
        raise _Strange(key)
    return value


def _mapping(source: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = source.get(key)
    if not isinstance(value, Mapping):
        raise _Strange(key)
    return value


def _id(source: Mapping[str, Any], key: str) -> str:
    value = _text(source, key)
    if not value or value != _shown(value) or len(value.encode()) > _ID_LIMIT:
        raise _Strange(key)
    return value


def _shown(text: str) -> str:
    """Words that a database can keep: no NUL, no half of a surrogate pair, not without end."""
    return text.replace("\0", "").encode(errors="replace").decode()[:TEXT_LIMIT]


def _is_upload(url: str) -> bool:
    return url.startswith("mxc://") and len(url) <= _URL_LIMIT and url == _shown(url)


def _content_type(info: Mapping[str, Any], kind: str) -> str:
    """The type as the sender states it, or what the kind of message tells."""
    stated = info.get("mimetype")
    if isinstance(stated, str) and re.fullmatch(r"[\w.+-]{1,100}/[\w.+-]{1,100}", stated, re.ASCII):
        return stated
    return "application/octet-stream" if kind == "m.file" else f"{kind.removeprefix('m.')}/*"


def _time(event: Mapping[str, Any]) -> datetime | None:
    """When the sender's homeserver says that it was sent; it may say nonsense."""
    stamp = event.get("origin_server_ts")
    if stamp is None:
        return None
    if type(stamp) is not int:
        raise _Strange("origin_server_ts")
    return _moment(stamp)


def _moment(stamp: object) -> datetime | None:
    """A moment in milliseconds since 1970; None: it is none."""
    if type(stamp) is not int:
        return None
    try:
        return datetime.fromtimestamp(stamp / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
