"""Door to door: lists, what is told in chat, by text and on the desk, counts, reminders, and the end."""

from datetime import timedelta

import pytest

from escalator import canvassing
from issues import dossier, erasing
from linzhang.settings import Settings
from models import (
    Campaign,
    CampaignState,
    Door,
    DoorState,
    DoorTally,
    DoorVisit,
    Household,
    Issue,
    Message,
    Outbox,
    Person,
)
from programme.doors import opening, questions, reading
from programme.doors.opening import Wanted
from programme.doors.questions import Question
from tests.desk.desk import desk_for
from tests.factories import appoint, clock_of, reachable, resident
from tests.issues.chat import direct_with
from tests.issues.diary import Phone, carry_out, photo
from tests.programme.village import Village, said

ALARM = "家里有烟雾报警器吗？有 / 没有"
NUMBER = "+8613900139009"


async def told(person: Person) -> list[str]:
    """What a person was told in their chat."""
    rows = await Outbox.filter(address__person_id=person.id, bridge="matrix").order_by("id")
    return [row.payload["text"] for row in rows]


async def goes_on(village: Village, *, times: int = 1) -> None:
    """Let the duty do what is due, and let it all go out."""
    for _ in range(times):
        await canvassing.run(village.settings, 50)
        await carry_out(village.settings)


async def furnished(village: Village) -> Phone:
    """Give the village households, and the next block a leader with only a phone; returns that phone."""
    for name, label in (("刘大爷", "1号"), ("Grace", "2号")):
        household = await Household.create(block=village.unit("block"), label=label)
        await Person.filter(name=name).update(household_id=household.id)
    await Household.create(block=village.unit("block"), label="3号")
    leader = await appoint(village.unit("other_block"), "李新")
    await reachable(village.settings, leader, NUMBER)
    await resident(village.settings, village.unit("other_block"), name="王婶", number="+8613800138009")
    return Phone(village.settings, NUMBER)


async def opened(
    village: Village, asked: str = f"{ALARM}\n有什么难处？", title: str = "防火检查"
) -> Campaign:
    """Open a campaign in the village from today on, for seven days, and let it go."""
    settings, at = village.settings, village.settings.clock.now()
    secretary = village.leaders["village"]
    first = at.astimezone(settings.territory.zone).date()
    wanted = Wanted(title, "冬天用火要小心", questions.read(asked), first, first + timedelta(days=6))
    campaign = await opening.write(settings, secretary, village.unit("village"), wanted, at, event_id="")
    await opening.begin(settings, campaign, secretary, at)
    await goes_on(village)
    return campaign


async def sums(village: Village, name: str = "village") -> dict[str, int]:
    """What a campaign has come to at a unit."""
    await canvassing.run(village.settings, 50)
    return (await DoorTally.get(unit_id=village.unit(name).id)).sums


async def test_a_campaign_goes_down_and_what_was_found_comes_up(either: Village) -> None:
    village = either
    by_phone = await furnished(village)
    await opened(village)
    leader = village.leaders["block"]
    [listed] = await told(leader)
    assert listed.startswith("🚪 入户走访，到11月30日：防火检查\n请告诉各家：冬天用火要小心")
    assert "\n请问：家里有烟雾报警器吗？ 1有、2没有\n请问：有什么难处？\n" in listed
    assert "\n· 1 1号（刘大爷）\n· 2 2号（Grace）\n· 3 3号\n" in listed
    assert "13800138000" not in listed
    [texted] = await by_phone.receives()
    assert texted.endswith("各户：1 王婶。每走一家请回：走访 3 都好 1")

    direct = await direct_with(village.settings, leader)
    await direct.says(leader, "走访 1 都好 2 想装扶手")
    assert (await told(leader))[-1] == "记下了：1 刘大爷，走访了。还有2户。"
    # Right behind our words the number is enough.
    await direct.says(leader, "2没人")
    await direct.says(leader, "3 拒绝")
    assert (await told(leader))[-1] == "记下了：3 3号，不愿意。还有1户。"
    await direct.says(leader, "！走访 2 都好 有")
    assert await direct.answers() == []
    whole = await sums(village)
    assert whole["doors"] == 4
    assert (whole["blocks"], whole["begun"]) == (2, 1)
    assert (whole["visited"], whole["refused"], whole["second"]) == (2, 1, 1)
    assert (whole["answer1.1"], whole["answer1.2"]) == (1, 1)
    assert (await sums(village, "other_block")) == {"blocks": 1, "doors": 1}

    assert (await by_phone.text("走访 1 好 1"))[-1] == "记下了：1 王婶，走访了。第4邻都走完了，辛苦了！"
    assert (await sums(village))["visited"] == 3
    assert await Issue.all().count() == 0


