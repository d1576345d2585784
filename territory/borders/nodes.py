"""What is known of units and their borders, read by the thousand: all but the shapes.

One statement for all children of any number of units. It must never change anything.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient

from linzhang.profile import Profile
from models import Origin, Unit

#: West, south, east, north, in degrees.
Box = tuple[float, float, float, float]

_COLUMNS = (
    "SELECT u.id, u.parent_id, u.code, u.name, u.tier, u.households, u.longitude, u.latitude,"
    " b.version, b.origin, b.west, b.south, b.east, b.north"
    " FROM unit u LEFT JOIN border b ON b.unit_id = u.id"
    " WHERE u.closed_at IS NULL AND "
)


class Node(NamedTuple):
    """A unit that is there, and its border without the shape.

    Attributes:
        id: The unit's.
        parent_id: That of the unit above; None for the root.
        code: The unit's.
        name: What people call it.
        tier: Key of its tier.
        households: As they are counted for this unit itself; 0 where they are not.
        place: Its own longitude and latitude; None where they are not known.
        version: Of its border; empty: it has none yet.
        origin: Of its border.
        box: Of its border.
    """

    id: int
    parent_id: int | None
    code: str
    name: str
    tier: str
    households: int
    place: tuple[float, float] | None
    version: str
    origin: Origin | None
    box: Box

    @property
    def settled(self) -> bool:
        """Whether its border came from a file, and nobody draws another."""
        return self.origin in (Origin.GIVEN, Origin.JOINED)


def connection() -> BaseDBAsyncClient:
    """The caller's transaction, or the open database."""
    return Unit._meta.db


async def ask(base: BaseDBAsyncClient, statement: str, ids: Sequence[int]) -> list[Any]:
    """The rows of a statement that says `IN {ids}`, for any number of ids."""
    if isinstance(base, AsyncpgDBClient):
        _, rows = await base.execute_query(
            statement.replace("{ids}", "(SELECT unnest($1::bigint[]))"), [list(ids)]
        )
    else:
        _, rows = await base.execute_query(
            statement.replace("{ids}", "(SELECT value FROM json_each(?))"), [json.dumps(list(ids))]
        )
    return list(rows)


async def children_of(
    base: BaseDBAsyncClient, profile: Profile, parents: Sequence[int]
) -> dict[int, list[Node]]:
    """By its id, what lies directly below each unit, by code. Departments lie nowhere."""
    found: dict[int, list[Node]] = {parent: [] for parent in parents}
    rows = await ask(base, f"{_COLUMNS} u.parent_id IN {{ids}} ORDER BY u.code", parents)
    for node in _nodes(profile, rows):
        if node.parent_id is not None:
            found[node.parent_id].append(node)
    return found


async def line_to(base: BaseDBAsyncClient, profile: Profile, unit: Unit) -> list[Node]:
    """The units from the root down to this one; empty where one of them lies nowhere."""
    codes = unit.path.rstrip("/").split("/")
    ids = [unit.id for unit in await Unit.filter(code__in=codes).using_db(base).only("id")]
    rows = await ask(base, f"{_COLUMNS} u.id IN {{ids}}", ids)
    nodes = {node.code: node for node in _nodes(profile, rows)}
    return [nodes[code] for code in codes] if len(nodes) == len(codes) else []


async def root(base: BaseDBAsyncClient) -> Unit | None:
    """The unit at the top; None before any is loaded."""
    return await Unit.filter(parent_id=None, closed_at=None).using_db(base).first()


async def count(base: BaseDBAsyncClient, profile: Profile) -> int:
    """How many units lie somewhere."""
    tiers = [tier.key for tier in profile.tiers]
    return await Unit.filter(closed_at=None, tier__in=tiers).using_db(base).count()


def _nodes(profile: Profile, rows: Sequence[Any]) -> list[Node]:
    department = profile.department.key if profile.department else None
    return [_node(row) for row in rows if row[4] != department]


def _node(row: Any) -> Node:
    id_, parent, code, name, tier, households, longitude, latitude, version, origin, *box = tuple(row)
    place = None if longitude is None or latitude is None else (longitude, latitude)
    there = version is not None
    return Node(
        id_,
        parent,
        code,
        name,
        tier,
        households,
        place,
        version or "",
        Origin(origin) if there else None,
        (box[0], box[1], box[2], box[3]) if there else (0.0, 0.0, 0.0, 0.0),
    )
