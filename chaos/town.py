"""The people and the places of a run: blocks with residents, and a chain of leaders with accounts.

Written by the service's own models, as a roster would be loaded; a few leaders answer for many blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from tortoise.transactions import in_transaction

from chaos.leaders import Leader
from chaos.script import Resident, Script
from demo.stack import Stack
from models import Address, Leadership, Person, Role, Unit

#: Residents of a block, and how many blocks, groups and sections lie in the unit above.
_RESIDENTS, _BLOCKS, _GROUPS = 25, 8, 4

#: Leaders of blocks, however many blocks there are.
_BLOCK_LEADERS = 5

_PASSWORD = "chaos-password"


@dataclass
class Town:
    """What was planted.

    Attributes:
        numbers: Phone numbers, by the ids of their rows.
        leaders: At their clients, logged in.
    """

    numbers: dict[int, str] = field(default_factory=dict)
    leaders: list[Leader] = field(default_factory=list)


async def plant(stack: Stack, script: Script) -> Town:
    """Write the territory and its people into the open database, and give the leaders accounts."""
    town = Town()
    blocks = max(2, ceil(len(script.residents) / _RESIDENTS))
    async with in_transaction():
        units = await _units(blocks)
        await _residents(stack, town, script.residents, units["block"])
    await _leaders(stack, town, script, units)
    return town


async def _units(blocks: int) -> dict[str, list[Unit]]:
    counts = {"block": blocks, "group": ceil(blocks / _BLOCKS), "section": ceil(blocks / _BLOCKS / _GROUPS)}
    units: dict[str, list[Unit]] = {}
    above: list[Unit] = []
    names = {"city": "亳州市", "county": "谯城区", "township": "魏岗镇", "village": "魏岗村委会"}
    for depth, tier in enumerate(("city", "county", "township", "village", "section", "group", "block")):
        made = []
        for index in range(counts.get(tier, 1)):
            parent = above[index * len(above) // counts.get(tier, 1)] if above else None
            code = f"{parent.code if parent else ''}{34 + depth}{index:03d}"
            path = f"{parent.path if parent else ''}{code}/"
            name = names.get(tier, f"{index + 1}号{tier}")
            made.append(await Unit.create(code=code, name=name, tier=tier, parent=parent, path=path))
        units[tier] = above = made
    return units


async def _residents(stack: Stack, town: Town, people: Sequence[Resident], blocks: Sequence[Unit]) -> None:
    for index, each in enumerate(people):
        person = await Person.create(
            name=f"居民{index}", block=blocks[index % len(blocks)], language="zh-Hans"
        )
        address = await _address(stack, person, "sms", each.number)
        town.numbers[address.id] = each.number


async def _leaders(stack: Stack, town: Town, script: Script, units: dict[str, list[Unit]]) -> None:
    shares = min(_BLOCK_LEADERS, ceil(len(units["block"]) / 2))
    led = [units["block"][share::shares] for share in range(shares)]
    led += [[*units["group"], *units["section"]], units["village"], units["township"]]
    for number, units_led in enumerate(led):
        name = f"负责人{number}"
        user_id = await stack.homeserver.register_user(f"leader-{number}", _PASSWORD, name)
        async with in_transaction():
            person = await Person.create(name=name, block=units["block"][0], language="zh-Hans")
            await _address(stack, person, "matrix", user_id)
            since = stack.clock.now()
            for unit in units_led:
                await Leadership.create(unit=unit, person=person, role=Role.LEADER, since=since)
        tiers = {unit.code: unit.tier for unit in units_led}
        leader = Leader(stack.homeserver.url, user_id, _PASSWORD, tiers, script)
        await leader.log_in()
        town.leaders.append(leader)


async def _address(stack: Stack, person: Person, bridge: str, address: str) -> Address:
    vault = stack.settings.vault
    return await Address.create(
        person=person, bridge=bridge, lookup=vault.lookup(bridge, address), sealed=vault.seal(address)
    )
