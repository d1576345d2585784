"""Four hours pass and an issue climbs, from the database alone and exactly once."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from bridges.contract import Inbound
from escalator import deadlines
from escalator import inbox as inbox_worker
from issues import inbox
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Action, Address, History, Inbox, Issue, Outbox, State, Unit
from tests.factories import (
    CARD_CODE,
    MORNING,
    Territory,
    clock_of,
    make_settings,
    open_database,
    plant,
    resident,
)
from tests.issues.chat import block_in, matrix_id
from tests.issues.diary import Leader, Phone

WINDOW = timedelta(hours=4)


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block."""
    await resident(settings, territory.block)
    return Phone(settings)


async def actions(issue_id: int = 1) -> list[Action]:
    return [row.action for row in await History.filter(issue_id=issue_id).order_by("seq")]


async def lines_in(unit: Unit) -> list[str]:
    """What the service has said in a unit's room, oldest first."""
    rows = await Outbox.filter(bridge="rooms").order_by("id")
    return [row.payload["text"] for row in rows if row.payload["unit"] == unit.id and "text" in row.payload]


async def shown_in() -> list[int]:
    """In which units' rooms posts were made, in order."""
    rows = await Outbox.filter(bridge="rooms").order_by("id")
    return [row.payload["unit"] for row in rows if row.payload["do"] == "show"]


