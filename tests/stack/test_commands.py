"""What leaders do beside answering in threads, at their own clients, on a real homeserver."""

import re
from typing import Any

import httpx
import pytest

from issues import texts
from linzhang.words import say
from models import DirectRoom
from tests.stack.loop import number_of
from tests.stack.town import LeaderClient, Town, until
from tests.stack.towns import ON_POSTGRES

pytestmark = [
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
    # Lived on SQLite as dialogues (leaders_overview, same_trouble, two_in_one, unwell_words) and in
    # tests/issues/test_direct_rooms.py.
    ON_POSTGRES,
]


async def chat_with_service(town: Town, leader: LeaderClient) -> str:
    """Let somebody start a direct chat with the service, as clients do; returns the room's id."""
    bot = town.stack.settings.homeservers[0].bot_id
    made = await leader.client.room_create(is_direct=True, invite=[bot])
    room_id: str = made.room_id
    return room_id


async def test_a_leader_starts_a_chat_and_answers_there(town: Town) -> None:
    phone = await town.resident()
    await phone.text("井盖没了")
    number = await number_of(phone, "陈建国")
    leader = town.leaders["block"]
    room_id = await chat_with_service(town, leader)
    await leader.expect(room_id, say(texts.HELLO_LEADER, "zh-Hans"))
    await leader.say(room_id, f"{number} 马上去盖")
    await phone.expect("马上去盖")
    await leader.say(room_id, "下午去")
    await leader.expect(room_id, "开头写上编号")
    await leader.say(room_id, f"办结 {number}")
    await phone.expect(number, "没解决请回2")


async def test_a_stranger_hears_why_not_and_is_left_alone(town: Town) -> None:
    stranger = await town.newcomer("stranger", "生人", None)
    try:
        room_id = await chat_with_service(town, stranger)
        await stranger.expect(room_id, "名册")

        async def is_gone() -> bool:
            members = await stranger.client.joined_members(room_id)
            return [each.user_id for each in members.members] == [stranger.user_id]

        await until(is_gone, "the service to leave")
    finally:
        await stranger.log_out()
    assert not await DirectRoom.exists(room_id=room_id)


async def test_a_leader_gets_a_number_to_press_and_their_list_alone(town: Town) -> None:
    phone = await town.resident()
    await phone.text("楼梯扶手松了")
    number = await number_of(phone, "陈建国")
    block_room, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    await leader.react(block_room, post, "📞")
    await leader.say(block_room, "!list")

    async def whispered() -> list[dict[str, Any]]:
        return [each["content"] for room_id in leader.events for each in leader.seen(room_id, "tel:", number)]

    (dialled,) = await until(whispered, "the number")
    assert f'<a href="tel:{phone.number}">' in dialled["formatted_body"]
    assert not leader.seen(block_room, phone.number)
    direct = next(room_id for room_id in leader.events if leader.seen(room_id, "tel:", number))
    listed = await leader.expect(direct, number, "楼梯扶手松了")
    assert f"https://matrix.to/#/{block_room}/" in listed["content"]["body"]
    assert not leader.seen(block_room, "最急的在前")


async def test_two_that_are_one_go_on_together_and_a_test_is_taken_off(town: Town) -> None:
    first, second = await town.resident("王秀英"), await town.resident("孙婆婆")
    await first.text("东门的路灯坏了")
    one = await number_of(first, "陈建国")
    room_id, post = await town.expect_post("block", one)
    await second.text("东门路灯不亮，坏了")
    other = await number_of(second, "陈建国")
    _, other_post = await town.expect_post("block", other, "不亮")
    leader = town.leaders["block"]
    await leader.expect(room_id, f"！合并 {other} {one}", thread=other_post)
    await leader.say(room_id, f"！合并 {other} {one}", thread=other_post)
    await leader.expect_state(room_id, other_post, "merged")
    await second.expect(one)
    await leader.say(room_id, "今晚来修", thread=other_post)
    await first.expect("今晚来修")
    await second.expect("今晚来修")
    await leader.expect(room_id, "今晚来修", thread=post)
    await second.text("要带梯子")
    relayed = await leader.expect(room_id, "要带梯子", thread=post)
    assert relayed["sender"].startswith("@lz_")
    await leader.say(room_id, "!split 梯子在哪里", thread=post)
    split = await first.expect("另外编了号")
    number = next(each for each in re.findall(r"\d{4,}", split) if each not in (one, other))
    _, third = await town.expect_post("block", number, "梯子在哪里")
    await leader.say(room_id, "!withdraw 说错了", thread=third)
    await first.expect(number, "说错了", "回2")
    await leader.expect_state(room_id, third, "withdrawn")


async def highlighted(client: LeaderClient) -> list[str]:
    """The words of all that has pinged somebody, by their homeserver's own push rules."""
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(
            f"{client.client.homeserver}/_matrix/client/v3/notifications",
            params={"only": "highlight", "limit": "100"},
            headers={"Authorization": f"Bearer {client.client.access_token}"},
        )
    return [each["event"]["content"].get("body", "") for each in answer.json()["notifications"]]


async def test_what_residents_write_pings_nobody_and_is_no_markup(town: Town) -> None:
    neighbour = await town.newcomer("pinged", "被点名的人", None)
    leader = town.leaders["block"]
    nasty = (
        f"@room {neighbour.user_id} 被点名的人 <script>alert(1)</script>"
        f" <a href='https://matrix.to/#/{neighbour.user_id}'>x</a> [x](https://matrix.to/#/@room)"
    )
    phone = await town.resident("<b>@room</b>")
    try:
        await phone.text("先有一个群")
        number = await number_of(phone, "陈建国")
        block_room, _ = await town.expect_post("block", number)
        await leader.client.room_invite(block_room, neighbour.user_id)

        async def is_in() -> bool:
            return block_room in neighbour.client.rooms

        await until(is_in, "the neighbour to be in the room")
        await phone.text(f"新 {nasty}")
        posted = await neighbour.expect(block_room, "<script>")
        post = posted["event_id"]
        await phone.text("还有 @room 呢")
        await neighbour.expect(block_room, "还有 @room 呢", thread=post)
        await leader.say(block_room, "!show", thread=post)
        await leader.say(block_room, "!up 看看", thread=post)
        group_room, _ = await town.expect_post("group", "<script>", "看看")
        await town.is_quiet()
    finally:
        pings = await highlighted(neighbour)
        await neighbour.log_out()
    assert pings == []
    html = posted["content"]["formatted_body"]
    assert "<script>" not in html
    assert "<a " not in html
    assert "<b>" not in html
    assert posted["content"]["m.mentions"] == {"user_ids": [leader.user_id]}
    group = town.leaders["group"]
    mentions = [each["content"]["m.mentions"] for each in group.seen(group_room, "<script>")]
    assert mentions == [{"user_ids": [group.user_id]}]
    assert not [each for each in await highlighted(town.leaders["village"]) if "<script>" in each]
