"""Tasks with their pay: from the line that asks for help to the ledger, in chat and by text."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest_asyncio
from tortoise.transactions import in_transaction

from escalator import tasking
from issues.effects import ROOMS, Effects
from issues.errors import IssueError
from linzhang.settings import Settings
from models import (
    AdminAction,
    Allowance,
    Entry,
    Help,
    HelpState,
    Issue,
    Outbox,
    Person,
    Task,
    TaskState,
    Unit,
)
from programme.tasks import helping, settling, writing
from tests.desk.desk import desk_for
from tests.factories import appoint, clock_of, reachable
from tests.issues.chat import direct_with, whispers
from tests.issues.diary import Phone, carry_out, photo
from tests.programme.village import Village

WORDS = "修路 明天8点在村口 要2人 每人50元"
NUMBER = "+8613900139009"
ASKED = "魏岗村委会村书记赵刚请人帮忙，任务1：修路 明天8点在村口。要2人，每人¥50。"
TAKEN = "谢谢！任务1您接了：修路 明天8点在村口。做完了发张照片，或写：任务1 做完了"


@pytest_asyncio.fixture
async def by_phone(village: Village) -> Phone:
    """The phone of the neighbouring block's leader, who has no chat: 李新."""
    return await phone_in(village)


async def phone_in(village: Village) -> Phone:
    """See `by_phone`."""
    person = await appoint(village.unit("other_block"), "李新")
    await reachable(village.settings, person, NUMBER)
    return Phone(village.settings, NUMBER)


async def goes_on(village: Village) -> None:
    """Let the duty ask whoever is to be asked, and let it all go out."""
    await tasking.run(village.settings, 50)
    await carry_out(village.settings)


async def written(village: Village, words: str = WORDS) -> str:
    """Let the village's secretary write a task in their room; returns what they are shown."""
    [draft] = await village.rooms["village"].says(village.leaders["village"], f"！任务 {words}")
    return draft


async def sent(village: Village, words: str = WORDS) -> None:
    """Let the secretary write a task and send it, and let it go out."""
    await written(village, words)
    await village.rooms["village"].says(village.leaders["village"], "！任务 发 1")
    await goes_on(village)


async def offered_in(village: Village, name: str) -> str:
    """The event by which a unit's room was asked."""
    rows = await Outbox.filter(bridge=ROOMS).order_by("id")
    asked = [row for row in rows if row.payload.get("step") == "offer"]
    row = next(row for row in asked if row.payload["unit"] == village.unit(name).id)
    row.external_id = f"$offer{row.id}"
    await row.save()
    return row.external_id


async def says_yes(village: Village, leader: str, room: str) -> list[str]:
    """Let a leader press ✅ below a task in a unit's room; returns what they are told alone."""
    person = village.leaders[leader]
    await village.rooms[room].reacts(person, "✅", await offered_in(village, room))
    return (await whispers(person))[-1:]


async def told_in_person(person: Person) -> list[str]:
    """What a person was told in their chat."""
    rows = await Outbox.filter(address__person_id=person.id, bridge="matrix").order_by("id")
    return [row.payload["text"] for row in rows]


