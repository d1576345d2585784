"""Brings the projections of issues up to date: what they added before comes off, what they add now goes on.

All in the caller's transaction, which is the only writer (`statements.alone`): so nothing is ever counted
twice, however often it is done. What an issue has added stands in its `Projected` row.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tortoise.backends.base.client import BaseDBAsyncClient

from linzhang import logs
from linzhang.profile import Profile
from linzhang.settings import Settings
from models import Change, Issue, Level, Projected, Tally, Unit, UnitLoad
from projections import changes, facts, levels, rises, words
from projections.facts import Facts
from projections.statements import execute_many
from projections.sums import SUMMED, Sums, nonzero, project, total
from projections.tallies import stored_tiers

log = logging.getLogger(__name__)

#: Units that are asked for at once.
_AT_ONCE = 10_000

_KEPT = [name for name in Projected._meta.fields if name != "issue_id"]


class Place(NamedTuple):
    """A unit, as far as sums are concerned."""

    id: int
    code: str
    tier: str
    path: str


@dataclass(frozen=True, slots=True)
class Bringing:
    """What all of a batch share.

    Attributes:
        connection: The transaction's.
        settings: The service's.
        at: Programme time.
        silent: Whether no rise is told of.
    """

    connection: BaseDBAsyncClient
    settings: Settings
    at: datetime
    silent: bool = False

    @property
    def profile(self) -> Profile:
        """The programme's."""
        return self.settings.territory

    async def bring(self, issue_ids: Sequence[int]) -> None:
        """Bring the projections of issues up to date, words and all, and note that they are."""
        known = await facts.read(issue_ids)
        new = await self.projected(known)
        before = {row.issue_id: row for row in await Projected.filter(issue_id__in=list(new))}
        sums = Sums(len(stored_tiers(self.profile)))
        for issue_id, row in new.items():
            if issue_id in before:
                sums.add(before[issue_id], -1)
            sums.add(row)
        lines = await self._write(sums.changed())
        await Projected.bulk_create(new.values(), on_conflict=["issue_id"], update_fields=_KEPT)
        stale = [each for each in known if each.stale_at is not None and each.id in new]
        await words.put(self.connection, await self.said(stale))
        wall = self.settings.clock.wall()
        lines += [changes.of_issue(each.id, each.path, wall) for each in stale]
        await changes.append(lines, wall)
        await note([Shown(each.id, each.stale_at) for each in stale if each.stale_at is not None])
        await self._put_off([each for each in known if each.id not in new])

    async def projected(self, known: Sequence[Facts]) -> dict[int, Projected]:
        """What each issue adds now, by its id; one that cannot be added up, by an error of ours, is left."""
        holders = {step.to_holder for each in known for step in each.steps if step.to_holder is not None}
        tiers = dict(await Unit.filter(id__in=list(holders)).values_list("id", "tier"))
        found: dict[int, Projected] = {}
        for each in known:
            try:
                found[each.id] = project(each, tiers, self.profile, self.at)
            except Exception:
                with logs.about(issue=Issue(id=each.id).number):
                    log.exception("it could not be added up")
        return found

    async def said(self, known: Sequence[Facts]) -> dict[int, list[str]]:
        """All texts by which issues are found: what was said, who reported it, names of the chain's units."""
        found = await facts.said([each.id for each in known])
        codes = {code for each in known for code in each.path.split("/")[:-1]}
        called = await Unit.filter(code__in=list(codes)).values_list("code", "name", "tier")
        chain = {tier.key for tier in self.profile.tiers if tier.chain}
        names = {code: name for code, name, tier in called if tier in chain}
        return {
            each.id: found[each.id] + [names[code] for code in each.path.split("/") if code in names]
            for each in known
        }

    async def places(self, codes: set[str]) -> dict[str, Place]:
        """The units of some codes."""
        return {place.code: place for place in await _places("code", sorted(codes))}

    async def places_of(self, unit_ids: set[int]) -> list[Place]:
        """Units by their ids."""
        return await _places("id", sorted(unit_ids))

    async def relevel(self, rows: Sequence[UnitLoad], places: dict[int, Place]) -> list[Change]:
        """Let units have the level that their points make; returns the lines of the feed."""
        lines = []
        for row in rows:
            before, warning = row.level, self.profile.warning
            points = row.points / levels.PARTS
            now = levels.level(points, row.households, warning)
            news = levels.level(points - warning.urgent * row.urgent, row.households, warning)
            if not rises.turn(row, now, self.at, warning, news=news, silent=self.silent):
                continue
            await row.save(update_fields=["level", "since", "told", "fell_at", "tell_at", "report_at"])
            if row.level != before:
                path, wall = places[row.unit_id].path, self.settings.clock.wall()
                lines.append(changes.of_level(row.unit_id, path, Level(row.level), wall))
        return lines

    async def _write(self, sums: Sums) -> list[Change]:
        places = await self.places(sums.codes())
        lines = await self._write_loads(sums, places)
        await self._write_weeks(sums, places)
        return lines

    async def _write_loads(self, sums: Sums, places: dict[str, Place]) -> list[Change]:
        added = {places[code].id: numbers for code, numbers in sums.loads.items() if code in places}
        rows = {row.unit_id: row for row in await UnitLoad.filter(unit_id__in=list(added))}
        missing = [
            UnitLoad(unit_id=unit_id, households=self.profile.warning.household_unit)
            for unit_id in added
            if unit_id not in rows
        ]
        await UnitLoad.bulk_create(missing)
        rows |= {row.unit_id: row for row in missing}
        for unit_id, numbers in added.items():
            for name, number in zip(SUMMED, numbers, strict=True):
                setattr(rows[unit_id], name, getattr(rows[unit_id], name) + number)
        columns = ", ".join(f"{name} = ?" for name in SUMMED)
        await execute_many(
            self.connection,
            f"UPDATE unit_load SET {columns} WHERE unit_id = ?",  # noqa: S608 - our own names
            [[*(getattr(row, name) for name in SUMMED), row.unit_id] for row in rows.values()],
        )
        return await self.relevel(list(rows.values()), {place.id: place for place in places.values()})

    async def _write_weeks(self, sums: Sums, places: dict[str, Place]) -> None:
        stored = stored_tiers(self.profile)
        added = {
            (places[code].id, week): counts
            for (code, week), counts in sums.weeks.items()
            if code in places and places[code].tier in stored
        }
        units, weeks = {unit_id for unit_id, _ in added}, {week for _, week in added}
        found: dict[tuple[int, date], Tally] = {}
        if added:
            for row in await Tally.filter(unit_id__in=list(units), week__in=list(weeks)):
                found[row.unit_id, row.week] = row
        new, over = [], []
        for (unit_id, week), counts in added.items():
            row = found.get((unit_id, week)) or Tally(unit_id=unit_id, week=week, counts={})
            row.counts = dict(nonzero(total((row.counts, counts))))
            if not row.counts:
                over.append(row.id)
            elif row.id is None:
                new.append(row)
        changed = [row for cell, row in found.items() if cell in added and row.counts]
        await Tally.bulk_create(new)
        if changed:
            await Tally.bulk_update(changed, ["counts"], batch_size=200)
        if over:
            await Tally.filter(id__in=over).delete()

    async def _put_off(self, left: Sequence[Facts]) -> None:
        """Let what could not be added up be tried again after all others."""
        if left:
            ids = [each.id for each in left]
            await Issue.filter(id__in=ids).update(stale_at=self.settings.clock.wall())


async def _places(column: str, values: Sequence[object]) -> list[Place]:
    """Units by the values of a column: those of a whole city are more than a statement takes."""
    found = []
    for start in range(0, len(values), _AT_ONCE):
        some = Unit.filter(**{f"{column}__in": values[start : start + _AT_ONCE]})
        found += [Place(*row) for row in await some.values_list("id", "code", "tier", "path")]
    return found


class Shown(NamedTuple):
    """An issue that the projections show, as it was when it was read."""

    id: int
    stale_at: datetime


async def note(shown: Sequence[Shown]) -> None:
    """Note that issues are shown as they are, but for those that have changed since they were read.

    One that somebody is at just now stays stale, and is not waited for: it changes in a moment.
    """
    read = {each.id: each.stale_at for each in shown}
    free = Issue.filter(id__in=list(read)).select_for_update(skip_locked=True).only("id", "stale_at")
    same = [issue.id for issue in await free if issue.stale_at == read[issue.id]]
    if same:
        await Issue.filter(id__in=same).update(stale_at=None)
