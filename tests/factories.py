"""Settings, a small territory and its people: plain functions that every test may use.

One line of units from the city down to two blocks, each with its leader, a neighbouring township
with a village of the same name as one here, and people who have nothing to say. No test data lives
anywhere else in a second form.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.fernet import Fernet

from linzhang.clock import FileClock
from linzhang.database import database, migrate
from linzhang.settings import Settings
from models import Absence, Address, Leadership, Person, Role, Unit

PROFILE = Path(__file__).parent.parent / "profiles" / "bozhou.toml"

#: 10:00 in Bozhou, on a Tuesday: what a test's clock shows first.
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

#: Slow enough that no test sees the clock move by itself.
FROZEN = 1e-9

CARD_CODE = "12345674"
OTHER_CARD_CODE = "12345682"


@dataclass
class Territory:
    """What `plant` has made, by name.

    Attributes:
        units: By tier for the line from the city to the block; the others by the names in `plant`.
        leaders: By the same names.
    """

    units: dict[str, Unit] = field(default_factory=dict)
    leaders: dict[str, Person] = field(default_factory=dict)

    @property
    def block(self) -> Unit:
        """The block in which the tests' residents live."""
        return self.units["block"]

    @property
    def chain(self) -> list[Unit]:
        """The units that an issue of the block climbs through, the block first."""
        return [self.units[tier] for tier in ("block", "group", "section", "village", "township")]


def make_settings(tmp_path: Path, **overrides: Any) -> Settings:
    """Settings with a database file of their own and a clock that stands still at `MORNING`.

    Args:
        tmp_path: Where the database and the clock are kept.
        overrides: Settings that are to be different.
    """
    clock_file = tmp_path / "clock.json"
    if not clock_file.exists():
        FileClock(clock_file).set(MORNING, speed=FROZEN)
    return Settings.model_validate(
        {
            "database_url": f"sqlite://{tmp_path / 'linzhang.db'}",
            "redis_url": "redis://127.0.0.1:1/0",
            "public_url": "http://127.0.0.1:1",
            "profile": PROFILE,
            "seal_keys": [Fernet.generate_key().decode()],
            "lookup_key": "k" * 32,
            "homeservers": [
                {"server_name": "test", "url": "http://127.0.0.1:1", "as_token": "a", "hs_token": "h"}
            ],
            "clock_file": clock_file,
        }
        | overrides
    )


def clock_of(settings: Settings) -> FileClock:
    """The clock that a test moves by hand."""
    assert isinstance(settings.clock, FileClock)
    return settings.clock


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[None]:
    """Hold the settings' database open, with all tables."""
    await make_tables(settings.database_url)
    async with database(settings.database_url):
        yield


async def make_tables(database_url: str) -> None:
    """Make sure that a database has all tables: a new SQLite database becomes a copy of a migrated one."""
    if database_url.startswith("sqlite://"):
        _copy(await empty_database(), Path(database_url.removeprefix("sqlite://")))
    else:
        await migrate(database_url)  # has little to do: see the fixture `new_postgres`


async def empty_database() -> Path:
    """A SQLite database with all tables and nothing in them, to be copied.

    The migrations run once in a process, for the first test that needs them: they take longer than a test.
    """
    if not _EMPTY:
        folder = TemporaryDirectory(prefix="linzhang-tests-")  # goes with the process
        await migrate(f"sqlite://{folder.name}/empty.db")
        _EMPTY.append(folder)
    return Path(_EMPTY[0].name) / "empty.db"


def _copy(source: Path, target: Path) -> None:
    if not target.exists():
        shutil.copy(source, target)


_EMPTY: list[TemporaryDirectory[str]] = []


async def plant() -> Territory:
    """Make a territory in the open database.

    City, county and township down to two neighbouring blocks ('block', 'other_block') and a village
    'peace' (和平社区); in the next township ('next_township') is a village of the same name ('peace_too').
    Everybody from the township down has a leader, but 'other_block' has none; the block has a deputy
    ('deputy') too, and its last leader ('former').
    """
    planted = Territory()
    rows = [
        ("city", "34", "亳州市", "city", None, None),
        ("county", "3401", "谯城区", "county", "city", None),
        ("township", "340101", "魏岗镇", "township", "county", "李国庆"),
        ("village", "34010101", "魏岗村委会", "village", "township", "赵刚"),
        ("section", "3401010101", "第一片", "section", "village", "孙梅"),
        ("group", "340101010101", "张庄组", "group", "section", "周强"),
        ("block", "34010101010101", "第3邻", "block", "group", "陈建国"),
        ("other_block", "34010101010102", "第4邻", "block", "group", None),
        ("peace", "34010102", "和平社区", "village", "township", "吴兰"),
        ("next_township", "340102", "观堂镇", "township", "county", "郑平"),
        ("peace_too", "34010201", "和平社区", "village", "next_township", "王芳"),
    ]
    codes = {"block": CARD_CODE, "other_block": OTHER_CARD_CODE}
    for name, code, called, tier, parent, leader in rows:
        above = planted.units[parent] if parent else None
        planted.units[name] = await Unit.create(
            code=code,
            name=called,
            tier=tier,
            parent=above,
            path=f"{above.path if above else ''}{code}/",
            card_code=codes.get(name),
        )
        if leader:
            planted.leaders[name] = await appoint(planted.units[name], leader)
    planted.leaders["deputy"] = await appoint(planted.block, "马丽", role=Role.DEPUTY)
    planted.leaders["former"] = await appoint(planted.block, "何明", until=MORNING)
    return planted


async def appoint(
    unit: Unit,
    name: str,
    *,
    role: Role = Role.LEADER,
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    until: datetime | None = None,
) -> Person:
    """Let a new person answer for a unit."""
    person = await Person.create(name=name)
    await Leadership.create(unit=unit, person=person, role=role, since=since, until=until)
    return person


async def goes_away(unit: Unit, leader: Person, until: datetime, *, deputy: Person | None = None) -> Absence:
    """Let a leader be away from `MORNING` on."""
    return await Absence.create(unit=unit, person=leader, deputy=deputy, since=MORNING, until=until)


async def resident(
    settings: Settings,
    block: Unit | None,
    *,
    name: str = "刘大爷",
    number: str = "+8613800138000",
    bridge: str = "sms",
    language: str = "",
) -> Address:
    """A person of the roster under a number; the address has its person at hand."""
    person = await Person.create(name=name, block=block, language=language)
    return await reachable(settings, person, number, bridge=bridge)


async def reachable(
    settings: Settings, person: Person, number: str, *, bridge: str = "sms", seen_at: datetime | None = None
) -> Address:
    """Let a person have a number or a chat account."""
    return await Address.create(
        person=person,
        bridge=bridge,
        lookup=settings.vault.lookup(bridge, number),
        sealed=settings.vault.seal(number),
        seen_at=seen_at,
    )