async def test_a_task_goes_down_is_done_and_stands_in_the_ledger(either: Village) -> None:
    village, by_phone = either, await phone_in(either)
    secretary, room = village.leaders["village"], village.rooms["village"]
    draft = await written(village)
    assert draft.startswith(
        "任务1，问魏岗村委会的4位负责人：修路 明天8点在村口。要2人，每人¥50，一共¥100，魏岗村委会付。"
    )
    await goes_on(village)
    assert await by_phone.receives() == [], "nobody is asked before somebody says so"
    answer = await room.delivered()
    assert await room.reacts(secretary, "✅", answer) == ["任务1现在去问4位负责人，人齐了告诉您。"]
    assert await room.reacts(secretary, "✅", answer) == [], "pressed twice"
    await goes_on(village)
    await goes_on(village)
    posts = await village.posts()
    assert [(name, mention) for name, _, mention in posts] == [
        ("village", [village.leaders["section"].id]),
        ("section", [village.leaders["group"].id]),
        ("group", [village.leaders["block"].id]),
    ]
    assert posts[0][1] == f"🤝 {ASKED}\n能去的请点 ✅，先到先得。"
    assert await by_phone.receives() == [f"{ASKED}能去请回1。"]

    assert await by_phone.text("1") == [f"{ASKED}能去请回1。", TAKEN]
    assert await says_yes(village, "block", "group") == [TAKEN]
    assert await told_in_person(secretary) == ["任务1人齐了：李新、陈建国。"]
    assert (await Task.get(id=1)).state is TaskState.FULL
    await village.rooms["section"].reacts(
        village.leaders["group"], "✅", await offered_in(village, "section")
    )
    assert (await village.rooms["section"].answers()) == []
    assert await Help.all().count() == 2, "who comes too late is thanked"

    [thanks] = await by_phone.text("", media=[photo()])
    assert thanks == "辛苦了。正请赵刚确认任务1，确认后记补贴。"
    asked = (await told_in_person(secretary))[-1]
    assert asked.startswith("任务1：李新（第4邻）说做完了，照片1张\n属实请点 ✅ 或写：！任务 确认 1 李新")
    alone = await direct_with(village.settings, secretary)
    assert await alone.says(secretary, "1") == []
    assert (await told_in_person(secretary))[-1] == "任务1，李新的¥50记在账上了。"
    assert await by_phone.told() == ["任务1确认了，误工补贴¥50记上了，魏岗村委会付。谢谢您！"]

    block = village.leaders["block"]
    await village.rooms["block"].says(block, "我们修好了", media=[photo()])
    await village.rooms["block"].says(block, "！做完 1 修了30米", reply=village.rooms["block"].last)
    shown = await Help.get(person_id=block.id)
    assert (shown.state, shown.words, len(shown.media)) == (HelpState.DONE, "修了30米", 1)
    await room.says(secretary, "！任务 确认 1 陈建国")
    assert (await whispers(secretary))[-1] == "任务1，陈建国的¥50记在账上了。"
    assert (await Task.get(id=1)).state is TaskState.DONE
    ledger = await Allowance.all().order_by("id").select_related("person", "payer")
    assert [(row.person.name, row.payer.name, row.amount) for row in ledger] == [
        ("李新", "魏岗村委会", 5000),
        ("陈建国", "魏岗村委会", 5000),
    ]
    deeds = [deed.action for deed in await AdminAction.all().order_by("seq")]
    assert deeds == ["task sent", "help confirmed", "help confirmed"]
    assert await Issue.all().count() == 0, "nobody has reported anything"


async def test_nothing_is_paid_twice(village: Village, by_phone: Phone) -> None:
    secretary, room = village.leaders["village"], village.rooms["village"]
    await sent(village)
    await by_phone.receives()
    await by_phone.text("1")
    await by_phone.text("任务1 做完了")
    for _ in range(3):
        await room.says(secretary, "！任务 确认 1 李新")
    assert await room.answers() == []
    assert (await by_phone.text("任务1 做完了"))[-1] == "已经确认过了，¥50记在账上。"
    assert await by_phone.text("任务1 接") == ["任务1您已经接了。做完了请写：任务1 做完了"]
    assert await Allowance.all().count() == 1
    await room.says(secretary, "！任务 冲销 1 李新 写错人了")
    assert (await by_phone.told())[-1] == "任务1，魏岗村委会说：写错人了。账上的¥50冲掉了。"
    await room.says(secretary, "！任务 冲销 1 李新 再来一次")
    await room.says(secretary, "！任务 确认 1 李新")
    rows = await Allowance.all().order_by("id")
    assert [(row.entry, row.amount) for row in rows] == [(Entry.DUE, 5000), (Entry.BACK, -5000)]


