"""How many households live at each unit and below it.

Counted once for all units, and again when they may have changed, after an import; so the level of any unit
can be made from its one row. A block has as many as are listed, or as the file says, or, where nobody has
counted, as many as a block usually has.
"""

from collections import Counter

from tortoise.functions import Count

from models import Change, Household, ProjectionState, Unit, UnitLoad
from projections.bringing import Bringing, Place
from projections.statements import execute_many


async def are_stale(state: ProjectionState) -> bool:
    """Whether households are to be counted: there are units that were not there, or an import says so."""
    return state.sizes_stale_at is not None or await _newest_unit() > state.sized_to


async def count(bringing: Bringing, state: ProjectionState) -> list[Change]:
    """Count the households of all units, and let levels follow in silence: nothing has happened there.

    Returns:
        The lines of the feed.
    """
    newest = await _newest_unit()
    households, places = await _counted(bringing)
    _, rows = await bringing.connection.execute_query("SELECT unit_id, households FROM unit_load")
    known: dict[int, int] = {row[0]: row[1] for row in rows}
    # A city has 145,000 units: to make a model of each takes longer than all the rest.
    await execute_many(
        bringing.connection,
        "INSERT INTO unit_load (unit_id, households, level, told, points, open, overdue, urgent, reopened)"
        " VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0)",
        [[each, households[each]] for each in places if each not in known],
    )
    changed = [each for each, number in known.items() if each in households and households[each] != number]
    await execute_many(
        bringing.connection,
        "UPDATE unit_load SET households = ? WHERE unit_id = ?",
        [[households[each], each] for each in changed],
    )
    state.sized_to = newest
    done = ProjectionState.filter(name=state.name, sizes_stale_at=state.sizes_stale_at)
    await ProjectionState.filter(name=state.name).update(sized_to=newest)
    if state.sizes_stale_at is not None and await done.update(sizes_stale_at=None):
        state.sizes_stale_at = None
    concerned = set(changed)
    loaded = [row for row in await UnitLoad.filter(points__gt=0) if row.unit_id in concerned]
    return await bringing.relevel(loaded, places)


async def _counted(bringing: Bringing) -> tuple[dict[int, int], dict[int, Place]]:
    """Households and places of all units, by their ids."""
    profile = bringing.profile
    usual = profile.warning.household_unit
    rows = Household.annotate(number=Count("id")).group_by("block_id")
    listed = dict(await rows.values_list("block_id", "number"))
    below: Counter[str] = Counter()
    places: dict[int, Place] = {}
    own: dict[int, int] = {}
    _, units = await bringing.connection.execute_query(
        "SELECT id, code, tier, path, households, closed_at IS NULL FROM unit"
    )
    for unit_id, code, tier, path, told, is_there in units:
        places[unit_id] = Place(unit_id, code, tier, path)
        own[unit_id] = max(told, listed.get(unit_id, 0))
        if tier == profile.bottom.key and is_there:
            for each in path.split("/")[:-1]:
                below[each] += own[unit_id] or usual
    return {each: below[place.code] or own[each] or usual for each, place in places.items()}, places


async def _newest_unit() -> int:
    last = await Unit.all().order_by("-id").first()
    return last.id if last else 0
