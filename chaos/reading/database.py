"""What the service's database has kept: its rows by plain SQL, on SQLite and on PostgreSQL.

The statements name tables and columns, and no code of the service is asked what they mean.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg

from chaos.evidence import Effect, Entry, Issue, Message, Step

Rows = Sequence[Mapping[str, Any]]


class Database:
    """A database that is only read.

    Args:
        url: As the service is given it.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    async def rows(self, statement: str) -> Rows:
        """The rows of a SELECT."""
        if self._url.startswith("sqlite://"):
            return self._on_sqlite(statement)
        connection = await asyncpg.connect(self._url)
        try:
            found: Rows = await connection.fetch(statement)
            return found
        finally:
            await connection.close()

    def _on_sqlite(self, statement: str) -> Rows:
        path = self._url.removeprefix("sqlite://")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(statement)]
        finally:
            connection.close()

    async def inbox(self) -> list[Entry]:
        """What came in."""
        found = await self.rows("SELECT id, bridge, external_id, state, received_at FROM inbox ORDER BY id")
        return [
            Entry(row["id"], row["bridge"], row["external_id"], row["state"], moment(row["received_at"]))
            for row in found
        ]

    async def issues(self) -> list[Issue]:
        """All issues."""
        found = await self.rows(
            "SELECT id, state, block_id, holder_id, address_id, private, answer_due FROM issue ORDER BY id"
        )
        return [
            Issue(
                id=row["id"],
                state=row["state"],
                block_id=row["block_id"],
                holder_id=row["holder_id"],
                address_id=row["address_id"],
                private=bool(row["private"]),
                answer_due=_perhaps(row["answer_due"]),
            )
            for row in found
        ]

    async def messages(self) -> list[Message]:
        """All that was said."""
        found = await self.rows("SELECT id, issue_id, external_id, voice, text FROM message ORDER BY id")
        return [
            Message(row["id"], row["issue_id"], row["external_id"], row["voice"], row["text"])
            for row in found
        ]

    async def history(self) -> list[Step]:
        """All transitions."""
        found = await self.rows(
            "SELECT issue_id, seq, at, action, from_state, to_state, from_holder_id, to_holder_id, event_id"
            " FROM history ORDER BY id"
        )
        return [Step(**{**row, "at": moment(row["at"])}) for row in map(dict, found)]

    async def effects(self) -> list[Effect]:
        """All effects."""
        found = await self.rows(
            "SELECT id, key, lane, bridge, issue_id, address_id, state, topic, hold_until, external_id,"
            " payload FROM outbox ORDER BY id"
        )
        return [_effect(row) for row in found]

    async def pending(self) -> list[str]:
        """Words that wait for the answer to 'which one?'."""
        found = await self.rows(
            "SELECT pending FROM question WHERE pending IS NOT NULL AND settled_at IS NULL"
        )
        return [str(_json(row["pending"]).get("text", "")) for row in found]

    async def tiers(self) -> dict[int, str]:
        """The tiers of all units."""
        return {row["id"]: row["tier"] for row in await self.rows("SELECT id, tier FROM unit")}

    async def rooms(self) -> dict[str, int]:
        """Whose rooms they are."""
        found = await self.rows("SELECT room_id, unit_id FROM room WHERE kind = 'room'")
        return {row["room_id"]: row["unit_id"] for row in found}


def moment(value: Any) -> datetime:
    """A moment as either database tells it."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(found, datetime)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _perhaps(value: Any) -> datetime | None:
    return None if value is None else moment(value)


def _json(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else dict(value)
    return found


def _effect(row: Mapping[str, Any]) -> Effect:
    payload = _json(row["payload"])
    return Effect(
        id=row["id"],
        key=row["key"],
        lane=row["lane"],
        bridge=row["bridge"],
        issue_id=row["issue_id"],
        address_id=row["address_id"],
        state=row["state"],
        topic=row["topic"],
        hold_until=_perhaps(row["hold_until"]),
        external_id=row["external_id"] or "",
        text=str(payload.get("text", "")),
        do=str(payload.get("do", "")),
    )