async def test_two_at_once_take_one_place_and_are_entered_once(either: Village) -> None:
    village, secretary = either, either.leaders["village"]
    await sent(village, "清雪 要1人 每人20元")

    async def done(deed: Callable[[Task, Effects], Awaitable[str]], cause: str) -> str:
        """Do something in a transaction of its own; returns what whoever does it is told."""
        try:
            async with in_transaction():
                task = await writing.lock(1)
                effects = Effects(cause, village.settings.clock.wall())
                told = await deed(task, effects)
                await effects.save_once()
                return told
        except IssueError as error:
            return error.sentence("zh-Hans")

    at = village.settings.clock.now()

    def takes(name: str) -> Callable[[Task, Effects], Awaitable[str]]:
        return lambda task, effects: helping.take(village.settings, task, village.leaders[name], at, effects)

    told = await asyncio.gather(*(done(takes(name), f"t.{name}") for name in ("block", "group", "section")))
    assert sum(each.startswith("谢谢！任务1您接了") for each in told) == 1
    assert told.count("谢谢您愿意帮忙！任务1人已经够了。") == 2
    await Help.all().update(state=HelpState.DONE)

    async def confirms(task: Task, effects: Effects) -> str:
        help_ = await Help.get().select_related("person")
        return await settling.confirm(village.settings, task, help_, secretary, at, effects)

    told = await asyncio.gather(*(done(confirms, f"c.{number}") for number in range(3)))
    assert sum("记在账上了" in each for each in told) == 1
    assert sum("不会付两次" in each for each in told) == 2
    assert await Allowance.all().count() == 1


async def test_only_whoever_pays_confirms_and_nobody_their_own(village: Village) -> None:
    await sent(village)
    block = village.leaders["block"]
    await says_yes(village, "block", "group")
    await village.rooms["block"].says(block, "！做完 1")
    for who in ("block", "group"):
        [refused] = await village.rooms[who].says(village.leaders[who], "！任务 确认 1 陈建国")
        assert refused == "这件事只有魏岗村委会的负责人或者上级能办。"
    assert await Allowance.all().count() == 0
    [refused] = await village.rooms["village"].says(village.leaders["village"], "！任务 接 1")
    assert refused == "任务1是您自己派的，要别人来做。"
    await village.rooms["township"].says(village.leaders["township"], "！任务 确认 1")
    assert await Allowance.all().count() == 1, "who stands above may"


async def test_what_pays_much_is_confirmed_by_somebody_else_than_whoever_asked(
    settings: Settings, village: Village
) -> None:
    secretary, above = village.leaders["village"], village.leaders["township"]
    draft = await written(village, "修桥 要3人 每人700元")
    assert "一共超过¥2,000，做完了要由另一位负责人确认。" in draft
    await village.rooms["village"].says(secretary, "！任务 发 1")
    await goes_on(village)
    await says_yes(village, "block", "group")
    await village.rooms["block"].says(village.leaders["block"], "！做完 1")
    assert (await told_in_person(above))[-1].startswith("任务1：陈建国（第3邻）说做完了")
    assert not [each for each in await told_in_person(secretary) if "说做完了" in each]
    [refused] = await village.rooms["village"].says(secretary, "！任务 确认 1 陈建国")
    assert refused == "任务1一共超过¥2,000，又是您自己派的，请李国庆来确认。"
    judged = f"/desk/tasks/1/help/{(await Help.get()).id}"
    desk = desk_for(settings)
    async with desk.browser(secretary) as browser:
        page = (await browser.get("/desk/tasks/1")).text
        assert "一共超过¥2,000，要由赵刚以外的负责人确认。" in page
        assert "属实，记" not in page
        assert (await browser.post(judged, verdict="confirm")).status_code == 409
    assert await Allowance.all().count() == 0
    async with desk.browser(above) as browser:
        assert (await browser.post(judged, verdict="confirm")).status_code == 303
    [row] = await Allowance.all()
    assert (row.amount, row.by_id) == (70000, above.id)


