"""What a file of borders changes, before anything is changed.

A border needs one around it: its parent's, or those of all beside it, from which the parent's is joined.
What was drawn is not touched; it shows by its version that it must be drawn anew.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from tortoise.backends.base.client import BaseDBAsyncClient

from linzhang.profile import Profile
from models import Origin
from territory.borders import nodes, texts
from territory.borders.drawing import Row, row_of, shapes_of, store, version_of
from territory.borders.geojson import Named, ShapeError, shape_of
from territory.borders.matching import Matching, Meant
from territory.borders.shapes import only_polygons, packed, polygons_of
from territory.plan import Changes, What
from territory.rows import RowError, Said, TerritoryError, said

#: Part of a border that must lie within its parent's.
_WITHIN = 0.5
#: Part of a joined border below which a hole is where neighbours do not quite meet.
_HOLE = 1e-4

_UNITS = "SELECT id, parent_id, tier, code FROM unit WHERE id IN {ids}"

#: By the id of each unit that the file means, its feature, and its shape; None takes it away.
Meanings = dict[int, tuple[Named, Meant, BaseGeometry | None]]


class BorderPlan:
    """What a file of borders changes."""

    def __init__(self, profile: Profile, changes: Changes) -> None:
        self.changes = changes
        self._profile = profile
        #: Borders that are new or other ones.
        self._given: dict[int, BaseGeometry] = {}
        #: Units whose border is given no more, or is not joined any more.
        self._gone: list[int] = []
        #: Units whose border is that of all below them.
        self._joined: dict[int, list[int]] = {}

    @classmethod
    async def make(
        cls,
        connection: BaseDBAsyncClient,
        profile: Profile,
        features: Sequence[Named],
        tier: str = "",
        *,
        keep_all: bool = False,
    ) -> "BorderPlan":
        """Look at features, and see what they change.

        Args:
            connection: The transaction's.
            profile: The programme's.
            features: Of a file.
            tier: As for `load_borders`.
            keep_all: Whether every change is kept in words.

        Raises:
            TerritoryError: Features break a rule; it names each.
        """
        plan = cls(profile, Changes(keep_all=keep_all))
        matching = Matching(profile)
        await matching.look_up(connection, features)
        errors: list[RowError] = []
        meant: Meanings = {}
        for feature in features:
            taken = _taken(feature, matching.unit(feature, tier), meant)
            if isinstance(taken, Said):
                errors.append(_error(feature, taken))
            else:
                unit, shape = taken
                meant[unit.id] = (feature, unit, shape)
        if errors:
            raise TerritoryError(errors)
        await plan._compare(connection, meant)
        settled = await plan._settle(connection, meant)
        errors += await plan._misplaced(connection, meant, settled)
        if errors:
            raise TerritoryError(errors)
        return plan

    async def apply(self, connection: BaseDBAsyncClient) -> None:
        """Carry it out, in the caller's transaction in which it was made."""
        if not self.changes.number:
            return
        await nodes.ask(connection, "DELETE FROM border WHERE unit_id IN {ids}", self._gone)
        await store(connection, [_row(id_, shape, Origin.GIVEN) for id_, shape in self._given.items()])
        # The lowest first: one may be joined of others that are.
        for unit, below in self._joined.items():
            found = await shapes_of(connection, below)
            await store(connection, [_row(unit, _union(list(found.values())), Origin.JOINED)])

    async def _compare(self, connection: BaseDBAsyncClient, meant: Meanings) -> None:
        statement = "SELECT unit_id, version FROM border WHERE origin = 'given' AND unit_id IN {ids}"
        stored = {row[0]: row[1] for row in await nodes.ask(connection, statement, list(meant))}
        for id_, (feature, unit, shape) in meant.items():
            words, before = f"{unit.code} {unit.name}", stored.get(id_)
            if shape is None:
                self._gone += [id_] if before else []
                self.changes.add(What.CLOSED if before else What.UNCHANGED, feature.number, words)
            elif before == version_of(packed(shape)):
                self.changes.add(What.UNCHANGED, feature.number, words)
            else:
                self._given[id_] = shape
                self.changes.add(What.CHANGED if before else What.NEW, feature.number, words)

    async def _settle(self, connection: BaseDBAsyncClient, meant: Meanings) -> set[int]:
        """The units that will have a border of a file's, or one joined of such ones."""
        statement = (
            "SELECT b.unit_id, u.parent_id, u.tier, b.origin FROM border b JOIN unit u ON u.id = b.unit_id"
            " WHERE b.origin <> 'drawn' AND u.closed_at IS NULL"
        )
        _, stored = await connection.execute_query(statement)
        gone = set(self._gone)
        given = {row[0]: (row[1], row[2]) for row in stored if row[3] == Origin.GIVEN and row[0] not in gone}
        given |= {id_: (unit.parent_id, unit.tier) for id_, (_, unit, shape) in meant.items() if shape}
        settled = dict(given)
        for level in reversed([each.key for each in self._profile.tiers]):
            above = sorted({parent for parent, tier in settled.values() if tier == level and parent})
            below = await nodes.children_of(connection, self._profile, above)
            whole = [
                parent
                for parent in above
                if parent not in given and all(node.id in settled for node in below[parent])
            ]
            self._joined |= {parent: [node.id for node in below[parent]] for parent in whole}
            for row in await nodes.ask(connection, _UNITS, whole):
                settled[row[0]] = (row[1], row[2])
        was_joined = {row[0] for row in stored if row[3] == Origin.JOINED}
        self._gone += sorted(was_joined - set(settled))
        return set(settled)

    async def _misplaced(
        self,
        connection: BaseDBAsyncClient,
        meant: Meanings,
        settled: set[int],
    ) -> list[RowError]:
        """Borders of the file that have none around them, or lie outside of it."""
        above = sorted({unit.parent_id for _, unit, _ in meant.values() if unit.parent_id is not None})
        code_of = {row[0]: row[3] for row in await nodes.ask(connection, _UNITS, above)}
        around = await shapes_of(connection, [id_ for id_ in above if id_ not in self._joined])
        around |= {id_: self._given[id_] for id_ in above if id_ in self._given}
        errors = []
        for feature, unit, shape in meant.values():
            if shape is None or unit.parent_id is None:
                continue
            parent = code_of[unit.parent_id]
            if unit.parent_id not in settled:
                errors.append(_error(feature, said(texts.NO_PARENT, code=unit.code, parent=parent)))
            elif unit.parent_id in self._joined:
                continue
            elif shapely.intersection(shape, around[unit.parent_id]).area < _WITHIN * shape.area:
                errors.append(_error(feature, said(texts.ELSEWHERE, code=unit.code, parent=parent)))
        return errors


def _taken(
    feature: Named,
    unit: Meant | Said,
    meant: Meanings,
) -> tuple[Meant, BaseGeometry | None] | Said:
    """The unit of a feature and its shape, or what is wrong with it."""
    if isinstance(unit, Said):
        return unit
    if unit.id in meant:
        return said(texts.TWICE, code=unit.code, first=meant[unit.id][0].number)
    try:
        return unit, shape_of(feature.geometry) if feature.geometry is not None else None
    except ShapeError as error:
        return error.about(unit.code)


def _error(feature: Named, problem: Said) -> RowError:
    return RowError(0, said(texts.FEATURE, number=feature.number, problem=problem))


def _row(unit_id: int, shape: BaseGeometry, origin: Origin) -> Row:
    return row_of(unit_id, shape, origin, version_of(packed(shape)))


def _union(shapes: list[BaseGeometry]) -> BaseGeometry:
    """One border around several, without the slits where they do not quite meet."""
    whole = only_polygons(shapely.union_all(np.array(shapes, dtype=np.object_)))
    least = _HOLE * whole.area
    parts = []
    for part in polygons_of(whole):
        holes = [hole for hole in part.interiors if shapely.Polygon(hole).area > least]
        parts.append(shapely.Polygon(part.exterior, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
