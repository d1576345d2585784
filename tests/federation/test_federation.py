"""A village on another homeserver than its township, and people on a third one, as diaries."""

import asyncio
import json
import re
import time
from typing import Any

import pytest
from nio import RoomBanResponse, RoomCreateResponse, RoomPreset

from tests.federation.land import Land
from tests.stack.loop import number_of
from tests.stack.shell import linzhang
from tests.stack.town import LeaderClient, until

pytestmark = [pytest.mark.asyncio(loop_scope="session")]


#: Seconds in which what concerns one homeserver is done, whatever another one does: less than the 60 after
#: which the outbox gives a call up, since the service itself waits longer for a homeserver here.
AT_ONCE = 45.0


async def is_in(client: LeaderClient, room_id: str) -> bool:
    """Whether somebody's own homeserver shows them a room."""
    return room_id in client.client.rooms


async def test_a_room_is_made_while_somebodys_homeserver_is_away(land: Land) -> None:
    """Nobody waits for the group's leader, who is let in when their homeserver is there again."""
    await land.guest.stop()
    try:
        phone = await land.resident()
        await phone.text("桥上的灯全灭了")
        number = await number_of(phone, "陈建国")
        room_id, post = await land.expect_post("block", number)
        began = time.monotonic()
        await land.leaders["block"].say(room_id, "!up", thread=post)
        group_room = await land.room("group")
        group_post = (await land.leaders["block"].expect(group_room, number))["event_id"]
        assert time.monotonic() - began < AT_ONCE
    finally:
        await land.guest.start()
    code, said = await linzhang(land, "rooms", "check", land.units["group"].code, "--repair")
    assert code == 0, said
    leader = land.leaders["group"]
    await until(lambda: is_in(leader, group_room), "the group's leader to be in the room")
    await leader.say(group_room, f"!answer {number} 晚上就修好")
    await phone.expect("周强", "晚上就修好")
    await land.leaders["block"].expect_state(group_room, group_post, "answered")


async def test_a_report_climbs_from_the_villages_homeserver_to_the_townships(land: Land) -> None:
    phone = await land.resident()
    await phone.text("村口的路灯坏了三天")
    number = await number_of(phone, "陈建国")
    block_room, block_post = await land.expect_post("block", number, "村口的路灯坏了三天")
    assert block_room.endswith(land.second.server_name)
    for tier, leader in (("group", "周强"), ("village", "赵刚"), ("township", "李书记")):
        land.pass_hours(4.01)
        await land.expect_post(tier, number, "村口的路灯坏了三天")
        await phone.expect(number, leader)
    room_id, post = await land.expect_post("township", number)
    assert room_id.endswith(land.first.server_name)
    await land.leaders["township"].say(room_id, "镇里明天派人来修", thread=post)
    await phone.expect("李书记", "镇里明天派人来修")
    await land.leaders["block"].expect(block_room, "镇里明天派人来修", thread=block_post)
    await land.is_quiet()
    assert len(await phone.received()) == 5, "a receipt, three steps up, and the answer, each once"


async def test_a_leader_on_a_homeserver_that_knows_nothing_of_us(land: Land) -> None:
    phone = await land.resident()
    await phone.text("水井边的栏杆断了")
    number = await number_of(phone, "陈建国")
    room_id, post = await land.expect_post("block", number)
    await land.leaders["block"].say(room_id, "!up", thread=post)
    leader = land.leaders["group"]
    assert leader.user_id.endswith(land.guest.server_name)
    group_room, group_post = await land.expect_post("group", number, "水井边的栏杆断了")
    said = await leader.say(group_room, "下午去焊好", thread=group_post)
    await phone.expect("周强", "下午去焊好")
    await leader.edit(group_room, said, "傍晚去焊好")
    await phone.expect("傍晚去焊好")
    await leader.react(group_room, group_post, "✅")
    await phone.expect(number, "没解决请回2")
    await phone.text("1")
    await leader.expect_state(group_room, group_post, "closed")


