"""Which unit a feature of a file means: by its code, by its id, or by its name within a tier."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from tortoise.backends.base.client import BaseDBAsyncClient

from linzhang.profile import Profile
from territory import texts as rows
from territory.borders import texts
from territory.borders.geojson import Named
from territory.bulk import find
from territory.rows import Said, said

_SELECT = (
    "SELECT u.id, u.parent_id, u.code, u.name, u.tier, u.closed_at, into_.code"
    " FROM unit u LEFT JOIN unit into_ ON into_.id = u.merged_into_id WHERE u."
)


class Meant(NamedTuple):
    """A unit that somebody means.

    Attributes:
        id: Its row's.
        parent_id: That of the unit above; None for the root.
        code: Its code.
        name: What people call it.
        tier: Key of its tier.
        closed: Whether it is no more.
        into: Code of the unit that it has become part of; empty for none.
    """

    id: int
    parent_id: int | None
    code: str
    name: str
    tier: str
    closed: bool
    into: str


class Matching:
    """The units that a file's features mean."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._by_code: dict[str, Meant] = {}
        self._by_name: dict[str, list[Meant]] = defaultdict(list)

    async def look_up(self, connection: BaseDBAsyncClient, features: Sequence[Named]) -> None:
        """Find every unit that one of the features may mean."""
        codes = {key for each in features for key in (each.code, each.id) if key}
        for row in await find(connection, f"{_SELECT}code IN", sorted(codes)):
            unit = _meant(row)
            self._by_code[unit.code] = unit
        names = {each.name for each in features if each.name and not each.code}
        for row in await find(connection, f"{_SELECT}name IN", sorted(names)):
            unit = _meant(row)
            if not unit.closed:
                self._by_name[unit.name].append(unit)

    def unit(self, feature: Named, tier: str) -> Meant | Said:
        """The unit that a feature means, or why none can be told.

        Args:
            feature: Of the file.
            tier: Key or name of the tier of features that do not say theirs; empty: any.
        """
        found = self._named(feature, tier)
        if not isinstance(found, Meant):
            return found
        department = self._profile.department
        if department and found.tier == department.key:
            return said(texts.NO_GROUND, code=found.code, tier=department.name)
        if found.closed:
            return said(rows.UNIT_CLOSED, code=found.code, into=found.into)
        return found

    def _named(self, feature: Named, tier: str) -> Meant | Said:
        if feature.code:
            return self._by_code.get(feature.code) or said(texts.NO_UNIT, code=feature.code[:64])
        if feature.id in self._by_code:
            return self._by_code[feature.id]
        if not feature.name:
            return said(texts.NO_UNIT, code=feature.id[:64]) if feature.id else said(texts.NO_KEY)
        wanted = feature.tier or tier
        key = self._tier(wanted)
        if wanted and key is None:
            names = [each.name for each in self._profile.tiers]
            return said(texts.NO_TIER, tier=wanted[:20], tiers=names)
        called = [unit for unit in self._by_name[feature.name] if key in (None, unit.tier)]
        if len(called) > 1:
            return said(texts.SEVERAL, name=feature.name[:64])
        return called[0] if called else said(texts.NO_NAME, name=feature.name[:64])

    def _tier(self, written: str) -> str | None:
        for tier in self._profile.tiers:
            if written in (tier.key, *tier.name.values()):
                return tier.key
        return None


def _meant(row: Sequence[object]) -> Meant:
    id_, parent, code, name, tier, closed, into = tuple(row)
    assert isinstance(id_, int)
    assert parent is None or isinstance(parent, int)
    return Meant(id_, parent, str(code), str(name), str(tier), closed is not None, str(into or ""))
