"""Who is in the demo: a few neighbours with phones, one with Matrix, and the leaders of their chain.

Picks them from the drawn territory and gives those with Matrix accounts on the demo's homeserver. It never
invents a person that the roster does not have, but for the stranger whom nobody knows, and the heads of two
offices that no drawn roster has: of the city, and of a department.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tortoise.queryset import QuerySet

from demo.homeserver import EmbeddedHomeserver
from demo.stack import Stack
from issues import chain
from linzhang.settings import Settings
from models import Address, Leadership, Person, Role, Unit

#: 魏岗村 in 魏岗镇, Qiaocheng: where the demo plays.
STAGE = "341602103200"

#: Its neighbours, whose rooms are made as well.
NEIGHBOURS = ("341602103201", "341602103202")

#: A number that the roster does not have.
STRANGER = "+8610000099999"


#: How many residents with phones each of the two blocks shows.
PHONES = (2, 1)


@dataclass(frozen=True, slots=True)
class Player:
    """A leader, or a resident, with an account.

    Attributes:
        person: From the roster.
        unit: The unit that they lead, or live in.
        user_id: Their Matrix id.
        password: Shown on the page.
    """

    person: Person
    unit: Unit
    user_id: str
    password: str


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody with a phone: a resident, a leader, or a stranger.

    Attributes:
        person: From the roster; None: nobody knows them.
        number: In E.164.
        language: In which they write.
        block: Where they live, or what they lead.
        leads: The leader's title, of one who leads the block.
    """

    person: Person | None
    number: str
    language: str
    block: Unit | None
    leads: str = ""


async def stage() -> list[Unit]:
    """The units whose leaders play: two blocks, then their group, section, village and township.

    The first is the one to begin with: of two blocks the later one, which stands next to their group.
    """
    village = await Unit.get(code=STAGE)
    section = await Unit.filter(parent_id=village.id).order_by("code").first()
    assert section is not None
    group = await Unit.filter(parent_id=section.id).order_by("code").first()
    assert group is not None
    blocks = await Unit.filter(parent_id=group.id).order_by("code").limit(2)
    township = await Unit.get(id=village.parent_id)
    return [*reversed(blocks), group, section, village, township]


def homeserver_for(stack: Stack, tier: str) -> EmbeddedHomeserver:
    """On which homeserver who leads a unit of this tier, or lives in it, has their account.

    Where homeservers federate, the village and all below it have one of their own, and the section's leader
    has an account on one that knows nothing of the service.
    """
    if stack.second is None or stack.guest is None or tier in ("township", "city", "department"):
        return stack.homeserver
    return stack.guest if tier == "section" else stack.second


async def settle(stack: Stack) -> None:
    """Let the village live on its own homeserver, where there is one."""
    if stack.second is not None:
        await Unit.filter(code=STAGE).update(homeserver=stack.second.server_name)


async def cast_leaders(stack: Stack, units: list[Unit]) -> list[Player]:
    """Give the leaders of these units accounts, and tell the roster of them."""
    profile = stack.settings.territory
    players = []
    for unit in units:
        person = await chain.leader_of(unit, stack.settings.clock.now())
        if person is not None:
            title = profile.tier(unit.tier).leader[profile.default_language]
            players.append(await _account(stack, person, unit, f"{unit.tier}-{unit.code}", title))
    return players


async def cast_neighbour(stack: Stack, block: Unit) -> Player:
    """Give one of a block's residents, of whom the page shows no phone, an account."""
    person = await _with_phones(block).offset(max(PHONES)).first()
    assert person is not None
    return await _account(stack, person, block, f"resident-{block.code}", "")


async def cast_offices(stack: Stack) -> list[Player]:
    """Who supervises in the city, and the head of the county's water department: they use the desk."""
    at = stack.settings.clock.now()
    city = await Unit.get(parent_id=None)
    county = await Unit.get(code=STAGE[:6])
    code = f"{county.code}W"
    name, path = f"{county.name}水务局", f"{county.path}{code}/"
    water, _ = await Unit.get_or_create(
        {"name": name, "tier": "department", "parent": county, "path": path}, code=code
    )
    players = []
    for unit, called in ((city, "周文清"), (water, "孙建军")):
        person = await chain.leader_of(unit, at)
        if person is None:
            person = await Person.create(name=called)
            await Leadership.create(unit=unit, person=person, role=Role.LEADER, since=at)
        profile = stack.settings.territory
        title = profile.tier(unit.tier).leader[profile.default_language]
        players.append(await _account(stack, person, unit, f"{unit.tier}-{unit.code.lower()}", title))
    return players


