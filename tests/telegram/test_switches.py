"""An administrator turns a bridge off: nothing is lost, nothing goes through, and it is on record."""

import pytest

from issues import switches
from models import AdminAction, Issue, Outbox, OutboxState
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


async def test_the_rooms_cannot_be_turned_off(town: Town) -> None:
    with pytest.raises(ValueError, match="matrix cannot be turned off"):
        await switches.turn_off(town.settings, "matrix", "admin-li")
