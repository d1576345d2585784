"""What residents text, as it stands on their phone: follow-ups, the words that always work, and marks."""

from datetime import timedelta

import pytest

from escalator import questions
from issues import lifecycle
from issues.effects import PHONE
from issues.segments import length
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Action, Address, History, Issue, Message, Outbox, Person, Question, QuestionKind, State
from rooms import render
from tests.factories import Territory, clock_of, plant, resident
from tests.issues.chat import room_of
from tests.issues.diary import Leader, Phone, photo, rooms_of

MOMENT, TALK = timedelta(seconds=5), timedelta(minutes=31)
WELCOME = "谢谢您。有什么事，您随时发过来，邻长会回您。"
HELLO = "您好。有什么事，请写上发过来，邻长会回您。"
WHICH = (
    "您说的是哪一件？\n1：水管坏了（1002）\n2：村口路灯坏了（1001）\n请回前面的数字；是另一件事，请回“新”。"
)
RATE = "谢谢您，编号1001办完了。办得怎么样？很好请回5，不好请回1，差不多的回4、3、2。"
RATED = "谢谢您，我们会转告的。以后有事，您随时发过来。"


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block whom the roster knows."""
    await resident(settings, territory.block)
    return Phone(settings)


@pytest.fixture
def leader(settings: Settings, territory: Territory) -> Leader:
    """The block's leader."""
    return Leader(settings, territory.leaders["block"])


async def words_of(number: int) -> list[str]:
    said = await Message.filter(issue_id=Issue.id_of(number)).order_by("id")
    return [each.text for each in said]


async def two_troubles(phone: Phone) -> None:
    """A lamp and a pipe, told half an hour ago."""
    await phone.text("村口路灯坏了")
    await phone.text("新 水管坏了")


async def test_a_whole_day_on_both_databases(either: Settings) -> None:
    territory = await plant()
    await resident(either, territory.block)
    phone, leader = Phone(either), Leader(either, territory.leaders["block"])
    await two_troubles(phone)
    assert await phone.text("怎么还没人来", after=TALK) == [WHICH]
    assert await phone.text("都急死了") == [WHICH]
    assert "编号1001" in (await phone.text("2"))[0]
    await phone.text("怎么还没人来呢", after=TALK)
    clock_of(either).advance(timedelta(minutes=10))
    assert (await questions.run(either, 10))[0] == 1
    assert "编号1001" in (await phone.told())[0]
    await phone.text("私密 1002")
    assert len((await phone.text("查询"))[0].splitlines()) == 3
    await leader.resolves(1001)
    await phone.told()
    assert await phone.text("好了") == [RATE]
    assert await phone.text("5") == [RATED]
    assert (await phone.text("厨房着火了"))[0].startswith("请马上打119！")
    assert "编号1002" in (await phone.text("1002 算了"))[0]
    assert [issue.state for issue in await Issue.all().order_by("id")] == [
        State.CLOSED,
        State.WITHDRAWN,
        State.OPEN,
    ]
    await phone.text("退订")
    assert await phone.text("帮助") == []


# --- more of one, or another -----------------------------------------------------------------------


async def test_a_text_in_two_parts_is_one_report_with_one_receipt(phone: Phone) -> None:
    await phone.text("村口的路灯")
    assert await phone.text("坏了三天了，没人管", after=MOMENT) == []
    assert await words_of(1001) == ["村口的路灯", "坏了三天了，没人管"]
    assert (await rooms_of(1001))[-1]["do"] == "relay"


async def test_thanks_right_behind_a_report_are_part_of_it(phone: Phone) -> None:
    await phone.text("路灯坏了")
    assert await phone.text("谢谢", after=MOMENT) == []
    assert await words_of(1001) == ["路灯坏了"]


