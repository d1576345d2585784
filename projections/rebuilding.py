"""Makes all projections anew, from the issues alone, whatever stood there before. Nobody is told of a level.

In one transaction, in which the duty waits: readers see what was there before until all is done, and what
changes meanwhile stays stale and is brought up to date right after. On SQLite everybody else who writes waits
for it too.
"""

from collections.abc import Callable

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from linzhang.settings import Settings
from models import Issue, Projected, ProjectionState, Tally, UnitLoad
from projections import changes, facts, sizes, statements, words
from projections.bringing import Bringing, Shown, note
from projections.duty import NAME, digest
from projections.sums import SUMMED, Sums, nonzero
from projections.tallies import stored_tiers

#: Issues that are read at once.
_BATCH = 5000

#: Told how many issues are done, and how many there are.
Progress = Callable[[int, int], None]


async def rebuild(settings: Settings, progress: Progress) -> int:
    """Make everything anew; returns of how many issues."""
    async with in_transaction() as connection:
        await statements.alone(connection, wait=True)
        state, _ = await ProjectionState.get_or_create(name=NAME)
        bringing = Bringing(connection, settings, settings.clock.now(), silent=True)
        await _mend_paths(connection)
        await words.clear(connection)
        await Projected.all().delete()
        await Tally.all().delete()
        sums, shown = await _add_up(bringing, progress)
        lines = await sizes.count(bringing, state)
        await _write(bringing, sums)
        wall = settings.clock.wall()
        await changes.append(lines, wall)
        # Only now, since those that are noted are locked until the end.
        for start in range(0, len(shown), _BATCH):
            await note(shown[start : start + _BATCH])
        await ProjectionState.filter(name=NAME).update(
            silent=False, rebuilt_at=wall, parameters=digest(settings.territory.warning)
        )
    return await Projected.all().count()


async def _mend_paths(connection: BaseDBAsyncClient) -> None:
    """Let every issue have the path of its unit; those that have it are not written."""
    where = "(SELECT path FROM unit WHERE unit.id = COALESCE(issue.block_id, issue.holder_id))"
    await connection.execute_query(
        f"UPDATE issue SET path = COALESCE({where}, '') WHERE path <> COALESCE({where}, '')"  # noqa: S608
    )


async def _add_up(bringing: Bringing, progress: Progress) -> tuple[Sums, list[Shown]]:
    """Keep what each issue adds, and its words; returns the sums, and what was stale of what they show."""
    sums, done, last = Sums(len(stored_tiers(bringing.profile))), 0, 0
    shown: list[Shown] = []
    count = await Issue.all().count()
    while True:
        rows = await Issue.filter(id__gt=last).order_by("id").limit(_BATCH).values("id")
        if not rows:
            return sums, shown
        known = await facts.read([row["id"] for row in rows])
        new = await bringing.projected(known)
        for row in new.values():
            sums.add(row)
        await Projected.bulk_create(new.values())
        await words.put(bringing.connection, await bringing.said(known))
        shown += [
            Shown(each.id, each.stale_at) for each in known if each.stale_at is not None and each.id in new
        ]
        last = rows[-1]["id"]
        done += len(rows)
        progress(done, max(count, done))


async def _write(bringing: Bringing, sums: Sums) -> None:
    """Put the sums in the place of those that were there."""
    places = await bringing.places(sums.codes())
    stored = stored_tiers(bringing.profile)
    await UnitLoad.all().update(**dict.fromkeys(SUMMED, 0))
    await statements.execute_many(
        bringing.connection,
        f"UPDATE unit_load SET {', '.join(f'{name} = ?' for name in SUMMED)} WHERE unit_id = ?",  # noqa: S608
        [[*numbers, places[code].id] for code, numbers in sums.loads.items() if any(numbers)],
    )
    tallies = [
        Tally(unit_id=places[code].id, week=week, counts=dict(nonzero(counts)))
        for (code, week), counts in sums.weeks.items()
        if places[code].tier in stored
    ]
    await Tally.bulk_create(tallies, batch_size=_BATCH)
    loaded = await UnitLoad.filter(points__gt=0)
    fallen = await UnitLoad.filter(points=0, level__gt=0)
    by_id = {place.id: place for place in places.values()}
    rest = {row.unit_id for row in fallen} - set(by_id)
    by_id |= {place.id: place for place in await bringing.places_of(rest)}
    lines = await bringing.relevel([*loaded, *fallen], by_id)
    await changes.append(lines, bringing.settings.clock.wall())
