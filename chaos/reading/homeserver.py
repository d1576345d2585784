"""What the homeserver has kept: every message in every room, in the order in which it took them.

Reads Synapse's own tables on SQLite; what it has rejected or redacted counts as not there.
"""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chaos.evidence import Event

_MESSAGES = """
    SELECT e.event_id, e.room_id, e.sender, j.json
    FROM events e JOIN event_json j ON j.event_id = e.event_id
    WHERE e.type = 'm.room.message' AND NOT e.outlier
      AND e.event_id NOT IN (SELECT event_id FROM rejections)
      AND e.event_id NOT IN (SELECT redacts FROM redactions)
    ORDER BY e.stream_ordering
"""


def read(database: Path) -> list[Event]:
    """All messages in all rooms.

    Args:
        database: Synapse's file.
    """
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        rows = connection.execute(_MESSAGES).fetchall()
    finally:
        connection.close()
    return [_event(event_id, room_id, sender, json.loads(raw)) for event_id, room_id, sender, raw in rows]


def _event(event_id: str, room_id: str, sender: str, raw: Mapping[str, Any]) -> Event:
    content = raw["content"]
    relation = content.get("m.relates_to", {})
    kind, target = relation.get("rel_type"), relation.get("event_id", "")
    issue = content.get("org.linzhang.issue")
    return Event(
        event_id=event_id,
        room_id=room_id,
        sender=sender,
        body=str(content.get("body", "")),
        root=target if kind == "m.thread" else "",
        replaces=target if kind == "m.replace" else "",
        key=str(content.get("org.linzhang.key", "")),
        issue=issue["number"] if isinstance(issue, Mapping) else None,
    )