async def test_the_same_words_again_get_no_second_receipt(phone: Phone) -> None:
    await phone.text("路灯坏了")
    assert len(await phone.text("我在开车，稍后回复")) == 1
    assert await phone.text("我在开车，稍后回复") == []
    assert len(await words_of(1001)) == 3


async def test_another_trouble_is_another_issue_without_being_announced(phone: Phone) -> None:
    await phone.text("村口路灯坏了")
    (receipt,) = await phone.text("家里停水了")
    assert "编号1002" in receipt
    (added,) = await phone.text("灯还是不亮", after=TALK)
    assert "编号1001" in added
    (added,) = await phone.text("水一滴都没有", after=TALK)
    assert "编号1002" in added


async def test_what_is_no_other_trouble_joins_the_last_conversation(phone: Phone) -> None:
    await phone.text("村口路灯坏了")
    for words in ("就在停车场旁边", "怎么还没人来", "我家在水塔那里"):
        (added,) = await phone.text(words, after=TALK)
        assert "编号1001" in added
    assert len(await words_of(1001)) == 4


async def test_of_two_the_one_that_was_just_talked_about_is_meant(phone: Phone, leader: Leader) -> None:
    await two_troubles(phone)
    (added,) = await phone.text("怎么还没人来")
    assert "编号1002" in added
    phone.pass_time(TALK)
    await leader.answers(1001, "您说的是哪个灯？")
    await phone.told()
    assert await phone.text("桥头那个") == []
    assert await words_of(1001) == ["村口路灯坏了", "您说的是哪个灯？", "桥头那个"]


async def test_when_nobody_can_tell_we_ask_and_the_digit_files_it(phone: Phone) -> None:
    await two_troubles(phone)
    assert await phone.text("怎么还没人来", after=TALK) == [WHICH]
    assert await words_of(1001) + await words_of(1002) == ["村口路灯坏了", "水管坏了"]
    (added,) = await phone.text("2")
    assert "编号1001" in added
    assert await words_of(1001) == ["村口路灯坏了", "怎么还没人来"]


@pytest.mark.parametrize(
    ("answer", "number"), [("1", 1002), ("①", 1002), ("1001", 1001), ("灯", 1001), ("是水管", 1002)]
)
async def test_the_one_may_be_named_in_any_way(phone: Phone, answer: str, number: int) -> None:
    await two_troubles(phone)
    await phone.text("怎么还没人来", after=TALK)
    (added,) = await phone.text(answer)
    assert f"编号{number}" in added
    assert (await words_of(number))[1].startswith("怎么还没人来")


async def test_it_may_be_something_else(phone: Phone) -> None:
    await two_troubles(phone)
    await phone.text("怎么还没人来", after=TALK)
    (receipt,) = await phone.text("新")
    assert "编号1003" in receipt
    assert await words_of(1003) == ["怎么还没人来"]


async def test_further_words_wait_together_and_are_asked_about_once_more(phone: Phone) -> None:
    await two_troubles(phone)
    await phone.text("怎么还没人来", after=TALK)
    assert await phone.text("都三天了", after=MOMENT) == []
    assert await phone.text("急死人了") == [WHICH]
    assert await phone.text("9") == [WHICH]
    assert await phone.text("好的") == []
    await phone.text("1")
    assert await words_of(1002) == ["水管坏了", "怎么还没人来\n都三天了\n急死人了"]


async def test_without_an_answer_it_joins_the_last_conversation(
    settings: Settings, phone: Phone, clock: FileClock
) -> None:
    await two_troubles(phone)
    await phone.text("怎么还没人来", media=[photo()], after=TALK)
    due = await questions.next_due(settings)
    assert due == clock.now() + timedelta(minutes=10)
    assert await questions.run(settings, 10) == (0, set())
    clock.advance(timedelta(minutes=10))
    done, lanes = await questions.run(settings, 10)
    assert (done, len(lanes)) == (1, 2)
    (added,) = await phone.told()
    assert "编号1002" in added
    kept = await Message.filter(issue_id=2).order_by("-id").first()
    assert kept is not None
    assert (kept.text, len(kept.media)) == ("怎么还没人来", 1)
    assert await questions.next_due(settings) is None
    assert await questions.run(settings, 10) == (0, set())


