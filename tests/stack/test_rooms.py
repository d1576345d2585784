"""What leaders and neighbours do in rooms, seen by the phone at the other end."""

import re

import pytest

from models import Person
from tests.stack.loop import number_of
from tests.stack.town import CARD_CODE, Town, until
from tests.stack.towns import ON_POSTGRES

pytestmark = [
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
    # Most of it is lived on SQLite as dialogues: passed_up, not_solved, inside, corrected_answer, taken_back,
    # nobody_acts_by_being_there, neighbour_in_the_room, leader_chats, stranger_with_a_card, unwell_words.
    ON_POSTGRES,
]


async def test_a_leader_passes_an_issue_up_by_hand(town: Town) -> None:
    phone = await town.resident()
    await phone.text("主路的桥断了")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    await town.leaders["block"].say(room_id, "!up 桥归镇里管", thread=post)
    await town.expect_post("group", number, "主路的桥断了", "桥归镇里管")
    await phone.expect(number, "周强")
    group_room = await town.room("group")
    group_post = town.leaders["group"].seen(group_room, number)[0]["event_id"]
    await town.leaders["group"].react(group_room, group_post, "⬆️")
    _, section_post = await town.expect_post("section", number, "主路的桥断了")
    await phone.expect(number, "孙梅")
    (story,) = [
        event["content"]["body"]
        for event in town.leaders["section"].seen(await town.room("section"), number)
        if event["event_id"] == section_post
    ]
    assert "上报到张庄组：桥归镇里管\n" in story, "a reason is passed on"
    assert "周强上报到第一片\n" in story, "and where there is none, none is missing"


async def test_not_solved_opens_it_one_tier_up(town: Town) -> None:
    phone = await town.resident()
    await phone.text("下水道堵了")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    await town.leaders["block"].say(room_id, "!done", thread=post)
    await phone.expect(number, "没解决请回2")
    await phone.text("没好")
    await town.expect_post("group", number, "下水道堵了")
    await phone.expect(number, "周强")
    await town.leaders["block"].expect_state(room_id, post, "open")


async def test_words_behind_two_slashes_stay_among_leaders(town: Town) -> None:
    phone = await town.resident()
    await phone.text("有人乱倒垃圾")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    await leader.say(room_id, "// 又是那户人家", thread=post)
    await leader.say(room_id, "今天去看看", thread=post)
    await phone.expect("今天去看看")
    assert await phone.count("那户人家") == 0


async def test_an_edited_answer_is_corrected_on_the_phone(town: Town) -> None:
    phone = await town.resident()
    await phone.text("什么时候来电")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    said = await leader.say(room_id, "今晚八点来电", thread=post)
    await phone.expect("今晚八点来电")
    await leader.edit(room_id, said, "今晚九点来电")
    await phone.expect("今晚九点来电")


async def test_an_answer_taken_back_too_late_is_owned_up_to(town: Town) -> None:
    phone = await town.resident()
    await phone.text("狗咬人了")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    said = await leader.say(room_id, "写错了的话", thread=post)
    await phone.expect("写错了的话")
    lines = len(leader.seen(room_id, thread=post))
    await leader.redact(room_id, said)

    async def is_told() -> bool:
        return len(leader.seen(room_id, thread=post)) > lines

    await until(is_told, "a line that says that the resident has read it")
    assert await phone.count("写错了的话") == 1


async def test_nobody_acts_by_being_in_a_room(town: Town) -> None:
    phone = await town.resident()
    await phone.text("楼道灯不亮")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    guest = await town.newcomer("guest", "客人", None)
    try:
        await leader.client.room_invite(room_id, guest.user_id)
        await guest.expect(room_id, number)
        await guest.say(room_id, "我来说两句", thread=post)
        await guest.react(room_id, post, "✅")
        await leader.expect(room_id, number, "陈建国", thread=post)
    finally:
        await guest.log_out()
    assert await phone.count("我来说两句") == 0
    assert len(await phone.received()) == 1


