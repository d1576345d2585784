"""Who lives where: residents and their households from a file, or invented ones for a rehearsal.

Numbers are never told in an error. Nobody is ever removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from issues import stale
from linzhang.settings import Settings
from models import Address, Household, Person, Unit
from territory import cards, people, texts
from territory.blocks import Blocks
from territory.bulk import find, insert, reserve_ids, slices
from territory.columns import FileKind
from territory.newcomers import SMS, NewAddress, NewPerson, insert_addresses, insert_people
from territory.plan import Changes, What
from territory.progress import Progress, silent
from territory.rows import ResidentRow, RowError, TerritoryError, of_file, said

_OWNERS = "SELECT lookup, person_id FROM address WHERE bridge = 'sms' AND lookup IN"
_HOUSEHOLD = ("id", "block_id", "label")


async def load_residents(
    settings: Settings, block_codes: Sequence[str], seed: int, progress: Progress = silent
) -> int:
    """Give blocks invented residents with phones, all or none. The database must be open.

    Blocks that have households already are left alone, so that loading again changes nothing.

    Args:
        settings: The service's.
        block_codes: Codes of blocks that have a card code and a number of households.
        seed: The same seed gives the same people.
        progress: Told as people go in, as stage 'residents'.

    Returns:
        How many people are new.

    Raises:
        TerritoryError: A block is not there or has no card code.
    """
    async with in_transaction() as connection:
        rows = [
            ResidentRow(code, f"第{each.household}户", each.name, each.phone)
            for code, card, households in await _empty_blocks(block_codes)
            for each in people.residents(cards.card_index(card), households, seed)
        ]
        plan = await ResidentPlan.make(connection, settings, rows)
        await plan.apply(connection, progress)
        return plan.changes.number


@dataclass(slots=True)
class _Known:
    """Somebody who is in the database, as they are now."""

    id: int
    name: str
    block_id: int | None
    household_id: int | None
    language: str
    party_member: bool | None
    smartphone: bool | None


#: Of a person, in the order of `_Known`.
_FIELDS = ("id", "name", "block_id", "household_id", "language", "party_member", "smartphone")


@dataclass(slots=True)
class _Work:
    """What is to be done for one row.

    Attributes:
        known: Who it is about; None: somebody new.
        lookup: The keyed hash of their number.
        new_number: Whether a known person gets it.
    """

    row: ResidentRow
    known: _Known | None = None
    lookup: str = ""
    new_number: bool = False
    updates: dict[str, object] = field(default_factory=dict)


class ResidentPlan:
    """What a file of residents changes."""

    kind = FileKind.RESIDENTS

    def __init__(self, settings: Settings, rows: Sequence[ResidentRow], changes: Changes) -> None:
        self.changes = changes
        self._settings = settings
        self._rows = rows
        self._blocks = Blocks(settings.territory)
        #: Ids of households by their block's id and their name; the new ones are given theirs at last.
        self._households: dict[tuple[int, str], int] = {}
        self._new_households: list[tuple[int, str]] = []
        self._work: list[_Work] = []

    @classmethod
    async def make(
        cls,
        connection: BaseDBAsyncClient,
        settings: Settings,
        rows: Sequence[ResidentRow],
        *,
        keep_all: bool = False,
    ) -> "ResidentPlan":
        """Look at rows, and see what they change.

        Somebody is known by their number or, without one, by their name in their household. Who is known and
        stands in another block has moved. What a row leaves empty stays.

        Args:
            connection: The transaction's.
            settings: The service's.
            rows: With phones in E.164.
            keep_all: Whether every change is kept in words.

        Raises:
            TerritoryError: Rows break a rule; it names each, counted as in a file.
        """
        plan = cls(settings, rows, Changes(keep_all=keep_all))
        await plan._blocks.look_up(connection, (row.block_code for row in rows))
        plan._work = [_Work(row) for row in rows]
        errors = plan._look_for_doubles()
        if not errors:
            await plan._look_up_numbers(connection)
            await plan._look_up_neighbours()
            errors = plan._look_for_strangers()
        if errors:
            raise TerritoryError(errors)
        for number, work in enumerate(plan._work, start=2):
            plan._note(number, work)
        return plan

    async def apply(self, connection: BaseDBAsyncClient, progress: Progress) -> None:
        """Carry it out, in the caller's transaction in which it was made."""
        ids = await reserve_ids(connection, Household, len(self._new_households))
        self._households |= dict(zip(self._new_households, ids, strict=True))
        rows = ((id_, *key) for id_, key in zip(ids, self._new_households, strict=True))
        await insert(connection, Household, _HOUSEHOLD, rows)
        newcomers: list[NewPerson] = []
        numbers: list[tuple[int, NewAddress]] = []
        for work in self._work:
            row = work.row
            block_id = self._blocks.id_of(row.block_code)
            household_id = self._households[block_id, row.household] if row.household else None
            if work.known is None:
                addresses = [NewAddress(SMS, row.phone, work.lookup)] if row.phone else []
                details = (row.language, block_id, household_id, row.party_member, row.smartphone)
                newcomers.append(NewPerson(row.name, addresses, *details))
                continue
            if "household_id" in work.updates:
                work.updates["household_id"] = household_id
            if work.updates:
                await Person.filter(id=work.known.id).update(**work.updates)
            if "name" in work.updates:
                await stale.reported_by(self._settings, work.known.id)
            if work.new_number:
                numbers.append((work.known.id, NewAddress(SMS, row.phone, work.lookup)))
        await insert_people(connection, self._settings.vault, newcomers, "residents", progress)
        await insert_addresses(connection, self._settings.vault, numbers, len(numbers))

    def _look_for_doubles(self) -> list[RowError]:
        errors: list[RowError] = []
        row_of_number: dict[str, int] = {}
        row_of_person: dict[tuple[str, str, str], int] = {}
        for number, work in enumerate(self._work, start=2):
            row = work.row
            problem = self._blocks.problem(row.block_code)
            person = (row.block_code, row.household, row.name)
            if not problem and row.phone:
                first = row_of_number.setdefault(row.phone, number)
                problem = said(texts.NUMBER_IN_ROW, row=first) if first != number else None
            elif not problem:
                first = row_of_person.setdefault(person, number)
                problem = said(texts.RESIDENT_TWICE, row=first) if first != number else None
            if problem:
                errors.append(RowError(number, problem))
        return errors

    async def _look_up_numbers(self, connection: BaseDBAsyncClient) -> None:
        with_number = [work for work in self._work if work.row.phone]
        for work in with_number:
            work.lookup = self._settings.vault.lookup(SMS, work.row.phone)
        if not await Address.exists():
            return
        owner_of: dict[str, int] = {}
        lookups = [work.lookup for work in with_number]
        for lookup, person_id in await find(connection, _OWNERS, lookups):
            owner_of[lookup] = person_id
        known: dict[int, _Known] = {}
        for some_ids in slices(sorted(set(owner_of.values()))):
            for values in await Person.filter(id__in=some_ids).values_list(*_FIELDS):
                known[values[0]] = _Known(*values)
        for work in with_number:
            if work.lookup in owner_of:
                work.known = known[owner_of[work.lookup]]

    async def _look_up_neighbours(self) -> None:
        """Find those of the rows who are known by their name in their household."""
        ids = self._blocks.ids()
        for some in slices(ids):
            for id_, block_id, label in await Household.filter(block_id__in=some).values_list(
                "id", "block_id", "label"
            ):
                self._households[block_id, label] = id_
        found = {work.known.id for work in self._work if work.known}
        living: dict[tuple[int, int | None, str], list[_Known]] = {}
        for some in slices(ids):
            for values in await Person.filter(block_id__in=some).order_by("id").values_list(*_FIELDS):
                person = _Known(*values)
                if person.id not in found and person.block_id is not None:
                    key = (person.block_id, person.household_id, person.name)
                    living.setdefault(key, []).append(person)
        for work in self._work if living else ():
            row = work.row
            # A name alone tells nobody with a number of their own from a namesake.
            if work.known or (row.phone and not row.household):
                continue
            block_id = self._blocks.id_of(row.block_code)
            household_id = self._households.get((block_id, row.household))
            if row.household and household_id is None:
                continue
            same = living.get((block_id, household_id, row.name))
            if same:
                work.known = same.pop(0)
                work.new_number = bool(row.phone)

    def _look_for_strangers(self) -> list[RowError]:
        """Rows whose number is known for somebody of another name who does not live there."""
        errors = []
        for number, work in enumerate(self._work, start=2):
            known, row = work.known, work.row
            if (
                known
                and known.name not in ("", row.name)
                and known.block_id != self._blocks.id_of(row.block_code)
            ):
                errors.append(RowError(number, said(texts.NUMBER_OF_ANOTHER)))
        return errors

    def _note(self, number: int, work: _Work) -> None:
        row, known = work.row, work.known
        block_id = self._blocks.id_of(row.block_code)
        words = f"{row.block_code} {row.name}"
        household_id = self._households.get((block_id, row.household))
        if row.household and household_id is None:
            self._new_households.append((block_id, row.household))
            self._households[block_id, row.household] = household_id = -len(self._new_households)
        if known is None:
            self.changes.add(What.NEW, number, words)
            return
        updates: dict[str, object] = {
            key: value
            for key, value in (
                ("name", row.name),
                ("language", row.language),
                ("party_member", row.party_member),
                ("smartphone", row.smartphone),
                ("block_id", block_id),
            )
            if value not in ("", None) and value != getattr(known, key)
        }
        if (household_id or "block_id" in updates) and household_id != known.household_id:
            updates["household_id"] = household_id
        if "language" in updates:
            updates["language_chosen"] = True
        work.updates = updates
        if "block_id" in updates and known.block_id is not None:
            self.changes.add(What.MOVED, number, f"{row.name} → {row.block_code}")
        elif "name" in updates and known.name:
            self.changes.add(What.RENAMED, number, f"{row.block_code} {known.name} → {row.name}")
        else:
            self.changes.add(What.CHANGED if updates or work.new_number else What.UNCHANGED, number, words)


async def _empty_blocks(codes: Sequence[str]) -> list[tuple[str, str, int]]:
    """Code, card code and number of households of those blocks that have none listed yet."""
    found: dict[str, tuple[int, str, int]] = {}
    settled: set[int] = set()
    for some in slices(codes):
        for id_, code, card, households in await Unit.filter(
            code__in=some, card_code__isnull=False
        ).values_list("id", "code", "card_code", "households"):
            found[code] = (id_, card, households)
        ids = [found[code][0] for code in some if code in found]
        settled |= {
            block for (block,) in await Household.filter(block_id__in=ids).distinct().values_list("block_id")
        }
    missing = [code for code in codes if code not in found]
    if missing:
        raise of_file(texts.NO_UNIT, code=missing[0])
    return [(code, *found[code][1:]) for code in dict.fromkeys(codes) if found[code][0] not in settled]
