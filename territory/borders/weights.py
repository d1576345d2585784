"""How much room a unit needs on the map: as many households as live in it.

Where they are counted for the unit itself, that number; else the sum of the blocks below.
"""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from linzhang.profile import Profile
from territory.borders.nodes import Node, ask

#: A block that nobody has counted is taken for one of so many households.
TYPICAL = 10

_BELOW = (
    "WITH RECURSIVE below(top, id) AS ("
    " SELECT id, id FROM unit WHERE id IN {ids}"
    " UNION ALL SELECT below.top, u.id FROM unit u JOIN below ON u.parent_id = below.id"
    " WHERE u.closed_at IS NULL)"
    " SELECT below.top, SUM(CASE WHEN u.households > 0 THEN u.households ELSE {typical} END)"
    " FROM below JOIN unit u ON u.id = below.id WHERE u.tier = '{tier}' GROUP BY below.top"
)


async def weights_of(base: BaseDBAsyncClient, profile: Profile, units: Sequence[Node]) -> dict[int, int]:
    """By its id, the households of each unit."""
    bottom = profile.bottom.key
    found = {unit.id: unit.households or TYPICAL for unit in units}
    uncounted = [unit.id for unit in units if not unit.households and unit.tier != bottom]
    if uncounted:
        # A tier's key is letters and underscores only (`linzhang.profile.Tier`).
        statement = _BELOW.replace("{tier}", bottom).replace("{typical}", str(TYPICAL))
        for id_, households in await ask(base, statement, uncounted):
            found[id_] = int(households)
    return found
