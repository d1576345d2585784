"""Which leaders may need a word or help: who comes onto the list, what an office does, and who sees it."""

from datetime import timedelta

import pytest

from escalator import deadlines, encouraging, projecting
from models import (
    Address,
    AdminAction,
    Concern,
    Leadership,
    Outbox,
    Person,
    Step,
    Survey,
    SurveyBlock,
    SurveyState,
)
from tests.desk.desk import desk_for
from tests.factories import MORNING, goes_away
from tests.issues.chat import Chat, direct_with, whispers
from tests.issues.diary import Leader
from tests.programme.village import Village


async def looked_at(village: Village) -> None:
    """Let the duty go round all leaders."""
    while (await encouraging.run(village.settings, 50))[0]:
        pass


async def all_are_there(village: Village) -> None:
    """Let every leader have done something just now."""
    await Address.all().update(seen_at=village.settings.clock.now())


async def listed(village: Village, leader: str = "village") -> str:
    """What somebody who asks is told of their list."""
    person = village.leaders[leader]
    await village.rooms[leader].says(person, "！鼓励")
    return (await whispers(person))[-1]


async def talks_alone(village: Village, leader: str = "village") -> Chat:
    """The direct room of a leader."""
    return await direct_with(village.settings, village.leaders[leader])


@pytest.fixture
async def silent(village: Village) -> Person:
    """The leader of the group, of whom nothing was heard for forty days."""
    village.pass_time(timedelta(days=40))
    await all_are_there(village)
    group = village.leaders["group"]
    await Address.filter(person_id=group.id).update(seen_at=MORNING)
    await looked_at(village)
    return group


async def test_who_is_long_silent_comes_onto_the_list(either: Village) -> None:
    village = either
    village.pass_time(timedelta(days=40))
    await all_are_there(village)
    group, block = village.leaders["group"], village.leaders["block"]
    await Address.filter(person_id__in=[group.id, block.id]).update(seen_at=MORNING)
    await goes_away(village.unit("block"), block, MORNING + timedelta(days=60))
    await looked_at(village)
    told = await listed(village)
    assert told.startswith("· 张庄组 周强：11月24日以后没有消息\n")
    assert "陈建国" not in told, "who has said that they are away is not silent"
    assert "周强" not in await listed(village, "group"), "nobody reads about themselves"
    await Address.filter(person_id=group.id).update(seen_at=village.settings.clock.now())
    await looked_at(village)
    assert "周强" in await listed(village), "it is looked at once a day"
    village.pass_time(timedelta(days=1))
    await looked_at(village)
    assert "周强" not in await listed(village)


async def test_who_has_missed_many_windows_comes_onto_the_list(either: Village) -> None:
    village = either
    await all_are_there(village)
    liu = village.phones["刘大爷"]
    for words in ("村口的路灯坏了", "新 水管漏水了", "新 井盖没了"):
        await liu.text(words)
    await Leader(village.settings, village.leaders["block"]).answers(1001, "明天来看看")
    village.pass_time(timedelta(hours=5))
    await deadlines.run(village.settings, 50)
    await projecting.run(village.settings, 500)
    await looked_at(village)
    assert not await Concern.exists(person_id=village.leaders["block"].id), "two are few"
    village.pass_time(timedelta(days=4))
    await deadlines.run(village.settings, 50)
    await projecting.run(village.settings, 500)
    await looked_at(village)
    concern = await Concern.get(person_id=village.leaders["block"].id)
    assert concern.missed == 3
    assert "· 第3邻 陈建国：28天里3次过了时限" in await listed(village)


async def test_with_whom_few_are_content_comes_onto_the_list(village: Village) -> None:
    await all_are_there(village)
    leader, unit, now = village.leaders["block"], village.unit("block"), village.settings.clock.now()
    survey = await Survey.create(
        unit=village.unit("village"),
        path=village.unit("village").path,
        author=village.leaders["village"],
        event_id="x",
        state=SurveyState.OVER,
        made_at=now,
        ended_at=now,
        least=6,
        margin=0.05,
    )
    block = await SurveyBlock.create(
        survey=survey, unit=unit, path=unit.path, leader=leader, listed="x", people=9, good=2, fair=1, poor=3
    )
    await looked_at(village)
    assert not await Concern.exists(person_id=leader.id), "of so few nothing is told"
    await SurveyBlock.filter(id=block.id).update(shown=True)
    village.pass_time(timedelta(days=1))
    await looked_at(village)
    assert "· 第3邻 陈建国：满意的只有33%" in await listed(village)


async def test_a_kind_word_goes_to_the_leader_alone_and_they_are_off_the_list(
    village: Village, silent: Person
) -> None:
    secretary = village.leaders["village"]
    assert "别人也看得到" in (await village.rooms["village"].says(secretary, "！鼓励 周强"))[0]
    room = await talks_alone(village)
    (told,) = await room.says(secretary, "！鼓励 周强")
    offered = "周强您好，有些日子没有您的消息了，一切都好吗？有什么难处跟我说，我们一起想办法。"
    assert told == f"周强会收到您的话：{offered}"
    row = await Outbox.filter(address__person_id=silent.id).order_by("-id").first()
    assert row is not None
    assert row.payload["text"] == f"{offered}（村书记赵刚）"
    assert await listed(village) == "您下面没有需要鼓励或帮扶的负责人。"
    assert (await room.says(secretary, "！鼓励 周强：改天去看你"))[0] == "周强不在您的名单上。"
    village.pass_time(timedelta(days=15))
    await looked_at(village)
    assert "周强" in await listed(village)
    await room.says(secretary, "！鼓励 张庄组 周强：改天去看你")
    assert [each.note for each in await Step.all().order_by("id")] == [offered, "改天去看你"]


async def test_what_was_done_is_recorded_with_its_reason(village: Village, silent: Person) -> None:
    room, secretary = await talks_alone(village), village.leaders["village"]
    (wrong,) = await room.says(secretary, "！鼓励 记 周强")
    assert "！鼓励 记 周强 谈过：他母亲病了" in wrong
    (told,) = await room.says(secretary, "！鼓励 记 周强 谈过：他母亲病了")
    assert told.startswith("周强记下了：谈过。")
    step = await Step.get()
    assert (step.kind, step.note, step.reasons) == ("talked", "他母亲病了", "11月24日以后没有消息")
    assert (await AdminAction.all().order_by("-seq"))[0].who == "赵刚"


async def test_an_office_does_it_on_the_desk_and_others_see_nothing(village: Village, silent: Person) -> None:
    post = await Leadership.get(person_id=silent.id)
    address = f"/desk/encouraging/{village.unit('village').code}"
    async with desk_for(village.settings).browser(village.leaders["village"]) as browser:
        page = await browser.get(address)
        assert "11月24日以后没有消息" in page.text
        wrong = await browser.post(f"{address}/{post.id}/word", words="看 www.example.com", once="a")
        assert wrong.status_code == 422
        for _ in range(2):
            await browser.post(f"{address}/{post.id}/step", kind="deputy", note="马丽代", once="b")
        page = await browser.get(address)
        assert "马丽代" in page.text
        assert "下面没有需要鼓励或帮扶的负责人" in page.text
    assert await Step.all().count() == 1
    for name in ("group", "peace"):
        async with desk_for(village.settings).browser(village.leaders[name]) as browser:
            assert (await browser.get(address)).status_code == 404
            own = await browser.get(f"/desk/encouraging/{village.unit(name).code}")
            assert "马丽代" not in own.text
