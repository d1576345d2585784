"""Who is there: noted from whatever somebody does or reads, without a row for each."""

from datetime import datetime, timedelta

import pytest

from bridges.contract import Inbound, Kind
from escalator import inbox as worker
from issues import inbox
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Address, Inbox
from tests.factories import MORNING, Territory, clock_of, plant, reachable, resident
from tests.issues.diary import Phone

CHAT = "@chen:test"
MINUTES = timedelta(minutes=1)


def event(kind: Kind, number: int = 1, sender: str = CHAT) -> Inbound:
    return Inbound(bridge="matrix", external_id=f"$e{number}", sender=sender, kind=kind, room="!room:test")


async def seen_at() -> datetime | None:
    return (await Address.get(bridge="matrix")).seen_at


@pytest.fixture
async def chat(settings: Settings, territory: Territory) -> Address:
    """A leader's account, not used yet."""
    return await reachable(settings, territory.leaders["block"], CHAT, bridge="matrix")


async def test_reading_is_noted_and_not_kept(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    await reachable(either, territory.leaders["block"], CHAT, bridge="matrix")
    noted = []
    for _ in range(4):
        assert await inbox.store(either, event(Kind.SEEN)) is None
        found = await seen_at()
        assert found is not None
        noted.append(found)
        clock.advance(4 * MINUTES)
    passed = [round((each - MORNING) / MINUTES) for each in noted]
    assert passed == [0, 0, 0, 12]  # known to ten minutes, and written no more often
    assert await Inbox.all().count() == 0


async def test_a_stranger_who_reads_is_nobody(settings: Settings, chat: Address) -> None:
    await inbox.store(settings, event(Kind.SEEN, sender="@guest:test"))
    assert await seen_at() is None
    assert await Address.all().count() == 1


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.REACTION, Kind.MEMBERSHIP])
async def test_whatever_somebody_does_shows_that_they_are_there(
    settings: Settings, chat: Address, clock: FileClock, kind: Kind
) -> None:
    lane = await inbox.store(settings, event(kind))
    assert lane is not None
    clock.advance(timedelta(days=1))  # worked on late: they were there when it came
    await worker.drain(settings, lane)
    assert await seen_at() == (await Inbox.get()).received_at


async def test_who_only_reads_is_told_in_the_chat_and_not_by_text(
    settings: Settings, territory: Territory, chat: Address, clock: FileClock
) -> None:
    await reachable(settings, territory.leaders["block"], "+8613700137000")
    theirs = Phone(settings, number="+8613700137000")
    await resident(settings, territory.block)
    phone = Phone(settings)
    await phone.text("水管坏了")
    assert len(await theirs.told()) == 1
    await inbox.store(settings, event(Kind.SEEN))
    clock.advance(timedelta(hours=23))
    await phone.text("新 路灯坏了")
    assert await theirs.told() == []
    clock.advance(timedelta(hours=2))
    await phone.text("新 又停水了")
    assert len(await theirs.told()) == 1
