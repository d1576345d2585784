"""The blocks that rows of residents and places name: whether each is one, and its id.

Reads the database and changes nothing.
"""

from collections.abc import Iterable

from tortoise.backends.base.client import BaseDBAsyncClient

from linzhang.profile import Profile
from territory import texts
from territory.bulk import find
from territory.rows import Said, said

#: Id, code and tier of units with some codes, and the code of the unit that they have become part of.
FIND_UNITS = (
    "SELECT u.id, u.code, u.tier, into_.code FROM unit u LEFT JOIN unit into_ ON into_.id = u.merged_into_id"
    " WHERE u.code IN"
)


class Blocks:
    """Units of the lowest tier, by code."""

    def __init__(self, profile: Profile) -> None:
        self._tier = profile.bottom
        self._ids: dict[str, int] = {}
        self._closed: dict[str, str] = {}
        self._others: set[str] = set()

    async def look_up(self, connection: BaseDBAsyncClient, codes: Iterable[str]) -> None:
        """Find the units with these codes."""
        for id_, code, tier, into in await find(connection, FIND_UNITS, sorted(set(codes))):
            self._ids[code] = id_
            if into:
                self._closed[code] = into
            if tier != self._tier.key:
                self._others.add(code)

    def problem(self, code: str) -> Said | None:
        """Why nobody can live in the unit with this code; None where they can."""
        if code not in self._ids:
            return said(texts.NO_UNIT, code=code)
        if code in self._others:
            return said(texts.NOT_A_BLOCK, code=code, tier=self._tier.name)
        if code in self._closed:
            return said(texts.UNIT_CLOSED, code=code, into=self._closed[code])
        return None

    def id_of(self, code: str) -> int:
        """The id of the block with this code, which must have no problem."""
        return self._ids[code]

    def ids(self) -> list[int]:
        """The ids of all of them."""
        return list(self._ids.values())
