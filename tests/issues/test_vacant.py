"""Where nobody answers for a unit, an issue goes straight to the next that somebody does, in plain sight."""

from datetime import timedelta

import pytest

from escalator import deadlines, nudges
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Action, History, Issue, Leadership, Outbox, Room, RoomKind, Unit
from rooms import render
from tests.factories import CARD_CODE, MORNING, Territory, clock_of, goes_away, plant, resident
from tests.issues.diary import Leader, Phone

WINDOW = timedelta(hours=4)
WEEK = MORNING + timedelta(days=7)


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block."""
    await resident(settings, territory.block)
    return Phone(settings)


async def has_room(unit: Unit) -> None:
    """Let a unit have a room."""
    room_id = f"!{unit.code}:test"
    await Room.create(unit=unit, kind=RoomKind.ROOM, room_id=room_id, homeserver="test", made_at=MORNING)


async def steps(territory: Territory) -> list[tuple[Action, str | None]]:
    """The history: what happened, and with which unit the issue was then."""
    names = {unit.id: name for name, unit in territory.units.items()}
    rows = await History.all().order_by("seq")
    return [(row.action, names.get(row.to_holder_id or 0)) for row in rows]


async def done_in(unit: Unit) -> list[str]:
    """What is done in a unit's room: 'show', 'state', or the words of a line."""
    rows = await Outbox.filter(lane__endswith=f":{unit.id}", bridge="rooms").order_by("id")
    return [row.payload.get("text") or row.payload["do"] for row in rows]


async def test_a_report_from_a_block_without_a_leader_goes_to_the_group(either: Settings) -> None:
    territory = await plant()
    block = territory.units["other_block"]
    await resident(either, block)
    (receipt,) = await Phone(either).text("水管坏了")
    assert receipt == "您的话收到了，编号1001。组长周强会在今天14:00前回您。"
    issue = await Issue.get(id=1)
    assert (issue.block_id, issue.holder_id) == (block.id, territory.units["group"].id)
    assert issue.answer_due == MORNING + WINDOW
    assert await steps(territory) == [(Action.REPORT, "other_block"), (Action.VACANT, "group")]
    assert await done_in(territory.units["group"]) == ["show"]
    assert await done_in(block) == []  # no room is made for a post that nobody has


async def test_the_room_of_a_vacant_post_sees_where_it_went(settings: Settings, territory: Territory) -> None:
    block = territory.units["other_block"]
    await has_room(block)
    await resident(settings, block)
    phone = Phone(settings)
    await phone.text("水管坏了")
    assert await done_in(block) == ["show", "第4邻现在没有人管事，编号1001直接转到张庄组了。"]
    await phone.text("已经两天了")
    await Leader(settings, territory.leaders["group"]).answers(1001, "我来修")
    assert await done_in(block) == [
        "show",
        "第4邻现在没有人管事，编号1001直接转到张庄组了。",
        "relay",
        "组长周强在张庄组答复：我来修",
        "state",
    ]


async def test_without_a_room_nothing_is_ever_said_there(settings: Settings, territory: Territory) -> None:
    block = territory.units["other_block"]
    await resident(settings, block)
    phone = Phone(settings)
    await phone.text("水管坏了")
    await phone.text("已经两天了")
    await Leader(settings, territory.leaders["group"]).resolves(1001)
    await phone.text("1")
    assert await done_in(block) == []


