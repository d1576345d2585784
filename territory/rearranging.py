"""Moving units and merging them: paths, people, households, places, posts, and the issues that follow.

A unit that is merged is closed: it keeps its name, its place in the tree and its history, and is never
used again. Whatever is still alive in it goes over. Issues go by their own transition
(`issues.lifecycle.rearrange`); no row of theirs is written here.
"""

from dataclasses import dataclass, field
from datetime import datetime

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F, Q

from issues import lifecycle, stale
from linzhang.settings import Settings
from models import Absence, Household, Issue, Leadership, Person, Place, State, Unit
from territory.bulk import slices
from territory.progress import Progress, told

#: States in which an issue still has somebody who has to do with it; others can be opened again for a time.
_ALIVE = (State.OPEN, State.ANSWERED, State.RESOLVED, State.REFERRED, State.MERGED)


@dataclass
class Rearranged:
    """Which units get another place.

    Attributes:
        moves: Ids of units and of their new parents, in the file's order.
        merges: Ids of units and of those that they become part of.
        counted: Ids of units whose number of households the file tells, whatever is merged into them.
    """

    moves: list[tuple[int, int]] = field(default_factory=list)
    merges: list[tuple[int, int]] = field(default_factory=list)
    counted: set[int] = field(default_factory=set)


async def apply(
    connection: BaseDBAsyncClient,
    settings: Settings,
    rearranged: Rearranged,
    progress: Progress,
) -> None:
    """Move and merge units, and let their open issues follow, in the caller's transaction.

    Args:
        connection: The transaction's.
        settings: The service's.
        rearranged: What to do; moves come first.
        progress: Told of the stages 'moves', 'merges' and 'issues'.
    """
    at = settings.clock.now()
    concerned: list[str] = []
    moves, merges = rearranged.moves, rearranged.merges
    for unit_id, parent_id in told(moves, "moves", len(moves), progress) if moves else ():
        concerned.append(await _move(connection, unit_id, parent_id))
    for unit_id, into_id in told(merges, "merges", len(merges), progress) if merges else ():
        concerned += await _merge(
            connection, unit_id, into_id, at, add_households=into_id not in rearranged.counted
        )
    for path in dict.fromkeys(concerned):
        await stale.below(settings, path)
    await stale.sizes(settings)
    ids = await _issues_of(concerned, closed_after=at - settings.territory.reopen)
    for issue_id in told(ids, "issues", len(ids), progress) if ids else ():
        issue = await lifecycle.lock(issue_id)
        effects = await lifecycle.rearrange(settings, issue, at)
        if effects:
            await effects.save()


async def _move(connection: BaseDBAsyncClient, unit_id: int, parent_id: int) -> str:
    """Give a unit another parent; returns its new path."""
    unit, parent = await Unit.get(id=unit_id), await Unit.get(id=parent_id)
    path = f"{parent.path}{unit.code}/"
    await _change_paths(connection, unit.path, path)
    await Unit.filter(id=unit_id).update(parent_id=parent_id)
    return path


async def _merge(
    connection: BaseDBAsyncClient, unit_id: int, into_id: int, at: datetime, *, add_households: bool
) -> list[str]:
    """Let a unit become part of another; returns the paths of both."""
    unit, into = await Unit.get(id=unit_id), await Unit.get(id=into_id)
    # What stands below it goes over, what was closed there before too: nothing hangs below a closed unit.
    await _change_paths(connection, unit.path, into.path, without_top=True)
    await Unit.filter(parent_id=unit_id).update(parent_id=into_id)
    await _rename_households(unit, into)
    await Household.filter(block_id=unit_id).update(block_id=into_id)
    await Person.filter(block_id=unit_id).update(block_id=into_id)
    await Place.filter(block_id=unit_id).update(block_id=into_id)
    in_office = Leadership.filter(Q(until=None) | Q(until__gt=at), unit_id=unit_id)
    await in_office.update(until=at)
    await Absence.filter(unit_id=unit_id, until__gt=at).update(until=at)
    await Unit.filter(id=unit_id).update(merged_into_id=into_id, closed_at=at)
    if add_households and unit.households:
        await Unit.filter(id=into_id).update(households=F("households") + unit.households)
    return [unit.path, into.path]


async def _rename_households(unit: Unit, into: Unit) -> None:
    """Let no household of a unit be called as one of that into which it goes over."""
    taken = {label for (label,) in await Household.filter(block_id=into.id).values_list("label")}
    for household in await Household.filter(block_id=unit.id).order_by("id"):
        if household.label in taken:
            await Household.filter(id=household.id).update(label=f"{household.label} ({unit.name})"[:128])


async def _change_paths(
    connection: BaseDBAsyncClient, old: str, new: str, *, without_top: bool = False
) -> None:
    """Let all paths that begin with one begin with another, of units and of issues."""
    # Not LIKE: a code may hold its wildcards. The index on paths finds the subtree: '0' comes after '/'.
    for table in ("unit", "issue"):
        statement = (
            f"UPDATE {table} SET path = :new || substr(path, length(:old) + 1)"  # noqa: S608 - our own words
            " WHERE path >= :old AND path < :end"
        )
        if without_top:
            statement += " AND path <> :old"
        marks = ("$1::text", "$2::text", "$3::text")
        if not isinstance(connection, AsyncpgDBClient):
            marks = ("?1", "?2", "?3")
        for name, mark in zip((":old", ":new", ":end"), marks, strict=True):
            statement = statement.replace(name, mark)
        await connection.execute_query(statement, [old, new, f"{old[:-1]}0"])


async def _issues_of(paths: list[str], *, closed_after: datetime) -> list[int]:
    """Ids of the issues that may have to follow: about, held by or awaited in the units of some subtrees."""
    units: list[int] = []
    for path in dict.fromkeys(paths):
        units += [id_ for (id_,) in await Unit.filter(path__startswith=path).values_list("id")]
    found: set[int] = set()
    for some in slices(list(dict.fromkeys(units))):
        concerned = Q(block_id__in=some) | Q(holder_id__in=some) | Q(returns_to_id__in=some)
        alive = Q(state__in=_ALIVE) | Q(closed_at__gte=closed_after)
        rows = await Issue.filter(concerned, alive).values_list("id")
        found |= {id_ for (id_,) in rows}
    return sorted(found)