async def test_a_remote_leader_may_do_no_more_than_their_post(land: Land) -> None:
    phone = await land.resident("张近", block=land.units["near"])
    await phone.text("镇东头的桥塌了半边")
    number = await number_of(phone, "王大妈")
    near_room, near_post = await land.expect_post("near", number)
    await land.leaders["near"].say(near_room, "!up", thread=near_post)
    room_id, post = await land.expect_post("township", number)
    stranger = await land.account(land.guest, "stranger", "外人", None)
    try:
        await land.leaders["township"].client.room_invite(room_id, stranger.user_id)
        await until(lambda: is_in(stranger, room_id), "the stranger to be in the room")
        await stranger.client.room_messages(room_id, stranger.client.next_batch)  # the post was before them
        await stranger.say(room_id, "外人的话", thread=post)
        await stranger.react(room_id, post, "✅")
        beneath = land.leaders["village"]
        assert beneath.user_id.endswith(land.second.server_name)
        await beneath.expect(room_id, number)
        await beneath.say(room_id, "村里的话", thread=post)
        await beneath.say(room_id, f"!done {number}")
        await beneath.react(room_id, post, "✅")
        await beneath.expect(room_id, number, "李书记", thread=post)
        await land.leaders["township"].say(room_id, "镇里的话", thread=post)
        await phone.expect("镇里的话")
        await land.is_quiet()
    finally:
        await stranger.log_out()
    assert len(await phone.received()) == 3, "the receipt, that it went up, and the township's answer"
    await land.leaders["township"].expect_state(room_id, post, "answered")


async def test_the_villages_homeserver_is_away_and_catches_up(land: Land) -> None:
    await land.second.stop()
    try:
        far, near = await land.resident(), await land.resident("张近", block=land.units["near"])
        await far.text("服务器停了也要记下")
        number = await number_of(far, "陈建国")
        await land.waits(1)
        await near.text("这边的不能等")
        near_number = await number_of(near, "王大妈")
        await land.expect_post("near", near_number, "这边的不能等")
        for leader in ("周强", "赵刚", "李书记"):
            land.pass_hours(4.01)
            await far.expect(number, leader)
        room_id, post = await land.expect_post("township", number, "服务器停了也要记下")
        await land.leaders["township"].say(room_id, "镇里先记下了", thread=post)
        await far.expect("镇里先记下了")
    finally:
        await land.second.start()
    for tier in ("block", "group", "village"):
        room_id, post = await land.expect_post(tier, number, "服务器停了也要记下")
        await land.leaders[tier].expect(room_id, "镇里先记下了", thread=post)
    await land.leaders["block"].say(await land.room("block"), "我也去看看", thread="")
    await land.is_quiet()
    for tier in ("block", "group", "village", "township"):
        assert len(land.leaders[tier].seen(await land.room(tier), number)) == 1


async def test_a_homeserver_that_hangs_holds_up_no_other(land: Land) -> None:
    far = [await land.resident(f"远{index}") for index in range(24)]
    near = await land.resident("张近", block=land.units["near"])
    land.second.freeze()
    try:
        await asyncio.gather(*(phone.text("新 路面全是坑") for phone in far))
        await asyncio.gather(*(number_of(phone, "陈建国") for phone in far))
        began = time.monotonic()
        await near.text("新 树倒在路上")
        number = await number_of(near, "王大妈")
        room_id, post = await land.expect_post("near", number)
        await land.leaders["near"].say(room_id, "这就来", thread=post)
        await near.expect("这就来")
        assert time.monotonic() - began < AT_ONCE
    finally:
        land.second.thaw()
    for phone in far:
        await land.expect_post("block", await number_of(phone, "陈建国"))
    await land.is_quiet()
    for phone in far:
        number = await number_of(phone, "陈建国")
        assert len(land.leaders["block"].seen(await land.room("block"), number)) == 1


