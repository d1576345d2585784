"""Conversations with the service, as they stand on a resident's phone."""

from datetime import timedelta

import pytest

from bridges.contract import Media
from escalator import deadlines
from issues.lifecycle import lock, report
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Address, History, Issue, Message, Outbox, Person, State, Unit
from tests.factories import CARD_CODE, Territory, appoint, plant, resident
from tests.issues.diary import Leader, Phone, spoken

RECEIPT = "您的话收到了，编号1001。邻长陈建国会在今天14:00前回您。"
WHERE = "您的话收到了，编号1001。请问您住哪里？请把邻长卡片上的号码发过来，或者发您的村名和姓名。"
WHERE_AGAIN = "这个地方我们还没找到。请发邻长卡片上的号码，或者发您住的县、镇和村。"
ASKED = "邻长陈建国说编号1001办好了。您看解决了吗？解决了请回1，没解决请回2。"
CLOSED = "谢谢您，编号1001办完了。办得怎么样？很好请回5，不好请回1，差不多的回4、3、2。"
WENT_UP_AFTER_NO = "对不起，没给您办好。编号1001现在交给组长周强，会在今天14:00前回您。"
WELCOME = "谢谢您。有什么事，您随时发过来，邻长会回您。"
EMPTY = "您发来的是空的，没有字。请写上是什么事，再发一次。"
PHOTO = Media("https://carrier.test/1", "image/jpeg")


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block whom the roster knows."""
    await resident(settings, territory.block)
    return Phone(settings)


@pytest.fixture
def stranger(settings: Settings, territory: Territory) -> Phone:
    """A phone that nobody knows."""
    return Phone(settings, number="+8613900139000")


@pytest.fixture
def leader(settings: Settings, territory: Territory) -> Leader:
    """The block's leader."""
    return Leader(settings, territory.leaders["block"])


async def states() -> list[State]:
    return [issue.state for issue in await Issue.all().order_by("id")]


async def words_of(number: int) -> list[str]:
    said = await Message.filter(issue_id=Issue.id_of(number)).order_by("id")
    return [each.text for each in said]


# --- somebody whom the roster knows --------------------------------------------------------------


async def test_the_whole_loop_on_both_databases(either: Settings) -> None:
    territory = await plant()
    await resident(either, territory.block)
    phone, leader = Phone(either), Leader(either, territory.leaders["block"])
    assert await phone.text("村口路灯坏了") == [RECEIPT]
    assert await phone.text("已经三天了") == [
        "收到了，已加到编号1001里，转给邻长陈建国了。要说另一件事，请先写“新”字，空一格再写。"
    ]
    await leader.answers(1001, "明天上午电工来修")
    assert await phone.told() == ["邻长陈建国回您（编号1001）：明天上午电工来修"]
    await leader.resolves(1001)
    assert await phone.told() == [ASKED]
    assert await phone.text("1") == [CLOSED]
    assert await states() == [State.CLOSED]
    assert await words_of(1001) == ["村口路灯坏了", "已经三天了", "明天上午电工来修"]


async def test_a_no_brings_it_to_the_next_tier(phone: Phone, leader: Leader, territory: Territory) -> None:
    await phone.text("水管坏了")
    await leader.resolves(1001)
    await phone.told()
    assert await phone.text("２") == [WENT_UP_AFTER_NO]
    issue = await Issue.get(id=1)
    assert (issue.state, issue.holder_id) == (State.OPEN, territory.units["group"].id)


async def test_a_new_trouble_gets_its_own_number(phone: Phone) -> None:
    await phone.text("水管坏了")
    (receipt,) = await phone.text("新 路灯也坏了")
    assert receipt == RECEIPT.replace("1001", "1002")
    assert await words_of(1002) == ["路灯也坏了"]


async def test_new_without_words_opens_nothing(phone: Phone) -> None:
    await phone.text("水管坏了")
    assert await phone.text("new") == ["好的，另外是什么事？请写上发过来。"]
    assert len(await states()) == 1


