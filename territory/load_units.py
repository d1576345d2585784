"""Units from files: the tree's rules are checked first, then all rows go in with one transaction.

A unit keeps its tier and its card code, and is never deleted: rooms, issues and printed cards hang on
it. It can get another parent, with all that is below it, or become part of another unit.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from issues import stale
from linzhang.profile import Profile
from linzhang.settings import Settings
from models import Unit
from territory import cards, rearranging, texts
from territory.bulk import find, insert, reserve_ids
from territory.columns import FileKind
from territory.plan import Changes, What
from territory.progress import Progress, silent, told
from territory.rows import RowError, Said, TerritoryError, UnitRow, said

#: How long a path may be: the width of its column.
PATH_LENGTH = 512

_COLUMNS = ("id", "code", "name", "tier", "parent_id", "path", "card_code", "urban", "households")

_STORED = (
    "SELECT u.id, u.path, u.code, u.name, u.tier, u.urban, u.households, u.card_code, into_.code"
    " FROM unit u LEFT JOIN unit into_ ON into_.id = u.merged_into_id WHERE u.code IN"
)


class _Known(NamedTuple):
    """A unit that is in the database, or that an earlier row will put there.

    Attributes:
        id: Its row's.
        row: As it is now; `merged_into` is set where it is closed.
        path: As it is now, before any unit of the file is moved.
        stored: Whether it is in the database.
    """

    id: int
    row: UnitRow
    path: str
    stored: bool = True


async def load_units(settings: Settings, units: Sequence[UnitRow], progress: Progress = silent) -> int:
    """Put units into the database, all or none. The database must be open.

    Args:
        settings: Says which profile holds.
        units: Parents before children; a parent may also be in the database.
        progress: Told as rows go in, as stage 'units'.

    Returns:
        How many units are new or changed.

    Raises:
        TerritoryError: Rows break a rule of the tree; it names each, counted as in a file.
    """
    async with in_transaction() as connection:
        plan = await UnitPlan.make(connection, settings, units)
        await plan.apply(connection, progress)
        return plan.changes.number


class UnitPlan:
    """What a file of units changes."""

    kind = FileKind.UNITS

    def __init__(self, settings: Settings, units: Sequence[UnitRow], changes: Changes) -> None:
        self.changes = changes
        self._settings = settings
        self._units = units
        self._new: list[tuple[object, ...]] = []
        self._updates: list[tuple[int, dict[str, object]]] = []
        self._rearranged = rearranging.Rearranged()

    @classmethod
    async def make(
        cls,
        connection: BaseDBAsyncClient,
        settings: Settings,
        units: Sequence[UnitRow],
        *,
        keep_all: bool = False,
    ) -> "UnitPlan":
        """Look at rows, and see what they change.

        A unit that is there takes its row's name, parent, kind (urban or rural) and households; what a row
        leaves empty stays.

        Args:
            connection: The transaction's.
            settings: Says which profile holds.
            units: Parents before children; a parent may also be in the database.
            keep_all: Whether every change is kept in words.

        Raises:
            TerritoryError: Rows break a rule of the tree; it names each, counted as in a file.
        """
        plan = cls(settings, units, Changes(keep_all=keep_all))
        known = await _stored(connection, units)
        new = [row for row in units if row.code not in known and not row.merged_into]
        ids = dict(zip((row.code for row in new), await reserve_ids(connection, Unit, len(new)), strict=True))
        tree = _Tree(
            settings.territory, known, units, await _other_cards(connection, units), await _root_code()
        )
        errors = []
        for number, row in enumerate(units, start=2):
            problem = tree.problem(row) or tree.add(row, ids)
            if problem:
                errors.append(RowError(number, said(texts.ABOUT_UNIT, code=row.code, problem=problem)))
            elif not errors:
                plan._note(number, row, tree.before(row), tree)
        if errors:
            raise TerritoryError(errors)
        return plan

    async def apply(self, connection: BaseDBAsyncClient, progress: Progress) -> None:
        """Carry it out, in the caller's transaction in which it was made."""
        await insert(connection, Unit, _COLUMNS, told(self._new, "units", len(self._new), progress))
        for unit_id, values in self._updates:
            # Few units ever change, so one statement each does.
            await Unit.filter(id=unit_id).update(**values)
            if "name" in values:
                await stale.below(self._settings, (await Unit.get(id=unit_id)).path)
        await rearranging.apply(connection, self._settings, self._rearranged, progress)

    def _note(self, number: int, row: UnitRow, before: _Known | None, tree: "_Tree") -> None:
        if before is None:
            self._new.append(tree.record(row))
            self.changes.add(What.NEW, number, f"{row.code} {row.name}")
            return
        was, called = before.row, f"{row.code} {row.name}"
        if was.merged_into:
            self.changes.add(What.UNCHANGED, number, called)
            return
        if row.merged_into:
            self._rearranged.merges.append((before.id, tree.id_of(row.merged_into)))
            self.changes.add(What.MERGED, number, f"{called} → {row.merged_into}")
            return
        urban = was.urban if row.urban is None else row.urban
        households = row.households or was.households
        values: dict[str, object] = {
            key: now
            for key, now, then in (
                ("name", row.name, was.name),
                ("urban", urban, was.urban),
                ("households", households, was.households),
                ("card_code", row.card_code or was.card_code, was.card_code),
            )
            if now != then
        }
        if row.households:
            self._rearranged.counted.add(before.id)
        if values:
            self._updates.append((before.id, values))
        if was.parent_code != row.parent_code:
            self._rearranged.moves.append((before.id, tree.id_of(row.parent_code)))
            self.changes.add(What.MOVED, number, f"{called}: {was.parent_code} → {row.parent_code}")
        elif "name" in values:
            self.changes.add(What.RENAMED, number, f"{row.code} {was.name} → {row.name}")
        elif values:
            said_of = {"urban": (was.urban, urban), "households": (was.households, households)}
            words = [
                f"{key} {int(a or 0)} → {int(b or 0)}" for key, (a, b) in said_of.items() if key in values
            ]
            words += [f"card_code {row.card_code}"] if "card_code" in values else []
            self.changes.add(What.CHANGED, number, f"{called}: {', '.join(words)}")
        else:
            self.changes.add(What.UNCHANGED, number, called)


