"""Who is in the demo: a few neighbours with phones, and the leaders of their chain in Matrix.

Picks them from the drawn territory and gives the leaders accounts on the demo's homeserver. It never
invents a person that the roster does not have, but for the stranger whom nobody knows.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.stack import Stack
from issues import chain
from linzhang.settings import Settings
from models import Address, Person, Unit

#: 魏岗村 in 魏岗镇, Qiaocheng: where the demo plays.
STAGE = "341602103200"

#: Its neighbours, whose rooms are made as well.
NEIGHBOURS = ("341602103201", "341602103202")

#: A number that the roster does not have.
STRANGER = "+8610000099999"


@dataclass(frozen=True, slots=True)
class Player:
    """A leader with an account.

    Attributes:
        person: From the roster.
        unit: The unit they lead.
        user_id: Their Matrix id.
        password: Shown on the page.
    """

    person: Person
    unit: Unit
    user_id: str
    password: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A resident with a phone."""

    person: Person | None
    number: str
    language: str
    block: Unit | None


async def stage() -> list[Unit]:
    """The units whose leaders play: two blocks, then their group, section, village and township."""
    village = await Unit.get(code=STAGE)
    section = await Unit.filter(parent_id=village.id).order_by("code").first()
    assert section is not None
    group = await Unit.filter(parent_id=section.id).order_by("code").first()
    assert group is not None
    blocks = await Unit.filter(parent_id=group.id).order_by("code").limit(2)
    township = await Unit.get(id=village.parent_id)
    return [*blocks, group, section, village, township]


async def cast_leaders(stack: Stack, units: list[Unit]) -> list[Player]:
    """Give the leaders of these units accounts, and tell the roster of them."""
    passwords = _passwords(stack.folder)
    settings = stack.settings
    players = []
    for unit in units:
        person = await chain.leader_of(unit)
        if person is None:
            continue
        localpart = f"{unit.tier}-{unit.code}"
        password = passwords.setdefault(localpart, secrets.token_urlsafe(6))
        title = settings.territory.tier(unit.tier).leader[settings.territory.default_language]
        await stack.homeserver.register_user(localpart, password, f"{person.name} {title}")
        user_id = f"@{localpart}:{stack.homeserver.server_name}"
        await _link(settings, person, user_id)
        players.append(Player(person, unit, user_id, password))
    _keep_passwords(stack.folder, passwords)
    return players


async def cast_residents(settings: Settings, blocks: list[Unit]) -> list[Phone]:
    """Neighbours of these blocks who have a phone, and a stranger."""
    phones: list[Phone] = []
    for block, count in zip(blocks, (2, 1), strict=False):
        people = await Person.filter(block_id=block.id, addresses__bridge="sms").order_by("id").limit(count)
        for person in people:
            address = await Address.filter(person_id=person.id, bridge="sms").first()
            assert address is not None
            phones.append(Phone(person, settings.vault.open(address.sealed), "zh-Hans", block))
    phones.append(Phone(None, STRANGER, "zh-Hans", None))
    return phones


async def page_config(stack: Stack, players: list[Player], phones: list[Phone]) -> dict[str, Any]:
    """What the page in the browser is started with; see `demo.page.config`."""
    profile = stack.settings.territory
    assert stack.settings.twilio is not None
    return {
        "carrier_url": stack.carrier.url,
        "homeserver_url": stack.homeserver.url,
        "server_name": stack.homeserver.server_name,
        "service_number": stack.settings.twilio.number,
        "clock_file": str(stack.settings.clock_file),
        "timezone": profile.timezone,
        "residents": [
            {
                "name": phone.person.name if phone.person else "陌生人 / A stranger",
                "number": phone.number,
                "language": phone.language,
                "block": phone.block.name if phone.block else "",
                "unit_code": phone.block.code if phone.block else "",
                "known": phone.person is not None,
            }
            for phone in phones
        ],
        "leaders": [
            {
                "name": player.person.name,
                "user_id": player.user_id,
                "password": player.password,
                "title": " / ".join(profile.tier(player.unit.tier).leader.values()),
                "tier": player.unit.tier,
                "unit": player.unit.name,
                "unit_code": player.unit.code,
                "parent_code": (await Unit.get(id=player.unit.parent_id)).code
                if player.unit.tier != "township"
                else "",
            }
            for player in players
        ],
    }


async def _link(settings: Settings, person: Person, user_id: str) -> None:
    lookup = settings.vault.lookup("matrix", user_id)
    if not await Address.exists(bridge="matrix", lookup=lookup):
        sealed = settings.vault.seal(user_id)
        await Address.create(person_id=person.id, bridge="matrix", lookup=lookup, sealed=sealed)


def _passwords(folder: Path) -> dict[str, str]:
    path = folder / "accounts.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _keep_passwords(folder: Path, passwords: dict[str, str]) -> None:
    path = folder / "accounts.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(passwords, indent=1), encoding="utf-8")