async def test_a_trouble_becomes_an_issue_of_who_lives_there_for_leaders_alone(village: Village) -> None:
    await furnished(village)
    await opened(village)
    leader = village.leaders["block"]
    direct = await direct_with(village.settings, leader)
    await direct.says(leader, "走访 1 都好 1 问题：屋顶漏水", media=[photo()])
    assert (await told(leader))[-1] == "记下了：1 刘大爷，走访了。问题编号1001。还有2户。"
    issue = await Issue.get().select_related("reporter")
    assert (issue.reporter.name, issue.private, issue.block_id) == (
        "刘大爷",
        True,
        leader.block_id or issue.block_id,
    )
    words = await Message.get(issue_id=issue.id)
    assert words.text == "邻长陈建国走访时记下的：屋顶漏水"
    assert len(words.media) == 1
    assert "编号1001" in (await village.phones["刘大爷"].told())[-1]
    visit = await DoorVisit.get()
    assert (visit.issue_id, visit.words, len(visit.media)) == (issue.id, "", 1)
    # Where nobody can be answered, it is the leader's own.
    await direct.says(leader, "走访 3 没人 问题：大门坏了")
    other = await Issue.get(id=issue.id + 1).select_related("reporter")
    assert other.reporter.id == leader.id
    assert (await Message.get(issue_id=other.id)).text == "3号：大门坏了"
    assert (await sums(village))["troubles"] == 2


async def test_what_leaders_write_otherwise(village: Village) -> None:
    by_phone = await furnished(village)
    leader = village.leaders["block"]
    direct = await direct_with(village.settings, leader)
    await direct.says(leader, "走访 1 都好")
    assert (await told(leader))[-1] == "您现在没有要走访的名单。"
    await opened(village)
    room = village.rooms["block"]
    assert said(await room.says(leader, "！走访 1 都好"), "不是给这里所有人看的")
    for words, answer in {
        "走访 9 都好": "名单上没有第9户：只有1到3。",
        "走访 1 3 都好": "请写明是哪一户、怎么样，像这样：走访 3 都好 1",
        "走访 1、3 没人": "记下了：1 刘大爷，没人在家。记下了：3 3号，没人在家。还有3户。",
        "走访 3 没去": "记下了：3 3号，还没去。还有3户。",
        "走访 1": "· 1 1号（刘大爷）：没人在家\n走访过请写：走访 3 都好 1",
    }.items():
        await direct.says(leader, words)
        assert (await told(leader))[-1] == answer
    assert await Door.filter(state=DoorState.AWAY).count() == 1
    await direct.says(leader, "走访")
    assert "\n· 1 1号（刘大爷）：没人在家\n" in (await told(leader))[-1]
    # The same event again, and a resident's words.
    assert await DoorVisit.all().count() == 1
    await village.phones["刘大爷"].text("走访 1 都好")
    assert await Issue.all().count() == 1, "who leads nothing reports something"
    # A report that begins with a number is a report, right behind our words too.
    await by_phone.text("走访")
    await by_phone.text("3号楼水管坏了")
    assert await Issue.all().count() == 2
    # Who stands above hears how it stands.
    await goes_on(village)
    await village.rooms["village"].says(village.leaders["village"], "！走访")
    rows = await Outbox.filter(address__person_id=village.leaders["village"].id).order_by("-id")
    assert (
        rows[0]
        .payload["text"]
        .startswith("防火检查（到11月30日），魏岗村委会：4户里走访了0户，2个邻里有1个开始了。")
    )