async def test_after_a_day_of_silence_a_text_is_a_new_trouble(phone: Phone, clock: FileClock) -> None:
    await phone.text("水管坏了")
    clock.advance(timedelta(hours=23, minutes=59))
    *_went_up, added = await phone.text("还在漏水")
    assert "1001" in added
    clock.advance(timedelta(hours=24, seconds=1))
    *_went_up, receipt = await phone.text("猪跑了")
    assert "1002" in receipt
    assert await words_of(1002) == ["猪跑了"]


async def test_words_while_it_is_said_to_be_done_ask_again(phone: Phone, leader: Leader) -> None:
    await phone.text("水管坏了")
    await leader.resolves(1001)
    await phone.told()
    assert await phone.text("今天水是黄的") == [
        "您的话已经转过去了。编号1001解决了吗？解决了请回1，没解决请回2。"
    ]
    assert await phone.text("没好") == [WENT_UP_AFTER_NO.replace("14:00", "14:01")]


async def test_a_no_within_a_week_opens_a_closed_issue(
    phone: Phone, leader: Leader, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    await leader.resolves(1001)
    await phone.text("好了")
    clock.advance(timedelta(days=6, hours=23))
    (sorry,) = await phone.text("没修好")
    assert sorry == "对不起，没给您办好。编号1001现在交给组长周强，会在今天13:01前回您。"
    assert await states() == [State.OPEN]


async def test_a_no_after_a_week_opens_nothing(phone: Phone, leader: Leader, clock: FileClock) -> None:
    await phone.text("水管坏了")
    await leader.resolves(1001)
    await phone.text("好了")
    clock.advance(timedelta(days=7, seconds=1))
    assert await phone.text("没好") == [WELCOME]
    assert await states() == [State.CLOSED]


async def test_a_quoted_number_says_which_issue_is_meant(phone: Phone, leader: Leader) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    (added,) = await phone.text("1001还在漏水")
    assert "编号1001" in added
    await leader.resolves(1001)
    await leader.resolves(1002)
    await phone.told()
    assert await phone.text("1001 好了") == [CLOSED]
    assert await states() == [State.CLOSED, State.RESOLVED]
    await phone.text("2")  # how it was
    (sorry,) = await phone.text("2")
    assert "编号1002" in sorry


async def test_a_no_that_quotes_a_closed_issue_is_about_no_other(phone: Phone, leader: Leader) -> None:
    await phone.text("水管坏了")
    await leader.resolves(1001)
    await phone.text("1")
    await phone.text("新 路灯坏了")
    assert await phone.text("1001没好") == [WENT_UP_AFTER_NO.replace("14:00", "14:01")]
    assert await words_of(1002) == ["路灯坏了"]


async def test_what_is_solved_by_itself_is_closed_and_not_rated(phone: Phone) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    assert await phone.text("1001 好了") == ["谢谢您，编号1001办完了。以后有事，您随时发过来。"]
    assert await states() == [State.CLOSED, State.OPEN]


async def test_somebody_elses_number_is_only_words(phone: Phone, settings: Settings) -> None:
    await phone.text("水管坏了")
    await resident(settings, None, name="别人", number="+8613700137000")
    other = Phone(settings, number="+8613700137000")
    (asked,) = await other.text("1001 好了没有")
    assert "编号1002" in asked
    assert await words_of(1001) == ["水管坏了"]


async def test_thanks_with_nothing_open_is_answered_kindly(phone: Phone) -> None:
    assert await phone.text("谢谢") == [WELCOME]
    assert await states() == []


async def test_a_text_without_words_is_asked_about(phone: Phone) -> None:
    assert await phone.text(" \u200b\n") == [EMPTY]
    assert await phone.text("") == [EMPTY]
    assert await states() == []


async def test_a_photo_without_words_is_a_report(phone: Phone) -> None:
    assert await phone.text("", media=[PHOTO]) == [RECEIPT]
    message = await Message.get(issue_id=1)
    assert message.media == [{"url": PHOTO.url, "content_type": "image/jpeg"}]


async def test_a_photo_beside_a_no_is_not_lost(phone: Phone, leader: Leader) -> None:
    await phone.text("水管坏了")
    await leader.resolves(1001)
    await phone.text("没好", media=[PHOTO])
    kept = await Message.filter(issue_id=1).order_by("-id").first()
    assert kept is not None
    assert (kept.text, len(kept.media)) == ("没好", 1)


async def test_the_longest_text_of_the_carrier_is_kept_whole(phone: Phone) -> None:
    long = "水管坏了，" * 320
    assert await phone.text(long) == [RECEIPT]
    assert await words_of(1001) == [long]


async def test_words_are_never_a_format(phone: Phone, leader: Leader) -> None:
    await phone.text("水管 {leader} {0} %s")
    await leader.answers(1001, "{number} {} {words!r}")
    assert (await phone.told())[-1] == "邻长陈建国回您（编号1001）：{number} {} {words!r}"


async def test_a_leader_without_a_block_reports_to_their_own_unit(
    settings: Settings, territory: Territory
) -> None:
    chief = territory.leaders["village"]
    vault = settings.vault
    number = "+8613600136000"
    await Address.create(
        person=chief, bridge="sms", lookup=vault.lookup("sms", number), sealed=vault.seal(number)
    )
    (receipt,) = await Phone(settings, number=number).text("村部的井干了")
    assert receipt == "您的话收到了，编号1001。村书记赵刚会在今天14:00前回您。"


# --- languages -----------------------------------------------------------------------------------


async def test_people_are_answered_in_the_language_they_write(phone: Phone, leader: Leader) -> None:
    assert await phone.text("The pipe is broken") == [
        "Thank you, we have it, no. 1001. 陈建国 (block leader) will answer you by 14:00 today."
    ]
    await leader.resolves(1001)
    assert await phone.told() == [
        "陈建国 (block leader) says that no. 1001 is done. Is it solved? Text 1 for yes, 2 for no."
    ]
    assert await phone.text("2") == [
        "Sorry that it is not solved. No. 1001 goes to 周强 (group leader). You will hear by 14:00 today."
    ]
    (added,) = await phone.text("水还在漏")
    assert added.startswith("收到了，已加到编号1001里")


@pytest.mark.parametrize("word", ["ok", "1001 OK", "No."])
async def test_a_lone_word_changes_nobodys_language(phone: Phone, leader: Leader, word: str) -> None:
    await phone.text("水管坏了")
    await leader.resolves(1001)
    await phone.told()
    assert await phone.text(word) in ([CLOSED], [WENT_UP_AFTER_NO])


# --- somebody whom nobody knows ------------------------------------------------------------------


async def test_a_card_code_places_a_stranger(stranger: Phone, territory: Territory) -> None:
    assert await stranger.text("家里没水") == [WHERE]
    issue = await Issue.get(id=1)
    assert (issue.block_id, issue.holder_id) == (None, None)
    assert await stranger.text(CARD_CODE) == [
        "谢谢您，找到了：魏岗村委会第3邻。编号1001，邻长陈建国会在今天14:00前回您。"
    ]
    issue = await Issue.get(id=1)
    assert (issue.block_id, issue.holder_id) == (territory.block.id, territory.block.id)
    (receipt,) = await stranger.text("新 路灯坏了")
    assert "编号1002" in receipt


@pytest.mark.parametrize(
    "text", ["1234 5674", "１２３４５６７４", "卡号12345674，我叫王小明", "12345674 5号"]
)
async def test_a_card_code_is_found_however_it_is_written(
    stranger: Phone, territory: Territory, text: str
) -> None:
    await stranger.text("家里没水")
    (found,) = await stranger.text(text)
    assert "魏岗村委会第3邻" in found


async def test_a_scanned_card_says_where_a_stranger_lives(stranger: Phone, territory: Territory) -> None:
    (receipt,) = await stranger.text(f"{CARD_CODE} 路灯坏了")
    assert receipt == RECEIPT
    assert (await Issue.get(id=1)).block_id == territory.block.id


@pytest.mark.parametrize("text", [f"{CARD_CODE} ", f"{CARD_CODE[:4]} {CARD_CODE[4:]}"])
async def test_who_scans_a_card_and_writes_nothing_is_told_whose_it_is(stranger: Phone, text: str) -> None:
    assert await stranger.text(text) == [
        "您好，这里是魏岗村委会第3邻，邻长陈建国。有什么事，请直接写上发过来。"
    ]
    assert await Issue.all().count() == 0
    assert await stranger.text("路灯坏了") == [RECEIPT]


async def test_a_neighbour_who_scans_another_blocks_card_stays_at_home(
    phone: Phone, territory: Territory
) -> None:
    peace = territory.units["peace"]
    await Unit.filter(id=peace.id).update(card_code="87654325")
    assert await phone.text("87654325") == ["您好。有什么事，请写上发过来，邻长会回您。"]
    await phone.text("87654325 路灯坏了")
    assert (await Issue.get(id=1)).block_id == territory.block.id


async def test_a_sum_of_money_is_no_card(stranger: Phone) -> None:
    assert await stranger.text(f"{CARD_CODE}元工钱没给") == [WHERE]


async def test_a_village_and_a_name_place_a_stranger(stranger: Phone, territory: Territory) -> None:
    await stranger.text("家里没水")
    assert await stranger.text("魏岗村 王小明") == [
        "谢谢您，找到了：魏岗村委会。编号1001，村书记赵刚会在今天14:00前回您。"
    ]
    person = await Person.get(addresses__issues__id=1)
    assert (person.name, person.block_id) == ("王小明", territory.units["village"].id)


async def test_a_namesake_needs_its_township(stranger: Phone, territory: Territory) -> None:
    await stranger.text("家里没水")
    assert await stranger.text("和平社区") == [WHERE_AGAIN]
    assert await stranger.text("谯城区和平社区") == [WHERE_AGAIN]  # both are there
    (found,) = await stranger.text("观堂镇和平社区")
    assert found.startswith("谢谢您，找到了：和平社区。编号1001，村书记王芳")


async def test_a_quick_answer_with_a_place_is_not_left_waiting(stranger: Phone, territory: Territory) -> None:
    await stranger.text("家里没水")
    assert await stranger.text("两天了", after=timedelta(0)) == []  # the second part of one text
    assert await stranger.text("和平社区", after=timedelta(0)) == [WHERE_AGAIN]
    assert await stranger.text("8765 4321。", after=timedelta(0)) == [WHERE_AGAIN], "no card's code"


async def test_what_is_no_place_is_kept_as_words(stranger: Phone) -> None:
    await stranger.text("家里没水")
    assert await stranger.text("我家住在大槐树旁边") == [WHERE_AGAIN]
    assert await stranger.text("王小明") == [WHERE_AGAIN]
    assert await words_of(1001) == ["家里没水", "我家住在大槐树旁边", "王小明"]


@pytest.mark.parametrize("word", ["好的", "谢谢", "1", "不"])
async def test_a_strangers_yes_is_no_place_either(stranger: Phone, word: str) -> None:
    await stranger.text("家里没水")
    assert await stranger.text(word) == [WHERE_AGAIN]
    assert await words_of(1001) == ["家里没水", word]


async def test_a_place_settles_all_that_a_stranger_has_reported(stranger: Phone) -> None:
    await stranger.text("家里没水")
    (asked,) = await stranger.text("新 路灯坏了")
    assert "编号1002" in asked
    told = await stranger.text(CARD_CODE)
    assert ["编号1001" in told[0], "编号1002" in told[1], len(told)] == [True, True, 2]


async def test_a_stranger_who_names_the_village_at_once_is_not_asked(stranger: Phone) -> None:
    assert await stranger.text("魏岗村西头没水") == [
        "您的话收到了，编号1001。村书记赵刚会在今天14:00前回您。"
    ]
    lines = [row.payload.get("text", "") for row in await Outbox.filter(bridge="rooms")]
    assert "这位居民是新来的，名册里没有这个号码，请核对住户。" in lines


async def test_a_price_in_a_strangers_report_is_no_card(stranger: Phone) -> None:
    assert await stranger.text(f"电费多收了{CARD_CODE}块") == [WHERE]


async def test_a_stranger_can_ask_for_help_in_english(stranger: Phone) -> None:
    assert await stranger.text("There is no water") == [
        "Thank you, we have it, no. 1001. Where do you live? Text the block code on your leader's card,"
        " or your village and name."
    ]
    assert await stranger.text("near the big tree") == [
        "We did not find that place yet. Please text the block code on your leader's card, or your"
        " county, town and village."
    ]


async def test_a_stranger_whose_issue_was_not_solved_can_still_say_where(
    settings: Settings, stranger: Phone, territory: Territory, clock: FileClock
) -> None:
    supervisor = Leader(settings, await appoint(territory.units["city"], "钱坤"))
    await stranger.text("家里没水")
    clock.advance(timedelta(hours=4))
    await deadlines.run(settings, 10)
    await supervisor.resolves(1001)
    assert await stranger.told() == [
        "市级管理员钱坤说编号1001办好了。您看解决了吗？解决了请回1，没解决请回2。"
    ]
    assert await stranger.text("2") == [
        "对不起，没给您办好。编号1001现在交给市级管理员钱坤，会在今天18:00前回您。"
    ]
    assert await stranger.text("就在大槐树旁边") == [WHERE_AGAIN]
    (found,) = await stranger.text(CARD_CODE)
    assert found.startswith("谢谢您，找到了：魏岗村委会第3邻。编号1001，邻长陈建国")


# --- those who want no messages ------------------------------------------------------------------


async def test_the_carriers_stop_and_start_are_no_words(phone: Phone) -> None:
    assert await phone.text("STOP", opt_out="STOP") == []
    assert (await Address.get(id=1)).stopped_at is not None
    assert await phone.text("HELP", opt_out="HELP") == []
    assert (await Address.get(id=1)).stopped_at is not None
    assert await phone.text("START", opt_out="START") == []
    assert (await Address.get(id=1)).stopped_at is None
    assert await states() == []


async def test_a_yes_that_the_carrier_takes_for_start_is_an_answer_all_the_same(
    phone: Phone, leader: Leader
) -> None:
    await phone.text("The lamp is broken")
    await leader.resolves(1001)
    await phone.told()
    assert len(await phone.text("Yes", opt_out="START")) == 1
    assert await states() == [State.CLOSED]
    await phone.text("STOP", opt_out="STOP")
    assert await phone.text("Yes", opt_out="START") == []
    assert (await Address.get(id=1)).stopped_at is None


# --- what a room reports goes back to the room ----------------------------------------------------


async def test_who_reported_in_a_room_is_answered_there(settings: Settings, territory: Territory) -> None:
    address = await resident(settings, territory.block, bridge="matrix", number="@liu:test")
    at = settings.clock.now()
    _, effects = await report(
        settings,
        address=address,
        unit=territory.block,
        words=spoken(address.person, "水管坏了"),
        at=at,
        room_id="!block:test",
    )
    await effects.save()
    issue = await lock(1)
    assert issue.reported_in == "!block:test"
    lines = [row.payload for row in await Outbox.all().order_by("id")]
    assert [line["do"] for line in lines] == ["show", "say"]
    assert lines[1]["text"] == RECEIPT
    assert lines[1]["mention"] == [address.person_id]
    first = await History.get(issue_id=1)
    assert (first.actor_id, first.room_id) == (address.person_id, "!block:test")
