"""A leader with only a phone is given issues by text, and answers them with texts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridges.contract import Media
from escalator import deadlines, nudges
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Action, History, Issue, Message, Outbox, Person, Question, QuestionKind, State, Voice
from tests.factories import MORNING, Territory, clock_of, goes_away, plant, reachable, resident
from tests.issues.diary import Leader, Phone

CHIEFS = "+8613700137000"
GIVEN = (
    "新事，编号1001，刘大爷，魏岗村委会第3邻：“水管坏了”请在今天14:00前答复：先写1001再写您的话。"
    "办完了发“1001好了”，上报发“1001上报”。"
)
PHOTO = Media("https://carrier.test/1", "image/jpeg")


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block."""
    await resident(settings, territory.block)
    return Phone(settings)


@pytest.fixture
async def chief(settings: Settings, territory: Territory) -> Phone:
    """The phone of the block's leader, who has nothing else."""
    await reachable(settings, territory.leaders["block"], CHIEFS)
    return Phone(settings, number=CHIEFS)


async def actions(number: int = 1001) -> list[Action]:
    return [row.action for row in await History.filter(issue_id=Issue.id_of(number)).order_by("seq")]


async def words(number: int = 1001) -> list[tuple[Voice, str]]:
    said = await Message.filter(issue_id=Issue.id_of(number)).order_by("id")
    return [(each.voice, each.text) for each in said]


# --- being told ------------------------------------------------------------------------------------


async def test_an_issue_is_given_by_text_and_answered_by_text(either: Settings) -> None:
    territory = await plant()
    await resident(either, territory.block)
    await reachable(either, territory.leaders["block"], CHIEFS)
    phone, chief = Phone(either), Phone(either, number=CHIEFS)
    await phone.text("水管坏了")
    assert await chief.receives() == [GIVEN]
    assert await chief.text("1001 明天上午来修") == [GIVEN, "已发给刘大爷，编号1001。"]
    assert (await phone.receives())[-1] == "邻长陈建国回您（编号1001）：明天上午来修"
    assert await chief.text("1001好了") == ["已经去问刘大爷编号1001解决了没有。"]
    assert (await phone.receives())[-1].startswith("邻长陈建国说编号1001办好了。")
    await phone.text("1")
    assert await actions() == [Action.REPORT, Action.ANSWER, Action.RESOLVE, Action.CONFIRM]
    row = await History.get(seq=2)
    assert (row.actor_id, row.bridge, row.room_id) == (territory.leaders["block"].id, "sms", "")
    assert await Question.filter(kind=QuestionKind.REPLY, settled_at=None).count() == 0


@pytest.mark.parametrize(("kind", "called"), [("image/jpeg", "图片"), ("audio/x-wav", "语音")])
async def test_a_report_without_words_is_called_by_what_it_is(
    settings: Settings, phone: Phone, chief: Phone, kind: str, called: str
) -> None:
    await phone.text("", media=[Media("https://carrier.test/1", kind)])
    (given,) = await chief.told()
    assert given.startswith(f"新事，编号1001，刘大爷，魏岗村委会第3邻：“{called}”请在")
    clock_of(settings).advance(timedelta(hours=2))
    await nudges.run(settings, 10)
    (nudge,) = await chief.told()
    assert f"“{called}”" in nudge


