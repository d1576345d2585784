"""Loading people: who fills which post, and who lives in a block.

Numbers are sealed on their way in and never told in an error. Posts end, they are never deleted;
nobody is ever removed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from linzhang.phones import is_fixed_line
from linzhang.settings import Settings
from linzhang.vault import Vault
from models import Address, Household, Leadership, Person, Role, Unit
from territory import cards, people
from territory.bulk import insert, reserve_ids, slices
from territory.progress import Progress, silent, told
from territory.rows import PostRow, RowError, TerritoryError

SMS, MATRIX = "sms", "matrix"

_PERSON = ("id", "name", "language", "language_chosen", "block_id", "household_id")
_ADDRESS = ("id", "person_id", "bridge", "lookup", "sealed", "fixed_line")
_LEADERSHIP = ("id", "unit_id", "person_id", "role", "since", "chosen")
_HOUSEHOLD = ("id", "block_id", "label")


async def load_leaders(settings: Settings, posts: Sequence[PostRow], progress: Progress = silent) -> int:
    """Fill posts, all or none. The database must be open and have the units.

    Who leads a unit now makes room for the leader that a row names; deputies are added. A number
    that is known belongs to the person it is known for. Loading the same rows again changes
    nothing.

    Args:
        settings: The service's.
        posts: With phones in E.164, as `territory.people.leaders` gives them.
        progress: Told as people go in, as stage 'leaders'.

    Returns:
        How many posts have got somebody new.

    Raises:
        TerritoryError: Rows break a rule; it names each, counted as in a file.
    """
    async with in_transaction() as connection:
        roster = _Roster(settings.vault, posts)
        await roster.look_up()
        errors = roster.problems()
        if errors:
            raise TerritoryError(errors)
        return await roster.save(connection, settings.clock.now(), progress)


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
        blocks = await _empty_blocks(block_codes)
        homes = [
            (block, people.residents(cards.card_index(card), households, seed))
            for block, card, households in blocks
        ]
        count = sum(max((each.household for each in living), default=0) for _, living in homes)
        household_ids = iter(await reserve_ids(connection, Household, count))
        households: list[tuple[int, int, str]] = []
        residents: list[_NewPerson] = []
        for block, living in homes:
            id_of: dict[int, int] = {}
            for each in living:
                if each.household not in id_of:
                    id_of[each.household] = next(household_ids)
                    households.append((id_of[each.household], block, f"第{each.household}户"))
                residents.append(_NewPerson(each.name, [(SMS, each.phone)], block, id_of[each.household]))
        await insert(connection, Household, _HOUSEHOLD, households)
        await _insert_people(connection, settings.vault, residents, "residents", progress)
        return len(residents)


@dataclass(slots=True)
class _NewPerson:
    """Somebody who is not in the database yet, with addresses that are not either."""

    name: str
    addresses: list[tuple[str, str]]
    block_id: int | None = None
    household_id: int | None = None
    id: int = 0


@dataclass(slots=True)
class _Filler:
    """The person behind one number of a roster."""

    name: str
    phone: str
    matrix_id: str = ""
    id: int | None = None
    known_name: str = ""
    lookups: dict[str, str] = field(default_factory=dict)


class _Roster:
    """A roster against what the database knows."""

    def __init__(self, vault: Vault, posts: Sequence[PostRow]) -> None:
        self._vault = vault
        self._posts = posts
        self._units: dict[str, tuple[int, str]] = {}
        self._fillers: dict[str, _Filler] = {}
        self._owner_of: dict[tuple[str, str], int] = {}
        self._names: dict[int, str] = {}
        #: Posts that somebody holds now: unit and role to the rows' ids and persons.
        self._held: dict[tuple[int, Role], list[tuple[int, int]]] = {}
        #: What known people lead now: (person, unit, its tier).
        self._led: list[tuple[int, int, str]] = []

    async def look_up(self) -> None:
        """Read all that the database knows of the roster's units and people."""
        for post in self._posts:
            filler = self._fillers.setdefault(post.phone, _Filler(post.name, post.phone))
            filler.matrix_id = filler.matrix_id or post.matrix_id
        for some in slices(sorted({post.unit_code for post in self._posts})):
            for id_, code, tier in await Unit.filter(code__in=some).values_list("id", "code", "tier"):
                self._units[code] = (id_, tier)
        await self._look_up_people()
        await self._look_up_posts()

    def problems(self) -> list[RowError]:
        """What is wrong, row by row."""
        errors = []
        leader_row: dict[str, int] = {}
        rows_seen: set[tuple[str, Role, str]] = set()
        matrix_phone: dict[str, str] = {}
        for number, post in enumerate(self._posts, start=2):
            filler = self._fillers[post.phone]
            problem = ""
            if post.unit_code not in self._units:
                problem = f"there is no unit {post.unit_code}: load the units first."
            elif not post.name:
                problem = "name: write the person's name."
            elif (post.unit_code, post.role, post.phone) in rows_seen:
                problem = (
                    f"an earlier row gives this post of {post.unit_code} to the same person: delete one."
                )
            elif post.role is Role.LEADER and leader_row.setdefault(post.unit_code, number) != number:
                first = leader_row[post.unit_code]
                problem = f"{post.unit_code} has a leader in row {first}: one leads, others are deputies."
            elif post.name != filler.name:
                problem = (
                    f"the same phone number stands beside '{filler.name}': each needs a number of their own."
                )
            elif filler.known_name and filler.known_name != post.name:
                problem = (
                    "this phone number is known for somebody of another name: correct the number or the name."
                )
            elif post.matrix_id and self._matrix_taken(filler, post.matrix_id, matrix_phone):
                problem = "matrix_id: it belongs to somebody else: each person needs an account of their own."
            rows_seen.add((post.unit_code, post.role, post.phone))
            if problem:
                errors.append(RowError(number, problem))
        return errors or self._double_leads()

    async def save(self, connection: BaseDBAsyncClient, now: datetime, progress: Progress) -> int:
        """Store who is new and which posts change hands; returns how many posts do."""
        await self._save_people(connection, progress)
        ended: list[int] = []
        filled: list[tuple[int, int, str]] = []
        for post in self._posts:
            unit_id, _ = self._units[post.unit_code]
            person_id = self._fillers[post.phone].id
            assert person_id is not None
            held = self._held.get((unit_id, post.role), [])
            if any(holder == person_id for _, holder in held):
                continue
            if post.role is Role.LEADER:
                ended += [row for row, _ in held]
            filled.append((unit_id, person_id, post.role.value))
        for some in slices(ended):
            await Leadership.filter(id__in=some).update(until=now)
        ids = await reserve_ids(connection, Leadership, len(filled))
        rows = ((id_, *post, now, "") for id_, post in zip(ids, filled, strict=True))
        await insert(connection, Leadership, _LEADERSHIP, rows)
        return len(filled)

    async def _look_up_people(self) -> None:
        for filler in self._fillers.values():
            filler.lookups[SMS] = self._vault.lookup(SMS, filler.phone)
            if filler.matrix_id:
                filler.lookups[MATRIX] = self._vault.lookup(MATRIX, filler.matrix_id)
        if not await Address.exists():
            return
        for bridge in (SMS, MATRIX):
            wanted = [each.lookups[bridge] for each in self._fillers.values() if bridge in each.lookups]
            for some in slices(wanted):
                found = await Address.filter(bridge=bridge, lookup__in=some).values_list(
                    "lookup", "person_id", "person__name"
                )
                for lookup, person_id, name in found:
                    self._owner_of[bridge, lookup] = person_id
                    self._names[person_id] = name
        for filler in self._fillers.values():
            filler.id = self._owner_of.get((SMS, filler.lookups[SMS]))
            filler.known_name = self._names[filler.id] if filler.id is not None else ""

    async def _look_up_posts(self) -> None:
        if not await Leadership.exists():
            return
        for some in slices([id_ for id_, _ in self._units.values()]):
            held = await Leadership.filter(unit_id__in=some, until=None).values_list(
                "id", "unit_id", "person_id", "role"
            )
            for id_, unit_id, person_id, role in held:
                self._held.setdefault((unit_id, Role(role)), []).append((id_, person_id))
        known = [filler.id for filler in self._fillers.values() if filler.id is not None]
        for some_people in slices(known):
            self._led += await Leadership.filter(
                person_id__in=some_people, until=None, role=Role.LEADER
            ).values_list("person_id", "unit_id", "unit__tier")

    def _matrix_taken(self, filler: _Filler, matrix_id: str, phone_of: dict[str, str]) -> bool:
        if filler.matrix_id != matrix_id or phone_of.setdefault(matrix_id, filler.phone) != filler.phone:
            return True
        owner = self._owner_of.get((MATRIX, filler.lookups[MATRIX]))
        return owner is not None and owner != filler.id

    def _double_leads(self) -> list[RowError]:
        """Rows after which somebody would lead two units of one tier."""
        phone_of = {filler.id: filler.phone for filler in self._fillers.values() if filler.id is not None}
        leads = [post for post in self._posts if post.role is Role.LEADER]
        changing = {self._units[post.unit_code][0] for post in leads}
        count: Counter[tuple[str, str]] = Counter(
            (phone_of[person], tier) for person, unit, tier in self._led if unit not in changing
        )
        errors = []
        for number, post in enumerate(self._posts, start=2):
            if post.role is not Role.LEADER:
                continue
            tier = self._units[post.unit_code][1]
            count[post.phone, tier] += 1
            if count[post.phone, tier] > 1:
                errors.append(
                    RowError(
                        number, f"{post.name} leads another {tier} too: nobody leads two units of one tier."
                    )
                )
        return errors

    async def _save_people(self, connection: BaseDBAsyncClient, progress: Progress) -> None:
        newcomers: dict[str, _NewPerson] = {}
        accounts: list[tuple[int, str, str]] = []
        for phone, filler in self._fillers.items():
            matrix = [(MATRIX, filler.matrix_id)] if filler.matrix_id else []
            if filler.id is None:
                newcomers[phone] = _NewPerson(filler.name, [(SMS, phone), *matrix])
                continue
            if not filler.known_name:
                await Person.filter(id=filler.id).update(name=filler.name)
            if matrix and (MATRIX, filler.lookups[MATRIX]) not in self._owner_of:
                accounts.append((filler.id, *matrix[0]))
        await _insert_people(connection, self._vault, list(newcomers.values()), "leaders", progress)
        for phone, newcomer in newcomers.items():
            self._fillers[phone].id = newcomer.id
        await _insert_addresses(connection, self._vault, accounts, len(accounts))


