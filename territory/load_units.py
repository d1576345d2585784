"""Loading units: the tree's rules are checked first, then all rows go in with one transaction.

A unit that is there already keeps its place, its tier and its card code: rooms, issues and printed
cards hang on them. It must never delete a unit.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tortoise.transactions import in_transaction

from linzhang.profile import Profile
from linzhang.settings import Settings
from models import Unit
from territory import cards
from territory.bulk import insert, reserve_ids, slices
from territory.progress import Progress, silent, told
from territory.rows import RowError, TerritoryError, UnitRow

#: How long a path may be: the width of its column.
PATH_LENGTH = 512

_COLUMNS = ("id", "code", "name", "tier", "parent_id", "path", "card_code", "urban", "households")


class _Known(NamedTuple):
    """A unit that is in the database, or that an earlier row will put there."""

    id: int
    row: UnitRow
    path: str


async def load_units(settings: Settings, units: Sequence[UnitRow], progress: Progress = silent) -> int:
    """Put units into the database, all or none. The database must be open.

    A unit that is there already takes its row's name, kind (urban or rural) and households; 0
    households leave what is known. Loading the same rows again changes nothing.

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
        known = await _stored(units)
        new = [row for row in units if row.code not in known]
        ids = dict(zip((row.code for row in new), await reserve_ids(connection, Unit, len(new)), strict=True))
        tree = _Tree(settings.territory, dict(known), await _other_cards(units), await _root_code())
        errors = []
        for number, row in enumerate(units, start=2):
            problem = tree.problem(row) or tree.add(row, ids)
            if problem:
                errors.append(RowError(number, f"{row.code}: {problem}"))
        if errors:
            raise TerritoryError(errors)
        records = (tree.record(row) for row in new)
        await insert(connection, Unit, _COLUMNS, told(records, "units", len(new), progress))
        return len(new) + await _refresh(units, known)