async def test_what_waited_for_a_closed_issue_is_a_report(
    settings: Settings, phone: Phone, leader: Leader, clock: FileClock
) -> None:
    await two_troubles(phone)
    await phone.text("怎么还没人来", after=TALK)
    await leader.resolves(1002)
    await phone.told()
    await phone.text("1002好了")
    clock.advance(timedelta(minutes=10))
    await questions.run(settings, 10)
    assert await words_of(1003) == ["怎么还没人来"]


async def test_an_answer_after_the_time_is_up_is_none(
    settings: Settings, phone: Phone, clock: FileClock
) -> None:
    await two_troubles(phone)
    await phone.text("怎么还没人来", after=TALK)
    clock.advance(timedelta(minutes=10))
    await questions.run(settings, 10)
    await phone.told()
    (standing,) = await phone.text("2")
    assert standing.startswith("1002水管坏了")


async def test_old_issues_are_asked_after_but_take_no_new_trouble(phone: Phone) -> None:
    await two_troubles(phone)
    *_went_up, receipt = await phone.text("猪跑到路上来了", after=timedelta(days=2))
    assert "编号1003" in receipt
    *_went_up, asked = await phone.text("什么时候来人修", after=timedelta(days=2))
    assert asked.startswith("您说的是哪一件？")


async def test_a_lone_new_makes_the_next_text_another_trouble(phone: Phone) -> None:
    await phone.text("村口路灯坏了")
    assert await phone.text("新") == ["好的，另外是什么事？请写上发过来。"]
    (receipt,) = await phone.text("路灯杆也歪了")
    assert "编号1002" in receipt


# --- thanks, greetings and digits that nobody has asked for ------------------------------------------


async def test_thanks_are_answered_once(phone: Phone) -> None:
    assert await phone.text("谢谢") == [WELCOME]
    assert await phone.text("谢谢您") == []
    assert await phone.text("好的") == []
    assert await Issue.all().count() == 0


async def test_a_leader_is_thanked_and_nobody_is_bothered(phone: Phone, leader: Leader) -> None:
    await phone.text("路灯坏了")
    await leader.answers(1001, "下午来修")
    await phone.told()
    assert await phone.text("好的，谢谢您") == []
    assert await words_of(1001) == ["路灯坏了", "下午来修", "好的，谢谢您"]


@pytest.mark.parametrize("words", ["你好", "在吗？", "Hello", "start"])
async def test_a_greeting_is_no_trouble(phone: Phone, words: str) -> None:
    (hello,) = await phone.text(words)
    assert hello in (HELLO, "Hello. Text us what is wrong, and your neighbour chief will answer.")
    assert await Issue.all().count() == 0


@pytest.mark.parametrize("words", ["1", "2", "是", "在吗", "？"])
async def test_a_digit_that_nobody_asked_for_is_answered_with_how_things_stand(
    phone: Phone, words: str
) -> None:
    await phone.text("路灯坏了")
    assert await phone.text(words) == ["编号1001“路灯坏了”：邻长陈建国会在今天14:00前回您。"]
    assert await words_of(1001) == ["路灯坏了"]


@pytest.mark.parametrize("words", ["。", "…", "、、"])
async def test_nothing_but_marks_is_nothing(phone: Phone, words: str) -> None:
    assert await phone.text(words) == ["您发来的是空的，没有字。请写上是什么事，再发一次。"]


# --- how it was --------------------------------------------------------------------------------------


async def test_a_digit_after_the_thanks_is_a_mark(phone: Phone, leader: Leader) -> None:
    await phone.text("路灯坏了")
    await leader.resolves(1001)
    await phone.told()
    assert await phone.text("1") == [RATE]
    assert await phone.text("1") == [RATED]
    assert (await Issue.get(id=1)).rating == 1
    assert (await rooms_of(1001))[-2]["text"] == "居民打了1分（满分5分）。"


