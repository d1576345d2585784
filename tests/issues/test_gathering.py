"""Events that come in at the same time: stored with one commit, each as if it had come alone."""

import asyncio

import pytest

from bridges.contract import Inbound
from issues import switches
from issues.gathering import Gathering
from linzhang.settings import Settings
from models import Inbox

NUMBER = "+8613800138000"


def texted(sid: str, bridge: str = "sms") -> Inbound:
    return Inbound(bridge=bridge, external_id=sid, sender=NUMBER, text="水管坏了")


async def test_what_comes_together_is_stored_in_the_order_in_which_it_came(either: Settings) -> None:
    gathering = Gathering(either)
    stored = await asyncio.gather(*(gathering.store(texted(f"SM{number}")) for number in range(250)))
    assert len({lane for lane in stored if lane}) == 1
    rows = await Inbox.all().order_by("id")
    assert [row.external_id for row in rows] == [f"SM{number}" for number in range(250)]


async def test_replays_among_others_are_stored_once(either: Settings) -> None:
    gathering = Gathering(either)
    assert await gathering.store(texted("SM0"))
    sids = ["SM0", "SM1", "SM1", "SM2", "SM2", "SM2"]
    stored = await asyncio.gather(*(gathering.store(texted(sid)) for sid in sids))
    assert [bool(lane) for lane in stored].count(True) == 2
    assert stored[0] is None
    assert sorted([row.external_id for row in await Inbox.all()]) == ["SM0", "SM1", "SM2"]


async def test_what_cannot_be_stored_spoils_nothing_else(either: Settings) -> None:
    gathering = Gathering(either)
    await switches.turn_off(either, "telegram", "admin")
    told = [texted("SM1"), texted("TG1", "telegram"), texted("x" * 300), texted("SM2")]
    first, off, long, last = await asyncio.gather(
        *(gathering.store(each) for each in told), return_exceptions=True
    )
    assert first == last
    assert isinstance(first, str)
    assert isinstance(off, switches.TurnedOff)
    assert isinstance(long, Exception)
    assert sorted([row.external_id for row in await Inbox.all()]) == ["SM1", "SM2"]


async def test_who_goes_before_it_is_stored_keeps_nobody_else_waiting(either: Settings) -> None:
    gathering = Gathering(either)
    gone, stays = (asyncio.create_task(gathering.store(texted(sid))) for sid in ("SM1", "SM2"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await Inbox.all().count() == 2