async def _empty_blocks(codes: Sequence[str]) -> list[tuple[int, str, int]]:
    """Id, card code and number of households of those blocks that have none listed yet."""
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
    missing = [
        RowError(0, f"there is no block {code} with a card code.") for code in codes if code not in found
    ]
    if missing:
        raise TerritoryError(missing)
    return [found[code] for code in dict.fromkeys(codes) if found[code][0] not in settled]


async def _insert_people(
    connection: BaseDBAsyncClient,
    vault: Vault,
    newcomers: Sequence[_NewPerson],
    stage: str,
    progress: Progress,
) -> None:
    """Store people and their addresses, and give them their ids."""
    ids = await reserve_ids(connection, Person, len(newcomers))
    for person, id_ in zip(newcomers, ids, strict=True):
        person.id = id_
    rows = ((each.id, each.name, "", False, each.block_id, each.household_id) for each in newcomers)
    await insert(connection, Person, _PERSON, rows)
    addresses = [(each.id, *address) for each in newcomers for address in each.addresses]
    # Sealing takes most of the time, so this is where progress is worth telling.
    await _insert_addresses(
        connection, vault, told(addresses, stage, len(addresses), progress), len(addresses)
    )


async def _insert_addresses(
    connection: BaseDBAsyncClient, vault: Vault, addresses: Iterable[tuple[int, str, str]], count: int
) -> None:
    ids = await reserve_ids(connection, Address, count)
    rows = (
        (
            id_,
            person_id,
            bridge,
            vault.lookup(bridge, address),
            vault.seal(address),
            bridge == SMS and is_fixed_line(address),
        )
        for id_, (person_id, bridge, address) in zip(ids, addresses, strict=True)
    )
    await insert(connection, Address, _ADDRESS, rows)