async def test_a_mark_stands_in_the_post_and_goes_up_with_the_story(
    settings: Settings, territory: Territory, phone: Phone, leader: Leader
) -> None:
    await phone.text("路灯坏了")
    await leader.resolves(1001)
    await phone.text("1")
    await phone.text("2")
    assert {"do": "state", "unit": territory.block.id} in await rooms_of(1001)
    shown = await render.card(settings, await lifecycle.lock(1), territory.block)
    assert shown.state == "🏁 已办结，居民说解决了，打了2分（满分5分）。"
    await phone.text("没好")
    assert (await Issue.get(id=1)).rating is None, "it was given to what was not done after all"
    shown = await render.card(settings, await lifecycle.lock(1), territory.units["group"])
    assert any("居民打了2分" in line for line in shown.story)


@pytest.mark.parametrize(
    ("words", "mark"), [("５", 5), ("四分", 4), ("很满意", 5), ("一般", 3), ("太差了", 1)]
)
async def test_a_mark_may_be_a_word(phone: Phone, leader: Leader, words: str, mark: int) -> None:
    await phone.text("路灯坏了")
    await leader.resolves(1001)
    await phone.text("好了")
    assert (await phone.text(words))[-1] == RATED
    assert (await Issue.get(id=1)).rating == mark


@pytest.mark.parametrize("late", ["5", "四分", "3"])
async def test_a_mark_that_nobody_has_asked_for_is_no_trouble(
    phone: Phone, leader: Leader, late: str
) -> None:
    await phone.text("路灯坏了")
    await leader.resolves(1001)
    await phone.text("1")
    assert (await phone.text("4"))[-1] == RATED
    assert await phone.text(late, after=timedelta(days=1)) == [WELCOME]
    assert await Issue.all().count() == 1


async def test_who_does_not_rate_is_left_alone(phone: Phone, leader: Leader) -> None:
    await phone.text("路灯坏了")
    await leader.resolves(1001)
    await phone.text("好了")
    assert await phone.text("谢谢") == []
    assert await phone.text("9") == [
        "编号1001办得怎么样？请回一个数字：很好回5，不好回1，差不多的回4、3、2。"
    ]
    (receipt,) = await phone.text("家里停水了")
    assert "编号1002" in receipt
    assert (await Issue.get(id=1)).rating is None


async def test_a_mark_that_comes_late_is_none(
    settings: Settings, phone: Phone, leader: Leader, clock: FileClock
) -> None:
    await phone.text("路灯坏了")
    await leader.resolves(1001)
    await phone.text("好了")
    clock.advance(timedelta(days=3))
    assert (await questions.run(settings, 10))[0] == 1
    await phone.told()
    assert await phone.text("5") == [WELCOME]


@pytest.mark.parametrize(
    "words",
    ["没好，还在漏水", "2 还是漏", "还在漏，比以前厉害", "not fixed, still dripping", "根本没人来修水管"],
)
async def test_a_no_goes_up_with_its_words(
    phone: Phone, leader: Leader, territory: Territory, words: str
) -> None:
    await phone.text("水管漏水")
    await leader.resolves(1001)
    await phone.told()
    (sorry,) = await phone.text(words)
    assert "周强" in sorry
    issue = await Issue.get(id=1)
    assert (issue.state, issue.holder_id) == (State.OPEN, territory.units["group"].id)
    assert (await words_of(1001))[-1] == words
    group = [row for row in await rooms_of(1001) if row["unit"] == territory.units["group"].id]
    assert [row["do"] for row in group] == ["show", "state", "relay"]


