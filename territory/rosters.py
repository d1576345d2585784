"""Rosters: who fills which post, from a file.

Numbers are never told in an error. Posts end, they are never deleted; nobody is ever removed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from issues import stale
from linzhang.settings import Settings
from linzhang.vault import Vault
from models import Address, Chosen, Leadership, Person, Role
from territory import texts
from territory.blocks import FIND_UNITS
from territory.bulk import find, insert, reserve_ids, slices
from territory.columns import FileKind
from territory.newcomers import MATRIX, SMS, NewAddress, NewPerson, insert_addresses, insert_people
from territory.plan import Changes, What
from territory.progress import Progress, silent
from territory.rows import PostRow, RowError, Said, TerritoryError, said

_OWNERS = (
    "SELECT a.lookup, p.id, p.name, p.party_member, p.smartphone"
    " FROM address a JOIN person p ON p.id = a.person_id WHERE a.bridge = '{}' AND a.lookup IN"
)
_LEADERSHIP = ("id", "unit_id", "person_id", "role", "since", "chosen")


async def load_leaders(settings: Settings, posts: Sequence[PostRow], progress: Progress = silent) -> int:
    """Fill posts, all or none. The database must be open and have the units.

    Args:
        settings: The service's.
        posts: With phones in E.164, as `territory.people.leaders` gives them.
        progress: Told as people go in, as stage 'leaders'.

    Returns:
        How many rows have changed something.

    Raises:
        TerritoryError: Rows break a rule; it names each, counted as in a file.
    """
    async with in_transaction() as connection:
        plan = await RosterPlan.make(connection, settings, posts)
        await plan.apply(connection, progress)
        return plan.changes.number


@dataclass(slots=True)
class _Details:
    """What a roster says of a person besides their name; None is what nobody has said."""

    party_member: bool | None = None
    smartphone: bool | None = None


@dataclass(slots=True)
class _Filler:
    """The person behind one number of a roster."""

    name: str
    phone: str
    says: _Details
    matrix_id: str = ""
    id: int | None = None
    known_name: str = ""
    known: _Details = field(default_factory=_Details)
    lookups: dict[str, str] = field(default_factory=dict)

    def updates(self) -> dict[str, object]:
        """What of the person is different now from what is known."""
        changed: dict[str, object] = {}
        if self.name != self.known_name:
            changed["name"] = self.name
        for key in ("party_member", "smartphone"):
            now = getattr(self.says, key)
            if now is not None and now != getattr(self.known, key):
                changed[key] = now
        return changed


@dataclass(frozen=True, slots=True)
class _Post:
    """A post as somebody holds it now."""

    id: int
    unit_id: int
    person_id: int
    name: str
    chosen: Chosen


class RosterPlan:
    """What a roster changes."""

    kind = FileKind.ROSTER

    def __init__(self, settings: Settings, posts: Sequence[PostRow], changes: Changes) -> None:
        self.changes = changes
        self._settings = settings
        self._vault: Vault = settings.vault
        self._clock = settings.clock
        self._posts = posts
        self._profile = settings.territory
        self._units: dict[str, tuple[int, str]] = {}
        self._closed: dict[str, str] = {}
        self._fillers: dict[str, _Filler] = {}
        self._owner_of: dict[tuple[str, str], int] = {}
        self._held: dict[tuple[int, Role], list[_Post]] = {}
        #: What known people lead now: (person, unit, its tier).
        self._led: list[tuple[int, int, str]] = []
        self._ended: list[int] = []
        self._filled: list[tuple[int, PostRow]] = []
        self._rechosen: list[tuple[int, Chosen]] = []

    @classmethod
    async def make(
        cls,
        connection: BaseDBAsyncClient,
        settings: Settings,
        posts: Sequence[PostRow],
        *,
        keep_all: bool = False,
    ) -> "RosterPlan":
        """Look at rows, and see what they change.

        Who leads a unit makes room for the leader that a row names; deputies are added; a leader's row
        without a name makes the post vacant. A number that is known belongs to the person it is known for.

        Args:
            connection: The transaction's.
            settings: The service's.
            posts: With phones in E.164.
            keep_all: Whether every change is kept in words.

        Raises:
            TerritoryError: Rows break a rule; it names each, counted as in a file.
        """
        plan = cls(settings, posts, Changes(keep_all=keep_all))
        await plan._look_up(connection)
        errors = plan._problems()
        if errors:
            raise TerritoryError(errors)
        for number, post in enumerate(posts, start=2):
            plan._note(number, post)
        return plan

    async def apply(self, connection: BaseDBAsyncClient, progress: Progress) -> None:
        """Carry it out, in the caller's transaction in which it was made."""
        at = self._clock.now()
        await self._save_people(connection, progress)
        for some in slices(self._ended):
            await Leadership.filter(id__in=some).update(until=at)
        for post_id, chosen in self._rechosen:
            await Leadership.filter(id=post_id).update(chosen=chosen)
        ids = await reserve_ids(connection, Leadership, len(self._filled))
        rows = (
            (id_, unit_id, self._fillers[post.phone].id, post.role.value, at, post.chosen.value)
            for id_, (unit_id, post) in zip(ids, self._filled, strict=True)
        )
        await insert(connection, Leadership, _LEADERSHIP, rows)

    def _note(self, number: int, post: PostRow) -> None:
        unit_id, _ = self._units[post.unit_code]
        held = self._held.get((unit_id, post.role), [])
        if not post.name:
            self._ended += [each.id for each in held]
            names = ", ".join(each.name for each in held)
            self.changes.add(What.VACATED if held else What.UNCHANGED, number, f"{post.unit_code}: {names}")
            return
        filler = self._fillers[post.phone]
        words = f"{post.unit_code}: {post.name}"
        mine = next((each for each in held if each.person_id == filler.id), None)
        if mine is None:
            others = held if post.role is Role.LEADER else []
            self._ended += [each.id for each in others]
            self._filled.append((unit_id, post))
            if others:
                self.changes.add(What.REPLACED, number, f"{post.unit_code}: {others[0].name} → {post.name}")
            else:
                self.changes.add(What.APPOINTED, number, words)
            return
        updates = filler.updates()
        rechosen = post.chosen not in (Chosen.UNKNOWN, mine.chosen)
        if rechosen:
            self._rechosen.append((mine.id, post.chosen))
        if "name" in updates:
            self.changes.add(What.RENAMED, number, f"{post.unit_code}: {filler.known_name} → {post.name}")
        elif updates or rechosen or self._new_account(filler):
            self.changes.add(What.CHANGED, number, words)
        else:
            self.changes.add(What.UNCHANGED, number, words)

    def _new_account(self, filler: _Filler) -> bool:
        return bool(filler.matrix_id) and (MATRIX, filler.lookups[MATRIX]) not in self._owner_of

    async def _look_up(self, connection: BaseDBAsyncClient) -> None:
        """Read all that the database knows of the roster's units and people."""
        for post in self._posts:
            if not post.name:
                continue
            filler = self._fillers.setdefault(post.phone, _Filler(post.name, post.phone, _Details()))
            filler.matrix_id = filler.matrix_id or post.matrix_id
            if post.party_member is not None:
                filler.says.party_member = post.party_member
            if post.smartphone is not None:
                filler.says.smartphone = post.smartphone
        codes = sorted({post.unit_code for post in self._posts})
        for id_, code, tier, into in await find(connection, FIND_UNITS, codes):
            if into:
                self._closed[code] = into
            self._units[code] = (id_, tier)
        await self._look_up_people(connection)
        await self._look_up_posts()

    async def _look_up_people(self, connection: BaseDBAsyncClient) -> None:
        for filler in self._fillers.values():
            filler.lookups[SMS] = self._vault.lookup(SMS, filler.phone)
            if filler.matrix_id:
                filler.lookups[MATRIX] = self._vault.lookup(MATRIX, filler.matrix_id)
        if not await Address.exists():
            return
        people: dict[int, tuple[str, _Details]] = {}
        for bridge in (SMS, MATRIX):
            wanted = [each.lookups[bridge] for each in self._fillers.values() if bridge in each.lookups]
            for row in await find(connection, _OWNERS.format(bridge), wanted):
                lookup, person_id, name, *said_of = row
                self._owner_of[bridge, lookup] = person_id
                details = [None if each is None else bool(each) for each in said_of]
                people[person_id] = (name, _Details(*details))
        for filler in self._fillers.values():
            filler.id = self._owner_of.get((SMS, filler.lookups[SMS]))
            if filler.id is not None:
                filler.known_name, filler.known = people[filler.id]

    async def _look_up_posts(self) -> None:
        if not await Leadership.exists():
            return
        for some in slices([id_ for id_, _ in self._units.values()]):
            held = await Leadership.filter(unit_id__in=some, until=None).values_list(
                "id", "unit_id", "person_id", "person__name", "chosen", "role"
            )
            for id_, unit_id, person_id, name, chosen, role in held:
                post = _Post(id_, unit_id, person_id, name, Chosen(chosen))
                self._held.setdefault((unit_id, Role(role)), []).append(post)
        known = [filler.id for filler in self._fillers.values() if filler.id is not None]
        for some_people in slices(known):
            self._led += await Leadership.filter(
                person_id__in=some_people, until=None, role=Role.LEADER
            ).values_list("person_id", "unit_id", "unit__tier")

    def _problems(self) -> list[RowError]:
        errors = []
        leader_row: dict[str, int] = {}
        rows_seen: set[tuple[str, Role, str]] = set()
        matrix_phone: dict[str, str] = {}
        for number, post in enumerate(self._posts, start=2):
            problem = self._problem(number, post, leader_row, rows_seen, matrix_phone)
            rows_seen.add((post.unit_code, post.role, post.phone))
            if problem:
                errors.append(RowError(number, problem))
        return errors or self._double_leads()

    def _problem(
        self,
        number: int,
        post: PostRow,
        leader_row: dict[str, int],
        rows_seen: set[tuple[str, Role, str]],
        matrix_phone: dict[str, str],
    ) -> Said | None:
        code = post.unit_code
        if code not in self._units:
            return said(texts.NO_UNIT, code=code)
        if code in self._closed:
            return said(texts.UNIT_CLOSED, code=code, into=self._closed[code])
        if (code, post.role, post.phone) in rows_seen:
            return said(texts.POST_TWICE, code=code)
        if post.role is Role.LEADER and leader_row.setdefault(code, number) != number:
            return said(texts.SECOND_LEADER, code=code, row=leader_row[code])
        if not post.name:
            return None
        filler = self._fillers[post.phone]
        if post.name != filler.name:
            return said(texts.NUMBER_SHARED, name=filler.name)
        if filler.known_name and filler.known_name != post.name and not self._holds(filler, post):
            return said(texts.NUMBER_OF_ANOTHER)
        if post.matrix_id and self._matrix_taken(filler, post.matrix_id, matrix_phone):
            return said(texts.ACCOUNT_TAKEN)
        return None

    def _holds(self, filler: _Filler, post: PostRow) -> bool:
        """Whether the number's owner has this very post, so that another name is a correction."""
        held = self._held.get((self._units[post.unit_code][0], post.role), [])
        return any(each.person_id == filler.id for each in held)

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
            if post.role is not Role.LEADER or not post.name:
                continue
            tier = self._units[post.unit_code][1]
            count[post.phone, tier] += 1
            if count[post.phone, tier] > 1:
                called = self._profile.tier(tier).name
                errors.append(RowError(number, said(texts.LEADS_ANOTHER, name=post.name, tier=called)))
        return errors

    async def _save_people(self, connection: BaseDBAsyncClient, progress: Progress) -> None:
        newcomers: dict[str, NewPerson] = {}
        accounts: list[tuple[int, NewAddress]] = []
        for phone, filler in self._fillers.items():
            matrix = []
            if self._new_account(filler):
                matrix = [NewAddress(MATRIX, filler.matrix_id, filler.lookups[MATRIX])]
            if filler.id is None:
                newcomers[phone] = NewPerson(
                    filler.name,
                    [NewAddress(SMS, phone, filler.lookups[SMS]), *matrix],
                    party_member=filler.says.party_member,
                    smartphone=filler.says.smartphone,
                )
                continue
            updates = filler.updates()
            if updates:
                await Person.filter(id=filler.id).update(**updates)
            if "name" in updates:
                await stale.reported_by(self._settings, filler.id)
            accounts += [(filler.id, each) for each in matrix]
        await insert_people(connection, self._vault, list(newcomers.values()), "leaders", progress)
        for phone, newcomer in newcomers.items():
            self._fillers[phone].id = newcomer.id
        await insert_addresses(connection, self._vault, accounts, len(accounts))