async def test_an_unanswered_issue_climbs_to_the_township_and_is_never_dropped(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    await resident(either, territory.block)
    phone = Phone(either)
    await phone.text("水管坏了")
    assert await deadlines.next_due(either) == MORNING + WINDOW
    told = []
    for above in territory.chain[1:]:
        clock.advance(WINDOW - timedelta(seconds=1))
        assert await deadlines.run(either, 10) == (0, set())
        clock.advance(timedelta(seconds=1))
        assert (await deadlines.run(either, 10))[0] == 1
        issue = await Issue.get(id=1)
        assert (issue.holder_id, issue.state) == (above.id, State.OPEN)
        assert issue.answer_due == clock.now() + WINDOW
        told += await phone.told()
    assert told == [
        "编号1001已转给组长周强，会在今天18:00前回您。您放心，我们一直跟着办。",
        "编号1001已转给片长孙梅，会在今天22:00前回您。您放心，我们一直跟着办。",
        "编号1001已转给村书记赵刚，会在明天02:00前回您。您放心，我们一直跟着办。",
        "编号1001已转给乡镇书记李国庆，会在今天06:00前回您。您放心，我们一直跟着办。",
    ]
    assert await shown_in() == [unit.id for unit in territory.chain]
    assert await lines_in(territory.block) == [
        f"没有按时答复，编号1001已上报到{above.name}。这里的话还可以看。" for above in territory.chain[1:]
    ]

    for _ in range(3):
        clock.advance(WINDOW)
        assert (await deadlines.run(either, 10))[0] == 1
    assert await phone.told() == ["编号1001还在乡镇书记李国庆那里，我们催过了。您放心，我们一直跟着办。"]
    top = territory.units["township"]
    assert await lines_in(top) == [
        "编号1001还没有人答复，今天10:00再提醒。",
        "编号1001还没有人答复，今天14:00再提醒。",
        "编号1001还没有人答复，今天18:00再提醒。",
    ]
    rows = await Outbox.filter(lane=f"issue:1:{top.id}").order_by("id")
    reminder = next(row for row in rows if row.payload["do"] == "say")
    assert reminder.payload["mention"] == [territory.leaders["township"].id]
    assert await actions() == [Action.REPORT] + [Action.ESCALATE] * 4 + [Action.REMIND] * 3


async def test_an_answered_issue_that_is_not_done_is_reminded_of_and_then_goes_up(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    await Leader(settings, territory.leaders["block"]).answers(1001, "明天来修")
    await phone.told()
    assert await deadlines.next_due(settings) == MORNING + timedelta(hours=72)
    clock.advance(timedelta(hours=72) - timedelta(seconds=1))
    assert await deadlines.run(settings, 10) == (0, set())
    clock.advance(timedelta(seconds=1))
    await deadlines.run(settings, 10)
    assert (await lines_in(territory.block))[-1] == "编号1001答复过了，但还没办好，11月30日10:00就要上报。"
    assert await phone.told() == []
    clock.advance(timedelta(hours=72))
    await deadlines.run(settings, 10)
    issue = await Issue.get(id=1)
    assert (issue.state, issue.holder_id) == (State.OPEN, territory.units["group"].id)
    assert (await lines_in(territory.block))[-1] == "编号1001没有按时办好，已上报到张庄组。"
    assert await phone.told() == ["编号1001已转给组长周强，会在今天14:00前回您。您放心，我们一直跟着办。"]
    assert await actions() == [Action.REPORT, Action.ANSWER, Action.REMIND, Action.ESCALATE]


async def test_at_the_top_what_is_not_done_is_reminded_of_for_ever(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    for _ in territory.chain[1:]:
        clock.advance(WINDOW)
        await deadlines.run(settings, 10)
    await Leader(settings, territory.leaders["township"]).answers(1001, "在办")
    for _ in range(3):
        clock.advance(timedelta(hours=168))
        assert (await deadlines.run(settings, 10))[0] == 1
    assert (await actions())[-3:] == [Action.REMIND] * 3
    issue = await Issue.get(id=1)
    assert (issue.state, issue.resolve_due) == (State.ANSWERED, clock.now() + timedelta(hours=168))


async def test_an_answer_in_the_last_second_stops_the_clock(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    clock.advance(WINDOW - timedelta(seconds=1))
    await Leader(settings, territory.leaders["block"]).answers(1001, "马上来")
    clock.advance(timedelta(seconds=1))
    assert await deadlines.run(settings, 10) == (0, set())


async def test_what_nobody_can_place_waits_at_the_root(
    settings: Settings, territory: Territory, clock: FileClock
) -> None:
    stranger = Phone(settings, number="+8613900139000")
    await stranger.text("家里没水")
    clock.advance(WINDOW)
    await deadlines.run(settings, 10)
    root = territory.units["city"]
    assert (await Issue.get(id=1)).holder_id == root.id
    assert await shown_in() == [root.id]
    assert await stranger.told() == []  # there is no leader yet whom one could promise
    clock.advance(WINDOW)
    await deadlines.run(settings, 10)
    assert await stranger.told() == []
    assert await lines_in(root) == ["编号1001还没有人答复，今天22:00再提醒。"]
    (again,) = await stranger.text("大槐树旁边")
    assert again.startswith("这个地方我们还没找到。")
    (found,) = await stranger.text(CARD_CODE)
    assert found == "谢谢您，找到了：魏岗村委会第3邻。编号1001，邻长陈建国会在今天22:01前回您。"
    issue = await Issue.get(id=1)
    assert (issue.holder_id, issue.answer_due) == (territory.block.id, clock.now() + WINDOW)


async def test_after_a_long_outage_nothing_skips_a_tier(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    clock.advance(timedelta(days=2))
    for _ in range(3):
        await deadlines.run(settings, 10)
    issue = await Issue.get(id=1)
    assert issue.holder_id == territory.units["group"].id
    assert issue.answer_due == clock.now() + WINDOW


async def test_two_workers_at_once_escalate_once(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    for number in range(5):
        phone_number = f"+861380013800{number}"
        await resident(either, territory.block, number=phone_number)
        await Phone(either, number=phone_number).text("水管坏了")
    clock.advance(WINDOW)
    await asyncio.gather(*(deadlines.run(either, 10) for _ in range(4)))
    for issue in await Issue.all():
        assert await actions(issue.id) == [Action.REPORT, Action.ESCALATE]
        assert issue.holder_id == territory.units["group"].id


async def test_the_longest_overdue_come_first(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    leader = Leader(either, territory.leaders["block"])
    for number in range(3):
        phone_number = f"+861380013800{number}"
        await resident(either, territory.block, number=phone_number)
        await Phone(either, number=phone_number).text("水管坏了")
        clock.advance(timedelta(minutes=1))
    await leader.answers(1002, "明天来修")  # due in three days: long after the others
    clock.advance(timedelta(days=4))
    order = []
    for _ in range(3):
        assert (await deadlines.run(either, 1))[0] == 1
        last = await History.all().order_by("-id").first()
        assert last is not None
        order.append(last.issue_id)
    assert order == [1, 3, 2]


async def test_an_issue_that_cannot_be_worked_on_holds_up_no_other(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    odd = await Unit.create(code="odd", name="odd", tier="no_such_tier", path="odd/")
    odd_child = await Unit.create(code="odd2", name="odd2", tier="block", path="odd/odd2/", parent=odd)
    await Issue.filter(id=1).update(holder_id=odd_child.id)
    clock.advance(WINDOW)
    assert (await deadlines.run(settings, 10))[0] == 1
    assert await actions(1) == [Action.REPORT]
    assert await actions(2) == [Action.REPORT, Action.ESCALATE]


async def test_what_another_worker_has_is_left_to_it(tmp_path: Path, new_postgres: Callable[[], str]) -> None:
    url = new_postgres()
    settings = make_settings(tmp_path, database_url=url)
    async with open_database(settings):
        territory = await plant()
        await resident(settings, territory.block)
        phone = Phone(settings)
        await phone.text("水管坏了")
        await phone.text("新 路灯坏了")
        clock_of(settings).advance(WINDOW)
        other = await asyncpg.connect(url)
        async with other.transaction():
            await other.execute("SELECT * FROM issue WHERE id = 1 FOR UPDATE")
            assert (await deadlines.run(settings, 10))[0] == 1
            assert await actions(1) == [Action.REPORT]
            assert await actions(2) == [Action.REPORT, Action.ESCALATE]
        await other.close()
        assert (await deadlines.run(settings, 10))[0] == 1
        assert await actions(1) == [Action.REPORT, Action.ESCALATE]


async def test_the_next_deadline_of_all_is_known(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    assert await deadlines.next_due(settings) is None
    await phone.text("水管坏了")
    await Leader(settings, territory.leaders["block"]).answers(1001, "明天来修")
    await phone.text("新 路灯坏了", after=timedelta(hours=1))
    due = await deadlines.next_due(settings)
    assert isinstance(due, datetime)
    assert due == MORNING + timedelta(hours=1) + WINDOW


async def test_what_was_said_in_time_counts_though_it_is_heard_late(either: Settings) -> None:
    """No worker ran when the leader answered, nor when the window ended."""
    block = await block_in(either, await plant())
    answer = Inbound(
        bridge="matrix",
        external_id="$in-time",
        sender=matrix_id(block.leader),
        room=block.room.room_id,
        thread=block.post,
        text="明天来修",
    )
    lane = await inbox.store(either, answer)
    assert lane is not None
    clock_of(either).advance(WINDOW + timedelta(hours=1))
    assert await deadlines.run(either, 10) == (0, set())
    await inbox_worker.drain(either, lane)
    assert await deadlines.run(either, 10) == (0, set())
    assert (await block.issue()).state is State.ANSWERED
    assert await actions() == [Action.REPORT, Action.ANSWER]


async def test_what_was_said_too_late_is_late_though_nobody_was_there_to_notice(either: Settings) -> None:
    """No worker ran when the window ended, nor when the leader answered an hour later."""
    block = await block_in(either, await plant())
    clock_of(either).advance(WINDOW + timedelta(hours=1))
    late = clock_of(either).now()
    await block.room.says(block.leader, "明天来修", thread=block.post)
    assert await deadlines.run(either, 10) == (0, set())
    assert await actions() == [Action.REPORT, Action.ESCALATE, Action.ANSWER]
    escalated = await History.get(issue_id=1, seq=2)
    assert late <= escalated.at <= clock_of(either).now()
    issue = await block.issue()
    assert issue.holder is not None
    assert (issue.state, issue.holder.tier) == (State.ANSWERED, "group")


async def test_a_leader_who_answers_too_late_by_text_is_late(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    await resident(settings, territory.block, name="陈建国", number="+8613700137000")
    address = await Address.all().order_by("-id").first()
    assert address is not None
    await Address.filter(id=address.id).update(person_id=territory.leaders["block"].id)
    clock.advance(WINDOW + timedelta(hours=1))
    await Phone(settings, number="+8613700137000").text("1001 明天来修")
    assert await actions() == [Action.REPORT, Action.ESCALATE, Action.ANSWER]


async def test_what_cannot_be_heard_holds_up_no_deadline(settings: Settings, territory: Territory) -> None:
    block = await block_in(settings, territory)
    for number in range(2):
        broken = Inbound(bridge="sms", external_id=f"SMbroken{number}", sender="+8613900139000", text="?")
        lane = await inbox.store(settings, broken)
    assert lane is not None
    await Inbox.filter(external_id__startswith="SMbroken").update(sender="sealed-with-a-lost-key")
    await inbox_worker.drain(settings, lane)
    clock_of(settings).advance(WINDOW)
    assert (await deadlines.run(settings, 10))[0] == 1
    assert (await block.issue()).holder_id == territory.units["group"].id