async def test_somebody_banned_is_not_heard_even_where_nobody_has_told_their_homeserver(land: Land) -> None:
    phone = await land.resident()
    await phone.text("河边没有护栏")
    number = await number_of(phone, "陈建国")
    room_id, post = await land.expect_post("block", number)
    await land.leaders["block"].say(room_id, f"!up {number} 请村里管", thread=post)
    await phone.expect(number, "周强")
    group_room, group_post = await land.expect_post("group", number)
    leader, above = land.leaders["group"], land.leaders["village"]
    await leader.react(group_room, group_post, "⬆️")
    room_id, post = await land.expect_post("village", number)
    await leader.expect(room_id, number)
    await leader.say(room_id, "组里也看过了", thread=post)
    await phone.expect("组里也看过了")

    land.guest.freeze()
    saying = asyncio.create_task(leader.say(room_id, "被请出去以后的话", thread=post))
    await asyncio.sleep(0.2)  # the words are at their homeserver's door, which is shut
    banned = await above.client.room_ban(room_id, leader.user_id)
    assert isinstance(banned, RoomBanResponse), banned
    land.guest.thaw()
    await asyncio.gather(saying, return_exceptions=True)
    await above.say(room_id, "村里这就去装", thread=post)
    await phone.expect("村里这就去装")
    await land.is_quiet()
    assert await phone.count("被请出去以后的话") == 0


async def test_one_bot_talks_with_a_person_their_own_homeservers(land: Land) -> None:
    first, second = land.stack.settings.homeservers
    theirs = {"village": second.bot_id, "township": first.bot_id, "group": first.bot_id}
    for tier, asked in (("village", first.bot_id), ("township", second.bot_id), ("group", first.bot_id)):
        leader = land.leaders[tier]
        made = await leader.client.room_create(
            invite=[asked], is_direct=True, preset=RoomPreset.trusted_private_chat
        )
        assert isinstance(made, RoomCreateResponse), made

        async def hears(leader: LeaderClient = leader, bot: str = theirs[tier]) -> bool:
            said = [each for events in leader.events.values() for each in events if each["sender"] == bot]
            return any("这里只有您和我" in each["content"].get("body", "") for each in said)

        await until(hears, f"the {tier}'s leader to be greeted")


async def test_a_subtree_moves_to_another_homeserver_with_what_is_in_hand(land: Land) -> None:
    phone = await land.resident("张近", block=land.units["near"])
    await phone.text("新 井盖不见了")
    number = await number_of(phone, "王大妈")
    old_room, _ = await land.expect_post("near", number)
    code, near = land.second.server_name, land.units["near"].code
    assert (await linzhang(land, "homeserver", "assign", near, "elsewhere.example"))[0] == 2
    result, said = await linzhang(land, "homeserver", "assign", near, code, "--replace")
    assert (result, "1 rooms" in said) == (0, True), said
    land.moved.add("near")
    room_id, post = await land.expect_post("near", number, "井盖不见了")
    assert room_id.endswith(land.second.server_name)
    assert room_id != old_room
    await land.leaders["near"].say(room_id, "换好了新的", thread=post)
    await phone.expect("王大妈", "换好了新的")
    result, said = await linzhang(land, "homeserver", "list")
    assert result == 0, said
    assert f"{near} 第1邻" in said


async def test_a_registration_is_printed_for_each_homeserver(land: Land) -> None:
    second = land.stack.settings.homeservers[1]
    _, said = await linzhang(land, "homeserver", "registration", second.server_name)
    facts: dict[str, Any] = dict(line.split(": ", 1) for line in said.splitlines())
    assert json.loads(facts["hs_token"]) == second.hs_token.get_secret_value()
    assert json.loads(facts["url"]) == land.stack.settings.public_url
    bot, ghosts = json.loads(facts["namespaces"])["users"]
    assert re.fullmatch(bot["regex"], second.bot_id)
    assert re.fullmatch(ghosts["regex"], second.ghost_id(7))
    assert not re.fullmatch(ghosts["regex"], second.bot_id)
