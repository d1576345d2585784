"""Issues are found by what was said in them, in Chinese too, on both databases."""

from datetime import timedelta

from tortoise.transactions import in_transaction

from issues import chain, lifecycle
from issues.lifecycle import Actor
from linzhang.settings import Settings
from models import Issue, State
from projections import words
from tests.factories import clock_of, plant, resident
from tests.issues.diary import Leader, Phone, spoken
from tests.projections.desk import show


async def numbers(text: str) -> list[int]:
    found = await Issue.filter(await words.find(text)).order_by("-id").limit(50)
    return [issue.number for issue in found]


async def test_all_that_is_said_is_found(either: Settings) -> None:
    territory = await plant()
    await resident(either, territory.block)
    phone, chen = Phone(either), territory.leaders["block"]
    await phone.text("水管坏了，厨房漏水")
    await phone.text("新 路灯不亮 Lamp post 3号，电话13900139000，或 138-0013 8001")
    clock_of(either).advance(timedelta(minutes=1))
    await Leader(either, chen).answers(1001, "明天上午来修")
    async with in_transaction():
        issue = await lifecycle.lock(Issue.id_of(1001))
        note = spoken(chen, "需要请自來水公司")
        await lifecycle.note(either, issue, Actor(chen, "matrix", "!room:test"), note, clock_of(either).now())
    await show(either)
    expected = {
        "水管": [1001],
        "水管 漏": [1001],
        "漏水": [1001],
        "管水": [],
        "灯": [1002],
        "亮": [1002],
        "LAMP": [1002],
        "lam": [1002],
        "amp": [],
        "明天上午": [1001],
        "自来水": [1001],  # in the note, in traditional characters
        "刘大爷": [1002, 1001],
        "魏岗": [1002, 1001],
        "刘大爷 路灯": [1002],
        "13900139000": [],
        "8001": [],
        "'); drop table issue; --": [],
        "！？": [],
        "": [1002, 1001],
    }
    assert {text: await numbers(text) for text in expected} == expected
    here = Issue.filter(chain.below(territory.block.path), await words.find("路灯"), state=State.OPEN)
    assert [each.number for each in await here] == [1002]
    elsewhere = Issue.filter(chain.below(territory.units["peace"].path), await words.find("路灯"))
    assert await elsewhere.count() == 0
    for odd in ("\ud83d", "ﬁ½", "a" * 5000, "水" * 3000, "\x00水管道", "‘’“”", "·́", '"*" OR'):
        assert await numbers(odd) == []


async def test_what_is_taken_back_or_corrected_is_not_found_any_more(either: Settings) -> None:
    territory = await plant()
    await resident(either, territory.block)
    await Phone(either).text("水管坏了")
    chen = territory.leaders["block"]
    actor, at = Actor(chen, "matrix", "!room:test"), clock_of(either).now()
    async with in_transaction():
        issue = await lifecycle.lock(Issue.id_of(1001))
        said = spoken(chen, "明天去看")
        await lifecycle.answer(either, issue, actor, said, at)
    await show(either)
    assert await numbers("明天") == [1001]
    async with in_transaction():
        issue = await lifecycle.lock(Issue.id_of(1001))
        await lifecycle.correct(either, issue, actor, said, "后天去看", at, unsent=False)
    await show(either)
    assert (await numbers("明天"), await numbers("后天")) == ([], [1001])
    async with in_transaction():
        issue = await lifecycle.lock(Issue.id_of(1001))
        await lifecycle.retract(either, issue, actor, said, at, unsent=False)
    await show(either)
    assert await numbers("后天") == []