async def test_in_a_rooms_thread_too(settings: Settings, territory: Territory) -> None:
    room = await room_of(settings, territory.block)
    await room.says("@liu:test", "水管漏水")
    post = room.last
    await Leader(settings, territory.leaders["block"]).resolves(1001)
    assert await room.says("@liu:test", "没好，还在漏", thread=post) == []
    assert (await words_of(1001))[-1] == "没好，还在漏"
    issue = await Issue.get(id=1)
    assert (issue.state, issue.holder_id) == (State.OPEN, territory.units["group"].id)
    rows = [row for row in await rooms_of(1001) if row["do"] == "relay"]
    assert [row["unit"] for row in rows] == [territory.units["group"].id]


async def test_a_no_right_after_the_yes_opens_it_again(phone: Phone, leader: Leader) -> None:
    await phone.text("水管漏水")
    await leader.resolves(1001)
    await phone.text("1")
    (sorry,) = (await phone.text("没好，又漏水了"))[-1:]
    assert sorry.startswith("对不起")
    assert (await words_of(1001))[-1] == "没好，又漏水了"


async def test_a_day_later_a_no_with_words_still_opens_it(phone: Phone, leader: Leader) -> None:
    await phone.text("水管漏水")
    await leader.resolves(1001)
    await phone.text("1")
    await phone.text("5")
    (sorry,) = await phone.text("没修好，水还在漏", after=timedelta(days=1))
    assert sorry.startswith("对不起")


async def test_a_no_about_something_else_is_a_report(phone: Phone, leader: Leader) -> None:
    await phone.text("水管漏水")
    await leader.resolves(1001)
    await phone.text("1")
    (receipt,) = (await phone.text("没人来修路灯，路灯坏了"))[-1:]
    assert "编号1002" in receipt


async def test_a_no_while_it_is_worked_on_is_passed_on(phone: Phone, leader: Leader) -> None:
    await phone.text("水管漏水")
    (added,) = await phone.text("没好")
    assert "编号1001" in added
    assert await words_of(1001) == ["水管漏水", "没好"]


# --- how do my issues stand ----------------------------------------------------------------------------


async def test_status_of_one(phone: Phone, leader: Leader) -> None:
    assert await phone.text("查询") == ["您现在没有在办的事。有什么事，您随时发过来。"]
    await phone.text("村口路灯坏了")
    assert await phone.text("查询") == ["编号1001“村口路灯坏了”：邻长陈建国会在今天14:00前回您。"]
    await leader.answers(1001, "下午来")
    await phone.told()
    assert await phone.text("chaxun") == ["编号1001“村口路灯坏了”：邻长陈建国正在办。"]
    await leader.resolves(1001)
    await phone.told()
    assert await phone.text("怎么样了") == ["编号1001“村口路灯坏了”：说是办好了。解决了请回1，没解决请回2。"]
    await phone.text("1")
    assert await phone.text("查询 1001") == ["编号1001“村口路灯坏了”已经办完了。"]


async def test_what_came_without_words_is_called_by_what_it_is(phone: Phone) -> None:
    await phone.text("", media=[photo()])
    assert await phone.text("查询") == ["编号1001“图片”：邻长陈建国会在今天14:00前回您。"]


async def test_status_of_several_names_the_urgent_one_and_the_last(phone: Phone, leader: Leader) -> None:
    await phone.text("楼上着火了")
    for words in ("新 村口路灯坏了", "新 家里停水了", "新 下水道堵了三天了，没有人来管过"):
        await phone.text(words)
    await leader.answers(1003, "在修了")
    await phone.told()
    (told,) = await phone.text("查询")
    assert told.splitlines() == [
        "1001楼上着火了：邻长陈建国今天10:30前回您",
        "1004下水道堵了三天了，没有人来管过：邻长陈建国今天14:01前回您",
        "1003家里停水了：邻长陈建国正在办",
        "想细看哪一件，请回“查询”和编号。",
    ]
    assert await phone.text("查询 1002") == ["编号1002“村口路灯坏了”：邻长陈建国会在今天14:00前回您。"]