async def test_a_long_report_is_shortened_and_how_to_answer_is_kept(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了，" * 60)
    (given,) = await chief.told()
    assert len(given) <= 134
    assert given.endswith("办完了发“1001好了”，上报发“1001上报”。")


@pytest.mark.parametrize(
    ("seen", "texted"), [(timedelta(0), False), (timedelta(hours=23), False), (timedelta(hours=25), True)]
)
async def test_who_has_the_chat_open_needs_no_text(
    settings: Settings, territory: Territory, phone: Phone, chief: Phone, seen: timedelta, texted: bool
) -> None:
    await reachable(
        settings, territory.leaders["block"], "@chen:test", bridge="matrix", seen_at=MORNING - seen
    )
    await phone.text("水管坏了")
    assert bool(await chief.told()) is texted
    assert await Phone(settings, number="@chen:test", bridge="matrix").told() == []  # the post rings them


async def test_each_new_holder_is_told_and_at_night_only_the_last(
    settings: Settings, territory: Territory, phone: Phone, chief: Phone, clock: FileClock
) -> None:
    await reachable(settings, territory.leaders["group"], "+8613700137001")
    await reachable(settings, territory.leaders["section"], "+8613700137002")
    group, section = (Phone(settings, number=f"+861370013700{n}") for n in (1, 2))
    clock.set(datetime(2026, 11, 24, 21, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC))
    await phone.text("水管坏了")
    for _ in range(2):
        clock.advance(timedelta(hours=4))
        await deadlines.run(settings, 10)
    clock.advance(timedelta(hours=2))
    assert [len(await each.receives()) for each in (chief, group, section)] == [0, 0, 1]


async def test_what_was_answered_in_the_night_is_not_given_in_the_morning(
    settings: Settings, territory: Territory, phone: Phone, chief: Phone, clock: FileClock
) -> None:
    clock.advance(timedelta(hours=19))
    await phone.text("水管坏了")
    await Leader(settings, territory.leaders["deputy"]).answers(1001, "我来")
    clock.advance(timedelta(hours=4))
    assert await chief.receives() == []


async def test_who_stands_in_is_told_instead(
    settings: Settings, territory: Territory, phone: Phone, chief: Phone
) -> None:
    deputy = territory.leaders["deputy"]
    await reachable(settings, deputy, "+8613700137009")
    await goes_away(territory.block, territory.leaders["block"], MORNING + timedelta(days=1), deputy=deputy)
    await phone.text("水管坏了")
    theirs = Phone(settings, number="+8613700137009")
    assert await chief.told() == []
    assert len(await theirs.told()) == 1
    await theirs.text("1001 我替陈邻长来看")
    assert (await phone.told())[-1] == "马丽（代邻长陈建国）回您（编号1001）：我替陈邻长来看"


async def test_whatsapp_is_as_good_as_a_text(settings: Settings, territory: Territory, phone: Phone) -> None:
    await reachable(settings, territory.leaders["block"], CHIEFS, bridge="whatsapp")
    theirs = Phone(settings, number=CHIEFS, bridge="whatsapp")
    await phone.text("水管坏了")
    assert await theirs.told() == [GIVEN]
    assert await theirs.text("下午来") == ["已发给刘大爷，编号1001。"]


# --- answering ------------------------------------------------------------------------------------


async def test_words_without_a_number_are_for_the_one_that_waits(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.told()
    assert await chief.text("下午三点过来") == ["已发给刘大爷，编号1001。"]
    assert await chief.text("好了") == ["已经去问刘大爷编号1001解决了没有。"]
    assert await actions() == [Action.REPORT, Action.ANSWER, Action.RESOLVE]
    assert await Issue.all().count() == 1


async def test_where_several_wait_the_leader_says_which(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    await chief.told()
    assert await chief.text("下午三点过来") == ["您说的是哪一件？请把编号发过来：1001 1002"]
    assert await actions(1002) == [Action.REPORT]
    assert await chief.text("1002") == ["已发给刘大爷，编号1002。"]
    assert (await words(1002))[-1] == (Voice.LEADER, "下午三点过来")


async def test_a_lone_number_shows_what_it_is(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.told()
    assert await chief.text("1001") == [GIVEN]
    await chief.text("1001 下午来")
    (again,) = await chief.text("1001")
    assert again.startswith("编号1001，刘大爷，魏岗村委会第3邻：“水管坏了”要回话，先写1001")


async def test_a_digit_by_mistake_tells_the_resident_nothing(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.told()
    assert await chief.text("1") == [GIVEN]
    assert await actions() == [Action.REPORT]


async def test_it_can_be_passed_up_with_a_reason(phone: Phone, chief: Phone, territory: Territory) -> None:
    await phone.text("桥断了")
    await chief.told()
    assert await chief.text("1001 上报 桥归镇里管") == ["编号1001已上报到张庄组。"]
    last = await History.all().order_by("-id").first()
    assert last is not None
    assert (last.action, last.detail) == (Action.PASS_UP, "桥归镇里管")


async def test_being_on_it_is_told_and_the_time_goes_on(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.told()
    assert await chief.text("收到") == ["已告诉刘大爷，编号1001您在办。"]
    assert (await phone.told())[-1].startswith("邻长陈建国看到编号1001了")
    assert (await Issue.get(id=1)).state is State.OPEN
    await chief.text("收到，马上去")
    assert (await words())[-1] == (Voice.LEADER, "收到，马上去")


async def test_done_with_words_says_them_and_asks(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await phone.told()
    await chief.text("1001 办好了，水管换了新的")
    answer, question = await phone.told()
    assert answer == "邻长陈建国回您（编号1001）：办好了，水管换了新的"
    assert question.startswith("邻长陈建国说编号1001办好了。")


async def test_a_note_stays_among_leaders(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await phone.told()
    await chief.told()
    (noted,) = await chief.text("1001 //又是那户人家")
    assert "1001" in noted
    assert await phone.told() == []
    assert (await words())[-1] == (Voice.INSIDE, "又是那户人家")


async def test_a_picture_alone_is_an_answer(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.text("", media=[PHOTO])
    said = await Message.all().order_by("-id").first()
    assert said is not None
    assert (said.voice, said.media[0]["url"]) == (Voice.LEADER, PHOTO.url)


async def test_an_earlier_issue_can_still_be_written_to(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.text("1001 好了")
    await phone.text("1")
    await phone.told()
    await chief.text("1001 有事再找我")
    assert (await phone.told())[-1].endswith("有事再找我")


# --- what is not theirs, and what is their own ---------------------------------------------------


async def test_who_leads_elsewhere_is_told_that_it_is_not_theirs(
    settings: Settings, territory: Territory, phone: Phone
) -> None:
    await reachable(settings, territory.leaders["peace"], "+8613700137005")
    other = Phone(settings, number="+8613700137005")
    await phone.text("水管坏了")
    await phone.told()
    (no,) = await other.text("1001 我来")
    assert no == "编号1001不归您办，居民没有看到您的话。现在由邻长陈建国办。"
    assert await phone.told() == []
    (no,) = await other.text("1001")
    assert no.startswith("编号1001不归您办")


async def test_a_former_deputy_is_told_so_too(
    settings: Settings, territory: Territory, phone: Phone, clock: FileClock
) -> None:
    stand_in = (await reachable(settings, await Person.create(name="高远"), "+8613700137005")).person
    theirs = Phone(settings, number="+8613700137005")
    chief = territory.leaders["block"]
    await goes_away(territory.block, chief, MORNING + timedelta(hours=1), deputy=stand_in)
    await phone.text("水管坏了")
    assert len(await theirs.told()) == 1
    clock.advance(timedelta(hours=2))
    await theirs.text("1001 我来")
    assert await actions() == [Action.REPORT]


async def test_a_number_that_nobody_has_is_said_to_be_so(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.told()
    (no,) = await chief.text("1009 明天来")
    assert "1009" in no
    assert await actions() == [Action.REPORT]


async def test_a_year_is_no_number(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.text("2026年底前全村换新水管")
    assert (await words())[-1] == (Voice.LEADER, "2026年底前全村换新水管")


async def test_a_leaders_own_trouble_begins_with_new(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.told()
    (receipt,) = await chief.text("新 我家门口路灯坏了")
    assert receipt.startswith("您的话收到了，编号1002。")
    assert (await words(1002))[0] == (Voice.RESIDENT, "我家门口路灯坏了")


async def test_after_their_own_report_they_talk_about_that(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.text("新 我家门口路灯坏了")
    await chief.text("已经三天了")
    assert (await words(1002))[-1] == (Voice.RESIDENT, "已经三天了")
    await chief.text("1001 马上来")
    assert (await words(1001))[-1] == (Voice.LEADER, "马上来")


async def test_a_leader_who_was_told_of_nothing_reports_like_anybody(phone: Phone, chief: Phone) -> None:
    (receipt,) = await chief.text("村口的路灯坏了")
    assert receipt.startswith("您的话收到了，编号1001。")
    assert await Question.filter(kind=QuestionKind.REPLY).count() == 0  # nobody is given their own trouble


async def test_a_yes_answers_what_was_last_asked(
    settings: Settings, territory: Territory, phone: Phone, chief: Phone
) -> None:
    await chief.text("村口的路灯坏了")
    await phone.text("水管坏了")
    await Leader(settings, territory.leaders["deputy"]).resolves(1001)
    await chief.text("好了")
    assert (await Issue.get(id=1)).state is State.CLOSED
    assert (await Issue.get(id=2)).state is State.OPEN
    await chief.text("好了")
    assert (await Issue.get(id=2)).state is State.RESOLVED


async def test_residents_who_lead_nothing_are_residents(phone: Phone, territory: Territory) -> None:
    await phone.text("水管坏了")
    await phone.text("1001 还在漏")
    assert [voice for voice, _ in await words()] == [Voice.RESIDENT, Voice.RESIDENT]


async def test_what_is_done_already_is_said_to_be_so(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.text("1001 好了")
    (no,) = await chief.text("1001 好了")
    assert no.startswith("编号1001")
    assert await actions() == [Action.REPORT, Action.RESOLVE]


# --- more than words for the resident ----------------------------------------------------------------


async def test_the_number_to_call_is_told_and_stands_in_no_row(
    settings: Settings, phone: Phone, chief: Phone
) -> None:
    await phone.text("水管坏了")
    await chief.told()
    assert await chief.text("1001 电话") == ["刘大爷，编号1001：☎"]
    row = await Outbox.all().order_by("-id").first()
    assert row is not None
    assert row.payload["phone_of"] == (await Issue.get(id=1)).address_id
    assert await actions() == [Action.REPORT, Action.CALL], "that it was told is told"


async def test_a_leader_elsewhere_gets_no_number(
    settings: Settings, territory: Territory, phone: Phone
) -> None:
    await reachable(settings, territory.leaders["peace"], "+8613700137005")
    await phone.text("水管坏了")
    (no,) = await Phone(settings, number="+8613700137005").text("1001 电话")
    assert no.startswith("编号1001不归您办")


async def test_what_waits_is_listed_by_a_word(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    await chief.told()
    (listed,) = await chief.text("查询")
    assert listed.startswith("今天有2件事等您：1001 (还剩4小时)、1002 (还剩4小时)。")
    await chief.text("1001 好了")
    await chief.text("1002 好了")
    assert await chief.text("查询") == ["没有事情等着您办，辛苦了。"]


async def test_help_tells_how_to_answer(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.told()
    (told,) = await chief.text("帮助")
    assert told.startswith("先写编号，再写您的话")


async def test_a_danger_of_their_own_is_never_an_answer(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.told()
    await chief.text("我家着火了")
    assert (await Issue.get(id=2)).urgent
    assert await actions(1001) == [Action.REPORT]


async def test_words_do_not_wait_for_their_number_for_ever(
    phone: Phone, chief: Phone, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    await chief.text("下午三点过来")
    clock.advance(timedelta(minutes=11))
    await chief.told()
    (shown,) = await chief.text("1002")
    assert "路灯坏了" in shown
    assert await actions(1002) == [Action.REPORT]


async def test_words_with_what_is_refused_count_as_not_said(phone: Phone, chief: Phone) -> None:
    await phone.text("水管坏了")
    await chief.text("1001好了")
    await phone.told()
    (refusal,) = (await chief.text("1001好了，阀门也换了"))[-1:]
    assert "1001" in refusal
    assert await phone.told() == []
    assert await actions() == [Action.REPORT, Action.RESOLVE]
    assert [voice for voice, _ in await words()] == [Voice.RESIDENT]
