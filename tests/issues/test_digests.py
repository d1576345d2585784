"""Every morning a leader hears once what waits for them, and after an outage of days not ten times."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalator import digests
from issues import digest
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Outbox, Question
from tests.factories import MORNING, Territory, appoint, clock_of, goes_away, plant, reachable, resident
from tests.issues.diary import Leader, Phone

CHAT = "@chen:test"
DAY = timedelta(days=1)


def at(hour: int, minute: int = 0, *, day: int = 25) -> datetime:
    """A moment of Bozhou's clock in November; the tests begin on the 24th at ten."""
    moment = datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
    return moment.astimezone(UTC)


async def it_is(settings: Settings, moment: datetime) -> int:
    """Let the clock show a moment, and the duty do what is due; returns how many were told."""
    clock = clock_of(settings)
    clock.set(max(moment, clock.now()))
    return (await digests.run(settings, 10))[0]


@pytest.fixture
async def chat(settings: Settings, territory: Territory) -> Phone:
    """The client of the block's leader; the duty has begun on the day before."""
    await reachable(settings, territory.leaders["block"], CHAT, bridge="matrix", seen_at=MORNING)
    await digests.run(settings, 10)
    return Phone(settings, number=CHAT, bridge="matrix")


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block."""
    await resident(settings, territory.block)
    return Phone(settings)


async def test_what_waits_is_told_at_eight_by_the_time_that_is_left(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    await resident(either, territory.block)
    await reachable(either, territory.leaders["block"], CHAT, bridge="matrix", seen_at=MORNING)
    phone, chat = Phone(either), Phone(either, number=CHAT, bridge="matrix")
    assert await digests.run(either, 10) == (0, set())
    assert await digests.next_due(either) == at(8)
    await phone.text("水管坏了")
    await Leader(either, territory.leaders["block"]).answers(1001, "明天修")
    clock.set(at(7, 30))
    await phone.text("新 路灯坏了")
    assert await it_is(either, at(7, 59)) == 0
    clock.set(at(8))
    told = await asyncio.gather(*(digests.run(either, 10) for _ in range(3)))
    assert sum(count for count, _ in told) == 1
    assert await chat.receives() == [
        "今天有2件事等您，急的排在前面：\n"
        "1002 · 还剩4小时 · 路灯坏了 · 刘大爷，第3邻\n"
        "1001 · 还剩2天 · 水管坏了 · 刘大爷，第3邻\n"
        "昨天：答复了1件，办好了0件。"
    ]
    assert await digests.next_due(either) == at(8, day=26)
    assert await it_is(either, at(23)) == 0


async def test_nothing_waits_and_nobody_is_told(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone
) -> None:
    await phone.text("水管坏了")
    await Leader(settings, territory.leaders["block"]).resolves(1001)
    assert await it_is(settings, at(8)) == 0
    assert await chat.told() == []
    assert await digests.next_due(settings) == at(8, day=26)


async def test_after_days_without_a_worker_there_is_one(
    settings: Settings, chat: Phone, phone: Phone
) -> None:
    await phone.text("水管坏了")
    assert await it_is(settings, at(15, day=29)) == 1
    assert await it_is(settings, at(16, day=29)) == 0
    assert len(await chat.told()) == 1
    assert await digests.next_due(settings) == at(8, day=30)


async def test_at_night_after_an_outage_the_next_morning_is_waited_for(
    settings: Settings, chat: Phone, phone: Phone
) -> None:
    await phone.text("水管坏了")
    assert await it_is(settings, at(23)) == 0
    assert await it_is(settings, at(8, day=26)) == 1
    assert len(await chat.receives()) == 1


async def test_a_worker_that_dies_in_the_midst_leaves_the_rest_to_another(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    await Leader(settings, territory.leaders["block"]).passes_up(1002, "")
    await reachable(settings, territory.leaders["group"], "@zhou:test", bridge="matrix", seen_at=MORNING)
    above = Phone(settings, number="@zhou:test", bridge="matrix")
    clock.set(at(8))
    assert (await digests.run(settings, 1))[0] == 1
    assert await digests.next_due(settings) == at(8)
    assert (await digests.run(settings, 1))[0] == 1
    assert (await digests.run(settings, 1))[0] == 0
    assert [len(await each.told()) for each in (chat, above)] == [1, 1]
    assert await digests.next_due(settings) == at(8, day=26)


async def test_whom_nobody_can_reach_keeps_nobody_waiting(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone, clock: FileClock
) -> None:
    other = await appoint(territory.units["other_block"], "高远")
    await resident(settings, territory.units["other_block"], number="+8613900139000")
    await Phone(settings, number="+8613900139000").text("路灯坏了")
    await phone.text("水管坏了")
    assert await it_is(settings, at(8)) == 1
    assert not await Outbox.exists(key__startswith=digest.cause(other, at(8).date()))
    assert await digests.next_due(settings) == at(8, day=26)


async def test_who_leads_several_units_gets_one(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone
) -> None:
    """While the group's leader is away, the block's stands in."""
    chief = territory.leaders["block"]
    await goes_away(territory.units["group"], territory.leaders["group"], at(12), deputy=chief)
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    await Leader(settings, chief).passes_up(1002, "")
    assert await it_is(settings, at(8)) == 1
    (told,) = await chat.told()
    assert told.startswith("今天有2件事等您")


async def test_who_is_away_is_left_in_peace(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone
) -> None:
    deputy = territory.leaders["deputy"]
    await reachable(settings, deputy, "@ma:test", bridge="matrix", seen_at=MORNING)
    await goes_away(territory.block, territory.leaders["block"], at(12))
    await phone.text("水管坏了")
    await it_is(settings, at(8))
    assert await chat.told() == []
    assert len(await Phone(settings, number="@ma:test", bridge="matrix").told()) == 1


async def test_many_are_counted_and_the_most_pressing_are_shown(
    settings: Settings, chat: Phone, phone: Phone
) -> None:
    for number in range(14):
        await phone.text(f"新 第{number}盏路灯坏了")
    await it_is(settings, at(8))
    (told,) = await chat.told()
    lines = told.splitlines()
    assert lines[0].startswith("今天有14件事等您")
    assert lines[1].startswith("1001 ")
    assert lines[13] == "还有2件"


async def test_who_has_only_a_phone_gets_the_numbers_in_two_segments(
    settings: Settings, territory: Territory, phone: Phone
) -> None:
    await reachable(settings, territory.leaders["block"], "+8613700137000")
    theirs = Phone(settings, number="+8613700137000")
    await digests.run(settings, 10)
    for number in range(12):
        await phone.text(f"新 第{number}盏路灯坏了")
    await Question.all().delete()  # as if they had been told in the chat
    await theirs.told()
    await it_is(settings, at(8))
    (told,) = await theirs.told()
    assert told.startswith("今天有12件事等您：1001 (")
    assert told.endswith("。想看哪一件，就把它的编号发过来。")
    assert len(told) <= 134
    (shown,) = await theirs.text("1002")
    assert "第1盏路灯坏了" in shown


async def test_a_leader_with_english_is_told_in_english(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone
) -> None:
    chief = territory.leaders["block"]
    chief.language = "en"
    await chief.save()
    await phone.text("水管坏了")
    await it_is(settings, at(8))
    (told,) = await chat.told()
    assert told.startswith("For today: 1 wait for you, the most pressing first:\n1001 · ")