@pytest.mark.parametrize(
    "story",
    ["路口的红绿灯坏了三天了，车都堵在那里，", "The pipe in the yard has been leaking since Monday, "],
)
async def test_however_much_was_said_status_and_question_take_two_segments(
    phone: Phone, territory: Territory, story: str
) -> None:
    await Person.filter(id=territory.leaders["block"].id).update(name="欧阳建国·阿不都热合曼")
    for index in range(5):
        await phone.text(f"新 {index}{story * 9}")
    await phone.text("中文")
    (told,) = await phone.text("status")
    assert length(told).segments == 2
    assert len(told.splitlines()) >= 3
    (asked,) = await phone.text("when will you come", after=TALK)
    assert length(asked).segments <= 2
    assert len(asked.splitlines()) == 5


async def test_status_of_somebody_elses_number_tells_nothing(
    settings: Settings, phone: Phone, territory: Territory
) -> None:
    await phone.text("村口路灯坏了")
    await resident(settings, territory.block, name="别人", number="+8613700137000")
    other = Phone(settings, number="+8613700137000")
    assert await other.text("查询 1001") == ["您现在没有在办的事。有什么事，您随时发过来。"]


# --- somebody to talk to ---------------------------------------------------------------------------------


async def with_phone(settings: Settings, person: Person, number: str) -> Address:
    vault = settings.vault
    return await Address.create(
        person=person, bridge="sms", lookup=vault.lookup("sms", number), sealed=vault.seal(number)
    )


async def test_who_wants_a_person_gets_the_number_and_the_leader_hears_of_it(
    settings: Settings, phone: Phone, territory: Territory
) -> None:
    chief = territory.leaders["block"]
    number = await with_phone(settings, chief, "+8613900001111")
    assert await phone.text("找人") == [f"邻长陈建国的电话：{PHONE}。也请对方给您回电话了。"]
    mine, theirs = await Outbox.all().order_by("id")
    assert mine.payload["phone_of"] == number.id
    assert theirs.address_id == number.id
    assert theirs.payload["text"] == f"刘大爷（魏岗村委会第3邻）请您打个电话：{PHONE}"
    assert theirs.payload["phone_of"] == mine.address_id
    assert "1390000" not in str(mine.payload) + str(theirs.payload)


async def test_who_wants_a_person_about_an_issue_gets_its_holder(
    settings: Settings, phone: Phone, leader: Leader, territory: Territory
) -> None:
    await with_phone(settings, territory.leaders["group"], "+8613900002222")
    await phone.text("路灯坏了")
    await leader.passes_up(1001, "")
    await phone.told()
    assert await phone.text("转人工") == [f"组长周强的电话：{PHONE}。也请对方给您回电话了。"]
    assert (await rooms_of(1001))[-1]["text"] == "居民想请人打个电话。"


async def test_where_no_number_is_known_we_say_who_calls(phone: Phone) -> None:
    assert await phone.text("找人") == ["已经请邻长陈建国给您打电话了，请等一等。有危险请打110/119/120。"]


async def test_a_stranger_who_wants_a_person_is_asked_where_they_live(
    settings: Settings, territory: Territory
) -> None:
    stranger = Phone(settings, number="+8613900139000")
    (asked,) = await stranger.text("找人")
    assert "请问您住哪里" in asked
    assert await words_of(1001) == ["找人"]


# --- help and language -----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["帮助", "怎么用", "bangzhu"])
async def test_help_is_given(phone: Phone, words: str) -> None:
    (told,) = await phone.text(words)
    assert "“查询”看进度" in told
    assert await Issue.all().count() == 0