async def test_who_cannot_go_makes_way_and_who_was_refused_shows_it_anew(
    village: Village, by_phone: Phone
) -> None:
    secretary, room = village.leaders["village"], village.rooms["village"]
    await sent(village, "清沟渠 明天下午 每人62.5元")
    await by_phone.receives()
    await says_yes(village, "block", "group")
    assert (await by_phone.text("1"))[-1] == "谢谢您愿意帮忙！任务1人已经够了。"
    await village.rooms["block"].says(village.leaders["block"], "！任务 不接 1")
    assert (await told_in_person(secretary))[-1] == "陈建国去不了任务1了，现在0人接了，要1人。"
    assert (await by_phone.text("任务1 我来"))[-1].startswith("谢谢！任务1您接了")
    await by_phone.text("任务1：做好了，沟通了")
    await room.says(secretary, "！任务 退回 1 李新 还有一段没清")
    assert (await by_phone.told())[-1] == ("任务1，魏岗村委会说：还有一段没清。改好了请再写：任务1 做完了")
    await by_phone.text("任务1做完了")
    await room.says(secretary, "！任务 确认 1 李新")
    assert [row.amount for row in await Allowance.all()] == [6250]


async def test_a_task_by_text_from_its_writing_to_the_ledger(
    settings: Settings, village: Village, by_phone: Phone
) -> None:
    """A department's head with only a phone asks; one leader with only a phone helps."""
    county = village.unit("county")
    code = "3401W"
    water = await Unit.create(
        code=code, name="水务局", tier="department", parent=county, path=f"{county.path}{code}/"
    )
    head = Phone(settings, "+8613900139010")
    await reachable(settings, await appoint(water, "孔亮"), head.number)
    [draft] = await head.text("任务：给第4邻：看水表 周五上午 要1人 每人30元")
    assert (
        draft
        == "任务1，问第4邻的1位负责人：看水表 周五上午。要1人，每人¥30，一共¥30，水务局付。要发出去，请回1。"
    )
    assert await head.text("1") == ["任务1现在去问1位负责人，人齐了告诉您。"]
    await goes_on(village)
    assert await by_phone.receives() == [
        "水务局孔亮请人帮忙，任务1：看水表 周五上午。要1人，每人¥30。能去请回1。"
    ]
    await by_phone.text("1")
    assert await head.told() == ["任务1人齐了：李新。"]
    await by_phone.text("任务1做完了 都看了")
    assert await head.told() == [
        "任务1：李新（第4邻）说做完了：“都看了”。属实请回1，不属实请写：任务1 退回 李新 原因"
    ]
    assert await head.text("1") == ["任务1，李新的¥30记在账上了。"]
    assert await head.text("1") == [], "said twice"
    [row] = await Allowance.all().select_related("payer")
    assert (row.payer.name, row.amount, row.currency) == ("水务局", 3000, "CNY")


async def test_what_cannot_be_asked(village: Village) -> None:
    room, secretary = village.rooms["village"], village.leaders["village"]
    for words, answer in {
        "修路": "请写清楚做什么、要几个人、每人多少钱，像这样：！任务 修路 明天8点 要3人 每人50元",
        "修路 每人50000元": "每人¥50,000，超过了一个任务最多可给的1000 CNY。是不是写错了？",
        "看 www.x.com 每人5元": "请不要写网址，大家都学会了不点网址。请用话说清楚。",
        "给观堂镇：修路 每人5元": "魏岗村委会下面没有“观堂镇”。",
    }.items():
        assert await room.says(secretary, f"！任务 {words}") == [answer]
    assert await Task.all().count() == 0


