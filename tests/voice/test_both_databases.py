"""One day of calls, lived on PostgreSQL as well: the switchboard asks every kind of question on the way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from demo.carrier.process import CarrierProcess
from issues import lifecycle
from issues.lifecycle import Actor
from models import Action, History, Issue, State
from tests.factories import resident
from tests.voice.house import house, phone_of

TELEPHONE, LEADER, MOBILE = "+865588123456", "+8613900000001", "+8613800138000"


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_a_day_of_calls(
    tmp_path: Path, carrier: CarrierProcess, new_postgres: Callable[[], str], database: str
) -> None:
    url = {"database_url": new_postgres()} if database == "postgres" else {}
    async with house(tmp_path, carrier, **url) as home:
        leader = home.territory.leaders["block"]
        await resident(home.settings, home.territory.block, name="王秀英", number=TELEPHONE)
        await resident(home.settings, home.territory.block, name="刘大爷", number=MOBILE)
        await phone_of(home, leader, LEADER)

        talk = await home.calls(TELEPHONE)
        await talk.presses("1")
        await talk.speaks()
        await home.hangs_up_and_waits()
        told = await home.picks_up(TELEPHONE)
        await told.does("hangup")
        issue = await Issue.get()

        locked = await lifecycle.lock(issue.id)
        effects = await lifecycle.resolve(
            home.settings, locked, Actor(leader, "matrix"), home.settings.clock.now()
        )
        await effects.save()
        await home.works()
        told = await home.picks_up(TELEPHONE)
        await told.presses("1")
        await home.works()
        assert (await Issue.get(id=issue.id)).state is State.CLOSED

        await home.line.text("救命，老人摔倒了", phone=MOBILE)
        await home.works()
        ring = await home.picks_up(LEADER)
        await ring.presses("2")
        await home.works()
        assert await History.filter(action=Action.ACCEPT).count() == 1

        talk = await home.calls(MOBILE)
        assert "邻长陈建国" in await talk.presses("3")
        await talk.presses("2")
        leaders = await home.picks_up(LEADER)
        assert "<connected>" in await leaders.presses("1")