async def test_a_language_is_kept_once_it_was_chosen(phone: Phone) -> None:
    assert await phone.text("English please") == ["We write to you in English from now on."]
    (receipt,) = await phone.text("路灯坏了")
    assert receipt.startswith("Thank you, we have it")
    assert await phone.text("中文") == ["好的，以后用中文给您发。"]
    (receipt,) = await phone.text("New: the pipe is broken")
    assert receipt.startswith("您的话收到了")
    assert await phone.text("language") == ["We write to you in English from now on."]


async def test_an_english_word_is_a_hint_for_who_has_written_nothing_else(
    settings: Settings, territory: Territory
) -> None:
    stranger = Phone(settings, number="+8613900139000")
    (told,) = await stranger.text("Help")
    assert told.startswith("Text us what is wrong.")
    other = Phone(settings, number="+8613900139001")
    (told,) = await other.text("bangzhu")
    assert told.startswith("有事就写上")


# --- only for the leader ---------------------------------------------------------------------------------


async def test_what_is_announced_as_private_is_seen_by_the_leader_only(phone: Phone) -> None:
    assert await phone.text("私密 邻居打老婆") == [
        "您的话收到了，编号1001。只有邻长陈建国看得到，会在今天14:00前回您。"
    ]
    assert (await Issue.get(id=1)).private
    assert await words_of(1001) == ["邻居打老婆"]
    assert await phone.text("查询") == ["编号1001“私密”：邻长陈建国会在今天14:00前回您。"]


async def test_a_lone_private_takes_the_last_issue_out_of_the_rooms(
    phone: Phone, leader: Leader, territory: Territory
) -> None:
    await phone.text("邻居打老婆")
    await leader.passes_up(1001, "")
    await phone.told()
    assert await phone.text("私密") == ["编号1001已改成私密的，现在只有组长周强看得到。"]
    assert (await Issue.get(id=1)).private
    rows = [(row["do"], row["unit"]) for row in await rooms_of(1001)][-4:]
    block, group = territory.block.id, territory.units["group"].id
    assert rows == [("hide", block), ("show", block), ("hide", group), ("show", group)]
    last = await History.filter(issue_id=1).order_by("-seq").first()
    assert last is not None
    assert last.action is Action.PRIVATE


async def test_a_lone_private_without_an_issue_makes_the_next_text_private(phone: Phone) -> None:
    (how,) = await phone.text("私密")
    assert how.startswith("只想让邻长看到的事")
    (receipt,) = await phone.text("邻居打老婆")
    assert "只有邻长陈建国看得到" in receipt


async def test_private_words_on_an_issue_make_it_private_too(phone: Phone) -> None:
    await phone.text("邻居总吵架")
    told = await phone.text("私密 1001 他还打老婆")
    assert told[0] == "编号1001已改成私密的，现在只有邻长陈建国看得到。"
    assert (await words_of(1001))[-1] == "1001 他还打老婆"
    assert await Issue.all().count() == 1


# --- never mind ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["算了", "不用了，谢谢", "never mind", "Cancel", "suanle"])
async def test_who_needs_it_no_more_is_thanked(phone: Phone, words: str) -> None:
    await phone.text("路灯坏了")
    assert await phone.text(words) == ["好的，编号1001就不办了，谢谢您说一声。"]
    issue = await Issue.get(id=1)
    assert (issue.state, issue.answer_due) == (State.WITHDRAWN, None)
    assert (await rooms_of(1001))[-2]["text"] == "居民说不用办了，谢谢大家。"
    (receipt,) = await phone.text("还是来看看吧")
    assert "编号1002" in receipt


async def test_of_two_it_is_asked_which_one_is_not_needed(phone: Phone) -> None:
    await two_troubles(phone)
    assert await phone.text("算了", after=TALK) == [WHICH]
    assert await phone.text("1") == ["好的，编号1002就不办了，谢谢您说一声。"]
    assert [issue.state for issue in await Issue.all().order_by("id")] == [State.OPEN, State.WITHDRAWN]