async def test_it_passes_as_many_vacant_posts_as_there_are(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    for unit in ("group", "section"):
        await goes_away(territory.units[unit], territory.leaders[unit], WEEK)
    await has_room(territory.units["section"])
    await phone.text("水管坏了")
    await phone.told()
    clock.advance(WINDOW)
    await deadlines.run(settings, 10)
    assert await phone.told() == ["编号1001已转给村书记赵刚，会在今天18:00前回您。您放心，我们一直跟着办。"]
    assert await steps(territory) == [
        (Action.REPORT, "block"),
        (Action.ESCALATE, "group"),
        (Action.VACANT, "section"),
        (Action.VACANT, "village"),
    ]
    assert (await done_in(territory.block))[1:] == [
        "没有按时答复，编号1001已上报到魏岗村委会。这里的话还可以看。",
        "state",
    ]
    assert await done_in(territory.units["group"]) == []
    assert await done_in(territory.units["section"]) == [
        "show",
        "第一片现在没有人管事，编号1001直接转到魏岗村委会了。",
        "state",
    ]
    assert await done_in(territory.units["village"]) == ["show", "state"]
    issue = await Issue.get(id=1).select_related("reporter", "block", "holder")
    card = await render.card(settings, issue, territory.units["village"])
    assert card.story[-3:] == [
        "今天14:00 第3邻没有按时答复，上报到张庄组",
        "今天14:00 张庄组现在没有人管事，直接转到第一片",
        "今天14:00 第一片现在没有人管事，直接转到魏岗村委会",
    ]


@pytest.mark.parametrize("way", ["passed up", "not solved"])
async def test_every_way_up_passes_vacant_posts(
    settings: Settings, territory: Territory, phone: Phone, way: str
) -> None:
    await goes_away(territory.units["group"], territory.leaders["group"], WEEK)
    await phone.text("水管坏了")
    leader = Leader(settings, territory.leaders["block"])
    if way == "passed up":
        await leader.passes_up(1001, "归村里管")
    else:
        await leader.resolves(1001)
        await phone.told()
        await phone.text("2")
    assert (await Issue.get(id=1)).holder_id == territory.units["section"].id
    lines = await done_in(territory.block)
    assert [line for line in lines if "第一片" in line]
    assert not [line for line in lines if "张庄组" in line]


async def test_where_the_newcomer_lives_nobody_answers(settings: Settings, territory: Territory) -> None:
    await goes_away(territory.block, territory.leaders["block"], WEEK)
    await Leadership.filter(person_id=territory.leaders["deputy"].id).update(until=MORNING)
    stranger = Phone(settings, number="+8613900139000")
    await stranger.text("家里没水")
    (placed,) = await stranger.text(CARD_CODE)
    assert placed == "谢谢您，找到了：魏岗村委会第3邻。编号1001，组长周强会在今天14:00前回您。"
    assert "这位居民是新来的" in (await done_in(territory.units["group"]))[-1]


async def test_at_the_top_it_stays_even_where_nobody_answers(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    for unit in ("group", "section", "village", "township"):
        await goes_away(territory.units[unit], territory.leaders[unit], WEEK)
    await phone.text("水管坏了")
    await phone.told()
    clock.advance(WINDOW)
    await deadlines.run(settings, 10)
    issue = await Issue.get(id=1)
    assert issue.holder_id == territory.units["township"].id
    assert await phone.told() == [
        "编号1001已转给魏岗镇的乡镇书记，会在今天18:00前回您。您放心，我们一直跟着办。"
    ]
    clock.advance(WINDOW / 2)
    assert (await nudges.run(settings, 10))[1] == set()
    clock.advance(WINDOW / 2)
    await deadlines.run(settings, 10)
    assert (await steps(territory))[-1] == (Action.REMIND, "township")


async def test_who_is_away_without_a_deputy_loses_it_when_its_time_ends(either: Settings) -> None:
    """What they hold already has its window; only what comes later passes them at once."""
    territory, clock = await plant(), clock_of(either)
    await resident(either, territory.units["other_block"])
    phone = Phone(either)
    await phone.text("水管坏了")
    await goes_away(territory.units["group"], territory.leaders["group"], WEEK)
    await phone.text("新 路灯坏了")
    assert [issue.holder_id for issue in await Issue.all().order_by("id")] == [
        territory.units["group"].id,
        territory.units["section"].id,
    ]
    clock.advance(WINDOW)
    await deadlines.run(either, 10)
    assert (await Issue.get(id=1)).holder_id == territory.units["section"].id


async def test_the_post_counts_again_when_the_leader_is_back(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    await goes_away(territory.units["group"], territory.leaders["group"], MORNING + WINDOW)
    await phone.text("水管坏了")
    clock.advance(WINDOW)
    await deadlines.run(settings, 10)
    assert (await Issue.get(id=1)).holder_id == territory.units["group"].id


async def test_what_is_private_is_shown_in_no_room_that_it_only_passes(
    settings: Settings, territory: Territory
) -> None:
    block = territory.units["other_block"]
    await has_room(block)
    await resident(settings, block)
    await Phone(settings).text("私密 邻居打人")
    assert (await Issue.get(id=1)).holder_id == territory.units["group"].id
    assert await done_in(block) == []