async def test_a_resident_with_a_matrix_account_reports_in_the_room(town: Town) -> None:
    phone = await town.resident()
    await phone.text("先有一个群")  # so that the room is there
    await number_of(phone, "陈建国")
    room_id = await town.room("block")
    person = await Person.create(name="小王", block=town.units["block"], language="zh-Hans")
    neighbour = await town.newcomer("xiaowang", "小王", person)
    leader = town.leaders["block"]
    try:
        await leader.client.room_invite(room_id, neighbour.user_id)

        async def is_in() -> bool:
            return room_id in neighbour.client.rooms

        await until(is_in, "the neighbour to be in the room")
        report = await neighbour.say(room_id, "井盖没了")
        receipt = await neighbour.expect(room_id, "陈建国", thread=report)
        number = re.search(r"\d{4,}", receipt["content"]["body"])
        assert number
        card = await leader.expect(room_id, number.group(), "⏳", thread=report)
        await leader.say(room_id, "马上去盖", thread=report)
        await leader.expect_state(room_id, card["event_id"], "answered")
        await leader.react(room_id, report, "✅")
        await leader.expect_state(room_id, card["event_id"], "resolved")
        await neighbour.say(room_id, "好了", thread=report)
        await leader.expect_state(room_id, card["event_id"], "closed")
    finally:
        await neighbour.log_out()


async def test_leaders_chat_freely_outside_threads(town: Town) -> None:
    phone = await town.resident()
    await phone.text("树倒在路上")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    await leader.say(room_id, "大家早上好")
    await leader.say(room_id, "树我来搬", thread=post)
    await phone.expect("树我来搬")
    assert not leader.seen(room_id, "大家早上好", thread=post)
    assert await phone.count("大家早上好") == 0


async def test_a_number_that_nobody_knows_is_asked_and_placed(town: Town) -> None:
    phone = town.stranger()
    await phone.text("我家门口的井盖坏了")
    number = await number_of(phone)
    await phone.text(f"{CARD_CODE[:4]} {CARD_CODE[4:]}")
    await phone.expect(number, "陈建国")
    await town.expect_post("block", number, "我家门口的井盖坏了")


async def test_a_room_without_the_service_is_replaced(town: Town) -> None:
    """At once, and with all that was said: a ghost may have spoken in the old room a moment ago."""
    phone = await town.resident()
    await phone.text("路面塌了")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    await phone.text("越塌越大")
    await leader.expect(room_id, "越塌越大", thread=post)
    await town.leave(room_id, town.stack.settings.homeservers[0].bot_id)

    async def is_new() -> str | None:
        now = await town.room("block")
        return now if now != room_id else None

    another = await until(is_new, "another room")
    event = await leader.expect(another, number, "路面塌了", "越塌越大")
    await phone.text("水也漫出来了")
    await leader.expect(another, "水也漫出来了", thread=event["event_id"])
    await leader.say(another, "已经围起来了", thread=event["event_id"])
    await phone.expect("已经围起来了")


async def test_names_and_words_from_outside_ring_nobody(town: Town) -> None:
    nasty = "@room 陈建国 @leader-block:localhost <a href='https://matrix.to/#/@leader-block:localhost'>x</a>"
    below, above = town.leaders["block"], town.leaders["group"]
    for name in ("王秀英", nasty):  # the first one makes sure that the group has a room
        phone = await town.resident(name)
        await phone.text(f"路灯坏了 {name}")
        number = await number_of(phone)
        block_room, post = await town.expect_post("block", number)
        if name != nasty:
            await below.say(block_room, "!up", thread=post)
            await town.expect_post("group", number)
            await town.is_quiet()
    group_room = await town.room("group")
    before = await below.rung(group_room), await above.rung(group_room)
    await below.say(block_room, f"!up {nasty}", thread=post)
    await town.expect_post("group", number, "matrix.to")
    await phone.text(f"还有 {nasty}")
    await town.is_quiet()
    assert await below.rung(group_room) == before[0]
    assert await above.rung(group_room) == before[1] + 1, "the new holder's phone rings, once"
