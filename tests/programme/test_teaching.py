"""The course for new leaders: by text and in chat, from who begins it to who has finished it."""

from datetime import timedelta

import pytest

from escalator import teaching
from linzhang.settings import Settings
from models import Course, NoticePerson, Person, Reached
from programme.teaching.lessons import LESSONS
from tests.desk.desk import desk_for
from tests.factories import MORNING, appoint, clock_of, reachable
from tests.issues.chat import whispers
from tests.issues.diary import Phone, carry_out
from tests.programme.test_notices import sent
from tests.programme.village import Village

NUMBER = "+8613900139009"
FIRST = (
    "第1课（共5课）：居民说了事，4小时内要回话，一句就行。有人说路灯坏了，您先做什么？"
    "1：先回他一句。2：修好再说。"
)


@pytest.fixture
async def newcomer(settings: Settings, village: Village) -> Person:
    """Somebody who has led the neighbouring block since yesterday, and has a telephone and no more."""
    person = await appoint(village.unit("other_block"), "李新", since=MORNING - timedelta(days=1))
    await reachable(settings, person, NUMBER)
    return person


@pytest.fixture
def phone(settings: Settings) -> Phone:
    """The newcomer's."""
    return Phone(settings, NUMBER)


async def day_passes(settings: Settings) -> None:
    """Let a day pass, and the duty do what is due."""
    clock_of(settings).advance(timedelta(days=1))
    await go_on(settings)


async def go_on(settings: Settings) -> None:
    """Let the duty do what is due, and let it all go out."""
    await teaching.run(settings, 50)
    await carry_out(settings)


async def begins(village: Village) -> list[str]:
    """Let the village's secretary have all who are new begin; returns what they are told."""
    secretary = village.leaders["village"]
    before = len(await whispers(secretary))
    await village.rooms["village"].says(secretary, "！培训")
    return (await whispers(secretary))[before:]


async def test_a_newcomer_learns_by_text_a_lesson_a_day(
    settings: Settings, village: Village, newcomer: Person, phone: Phone
) -> None:
    (told,) = await begins(village)
    assert told == "1人开始上课：第4邻 李新\n魏岗村委会：5位负责人，1人上了课，0人学完了。"
    await go_on(settings)
    assert await phone.receives() == [FIRST]
    assert (await phone.text("1"))[1:] == ["对。有您一句话，人家心里就踏实了。明天再学下一课。"]
    assert await phone.text("1") == [], "they say it twice"
    await day_passes(settings)
    (second,) = await phone.told()
    assert second.startswith("第2课（共5课）：")
    wrong = "选另一个更好。上面有人手有工具，也知道您没有放下不管。明天再学下一课。"
    assert await phone.text("１") == [wrong]
    for lesson in LESSONS[2:]:
        await day_passes(settings)
        (*_, last) = await phone.text(lesson.right)
    assert last == "对。事是替居民办的，没解决就接着办。课都学完了，5题答对4题。谢谢您为邻居们操心。"
    await day_passes(settings)
    await phone.told()
    assert await teaching.next_due(settings) is None
    assert await begins(village) == [
        "您下面没有还没上过课的新负责人。\n魏岗村委会：5位负责人，1人上了课，1人学完了。"
    ]


async def test_who_does_not_answer_is_reminded_once(
    settings: Settings, village: Village, newcomer: Person, phone: Phone
) -> None:
    await begins(village)
    await go_on(settings)
    await phone.receives()
    await day_passes(settings)
    assert await phone.receives() == [FIRST.replace("第1课（共5课）：", "不着急，第1课（共5课）还等您回答：")]
    for _ in range(3):
        await day_passes(settings)
    assert await phone.receives() == []
    assert (await phone.text("2"))[-1].startswith("选另一个更好。")
    await day_passes(settings)
    assert (await phone.receives())[-1].startswith("第2课")


async def test_nobody_is_taught_at_night(
    settings: Settings, village: Village, newcomer: Person, phone: Phone
) -> None:
    await begins(village)
    clock_of(settings).advance(timedelta(hours=14))
    await go_on(settings)
    assert await phone.receives() == []
    morning = await teaching.next_due(settings)
    assert morning is not None
    clock_of(settings).advance(morning - settings.clock.now())
    await go_on(settings)
    assert await phone.receives() == [FIRST]


async def test_a_digit_behind_a_notice_says_that_it_was_read(
    settings: Settings, village: Village, newcomer: Person, phone: Phone
) -> None:
    await begins(village)
    await go_on(settings)
    await sent(village)
    await phone.text("1")
    assert (await Course.get(person_id=newcomer.id)).waits
    assert (await NoticePerson.get(person_id=newcomer.id)).state is Reached.READ


async def test_a_leader_learns_in_chat_because_they_want_to(settings: Settings, village: Village) -> None:
    leader = village.leaders["block"]
    await village.rooms["block"].says(leader, "！学习")
    assert (await whispers(leader))[-1] == "第一课马上发给您。"
    await go_on(settings)
    await village.rooms["block"].says(leader, "！学习")
    assert (await whispers(leader))[-1] == "您已经在学了，学到第1课，一共5课。"


async def test_a_leader_introduces_themselves_to_their_residents(village: Village) -> None:
    leader, room = village.leaders["block"], village.rooms["block"]
    (draft,) = await room.says(leader, "！自我介绍")
    words = "各位邻居好，以后我是咱们的邻长。家里有事，往这个号码发短信，4小时内回您"
    assert words in draft
    await room.reacts(leader, "✅", await room.delivered())
    await village.goes_on(times=2)
    assert await village.phones["刘大爷"].receives() == [f"第3邻邻长陈建国：{words}。看过请回1。"]


async def test_the_desk_shows_who_has_finished_and_lets_others_begin(
    settings: Settings, village: Village, newcomer: Person
) -> None:
    async with desk_for(settings).browser(village.leaders["village"]) as browser:
        address = f"/desk/teaching/{village.unit('village').code}"
        page = await browser.get(address)
        assert "李新" in page.text
        await browser.post(address)
        page = await browser.get(address)
        assert "0/5" in page.text
        assert (await Course.get(person_id=newcomer.id)).unit_id == village.unit("other_block").id
    async with desk_for(settings).browser(village.leaders["block"]) as browser:
        assert (await browser.get(address)).status_code == 404