async def test_who_has_not_begun_is_reminded_once_for_all_and_the_end_is_told(village: Village) -> None:
    by_phone = await furnished(village)
    settings, leader = village.settings, village.leaders["block"]
    await opened(village)
    await opened(village, title="垃圾分类")
    await by_phone.receives()
    direct = await direct_with(settings, leader)
    await direct.says(leader, "走访 1 都好")
    before = len(await told(leader))
    village.pass_time(timedelta(days=3, hours=13))  # eleven in the evening
    await goes_on(village)
    assert await by_phone.receives() == []
    morning = await canvassing.next_due(settings)
    assert morning is not None
    assert morning.astimezone(settings.territory.zone).hour == 7
    clock_of(settings).advance(morning - settings.clock.now())
    await goes_on(village, times=4)
    [reminder] = await by_phone.receives()
    assert reminder == (
        "还没有走访的：防火检查（第4邻，1户，到11月30日）、垃圾分类（第4邻，1户，到11月30日）。看各户请回：走访"
    )
    [in_chat] = (await told(leader))[before:]
    assert "防火检查" in in_chat, "the other one has begun"
    assert "垃圾分类" not in in_chat
    village.pass_time(timedelta(days=2))
    await goes_on(village, times=4)
    assert len(await by_phone.receives()) == 1, "once more near the end"
    village.pass_time(timedelta(days=1, hours=1))
    await goes_on(village, times=2)
    ended = [words for name, words, _ in await village.posts() if name == "village"]
    assert len(ended) == 2
    assert ended[0] == (
        "🚪 入户走访结束了：防火检查\n"
        "防火检查（到11月30日），魏岗村委会：4户里走访了0户，2个邻里有0个开始了。\n"
        "家里有烟雾报警器吗？ 有0、没有0\n"
        "· 第一片：4户里走访了0户"
    )
    assert await Campaign.filter(state=CampaignState.ENDED).count() == 2
    assert await canvassing.next_due(settings) is None
    assert (await by_phone.text("走访 1 都好"))[-1] == "您现在没有要走访的名单。"


async def test_one_is_opened_in_a_room_and_goes_when_somebody_presses(village: Village) -> None:
    await furnished(village)
    secretary, room = village.leaders["village"], village.rooms["village"]
    for words in ("开 7天 防火检查", "开 200天 防火：小心", "开 7天 防火：看 www.x.com"):
        assert await room.says(secretary, f"！走访 {words}")
    assert await Campaign.all().count() == 0
    words = f"！走访 开 12月1日到7日 防火检查：用火要小心，出门关火\n{ALARM}"
    [draft] = await room.says(secretary, words)
    assert draft.startswith("走访1，12月1日到12月7日：魏岗村委会的2个邻，4户。")
    assert "入户走访，到12月7日：防火检查。用火要小心，出门关火。家里有烟雾报警器吗？" in draft
    answer = await room.delivered()
    assert await room.reacts(secretary, "✅", answer) == ["走访1开始了：每个邻都会收到名单。"]
    assert await room.reacts(secretary, "✅", answer) == [], "pressed twice"
    await goes_on(village)
    assert await Door.all().count() == 0, "its first day has not come"
    assert said(
        await village.rooms["block"].says(village.leaders["block"], "！走访 停 1"), "魏岗村委会的负责人"
    )
    assert await room.says(secretary, "！走访 停 1") == ["走访1停下来了，已经记下的还在。"]


async def test_the_desk_opens_shows_ticks_and_gives_files(settings: Settings, village: Village) -> None:
    await furnished(village)
    desk, block = desk_for(settings), village.unit("block")
    typed = {"title": "防火检查", "words": "用火要小心", "asked": ALARM, "unit": village.unit("village").code}
    typed |= {"first": "2026-11-24", "last": "2026-11-30", "once": "a"}
    async with desk.browser(village.leaders["village"]) as browser:
        assert (await browser.post("/desk/doors", **typed | {"first": "soon"})).status_code == 422
        assert (await browser.post("/desk/doors", **typed | {"last": "2026-11-01"})).status_code == 422
        for _ in range(2):
            kept = await browser.post("/desk/doors", **typed)
            assert (kept.status_code, kept.headers["location"]) == (303, "/desk/doors/1")
        assert await Campaign.all().count() == 1, "sent twice"
        assert "2个邻，4户" in (await browser.get("/desk/doors/1")).text
        assert (await browser.post("/desk/doors/1/begin")).status_code == 303
        await goes_on(village)
    async with desk.browser(village.leaders["block"]) as browser:
        page = (await browser.get("/desk/doors/1")).text
        assert "刘大爷" in page
        assert "138" not in page
        here = f"/desk/doors/1/{block.code}"
        await browser.post(f"{here}/tick", numbers="3", once="b")
        facts = {"state": "visited", "answers": "2", "words": "想装扶手", "trouble": "", "once": "c"}
        for _ in range(2):
            assert (await browser.post(f"{here}/1", **facts)).status_code == 303
        assert await DoorVisit.all().count() == 2, "sent twice"
        assert (await browser.post(f"{here}/9", **facts)).status_code == 409
        assert "想装扶手" in (await browser.get("/desk/doors/1")).text
    await canvassing.run(settings, 50)
    async with desk.browser(village.leaders["section"]) as browser:
        page = (await browser.get(f"/desk/doors/1?unit={block.code}")).text
        assert "刘大爷" in page, "up to the village"
    async with desk.browser(village.leaders["township"]) as browser:
        page = (await browser.get(f"/desk/doors/1?unit={block.code}")).text
        assert "刘大爷" not in page
        assert "想装扶手" not in page, "the campaign is the village's"
        assert "2（共3）" in page
        assert (await browser.post(f"{here}/tick", numbers="2", once="d")).status_code == 404
        table = (await browser.get(f"/desk/doors/1/{village.unit('village').code}/units.csv")).text
        assert table.splitlines()[1].startswith(
            f"魏岗村委会,{village.unit('village').code},村社区,2,1,4,2,0,0,0,0,0,0,1"
        )
    async with desk.browser(village.leaders["village"]) as browser:
        assert "想装扶手" in (await browser.get("/desk/doors/1")).text
        book = await browser.get(f"/desk/doors/1/{village.unit('village').code}/doors.xlsx")
        assert book.content.startswith(b"PK")
        assert (await browser.post("/desk/doors/1/stop")).status_code == 303
        assert (await browser.post(f"{here}/tick", numbers="2", once="e")).status_code == 409
    async with desk.browser(village.leaders["peace"]) as browser:
        assert (await browser.get("/desk/doors/1")).status_code == 404


