"""A leader's further addresses: known from then on, in whatever letters they are written."""

from pathlib import Path

import pytest

from models import Address, Person
from territory.addresses import give, take
from territory.rows import TerritoryError
from tests.factories import make_settings, open_database, plant, reachable, resident


async def test_a_leader_gets_addresses_and_a_stranger_becomes_them(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    async with open_database(settings):
        planted = await plant()
        leader, code = planted.leaders["block"], planted.block.code
        for written in ("ChenJG@Example.ORG ", "chenjg@example.org"):
            assert await give(settings, code, "email", written) == leader
        stranger = await reachable(settings, await Person.create(), "chenjg", bridge="wecom")
        assert await give(settings, code, "wecom", "ChenJG") == leader
        assert (await Address.get(id=stranger.id)).person_id == leader.id
        found = await Address.filter(person=leader).order_by("bridge")
        assert [settings.vault.open(each.sealed) for each in found] == ["chenjg@example.org", "chenjg"]
        assert await take(settings, code, "email", "CHENJG@example.org") == leader
        assert (await Address.get(bridge="email")).stopped_at is not None
        await give(settings, code, "email", "chenjg@example.org")
        assert (await Address.get(bridge="email")).stopped_at is None
        with pytest.raises(TerritoryError, match="has no such address"):
            await take(settings, code, "email", "other@example.org")


@pytest.mark.parametrize(
    ("unit", "bridge", "written", "problem"),
    [
        ("none", "email", "a@example.org", "no unit 'none'"),
        ("34010101010102", "email", "a@example.org", "nobody leads 第4邻"),
        ("34010101010101", "email", "secret at example", "no e-mail address"),
        ("34010101010101", "sms", "secret", "no phone number|not a phone number"),
        ("34010101010101", "wecom", "  ", "no address"),
        ("34010101010101", "sms", "+8613800138000", "somebody else's"),
    ],
)
async def test_what_cannot_be_is_said_without_the_address(
    tmp_path: Path, unit: str, bridge: str, written: str, problem: str
) -> None:
    settings = make_settings(tmp_path)
    async with open_database(settings):
        planted = await plant()
        await resident(settings, planted.block)
        count = await Address.all().count()
        with pytest.raises(TerritoryError, match=problem) as caught:
            await give(settings, unit, bridge, written)
        assert "secret" not in str(caught.value)
        assert await Address.all().count() == count