class _Tree:
    """The tree as it grows row by row, and its rules."""

    def __init__(
        self,
        profile: Profile,
        known: dict[str, _Known],
        units: Sequence[UnitRow],
        cards_taken: dict[str, str],
        root: str | None,
    ) -> None:
        self._profile = profile
        self._levels = {tier.key: level for level, tier in enumerate(profile.tiers)}
        self._tiers = [tier.key for tier in profile.tiers]
        self._department = profile.department.key if profile.department else None
        self._known = known
        self._cards = cards_taken
        self._root = root
        self._seen: set[str] = set()
        #: Units that become part of another one in this file.
        self._merging = {row.code for row in units if row.merged_into}

    def id_of(self, code: str) -> int:
        """The id of a unit that a row names."""
        return self._known[code].id

    def before(self, row: UnitRow) -> _Known | None:
        """The unit of a row as the database has it; None: it is new."""
        known = self._known[row.code]
        return known if known.stored else None

    def problem(self, row: UnitRow) -> Said | None:
        """What is wrong with a row; None where nothing is."""
        if row.code in self._seen:
            return said(texts.CODE_TWICE)
        self._seen.add(row.code)
        level = self._levels.get(row.tier)
        if level is None and row.tier != self._department:
            every = [*self._tiers, *([self._department] if self._department else [])]
            return said(texts.TIER_UNKNOWN, tier=row.tier[:20], tiers=[self._name(key) for key in every])
        known = self._known.get(row.code)
        if known and known.row.merged_into:
            if row.merged_into == known.row.merged_into:
                return None
            return said(texts.CODE_CLOSED, into=known.row.merged_into)
        if known and known.row.tier != row.tier:
            return said(texts.TIER_CHANGED, found=self._name(known.row.tier))
        if row.merged_into:
            return self._merge_problem(row)
        place = self._department_problem(row) if level is None else self._place_problem(row, level)
        return place or self._card_problem(row)

    def add(self, row: UnitRow, ids: dict[str, int]) -> Said | None:
        """Take a row in; returns what keeps it out."""
        above = self._known[row.parent_code].path if row.parent_code in self._known else ""
        path = f"{above}{row.code}/"
        if len(path) > PATH_LENGTH:
            return said(texts.PATH_TOO_LONG, length=PATH_LENGTH)
        if row.code not in self._known:
            self._known[row.code] = _Known(ids[row.code], row, path, stored=False)
        return None

    def record(self, row: UnitRow) -> tuple[object, ...]:
        """The values of a new unit's columns."""
        unit = self._known[row.code]
        parent = self._known[row.parent_code].id if row.parent_code else None
        card, urban = row.card_code or None, bool(row.urban)
        return (unit.id, row.code, row.name, row.tier, parent, unit.path, card, urban, row.households)

    def _name(self, key: str) -> dict[str, str]:
        return self._profile.tier(key).name

    def _parent_problem(self, row: UnitRow) -> Said | None:
        parent = self._known.get(row.parent_code)
        if parent is None:
            return said(texts.PARENT_UNKNOWN, code=row.parent_code)
        if parent.row.merged_into or row.parent_code in self._merging:
            return said(texts.PARENT_CLOSED, code=row.parent_code)
        return None

    def _place_problem(self, row: UnitRow, level: int) -> Said | None:
        if level == 0:
            if row.parent_code:
                return said(texts.ROOT_HAS_PARENT, tier=self._name(row.tier))
            if self._root not in (None, row.code):
                return said(texts.SECOND_ROOT, tier=self._name(row.tier), code=self._root)
            self._root = row.code
            return None
        problem = self._parent_problem(row)
        if problem:
            return problem
        above, found = self._tiers[level - 1], self._known[row.parent_code].row.tier
        if found != above:
            return said(
                texts.PARENT_OF_WRONG_TIER,
                code=row.parent_code,
                found=self._name(found),
                tier=self._name(row.tier),
                above=self._name(above),
            )
        return None

    def _department_problem(self, row: UnitRow) -> Said | None:
        problem = self._parent_problem(row)
        if problem:
            return problem
        found = self._known[row.parent_code].row.tier
        if found in (self._department, self._tiers[-1]):
            return said(
                texts.DEPARTMENT_TOO_LOW,
                found=self._name(found),
                tier=self._name(row.tier),
                top=self._name(self._tiers[0]),
                bottom=self._name(self._tiers[-2]),
            )
        return None

    def _merge_problem(self, row: UnitRow) -> Said | None:
        known, into = self._known.get(row.code), self._known.get(row.merged_into)
        if known is None:
            return said(texts.MERGE_UNKNOWN)
        if into is None:
            return said(texts.MERGE_NO_TARGET, into=row.merged_into)
        if row.tier == self._tiers[0]:
            return said(texts.MERGE_ROOT)
        if into.row.merged_into or row.merged_into in self._merging:
            return said(texts.MERGE_TARGET_CLOSED, into=row.merged_into)
        if into.row.tier != row.tier:
            return said(
                texts.MERGE_WRONG_TIER,
                into=row.merged_into,
                found=self._name(into.row.tier),
                tier=self._name(row.tier),
            )
        return None

    def _card_problem(self, row: UnitRow) -> Said | None:
        if not row.card_code:
            return None
        if row.tier != self._tiers[-1]:
            return said(texts.CARD_NOT_FOR_TIER, tier=self._name(self._tiers[-1]))
        if not cards.valid(row.card_code):
            return said(texts.CARD_INVALID)
        owner = self._cards.setdefault(row.card_code, row.code)
        if owner != row.code:
            return said(texts.CARD_TAKEN, code=owner)
        known = self._known.get(row.code)
        if known and known.row.card_code not in ("", row.card_code):
            return said(texts.CARD_CHANGED, card=known.row.card_code)
        return None


async def _stored(connection: BaseDBAsyncClient, units: Sequence[UnitRow]) -> dict[str, _Known]:
    """Which of the units, of their parents and of those that take others in are in the database."""
    if not await Unit.exists():
        return {}
    codes = sorted({code for row in units for code in (row.code, row.parent_code, row.merged_into) if code})
    found: dict[str, _Known] = {}
    for id_, path, code, name, tier, urban, households, card, into in await find(connection, _STORED, codes):
        parent = path.rstrip("/").rpartition("/")[0].rpartition("/")[2]
        row = UnitRow(code, name, tier, parent, bool(urban), households, card or "", into or "")
        found[code] = _Known(id_, row, path)
    return found


async def _other_cards(connection: BaseDBAsyncClient, units: Sequence[UnitRow]) -> dict[str, str]:
    """Which of the units' card codes are taken, and by which unit."""
    if not await Unit.exists():
        return {}
    cards_of = [row.card_code for row in units if row.card_code]
    taken = "SELECT card_code, code FROM unit WHERE card_code IN"
    return {card: code for card, code in await find(connection, taken, cards_of)}  # noqa: C416 - rows of a driver


async def _root_code() -> str | None:
    root = await Unit.filter(parent_id=None).first()
    return root.code if root else None