async def cast_residents(settings: Settings, blocks: list[Unit]) -> list[Phone]:
    """Neighbours of these blocks who have a phone, the first block's leader with theirs, and a stranger."""
    phones: list[Phone] = []
    for block, count in zip(blocks, PHONES, strict=False):
        for person in await _with_phones(block).limit(count):
            address = await Address.filter(person_id=person.id, bridge="sms").first()
            assert address is not None
            phones.append(Phone(person, settings.vault.open(address.sealed), "zh-Hans", block))
    leader = await chain.leader_of(blocks[0], settings.clock.now())
    address = await Address.filter(person_id=leader.id, bridge="sms").first() if leader else None
    if address is not None:
        title = " / ".join(settings.territory.bottom.leader.values())
        phones.append(Phone(leader, settings.vault.open(address.sealed), "zh-Hans", blocks[0], title))
    phones.append(Phone(None, STRANGER, "zh-Hans", None))
    return phones


async def page_config(
    stack: Stack, players: list[Player], neighbour: Player, phones: list[Phone], offices: list[Player]
) -> dict[str, Any]:
    """What the page in the browser is started with; see `demo.page.config`."""
    assert stack.settings.twilio is not None
    return {
        "carrier_url": stack.carrier.url,
        "homeserver_url": stack.homeserver.url,
        "server_name": stack.homeserver.server_name,
        "service_users": [each.bot_id for each in stack.settings.homeservers],
        "service_number": stack.settings.twilio.number,
        "clock_file": str(stack.settings.clock_file),
        "timezone": stack.settings.territory.timezone,
        "quiet": stack.settings.territory.quiet.model_dump(mode="json"),
        "residents": [_resident(phone, players[0].unit) for phone in phones],
        "leaders": [await _leader(stack, player, players) for player in players],
        "desk_url": f"{stack.settings.public_url}/desk/",
        "offices": [_office(stack, player) for player in offices],
        "neighbours": [
            {
                "name": neighbour.person.name,
                "user_id": neighbour.user_id,
                "password": neighbour.password,
                "unit": neighbour.unit.name,
                "homeserver_url": stack.homeserver_of(neighbour.user_id).url,
            }
        ],
    }


def _resident(phone: Phone, near: Unit) -> dict[str, Any]:
    """A phone on the page; a stranger lives in the block `near`, which nobody knows yet."""
    if phone.person is None:
        phrases = ["我家门口的井盖坏了。", f"{near.card_code}"]
        return {
            "name": "陌生人 / A stranger",
            "number": phone.number,
            "language": phone.language,
            "known": False,
            "phrases": phrases,
        }
    assert phone.block is not None
    return {
        "name": phone.person.name,
        "number": phone.number,
        "language": phone.language,
        "about": phone.leads,
        "phrases": ["1001 明天上午去看", "1001 办好了"] if phone.leads else [],
        "block": phone.block.name,
        "unit_code": phone.block.code,
    }


def _office(stack: Stack, player: Player) -> dict[str, Any]:
    tier = stack.settings.territory.tier(player.unit.tier)
    return {
        "name": player.person.name,
        "user_id": player.user_id,
        "password": player.password,
        "title": " / ".join(tier.leader.values()),
        "unit": player.unit.name,
    }


async def _leader(stack: Stack, player: Player, players: list[Player]) -> dict[str, Any]:
    above = {other.unit.id: other.unit.code for other in players}
    tier = stack.settings.territory.tier(player.unit.tier)
    return {
        "name": player.person.name,
        "user_id": player.user_id,
        "password": player.password,
        "title": " / ".join(tier.leader.values()),
        "tier": player.unit.tier,
        "unit": player.unit.name,
        "unit_code": player.unit.code,
        "parent_code": above.get(player.unit.parent_id or 0, ""),
        "window": tier.answer_window.total_seconds(),
        "homeserver_url": stack.homeserver_of(player.user_id).url,
    }


def _with_phones(block: Unit) -> QuerySet[Person]:
    """A block's residents who have a phone, always in the same order."""
    return Person.filter(block_id=block.id, addresses__bridge="sms").order_by("id")


async def _account(stack: Stack, person: Person, unit: Unit, localpart: str, title: str) -> Player:
    """An account for a person, the same one at every start; the roster is told of it."""
    passwords = _passwords(stack.folder)
    password = passwords.setdefault(localpart, secrets.token_urlsafe(6))
    _keep_passwords(stack.folder, passwords)
    user_id = await homeserver_for(stack, unit.tier).register_user(
        localpart, password, f"{person.name} {title}".strip()
    )
    await _link(stack.settings, person, user_id)
    return Player(person, unit, user_id, password)


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
