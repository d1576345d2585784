"""A level that rises is told once: to the unit's leader, and to the tier above, each at most once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from tortoise.transactions import in_transaction

from issues import lifecycle, stale
from issues.effects import ROOMS
from linzhang.settings import Settings
from models import Change, ChangeKind, Issue, Level, Outbox, Room, RoomKind, UnitLoad
from projections import changes, levels, rebuilding
from projections.bringing import Shown, note
from tests.factories import (
    MORNING,
    PROFILE,
    Territory,
    clock_of,
    make_settings,
    reachable,
    resident,
)
from tests.issues.diary import Leader, Phone
from tests.projections.desk import show

CHEN, ZHOU = "@chen:test", "@zhou:test"


@dataclass
class Street:
    """A block and its group: their leaders' clients, and a resident's phone; all that there was is shown."""

    settings: Settings
    territory: Territory
    phone: Phone
    chen: Phone
    zhou: Phone

    async def level(self, name: str) -> Level:
        return (await levels.of_unit(self.territory.units[name])).level


@pytest_asyncio.fixture
async def street(settings: Settings, territory: Territory) -> AsyncIterator[Street]:
    for name, chat in (("block", CHEN), ("group", ZHOU)):
        await reachable(settings, territory.leaders[name], chat, bridge="matrix", seen_at=MORNING)
    await resident(settings, territory.block)
    await show(settings)
    clients = [Phone(settings, number=chat, bridge="matrix") for chat in (CHEN, ZHOU)]
    yield Street(settings, territory, Phone(settings), *clients)


async def piled_up(street: Street, count: int = 3) -> None:
    for number in range(count):
        await street.phone.text(f"新 路灯坏了{number}")
    await street.chen.told()
    await street.zhou.told()


async def test_a_leader_and_the_tier_above_hear_once_of_a_rise(street: Street) -> None:
    await piled_up(street)
    lanes = await show(street.settings)
    assert await street.level("block") is Level.ORANGE
    assert await street.level("group") is Level.YELLOW
    assert await street.chen.told() == [
        "🟠 第3邻到了橙色预警：3件等着办，其中0件过了时限，最早的一件从今天10:00等到现在。"
        "先给等得最久的回个话，最管用；自己办不了的就上报。"
    ]
    assert await street.zhou.told() == [
        "🟠 张庄组下面积了不少事：\n"
        "第3邻，橙色预警：3件等着办，0件过了时限，最早的从今天10:00等到现在\n"
        "请给那边的负责人打个电话，问问缺什么，往往最管用。"
    ]
    assert len(lanes) == 2
    assert await show(street.settings) == set()
    # It falls, and soon rises again: that is no news. After a calm time it is.
    for calm, told in ((timedelta(hours=1), 0), (timedelta(hours=7), 1)):
        for issue in await Issue.filter(state="open"):
            await Leader(street.settings, street.territory.leaders["block"]).resolves(issue.number)
        await show(street.settings)
        assert await street.level("block") is Level.GREEN
        await street.chen.told()
        clock_of(street.settings).advance(calm)
        await piled_up(street)
        await show(street.settings)
        assert len(await street.chen.told()) == told


async def test_parent_and_child_that_rise_together_tell_each_leader_once(street: Street) -> None:
    await piled_up(street, count=9)
    await show(street.settings)
    assert (await street.level("block"), await street.level("group")) == (Level.RED, Level.RED)
    (own,), (group,) = await street.chen.told(), await street.zhou.told()
    assert own.startswith("🔴 第3邻到了红色预警：9件等着办")
    assert group.startswith("🔴 张庄组到了红色预警：9件等着办")


async def test_where_there_is_a_room_it_is_said_there(street: Street) -> None:
    block = street.territory.block
    await Room.create(
        unit=block, room_id="!block:test", homeserver="test", made_at=MORNING, kind=RoomKind.ROOM
    )
    await piled_up(street)
    await show(street.settings)
    assert await street.chen.told() == []
    (row,) = await Outbox.filter(bridge=ROOMS, lane=f"unit:{block.id}")
    assert row.payload["do"] == "announce"
    assert row.payload["mention"] == [street.territory.leaders["block"].id]
    assert row.payload["text"].startswith("🟠 第3邻到了橙色预警")


async def test_a_rebuild_tells_nobody_and_shows_the_same(street: Street) -> None:
    await piled_up(street)
    rows = await Outbox.all().count()
    assert await rebuilding.rebuild(street.settings, lambda _done, _total: None) == 3
    assert await street.level("block") is Level.ORANGE
    await show(street.settings)
    assert await Outbox.all().count() == rows


async def test_what_has_fallen_before_it_was_shown_is_told_to_nobody(street: Street) -> None:
    await piled_up(street)
    for issue in await Issue.all():
        await Leader(street.settings, street.territory.leaders["block"]).resolves(issue.number)
    assert await show(street.settings) == set()


async def test_time_alone_makes_an_issue_weigh_more(street: Street) -> None:
    await street.phone.text("新 路灯坏了")
    await show(street.settings)
    clock = clock_of(street.settings)
    for hours, points in ((3, 1.0), (4, 2.0), (25, 2.1)):
        clock.set(MORNING + timedelta(hours=hours))
        await show(street.settings)
        load = await levels.of_unit(street.territory.units["township"])
        assert (load.points, load.overdue) == (points, int(hours >= 4))


async def test_the_feed_tells_what_changed(street: Street) -> None:
    last = await changes.newest()
    await street.phone.text("新 路灯坏了")
    await show(street.settings)
    lines = await changes.after(last, 100)
    assert [line.id for line in lines] == sorted(line.id for line in lines)
    block = street.territory.block
    assert [(each.kind, each.path) for each in lines if each.unit_id in (None, block.id)] == [
        (ChangeKind.LEVEL, block.path),
        (ChangeKind.ISSUE, block.path),
    ]
    await Change.filter(id__lte=lines[-2].id).update(at=street.settings.clock.wall() - timedelta(days=2))
    await street.phone.text("还在闪")
    await show(street.settings)
    assert [each.issue_id for each in await changes.after(0, 100)] == [1, 1]


async def test_an_issue_that_changes_while_it_is_shown_is_shown_again(street: Street) -> None:
    """What was read before the change leaves the issue stale."""
    await street.phone.text("新 路灯坏了")
    read = await Issue.get(id=1)
    assert read.stale_at is not None
    await Leader(street.settings, street.territory.leaders["block"]).answers(1001, "明天来")
    await note([Shown(1, read.stale_at)])
    async with in_transaction():
        assert (await lifecycle.lock(1)).stale_at is not None
    await show(street.settings)
    assert (await Issue.get(id=1)).stale_at is None


async def test_households_are_counted_again_when_they_may_have_changed(street: Street) -> None:
    block = street.territory.block
    before = await UnitLoad.get(unit_id=street.territory.units["city"].id)
    assert before.households == 20  # two blocks of which nobody has counted any
    block.households = 15
    await block.save()
    await stale.sizes(street.settings)
    await show(street.settings)
    assert (await UnitLoad.get(unit_id=before.unit_id)).households == 25


async def test_other_parameters_are_followed_in_silence(street: Street, tmp_path: Path) -> None:
    await piled_up(street)
    await show(street.settings)
    await street.chen.told()
    heavier = PROFILE.read_text(encoding="utf-8").replace("\nbase = 1\n", "\nbase = 2\n")
    (tmp_path / "heavier.toml").write_text(heavier, encoding="utf-8")
    await show(make_settings(tmp_path, profile=tmp_path / "heavier.toml"))
    assert (await levels.of_unit(street.territory.block)).points == 6
    assert await street.level("block") is Level.RED
    assert await street.chen.told() == []
