"""An administrator turns a bridge off: nothing is lost, nothing goes through, and it is on record."""

import pytest

from issues import switches
from issues.effects import TIES
from models import Address, AdminAction, Issue, Outbox, OutboxState
from rooms.tied import tie
from tests.factories import resident
from tests.telegram.conftest import LIU, Town


async def test_off_and_on_again(town: Town) -> None:
    town.world.person(LIU)
    await resident(town.settings, town.territory.block, number=str(LIU), bridge="telegram")
    await town.bring(town.world.says(LIU, "村口的路灯坏了"))
    assert await switches.turn_off(town.settings, "telegram", "admin-li", "the token was shown to somebody")
    assert not await switches.turn_off(town.settings, "telegram", "admin-li")

    update = town.world.says(LIU, "还没有人来")
    assert await town.bring(update) == 503, "Telegram brings it again later"
    row = await Outbox.get(bridge="telegram")
    await Outbox.filter(id=row.id).update(state=OutboxState.WAITING)
    await town.carry_out()
    assert len(town.texts()) == 1
    assert (await Outbox.get(id=row.id)).state is OutboxState.WAITING

    assert await switches.turn_on(town.settings, "telegram", "admin-wang")
    await town.carry_out()
    assert len(town.texts()) == 2
    assert await town.bring(update) == 200
    assert await Issue.all().count() == 1
    record = await AdminAction.all().order_by("id").values_list("who", "action", "subject", "detail")
    assert record == [
        ("admin-li", "bridge off", "telegram", "the token was shown to somebody"),
        ("admin-wang", "bridge on", "telegram", ""),
    ]


async def test_a_number_as_a_name_in_a_group_is_shown_to_nobody(town: Town) -> None:
    """Who has no name but their number on Telegram has none in the room; who has one, has it there."""
    town.world.groups[-1001] = "第3邻的群"
    await tie(town.settings, town.bridges["telegram"], "-1001", town.territory.block.code)
    town.world.person(LIU, "+86 138 0013 8000")
    town.world.person(LIU + 1, "王秀英")
    for account in (LIU, LIU + 1):
        await town.bring(town.world.says(account, "路灯坏了", group=-1001))
    people = [each.person.name for each in await Address.filter(bridge="telegram").select_related("person")]
    assert sorted(people) == ["", "王秀英"]
    rows = await Outbox.filter(bridge=TIES)
    assert [row.payload["text"] for row in rows] == ["路灯坏了", "路灯坏了"]
    assert not any(str(LIU) in str(row.payload) for row in rows)

    with pytest.raises(ValueError, match="There is no unit"):
        await tie(town.settings, town.bridges["telegram"], "-1001", "no-such-unit")
    with pytest.raises(ValueError, match="matrix has no groups"):
        await tie(town.settings, town.bridges["matrix"], "!room:test", town.territory.block.code)


async def test_the_rooms_cannot_be_turned_off(town: Town) -> None:
    with pytest.raises(ValueError, match="matrix cannot be turned off"):
        await switches.turn_off(town.settings, "matrix", "admin-li")