async def test_nobody_is_asked_at_night_and_who_said_yes_hears_that_it_is_off(
    settings: Settings, village: Village, by_phone: Phone
) -> None:
    await written(village)
    clock_of(settings).advance(timedelta(hours=14))
    await village.rooms["village"].says(village.leaders["village"], "！任务 发 1")
    await goes_on(village)
    assert await by_phone.receives() == []
    morning = await tasking.next_due(settings)
    assert morning is not None
    clock_of(settings).advance(morning - settings.clock.now())
    await goes_on(village)
    assert len(await by_phone.receives()) == 1
    await by_phone.text("1")
    [told] = await village.rooms["village"].says(village.leaders["village"], "！任务 取消 1")
    assert told == "任务1取消了。已经接了的1人会收到消息。"
    assert (await by_phone.told())[-1] == "任务1（修路 明天8点在村口）取消了，请不要去了。谢谢您愿意帮忙。"
    assert await tasking.next_due(settings) is None


async def test_the_desk_asks_confirms_and_pays_out_once(
    settings: Settings, village: Village, by_phone: Phone
) -> None:
    secretary = village.leaders["village"]
    desk = desk_for(settings)
    async with desk.browser(secretary) as browser:
        typed = {"words": "修路", "payer": village.unit("village").code, "need": "2", "pay": "62.5"}
        assert (await browser.post("/desk/tasks", **typed | {"pay": "lots"})).status_code == 422
        assert (await browser.post("/desk/tasks", **typed, area="没有的村")).status_code == 422
        block = village.unit("block").code
        assert f'value="{block} 第3邻"' in (await browser.get(f"/desk/tasks?unit={block}")).text
        kept = await browser.post("/desk/tasks", **typed, area="魏岗村委会", once="a")
        assert (kept.status_code, kept.headers["location"]) == (303, "/desk/tasks/1")
        await browser.post("/desk/tasks", **typed, once="a")
        assert await Task.all().count() == 1, "sent twice"
        assert "¥125" in (await browser.get("/desk/tasks/1")).text
        assert (await browser.post("/desk/tasks/1/send")).status_code == 303
        await goes_on(village)
        await by_phone.receives()
        await by_phone.text("1")
        await by_phone.text("任务1做完了 修了30米")
        page = (await browser.get("/desk/tasks/1")).text
        assert "李新" in page
        assert "修了30米" in page
        judged = f"/desk/tasks/1/help/{(await Help.get()).id}"
        assert (await browser.post(judged, verdict="refuse")).status_code == 409, "it says why"
        assert (await browser.post(judged, verdict="confirm")).status_code == 303
        assert (await browser.post(judged, verdict="confirm")).status_code == 409
        table = (await browser.get("/desk/allowances.csv")).text.splitlines()
        assert len(table) == 2
        assert "李新,魏岗村委会,1,修路,补贴,62.50,CNY,赵刚," in table[1]
        assert (await browser.get("/desk/allowances.xlsx")).content.startswith(b"PK")
        assert "¥62.50" in (await browser.get("/desk/allowances")).text
        payer = village.unit("village").code
        last = (await Allowance.get()).id
        for _ in range(2):
            assert (
                await browser.post("/desk/allowances/pay", payer=payer, upto=str(last))
            ).status_code == 303
        assert [deed.action for deed in await AdminAction.filter(action="allowances paid")] == [
            "allowances paid"
        ]
        assert (await Allowance.get()).paid_at is not None
    async with desk.browser(village.leaders["block"]) as browser:
        page = (await browser.get("/desk/tasks/1")).text
        assert "修了30米" not in page, "what somebody shows is for whoever asked"
        assert (await browser.post(judged, verdict="confirm")).status_code == 409
        assert len((await browser.get("/desk/allowances.csv")).text.splitlines()) == 1
    async with desk.browser(village.leaders["peace"]) as browser:
        assert (await browser.get("/desk/tasks/1")).status_code == 404


async def test_words_that_are_no_task_are_a_report_as_ever(village: Village) -> None:
    phone = village.phones["刘大爷"]
    [told] = await phone.text("任务太多了，没人管垃圾")
    assert "编号1001" in told
