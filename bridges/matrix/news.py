"""What was said in the rooms of one homeserver since a position, read as a client reads it.

Synapse notes how far it has told an application service before what it tells is safe: what waits in its
memory behind a transaction that takes long is lost when it is restarted (`synapse.handlers.appservice`,
`synapse.appservice.scheduler`). And when an application was away it tries again ever more rarely, in the end
every 512 seconds. So whoever must not miss a word looks for itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from bridges.matrix.connection import Connection, Denied
from bridges.matrix.events import TYPES

#: Events of one page of a room's timeline.
_PAGE = 100

_NOTHING: Mapping[str, Any] = {"types": []}


@dataclass(frozen=True, slots=True)
class News:
    """What was found.

    Attributes:
        position: Up to where.
        events: As the homeserver has them, with the rooms in which they are; each room's in their order.
    """

    position: str
    events: list[dict[str, Any]]


async def position(connection: Connection, user: str) -> str:
    """Where the homeserver is now.

    Args:
        connection: To the homeserver.
        user: One of ours who is in no room: the position is the same for everybody, and whoever asks for the
            first time is told of all their rooms.
    """
    asked = {"presence": _NOTHING, "account_data": _NOTHING}
    answer = await connection.call("asking for a position", _sync(asked), user=user)
    return str(answer["next_batch"])


async def since(connection: Connection, position: str, bot_id: str) -> News:
    """All that was said in rooms of the service since a position, but for what the service itself said.

    Args:
        connection: To the homeserver.
        position: From an earlier look.
        bot_id: The service's user there, who is in all its rooms.

    Raises:
        Denied: The homeserver does not know the position: its database is another one.
        Unavailable: It cannot be asked now.
    """
    wanted = {"types": list(TYPES), "not_senders": [bot_id]}
    room = {
        "timeline": wanted | {"limit": _PAGE},
        "state": _NOTHING,
        "ephemeral": _NOTHING,
        "account_data": _NOTHING,
    }
    asked = {"presence": _NOTHING, "account_data": _NOTHING, "room": room}
    answer = await connection.call("looking for what was missed", _sync(asked, since=position))
    events: list[dict[str, Any]] = []
    for room_id, joined in answer.get("rooms", {}).get("join", {}).items():
        timeline = joined.get("timeline", {})
        found = timeline.get("events", [])
        if timeline.get("limited") and timeline.get("prev_batch"):
            found = [*await _before(connection, room_id, timeline["prev_batch"], position, wanted), *found]
        events += [each | {"room_id": room_id} for each in found]
    return News(str(answer["next_batch"]), events)


async def _before(
    connection: Connection, room_id: str, end: str, begin: str, wanted: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """A room's timeline between two positions, in its order."""
    path = f"/_matrix/client/v3/rooms/{quote(room_id, safe='')}/messages"
    found: list[dict[str, Any]] = []
    start: str | None = end
    while start is not None:
        query = {"from": start, "to": begin, "dir": "b", "limit": _PAGE, "filter": json.dumps(wanted)}
        try:
            answer = await connection.call("reading back", ("GET", f"{path}?{urlencode(query)}"))
        except Denied:
            break  # we are not there any more
        found += answer.get("chunk", [])
        start = answer.get("end") if answer.get("chunk") else None
    return found[::-1]


def _sync(asked: Mapping[str, Any], since: str = "") -> tuple[str, str]:
    query = {"timeout": "0", "filter": json.dumps(asked)} | ({"since": since} if since else {})
    return ("GET", f"/_matrix/client/v3/sync?{urlencode(query)}")
