"""What a room is, as its homeserver tells: read in one piece, understood and not judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bridges.matrix.appservice import AppService

_MEMBER, _CHILD, _PARENT = "m.room.member", "m.space.child", "m.space.parent"


@dataclass(frozen=True, slots=True)
class Actual:
    """A room as it is.

    Attributes:
        alias_points_to: Id of the room that has the alias; empty: none.
        state: Contents by type of state event, of those without a state key.
        members: Matrix id to 'join', 'invite', 'leave', 'ban', 'knock'.
        went: Matrix ids of those who have left by themselves.
        children: Ids of the rooms that it shows, if it is a space.
        parents: Ids of the spaces that it says it belongs to.
        shown: Whether the space around it shows it.
    """

    alias_points_to: str
    state: Mapping[str, Mapping[str, Any]]
    members: Mapping[str, str]
    went: frozenset[str]
    children: frozenset[str]
    parents: frozenset[str]
    shown: bool


async def read(service: AppService, room_id: str, *, alias: str, around: str, keeper: AppService) -> Actual:
    """Read a room.

    Args:
        service: On the room's homeserver.
        room_id: Which.
        alias: Its alias' local part.
        around: Id of the space that is to show it; empty: none.
        keeper: The service on that space's homeserver.

    Raises:
        LostRoom: The service is not in it.
        DeliveryError: The homeserver cannot be asked.
    """
    events = [each for each in await service.state(room_id) if _is_event(each)]
    shown = bool(around) and await keeper.shows(around, room_id)
    return Actual(
        alias_points_to=await service.resolve_alias(alias) or "",
        state={each["type"]: each["content"] for each in events if each["state_key"] == ""},
        members={
            each["state_key"]: str(each["content"].get("membership"))
            for each in events
            if each["type"] == _MEMBER
        },
        went=frozenset(
            each["state_key"]
            for each in events
            if each["type"] == _MEMBER
            and each["content"].get("membership") == "leave"
            and each.get("sender") == each["state_key"]
        ),
        children=frozenset(_keys(events, _CHILD)),
        parents=frozenset(_keys(events, _PARENT)),
        shown=shown,
    )


def _keys(events: Iterable[Mapping[str, Any]], kind: str) -> set[str]:
    """State keys of events that hold something: what was taken out is an empty event."""
    return {each["state_key"] for each in events if each["type"] == kind and each["content"].get("via")}


def _is_event(event: Any) -> bool:
    return isinstance(event, Mapping) and "state_key" in event and isinstance(event.get("content"), Mapping)