async def test_never_mind_with_nothing_open_is_nothing(phone: Phone) -> None:
    assert await phone.text("算了") == [WELCOME]


async def test_what_is_solved_by_itself_needs_no_leader(phone: Phone) -> None:
    await phone.text("停电了")
    assert await phone.text("来电了") == ["谢谢您，编号1001办完了。以后有事，您随时发过来。"]
    assert (await Issue.get(id=1)).state is State.CLOSED


# --- no more texts -----------------------------------------------------------------------------------------


async def test_after_stop_there_is_one_word_and_then_silence(phone: Phone, leader: Leader) -> None:
    await phone.text("路灯坏了")
    assert await phone.text("退订") == ["好的，以后不给您发短信了，有事邻长会上门。想再收，请回“恢复”。"]
    assert (await rooms_of(1001))[-1]["text"] == "居民不想再收短信了，没办完的事请上门告诉。"
    for words in ("退订", "查询", "还是不亮", "谢谢", "帮助", "新 停水了"):
        assert await phone.text(words) == []
    assert await words_of(1001) == ["路灯坏了", "还是不亮"]
    assert await words_of(1002) == ["停水了"]
    await leader.resolves(1001)
    assert await phone.told() == []
    assert await phone.text("恢复") == ["好的，又给您发短信了。有什么事，您随时发过来。"]
    assert (await rooms_of(1002))[-1]["text"] == "居民又可以收短信了。"
    assert len(await phone.text("查询")) == 1


async def test_who_stopped_is_still_told_whom_to_call_in_danger(phone: Phone) -> None:
    await phone.text("stop")
    (told,) = await phone.text("着火了")
    assert told.startswith("请马上打119！")
    row = await Outbox.filter(bridge="sms").order_by("-id").first()
    assert row is not None
    assert row.payload["even_stopped"]


async def test_the_carriers_stop_needs_no_word_of_ours(phone: Phone) -> None:
    await phone.text("路灯坏了")
    assert await phone.text("STOP", opt_out="STOP") == []
    assert (await rooms_of(1001))[-1]["text"] == "居民不想再收短信了，没办完的事请上门告诉。"
    assert await phone.text("START", opt_out="START") == []
    assert (await Address.get(id=1)).stopped_at is None


async def test_a_yes_that_the_carrier_takes_for_start_is_a_yes(phone: Phone, leader: Leader) -> None:
    await phone.text("路灯坏了")
    await leader.resolves(1001)
    await phone.told()
    assert await phone.text("Yes", opt_out="START") == [RATE]


# --- whoever writes from another place ---------------------------------------------------------------


async def test_they_are_answered_where_they_wrote_last(settings: Settings, phone: Phone) -> None:
    await phone.text("路灯坏了")
    phone.pass_time(TALK)
    second = await with_phone(settings, await Person.get(addresses__id=1), "+8613700137000")
    other = Phone(settings, number="+8613700137000")
    (added,) = await other.text("还是不亮")
    assert "编号1001" in added
    assert (await Issue.get(id=1)).address_id == second.id


async def test_the_number_of_a_merged_issue_stays_good(phone: Phone) -> None:
    await phone.text("路灯坏了")
    await phone.text("新 另一盏灯也坏了")
    await Issue.filter(id=2).update(state=State.MERGED, merged_into_id=1)
    (added,) = await phone.text("1002 还是黑的")
    assert "编号1002" in added
    assert await Question.all().count() == 0


async def test_what_an_issue_does_not_allow_any_more_is_said_and_blocks_nobody(
    settings: Settings, territory: Territory
) -> None:
    address = await resident(settings, territory.block)
    phone = Phone(settings)
    await phone.text("水管坏了")
    await Question.create(
        person_id=address.person_id, issue_id=1, kind=QuestionKind.RATE, asked_at=settings.clock.now()
    )
    (told,) = await phone.text("5")
    assert "1001" in told
    assert await History.filter(action=Action.RATE).count() == 0
