"""People of an IRC channel report, are answered, and close it, through a bridge that is none of ours."""

import re

import pytest

from models import (
    Issue,
    Leadership,
    Message,
    Person,
    Role,
    Room,
    RoomBridge,
    RoomBridgeState,
    RoomKind,
)
from tests.heisenbridge.conftest import CHANNEL, Village
from tests.heisenbridge.irc import Villager
from tests.matrix.house import until
from tests.stack.shell import linzhang

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]


async def reports(village: Village, villager: Villager, words: str) -> tuple[str, str]:
    """Somebody reports something in the channel; returns the issue's number, and the root of its thread."""
    villager.say(words)
    receipt = await villager.expect(villager.nick, words[:12], "收到了", "陈建国")
    number = re.search(r"编号(\d+)", receipt)
    assert number, receipt
    said = await village.town.leaders["block"].expect(village.room_id, words)
    return number.group(1), str(said["event_id"])


async def test_a_leader_bridges_the_room_with_one_line(village: Village) -> None:
    leader = village.town.leaders["block"]
    await leader.say(village.room_id, f"！桥接 irc {CHANNEL}")
    await leader.expect(village.room_id, "这个群已接到irc")
    row = await RoomBridge.get().select_related("by")
    assert (row.state, row.channel, row.by.name) == (RoomBridgeState.ON, CHANNEL, "陈建国")
    await leader.say(village.room_id, "！桥接")
    await leader.expect(village.room_id, f"irc {CHANNEL}：已接通", "陈建国", "可以接通：irc")


async def test_a_villager_on_irc_is_answered_and_closes_it(village: Village) -> None:
    leader = village.town.leaders["block"]
    villager = await village.comes("laowang")
    number, root = await reports(village, villager, "村口的路灯坏了")
    issue = await Issue.get(id=Issue.id_of(int(number))).select_related("reporter", "block")
    assert (issue.reporter.name, issue.block) == ("laowang", village.town.units["block"])
    card = await leader.expect(village.room_id, number, "laowang", thread=root)
    assert card["content"]["org.linzhang.issue"]["state"] == "open"

    await leader.say(village.room_id, "明天上午电工来修", thread=root)
    answer = await villager.expect("laowang", "村口的路灯坏了", number, "明天上午电工来修")
    assert "陈建国" in answer
    await leader.react(village.room_id, root, "✅")
    await villager.expect("laowang", number, "没解决请回2")
    villager.say("linzhang: 1")
    await villager.expect("laowang", number, "办完了")
    await leader.expect_state(village.room_id, card["event_id"], "closed")
    assert [said.partition("> ")[0] for _, said in villager.lines].count("<linzhang") == 4, villager.lines
    assert not villager.heard("今天08:00"), "the card and its changes are for those who see threads"


async def test_a_puppet_has_the_rights_of_its_person(village: Village) -> None:
    """Being a puppet gives no right, the roster does."""
    villager, other = await village.comes("wangyi"), await village.comes("lisi")
    number, _ = await reports(village, villager, "井盖不见了")
    other.say(f"!答复 {number} 我来修")
    await other.expect("lisi", number, "不归您办")
    assert await Message.filter(text="我来修").count() == 0

    lisi = await Person.get(name="lisi")
    await Leadership.create(
        unit=village.town.units["block"], person=lisi, role=Role.DEPUTY, since=village.town.stack.clock.now()
    )
    other.say(f"!答复 {number} 下午就装")
    await villager.expect("wangyi", "井盖不见了", number, "lisi", "下午就装")


async def test_what_a_machine_on_irc_says_after_us_is_no_report(village: Village) -> None:
    """Two bridges in one channel would else answer each other for ever."""
    villager, machine = await village.comes("wangyi"), await village.comes("relaybot")
    (receipt,) = villager.heard("wangyi", "收到了")
    machine.say(f"<lz> {receipt}")
    machine.say(receipt.partition("——")[2][:20])
    await reports(village, machine, "树倒在路上了")  # heisenbridge makes one message of all three
    said = await Message.get(author__name="relaybot")
    assert said.text == "树倒在路上了"


async def test_the_channel_goes_along_when_the_room_is_replaced(village: Village) -> None:
    """The bridge holds a channel for one room, and has to leave the lost one first."""
    town = village.town
    await town.kick_service(village.room_id, town.leaders["block"])

    async def moved() -> bool:
        room = await Room.get_or_none(unit=town.units["block"], kind=RoomKind.ROOM, lost_at=None)
        row = await RoomBridge.get_or_none(unit=town.units["block"], state=RoomBridgeState.ON)
        return room is not None and row is not None and room.room_id != village.room_id

    await until(moved, "the new room to be bridged")
    village.room_id = await town.room("block")
    villager = await village.comes("wangyi")

    async def back() -> bool:
        return "linzhang" in villager.joined

    await until(back, "the bridge to be in the channel again")
    await reports(village, await village.comes("zhouba"), "水管漏水了")


async def test_taken_away_nobody_of_irc_is_in_the_room(village: Village) -> None:
    leader = village.town.leaders["block"]
    villager = await village.comes("laowang")
    await leader.say(village.room_id, "！桥接 取消 irc")
    await leader.expect(village.room_id, "已和irc断开")
    await villager.expect_member("linzhang", gone=True)
    row = await RoomBridge.get(unit=village.town.units["block"]).select_related("ended_by")
    assert (row.state, row.ended_by and row.ended_by.name) == (RoomBridgeState.OFF, "陈建国")
    assert row.until is not None
    code, said = await linzhang(village.town, "bridges", "rooms")
    assert (code, "irc" in said, "off" in said) == (0, True, True), said
    answer = await leader.client.joined_members(village.room_id)
    assert not [each.user_id for each in answer.members if "irc_" in each.user_id or "heisen" in each.user_id]
