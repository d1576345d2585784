"""What people, clients and operators do that nobody has asked for, seen from both ends of the stack."""

import pytest

from models import Inbox, Issue
from tests.stack.loop import number_of
from tests.stack.town import Town, until
from tests.stack.towns import ON_POSTGRES, ON_SQLITE

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="session")]

FAMILY = "👨‍👩‍👧"  # three people, held together by zero-width joiners
ARABIC = "انقطع الماء منذ يومين"


@ON_POSTGRES
async def test_the_longest_text_that_a_phone_can_send(town: Town) -> None:
    phone = await town.resident()
    words = "".join(f"第{index:03}句停水了。" for index in range(200))[:1600]
    assert len(words) == 1600
    seen = await phone.text(words)
    assert seen["status_code"] == 200
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number, words)
    await town.leaders["block"].say(room_id, "好，" + "慢慢说，我都记下了。" * 120, thread=post)
    await phone.expect("慢慢说")


@ON_POSTGRES
async def test_characters_that_cannot_be_seen_or_turn_the_line_around(town: Town) -> None:
    phone = await town.resident()
    await phone.text(
        f"\u202e家里{FAMILY}停水\u0007\u2066了\u2069\u0000 {ARABIC} \u200f<b>&amp;</b>\r\n第二行\u0008"
    )
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    (event,) = town.leaders["block"].seen(room_id, number)
    body: str = event["content"]["body"]
    assert f"家里{FAMILY}停水了 {ARABIC} <b>&amp;</b>\n第二行\n" in body, "joiners hold the family together"
    assert not set(body) & set("\u202e\u2066\u2069\u200f\0\a\b\r"), "nothing turns a line around"
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in event["content"]["formatted_body"], "and markup is only words"

    await town.leaders["block"].say(room_id, f"知道了 {FAMILY} {ARABIC}", thread=post)
    await phone.expect(FAMILY, ARABIC)


@ON_POSTGRES
async def test_an_answer_in_the_wrong_thread_is_taken_back_and_said_in_the_right_one(town: Town) -> None:
    lamp, water = await town.resident("王灯"), await town.resident("李水")
    await lamp.text("路灯坏了")
    await water.text("停水了")
    lamp_number, water_number = await number_of(lamp, "陈建国"), await number_of(water, "陈建国")
    room_id, lamp_post = await town.expect_post("block", lamp_number)
    _, water_post = await town.expect_post("block", water_number)
    leader = town.leaders["block"]

    slip = await leader.say(room_id, "水管今晚修好", thread=lamp_post)
    await lamp.expect(lamp_number, "水管今晚修好")
    await leader.redact(room_id, slip)
    await leader.expect(room_id, "已经收到", thread=lamp_post)
    await leader.say(room_id, "刚才那条发错了，是别家的事", thread=lamp_post)
    await leader.say(room_id, "水管今晚修好", thread=water_post)

    await water.expect(water_number, "水管今晚修好")
    await lamp.expect(lamp_number, "发错了")
    assert await water.count("发错了") == 0


@ON_SQLITE
async def test_a_thread_of_leaders_own_talk_reaches_nobody(town: Town) -> None:
    phone = await town.resident()
    await phone.text("有人占道")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    talk = await leader.say(room_id, "明天开会吗")
    await leader.say(room_id, "九点，村委会", thread=talk)
    await leader.react(room_id, talk, "✅")
    await leader.say(room_id, "我去劝劝", thread=post)
    await phone.expect("我去劝劝")
    await town.is_quiet()
    assert await phone.count("村委会") == 0
    assert len(await phone.received()) == 2


@ON_POSTGRES
async def test_a_reply_to_a_closed_issue(town: Town) -> None:
    phone = await town.resident()
    await phone.text("灯不亮")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    await leader.react(room_id, post, "✅")
    await phone.expect(number, "没解决请回2")
    await phone.text("1")
    await leader.expect_state(room_id, post, "closed")

    await leader.say(room_id, "灯泡是新的，坏了再说", thread=post)
    await phone.expect("灯泡是新的")
    await leader.react(room_id, post, "⬆️")
    await leader.expect(room_id, number, "办结", thread=post)
    await leader.expect_state(room_id, post, "closed")
    assert len(await phone.received()) == 4, "receipt, question, thanks, and the leader's words"

    await phone.text("还是没好")
    await town.expect_post("group", number, "灯不亮")
    await phone.expect(number, "周强")


@ON_SQLITE
async def test_a_room_the_service_was_kicked_out_of_is_replaced(town: Town) -> None:
    phone = await town.resident()
    await phone.text("墙要倒了")
    number = await number_of(phone, "陈建国")
    room_id, _ = await town.expect_post("block", number)
    leader = town.leaders["block"]
    await town.kick_service(room_id, leader)
    await phone.text("又掉了几块砖")

    async def is_new() -> str | None:
        now = await town.room("block")
        return now if now != room_id else None

    another = await until(is_new, "another room")
    event = await leader.expect(another, number, "墙要倒了")
    await leader.expect(another, "又掉了几块砖", thread=event["event_id"])
    await leader.say(another, "人先离开，我来围", thread=event["event_id"])
    await phone.expect("人先离开")


@ON_SQLITE
async def test_what_leaders_said_while_the_application_was_away(town: Town) -> None:
    phone = await town.resident()
    await phone.text("井盖响")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    await town.stack.web.stop()
    try:
        await town.leaders["block"].say(room_id, "晚上去垫一下", thread=post)
    finally:
        await town.stack.web.start()
    await phone.expect("晚上去垫一下")
    await town.is_quiet()
    assert await phone.count("晚上去垫一下") == 1


@ON_POSTGRES
async def test_empty_texts_open_nothing(town: Town) -> None:
    phone = await town.resident()
    before = await Issue.all().count()
    for nothing in ("", "   ", "\u200b\u200d", "\u3000\n"):
        assert (await phone.text(nothing))["status_code"] == 200

    async def has_been_asked_each_time() -> bool:
        return len(await phone.received()) == 4

    await until(has_been_asked_each_time, "four kind questions")
    assert await Issue.all().count() == before
    assert await Inbox.filter(state="failed").count() == 0
