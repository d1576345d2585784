"""Drawing what is missing: the cells of the units below others, when somebody first asks for them.

Each drawn border bears the version of all that it was drawn from: the border above, and what lies side by
side. Where that has changed, all who lie there are drawn anew; what came from a file never is. A unit's
households count as they stand beside it; those of blocks far below only matter when something is drawn,
so that a city's map does not shift when a family moves.

Cells are drawn outside of any transaction, on a thread, and stored in a short one that looks again first:
of two who draw at once the second finds the same cells there, and stores nothing.
"""

import asyncio
import hashlib
from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from linzhang.profile import Profile
from models import Border, Origin, Unit
from territory.borders import nodes
from territory.borders.nodes import Node
from territory.borders.outline import outline
from territory.borders.shapes import packed, unpacked
from territory.borders.tessellation import Share, tessellate
from territory.borders.weights import weights_of
from territory.bulk import insert

#: Of the way of drawing: another one draws everything anew.
_MANNER = "1"
#: Characters of a version.
VERSION_LENGTH = 32
#: How often drawing begins again because something changed meanwhile.
_TRIES = 3
#: Part of what it should have that a unit without a border must find beside those that were given theirs.
_ROOM = 0.05
#: Of PostgreSQL's advisory locks.
_LOCK = 0x6C696E7B

COLUMNS = ("unit_id", "shape", "west", "south", "east", "north", "origin", "version")
#: The values of one row.
Row = tuple[int, bytes, float, float, float, float, str, str]


async def draw_down_to(profile: Profile, unit: Unit) -> Node | None:
    """A unit with its border, which is drawn if need be, and so are those above; None: it lies nowhere."""
    line = await nodes.line_to(nodes.connection(), profile, unit)
    if not line:
        return None
    found = await _root(profile, line[0])
    for next_ in line[1:]:
        below = (await draw_below(profile, [found]))[found.id]
        found = next(node for node in below if node.id == next_.id)
    return found


async def draw_below(profile: Profile, parents: Sequence[Node]) -> dict[int, list[Node]]:
    """By its id, all that lies directly below each unit, with borders, which are drawn if need be.

    Args:
        profile: The programme's.
        parents: Units whose own borders are as they should be.
    """
    for _ in range(_TRIES):
        found = await nodes.children_of(nodes.connection(), profile, [parent.id for parent in parents])
        stale = [parent for parent in parents if not _fresh(parent, found[parent.id])]
        if not stale:
            break
        await _draw(profile, stale, found)
    return found


def _wanted(parent: Node, below: Sequence[Node]) -> str:
    """The version of what is drawn below a unit."""
    words = [_MANNER, parent.version, parent.code]
    for node in below:
        words.append(f"{node.code} {node.households} {node.place} {node.version if node.settled else ''}")
    return version_of("\n".join(words).encode())


def version_of(content: bytes) -> str:
    """A fingerprint."""
    return hashlib.sha256(content).hexdigest()[:VERSION_LENGTH]


def _fresh(parent: Node, below: Sequence[Node]) -> bool:
    wanted = _wanted(parent, below)
    return all(node.settled or node.version == wanted for node in below)


async def _root(profile: Profile, node: Node) -> Node:
    wanted = version_of(f"{_MANNER} {node.code}".encode())
    if node.settled or node.version == wanted:
        return node
    base = nodes.connection()
    shape = await outline(node.code, (await weights_of(base, profile, [node]))[node.id])
    async with in_transaction() as connection:
        await one_at_a_time(connection)
        # Whoever draws it draws the same; but a file may have given it meanwhile.
        if not await Border.filter(unit_id=node.id).exclude(origin=Origin.DRAWN).exists():
            await store(connection, [row_of(node.id, shape, Origin.DRAWN, wanted)])
    unit = await Unit.get(id=node.id)
    return (await nodes.line_to(nodes.connection(), profile, unit))[0]


async def _draw(profile: Profile, parents: Sequence[Node], below: dict[int, list[Node]]) -> None:
    base = nodes.connection()
    settled = [node.id for parent in parents for node in below[parent.id] if node.settled]
    shapes = await shapes_of(base, [*(parent.id for parent in parents), *settled])
    weights = await weights_of(base, profile, [node for parent in parents for node in below[parent.id]])
    wavy = {tier.key for tier in profile.tiers[:-1]}

    def draw() -> dict[int, list[Row]]:
        return {
            parent.id: _cells(parent, below[parent.id], shapes, weights, wavy=parent.tier in wavy)
            for parent in parents
        }

    drawn = await asyncio.to_thread(draw)
    async with in_transaction() as connection:
        await one_at_a_time(connection)
        now = await nodes.children_of(connection, profile, list(drawn))
        above = {parent.id: parent for parent in parents}
        rows = [
            row
            for id_, cells in drawn.items()
            if not _fresh(above[id_], now[id_]) and _wanted(above[id_], now[id_]) == cells[0][-1]
            for row in cells
        ]
        await store(connection, rows)


def _cells(
    parent: Node,
    below: Sequence[Node],
    shapes: dict[int, BaseGeometry],
    weights: dict[int, int],
    *,
    wavy: bool,
) -> list[Row]:
    """The rows of those below a unit whose borders are drawn."""
    settled = [node for node in below if node.settled]
    drawn = [node for node in below if not node.settled]
    room = shapes[parent.id]
    if settled:
        # Where the others leave nothing, it is better to lie upon them than to be seen nowhere.
        rest = shapely.difference(room, shapely.union_all([shapes[node.id] for node in settled]))
        if rest.area > _ROOM * room.area * len(drawn) / len(below):
            room = rest
    shares = [Share(node.code, weights[node.id], node.place) for node in drawn]
    version = _wanted(parent, below)
    return [
        row_of(node.id, cell, Origin.DRAWN, version)
        for node, cell in zip(drawn, tessellate(room, shares, wavy=wavy), strict=True)
    ]


async def shapes_of(base: BaseDBAsyncClient, units: Sequence[int]) -> dict[int, BaseGeometry]:
    """By their ids, the shapes of units that have one."""
    rows = await nodes.ask(base, "SELECT unit_id, shape FROM border WHERE unit_id IN {ids}", units)
    return dict(zip((row[0] for row in rows), unpacked([row[1] for row in rows]), strict=True))


def row_of(unit_id: int, shape: BaseGeometry, origin: Origin, version: str) -> Row:
    """A border as its table has it."""
    west, south, east, north = shape.bounds
    return (unit_id, packed(shape), west, south, east, north, origin.value, version)


async def store(connection: BaseDBAsyncClient, rows: Sequence[Row]) -> None:
    """Put borders into the table, each in the place of what its unit had; in the caller's transaction."""
    if rows:
        await nodes.ask(connection, "DELETE FROM border WHERE unit_id IN {ids}", [row[0] for row in rows])
        await insert(connection, Border, COLUMNS, rows)


async def one_at_a_time(connection: BaseDBAsyncClient) -> None:
    """Wait for whoever else changes borders; SQLite's transactions wait by themselves."""
    if isinstance(connection, AsyncpgDBClient):
        await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [_LOCK])