class _Tree:
    """The tree as it grows row by row, and its rules."""

    def __init__(
        self, profile: Profile, known: dict[str, _Known], cards_taken: dict[str, str], root: str | None
    ) -> None:
        self._levels = {tier.key: level for level, tier in enumerate(profile.tiers)}
        self._tiers = [tier.key for tier in profile.tiers]
        self._department = profile.department.key if profile.department else None
        self._known = known
        self._cards = cards_taken
        self._root = root
        self._seen: set[str] = set()

    def problem(self, row: UnitRow) -> str:
        """What is wrong with a row; '' where nothing is."""
        if row.code in self._seen:
            return "stands in an earlier row too: every unit needs a code of its own."
        self._seen.add(row.code)
        level = self._levels.get(row.tier)
        if level is None and row.tier != self._department:
            known = [*self._tiers, *([self._department] if self._department else [])]
            return f"'{row.tier[:20]}' is not a tier of the profile: write {', '.join(known)}."
        place = self._department_problem(row) if level is None else self._place_problem(row, level)
        return place or self._card_problem(row) or self._change_problem(row)

    def add(self, row: UnitRow, ids: dict[str, int]) -> str:
        """Take a row in; returns what keeps it out."""
        if row.code in self._known:
            return ""
        above = self._known[row.parent_code].path if row.parent_code else ""
        path = f"{above}{row.code}/"
        if len(path) > PATH_LENGTH:
            return (
                f"its code and those above it have more than {PATH_LENGTH} characters together: shorten them."
            )
        self._known[row.code] = _Known(ids[row.code], row, path)
        return ""

    def record(self, row: UnitRow) -> tuple[object, ...]:
        """The values of a unit's columns."""
        unit = self._known[row.code]
        parent = self._known[row.parent_code].id if row.parent_code else None
        card = row.card_code or None
        return (unit.id, row.code, row.name, row.tier, parent, unit.path, card, row.urban, row.households)

    def _place_problem(self, row: UnitRow, level: int) -> str:
        if level == 0:
            if row.parent_code:
                return f"a {row.tier} stands at the top: leave parent_code empty."
            if self._root not in (None, row.code):
                return f"there is a {row.tier} already, {self._root}: a programme has one."
            self._root = row.code
            return ""
        above = self._tiers[level - 1]
        parent = self._known.get(row.parent_code)
        if parent is None:
            return f"its parent '{row.parent_code}' is neither in an earlier row nor in the database."
        if parent.row.tier != above:
            found = f"its parent {row.parent_code} is a {parent.row.tier}"
            return f"{found}, but above a {row.tier} stands a {above}."
        return ""

    def _department_problem(self, row: UnitRow) -> str:
        parent = self._known.get(row.parent_code)
        if parent is None:
            return f"its parent '{row.parent_code}' is neither in an earlier row nor in the database."
        if parent.row.tier in (self._department, self._tiers[-1]):
            works_for = self._tiers[0] if len(self._tiers) == 2 else f"{self._tiers[0]} to {self._tiers[-2]}"
            return f"its parent is a {parent.row.tier}: a {row.tier} works for a unit from {works_for}."
        return ""

    def _card_problem(self, row: UnitRow) -> str:
        if not row.card_code:
            return ""
        if row.tier != self._tiers[-1]:
            return f"card_code: only a {self._tiers[-1]} has a card; leave it empty."
        if not cards.valid(row.card_code):
            return "card_code: a digit is wrong, missing or swapped."
        owner = self._cards.setdefault(row.card_code, row.code)
        return "" if owner == row.code else f"card_code: it is on the card of {owner}."

    def _change_problem(self, row: UnitRow) -> str:
        known = self._known.get(row.code)
        if known is None:
            return ""
        if known.row.tier != row.tier:
            return (
                f"it is there as a {known.row.tier}: a unit keeps its tier, so give the new one another code."
            )
        if known.row.parent_code != row.parent_code:
            return f"it is there below '{known.row.parent_code}': a unit keeps its place; use another code."
        if row.card_code and known.row.card_code != row.card_code:
            return f"its card bears {known.row.card_code or 'no code'}: a card code stays as it was printed."
        return ""


async def _stored(units: Sequence[UnitRow]) -> dict[str, _Known]:
    """Which of the units and of their parents are in the database."""
    if not await Unit.exists():
        return {}
    codes = sorted({row.code for row in units} | {row.parent_code for row in units})
    fields = ("id", "path", "code", "name", "tier", "urban", "households", "card_code")
    found = {}
    for some in slices(codes):
        for id_, path, code, name, tier, urban, households, card in await Unit.filter(
            code__in=some
        ).values_list(*fields):
            parent = path.rstrip("/").rpartition("/")[0].rpartition("/")[2]
            row = UnitRow(code, name, tier, parent, urban, households, card or "")
            found[code] = _Known(id_, row, path)
    return found


async def _other_cards(units: Sequence[UnitRow]) -> dict[str, str]:
    """Which of the units' card codes are taken, and by which unit."""
    taken: dict[str, str] = {}
    if not await Unit.exists():
        return taken
    for some in slices([row.card_code for row in units if row.card_code]):
        taken |= dict(await Unit.filter(card_code__in=some).values_list("card_code", "code"))
    return taken


async def _root_code() -> str | None:
    root = await Unit.filter(parent_id=None).first()
    return root.code if root else None


async def _refresh(units: Sequence[UnitRow], known: dict[str, _Known]) -> int:
    """Bring units that were there up to date; returns how many have changed."""
    changed = 0
    for row in units:
        if row.code not in known:
            continue
        before = known[row.code]
        now = {
            "name": row.name,
            "urban": row.urban,
            "households": row.households or before.row.households,
        }
        if now != {key: getattr(before.row, key) for key in now}:
            # Few units ever change, so one statement each does.
            await Unit.filter(id=before.id).update(**now)
            changed += 1
    return changed