async def test_what_was_said_at_a_door_is_its_peoples_to_have_and_to_have_forgotten(village: Village) -> None:
    await furnished(village)
    await opened(village)
    leader = village.leaders["block"]
    direct = await direct_with(village.settings, leader)
    await direct.says(leader, "走访 1 都好 2 腿脚不好")
    person = await Person.get(name="刘大爷")
    [visit] = (await dossier.of(village.settings, person))["at_their_door"]
    assert (visit["by"], visit["words"], visit["found"]) == ("陈建国", "腿脚不好", "visited")
    assert visit["answers"] == {"家里有烟雾报警器吗？": "没有"}
    plan = await erasing.plan(village.settings, person)
    await erasing.person(village.settings, plan, "admin")
    kept = await DoorVisit.get()
    assert (kept.words, kept.state) == ("", DoorState.VISITED)
    assert (await sums(village))["visited"] == 1
    await direct.says(leader, "走访 1")
    assert "· 1" not in (await told(leader))[-1]
    assert "✓ 1 1号：走访了" in (await told(leader))[-1]


@pytest.mark.parametrize(
    ("words", "numbers", "state", "answers", "rest", "trouble"),
    [
        ("3 都好", [3], DoorState.VISITED, [], "", ""),
        ("3都好", [3], DoorState.VISITED, [], "", ""),
        ("3：很好，1，老人想装扶手", [3], DoorState.VISITED, [1, 0], "老人想装扶手", ""),
        ("1-3 没人在家", [1, 2, 3], DoorState.AWAY, [], "", ""),
        ("1、5 改天再去", [1, 5], DoorState.BACK, [], "", ""),
        ("第2户 没问题", [2], None, [], "没问题", ""),
        ("3 好 没有 问题：屋顶漏水，很急", [3], DoorState.VISITED, [2, 0], "", "屋顶漏水，很急"),
        ("no. 4 nobody home", [4], DoorState.AWAY, [], "", ""),
        ("4 refused, was angry", [4], DoorState.REFUSED, [], "was angry", ""),
        ("4 all well 2 trouble: the roof leaks", [4], DoorState.VISITED, [2, 0], "", "the roof leaks"),
        ("3 好多垃圾", [3], None, [], "好多垃圾", ""),
    ],
)
def test_what_is_told_of_a_door(
    words: str, numbers: list[int], state: DoorState | None, answers: list[int], rest: str, trouble: str
) -> None:
    asked = [Question("报警器？", ("有", "没有")), Question("难处？")]
    found_at = reading.doors(words)
    assert found_at is not None
    assert list(found_at.doors) == numbers
    found = reading.found(found_at.rest, asked)
    assert (found.state, list(found.answers), found.words, found.trouble) == (state, answers, rest, trouble)


def test_which_campaign_is_meant() -> None:
    found_at = reading.doors("7：3 都好")
    assert found_at is not None
    assert (found_at.campaign, list(found_at.doors), found_at.rest) == (7, [3], "都好")
    assert reading.doors("都好") is None
    assert reading.doors("1024 好了") is None
