"""What leaders say about those who are looked after, in their direct rooms and elsewhere."""

from datetime import timedelta

import pytest_asyncio

from bridges.contract import Media
from escalator import caring
from models import (
    CareRecord,
    CareRhythm,
    CareRound,
    CareVisit,
    Issue,
    Message,
    RoomEvent,
    RoomEventKind,
    State,
)
from tests.issues.chat import Chat, direct_with, whispers
from tests.programme.village import Village, said

ADD = "！关照 添加 刘大爷 独居 每天11点 同意：上门当面说的"


@pytest_asyncio.fixture
async def direct(village: Village) -> Chat:
    """The direct room of the block's leader."""
    return await direct_with(village.settings, village.leaders["block"])


async def test_somebody_is_recorded_listed_and_ended_alone_with_the_service(
    village: Village, direct: Chat
) -> None:
    leader = village.leaders["block"]
    assert said(await direct.says(leader, "关照"), "没有您能看到名字的关照对象")
    assert said(await direct.says(leader, "！关照 添加 刘大爷 独居 每天11点"), "要先得到刘大爷同意")
    assert said(await direct.says(leader, "！关照 添加 刘大爷 每天11点"), "请写明是哪一种")
    assert said(await direct.says(leader, "！关照 添加 刘大爷 独居 同意：当面"), "请写明多久问一次")
    assert said(await direct.says(leader, "！关照 添加 李四 独居 每天"), "没有叫李四的", "/desk/care")
    [told] = await direct.says(leader, ADD)
    assert told == "从现在起关照刘大爷：独居，每天11:00。同意：上门当面说的"
    await direct.says(leader, "!care add Grace old weekly Wednesday 9:30 consent: said so")
    grace = await CareRecord.get(person__name="Grace")
    assert (grace.rhythm, grace.weekday, grace.clock) == (CareRhythm.WEEKLY, 2, 9 * 60 + 30)
    [listed] = await direct.says(leader, "！关照")
    assert "· 第3邻刘大爷：独居，每天11:00 · 还没问过" in listed
    assert said(await direct.says(leader, "！关照 结束 Grace 搬走了"), "不再关照Grace了")
    assert (await CareRecord.get(person__name="Grace")).ended_why == "搬走了"


async def test_where_others_read_along_nothing_is_said_of_anybody(village: Village, direct: Chat) -> None:
    leader, room = village.leaders["block"], village.rooms["block"]
    assert said(await room.says(leader, ADD), "这是别人的私事")
    await direct.says(leader, ADD)
    assert said(await room.says(leader, "！看望 刘大爷"), "这是别人的私事")
    assert await room.says(leader, "！关照") == []
    assert "刘大爷" in (await whispers(leader))[-1]
    # Who leads a unit above sees how many there are, and the village's secretary who they are.
    for name, shows in (("group", False), ("village", True)):
        await village.rooms[name].says(village.leaders[name], "！关照")
        answer = (await whispers(village.leaders[name]))[-1]
        assert ("刘大爷" in answer) is shows
    assert "张庄组：关照1人" in (await whispers(village.leaders["group"]))[-1]


async def test_a_visit_with_a_picture_ends_what_the_leader_was_to_knock_for(
    village: Village, direct: Chat
) -> None:
    leader = village.leaders["block"]
    await direct.says(leader, ADD)
    for hours in (1, 2.1, 2.1):
        village.pass_time(timedelta(hours=hours))
        await caring.run(village.settings, 50)
    issue = await Issue.get()
    assert issue.silent
    [listed] = await direct.says(leader, "！关照")
    assert "🔔 第3邻刘大爷" in listed
    post = f"$post{issue.number}"
    await RoomEvent.create(issue=issue, room_id=direct.room_id, event_id=post, kind=RoomEventKind.POST)
    picture = Media("mxc://test/1", "image/jpeg")
    answers = await direct.says(leader, "！看望 在家，手机没电了", thread=post, media=[picture])
    assert said(answers, "记下了：您看望了刘大爷")
    visit = await CareVisit.get()
    assert (visit.words, visit.visitor_id, visit.issue_id) == ("在家，手机没电了", leader.id, issue.id)
    assert visit.media[0]["url"] == "mxc://test/1"
    assert (await Issue.get()).state is State.RESOLVED
    assert (await Message.filter(voice="inside").get()).text == "在家，手机没电了"
    # One for no reason but that it is time.
    assert said(await direct.says(leader, "看望 刘大爷 包了饺子"), "记下了")
    assert await CareVisit.all().count() == 2


async def test_a_round_is_begun_in_the_room_of_the_unit(village: Village, direct: Chat) -> None:
    await direct.says(village.leaders["block"], ADD)
    room, secretary = village.rooms["village"], village.leaders["village"]
    assert said(await room.says(secretary, "！关照 问候"), "请写明为什么")
    await room.says(secretary, "！关照 问候 高温")
    assert "正在问候魏岗村委会的1人（高温）" in (await whispers(secretary))[-1]
    round_ = await CareRound.get()
    assert (round_.occasion, round_.unit_id) == ("heat", village.unit("village").id)
    await room.says(secretary, "！关照 问候 节日 独居")
    assert await CareRound.all().count() == 1
