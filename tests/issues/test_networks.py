"""Rooms bridged to other networks, and their people: what is decided, without a bridge on the other side."""

import re
import tomllib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import ValidationError

from bridges.contract import Inbound, Kind
from bridges.matrix.events import parse
from escalator import bridging
from escalator import inbox as inbox_worker
from issues import inbox, reaching, texts
from issues.effects import ROOMS
from linzhang.networks import Network, Step
from linzhang.settings import Settings
from models import (
    Address,
    AdminAction,
    BotRoom,
    Issue,
    Message,
    Outbox,
    Person,
    RoomBridge,
    RoomBridgeState,
    RoomEvent,
    RoomEventKind,
    RoomKind,
    State,
)
from rooms import bridged, losing, networks, roster
from rooms.render import openly
from tests.factories import make_settings, open_database
from tests.issues.chat import Block, Chat, zh

BOT = "@bridge:test"
GUEST = "@net_laowang:test"

NETWORK = {
    "name": "net",
    "bot": BOT,
    "puppets": ["@net_.+:test"],
    "own": ["@net_relay:test"],
    "channel": "#[a-z]+",
    "join": [
        {"say": "OPEN", "expect": "^opened"},
        {"say": "HELLO", "place": "room"},
        {"say": "PLUMB {room} {channel}", "place": "invited", "expect": "^plumbed", "refused": "^no: "},
    ],
    "leave": [{"say": "UNPLUMB {channel}", "expect": "^gone"}],
}


#: A network whose bridge needs nothing but its bot in the room.
BARE = {"name": "bare", "bot": "@bare:test", "puppets": ["@bare_.+:test"]}


@pytest_asyncio.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with two networks, whose SQLite database is open."""
    made = make_settings(tmp_path, networks=[NETWORK, BARE])
    async with open_database(made):
        yield made


async def bot_says(settings: Settings, words: str, room: str = "!bot:test") -> None:
    """Let the bridge's bot say something."""
    inbound = Inbound(
        "matrix", f"$bot{words}{await Outbox.all().count()}", BOT, Kind.NOTICE, words, room=room
    )
    lane = await inbox.store(settings, inbound)
    assert lane is not None
    await inbox_worker.drain(settings, lane)


async def told() -> list[tuple[str, int]]:
    """What is to be done at the bridge, in order."""
    rows = await Outbox.filter(bridge=ROOMS, lane="network:net").order_by("id")
    return [(row.payload["do"], row.payload["step"]) for row in rows]


async def openly_told(user_id: str, settings: Settings) -> list[str]:
    """What somebody of the network is told, oldest first."""
    address = await Address.get(bridge="matrix", lookup=settings.vault.lookup("matrix", user_id))
    rows = await Outbox.filter(address=address, bridge="matrix").order_by("id")
    return [row.payload["text"] for row in rows]


# --- bridging a room -----------------------------------------------------------------------------------


async def test_one_step_after_the_other_and_the_answers_of_others_mean_nothing(block: Block) -> None:
    room = block.room
    started = zh(texts.BRIDGE_STARTED, network="net", channel="#village")
    assert await room.says(block.leader, "!bridge net #village") == [started]
    assert await told() == [("let_in", 0), ("join", 0)]
    await bot_says(block.settings, "plumbed, but nobody has asked for that yet")
    assert await told() == [("let_in", 0), ("join", 0)]
    await bot_says(block.settings, "welcome\nopened")
    assert (await told())[2:] == [("join", 1), ("join", 2)], "what needs no answer is said along"
    await bot_says(block.settings, "plumbed")
    assert await room.answers() == [zh(texts.BRIDGE_ON, network="net", channel="#village")]
    row = await RoomBridge.get().select_related("by")
    assert (row.state, row.by, row.until) == (RoomBridgeState.ON, block.leader, None)
    await comes(block, GUEST, "老王")
    said = await roster.read(block.settings, block.territory.block, RoomKind.ROOM, row.since)
    assert said.guests == ((BOT, 50),), "whoever keeps the room keeps its bot there, and leaves puppets alone"
    assert GUEST not in said.people
    (listed,) = await room.says(block.leader, "！桥接")
    assert "net #village" in listed
    assert "net、bare" in listed


async def test_what_the_bot_refuses_is_told_and_the_bot_goes(block: Block) -> None:
    await block.room.says(block.leader, "!bridge net #village")
    await bot_says(block.settings, "opened")
    await bot_says(block.settings, "no: you are nobody")
    (line,) = await block.room.answers()
    assert "no: you are nobody" in line
    assert (await told())[-1] == ("take_out", 0)
    assert (await RoomBridge.get()).state is RoomBridgeState.FAILED
    assert await networks.wanted(block.settings, block.territory.block.id) == {}


async def test_a_second_room_waits_for_the_first_but_not_for_ever(block: Block) -> None:
    group = await block.room_of("group")
    await block.room.says(block.leader, "!bridge net #village")
    await group.says(block.territory.leaders["group"], "!bridge net #group")
    assert await told() == [("let_in", 0), ("join", 0), ("let_in", 0)], "what the bot is told of it waits"
    long_ago = block.settings.clock.wall() - bridged.PATIENCE - timedelta(seconds=1)
    await RoomBridge.filter(channel="#village").update(moved_at=long_ago)
    await block.room.answers()
    assert (await bridging.run(block.settings, 10))[0] == 1
    assert (await bridging.run(block.settings, 10))[0] == 0
    assert await block.room.answers() == [zh(texts.BRIDGE_SILENT, network="net", channel="#village")]
    assert (await RoomBridge.get(channel="#village")).state is RoomBridgeState.FAILED
    assert (await told())[3:] == [("take_out", 0), ("join", 0)], "the group's turn has come"
    await bot_says(block.settings, "opened")
    assert (await RoomBridge.get(channel="#group")).step == 2


async def test_it_is_ended_as_it_was_begun(block: Block) -> None:
    await block.room.says(block.leader, "!bridge bare x")
    assert (await RoomBridge.get()).state is RoomBridgeState.ON, "it is enough that its bot is there"
    assert await block.room.says(block.leader, "!bridge bare y") == [
        zh(texts.BRIDGE_ALREADY, network="bare", form=texts.FORM_BRIDGE_OFF)
    ]
    superior = block.territory.leaders["township"]
    assert await block.room.says(superior, "!bridge off bare") == [
        zh(texts.BRIDGE_STOPPED, network="bare"),
        zh(texts.BRIDGE_OFF, network="bare"),
    ]
    row = await RoomBridge.get().select_related("ended_by")
    assert (row.state, row.ended_by) == (RoomBridgeState.OFF, superior)
    assert await block.room.says(superior, "!bridge off bare") == [zh(texts.BRIDGE_NONE, network="bare")]
    code = block.territory.block.code
    assert await AdminAction.all().order_by("id").values_list("who", "action", "subject", "detail") == [
        (block.leader.name, "room bridged", "bare", f"{code} x"),
        (superior.name, "room unbridged", "bare", f"{code} x"),
    ]


async def test_a_room_that_comes_in_the_place_of_a_lost_one_is_bridged_anew(block: Block) -> None:
    await block.room.says(block.leader, "!bridge net #village")
    for answer in ("opened", "plumbed"):
        await bot_says(block.settings, answer)
    await losing.lose(block.settings, block.room.room_id)
    assert (await told())[-2:] == [("let_in", 0), ("leave", 0)]
    await bot_says(block.settings, "gone")
    assert (await told())[-1] == ("join", 0)
    for answer in ("opened", "plumbed"):
        await bot_says(block.settings, answer)
    assert (await RoomBridge.get()).state is RoomBridgeState.ON


async def test_only_those_who_lead_the_unit_may_and_nothing_but_a_channel_reaches_the_bot(
    block: Block,
) -> None:
    for person in ("@somebody:test", block.territory.leaders["peace"]):
        for words in ("!bridge", "!bridge net #village", "!bridge off net"):
            assert await block.room.says(person, words) == [zh(texts.BRIDGE_WHO)]
    for channel in ("", "#village PART", "#x\nQUIT", "village"):
        (answer,) = await block.room.says(block.leader, f"!bridge net {channel}")
        assert zh(texts.FORM_BRIDGE) in answer
    assert await told() == []
    assert await RoomBridge.all().count() == 0


async def test_a_bot_may_invite_the_service_and_others_may_not_for_that(block: Block) -> None:
    bot = block.settings.homeservers[0].bot_id
    await Chat(block.settings, "!network:test").changes(BOT, bot, "invite")
    assert (await BotRoom.get()).network == "net"
    chat = Chat(block.settings, "!other:test")
    await chat.changes(GUEST, bot, "invite")
    assert [each["do"] for each in await chat.deeds()] == ["decline"]
    assert await BotRoom.all().count() == 1


# --- people of the network -----------------------------------------------------------------------------


async def comes(block: Block, user_id: str, name: str) -> Person:
    """Somebody of the network comes into the block's room."""
    inbound = Inbound(
        "matrix",
        f"$join{user_id}{name}",
        user_id,
        Kind.MEMBERSHIP,
        room=block.room.room_id,
        detail={"member": user_id, "membership": "join", "name": name},
    )
    lane = await inbox.store(block.settings, inbound)
    assert lane is not None
    await inbox_worker.drain(block.settings, lane)
    address = await Address.get(lookup=block.settings.vault.lookup("matrix", user_id)).select_related(
        "person"
    )
    return address.person


async def test_a_guest_of_a_block_is_its_resident_and_talks_as_somebody_who_texts(block: Block) -> None:
    guest = await comes(block, GUEST, "老王")
    assert (guest.name, guest.block_id) == ("老王", block.territory.block.id)
    await block.room.says(GUEST, "下水道堵了")
    issue = await Issue.get(reporter=guest)
    root = await RoomEvent.get(issue=issue, kind=RoomEventKind.POST)
    assert (root.event_id, issue.reported_in) == (block.room.last, "")
    await block.room.says(GUEST, "在三号楼门口")
    assert await Message.filter(issue=issue).count() == 2, "what follows at once belongs to it"
    await block.room.says(block.leader, "马上来", thread=root.event_id)
    await block.room.reacts(block.leader, "✅", root.event_id)
    await block.room.says(GUEST, "1")
    assert (await Issue.get(id=issue.id)).state is State.CLOSED
    lines = await openly_told(GUEST, block.settings)
    assert len(lines) == 4, "receipt, answer, question, thanks"
    assert "马上来" in lines[1]
    assert all(str(issue.number) in line for line in lines)


async def test_what_neighbours_say_to_each_other_is_no_report_but_a_danger_is(block: Block) -> None:
    guest, neighbour = await comes(block, GUEST, "老王"), await comes(block, "@net_lisi:test", "lisi")
    await block.room.says(GUEST, "lisi: 晚上打牌吗")
    assert not await Issue.exists(reporter=guest)
    await block.room.says(GUEST, f"{block.leader.name}，井盖不见了")
    assert (await Message.get(author=guest)).text.endswith("井盖不见了"), "the leader is meant"
    await block.room.says("@net_lisi:test", "老王: 你家着火了")
    assert (await Issue.get(reporter=neighbour)).urgent
    bot = block.settings.homeservers[0].bot
    await block.room.says("@net_lisi:test", f"{bot}: 进度")
    assert (
        str((await Issue.get(reporter=neighbour)).number)
        in (await openly_told("@net_lisi:test", block.settings))[-1]
    )


async def test_whom_a_guest_is_taken_for(block: Block) -> None:
    guest = await comes(block, GUEST, "老王")
    await Person.filter(id=guest.id).update(name="王建军")
    await comes(block, GUEST, "老王!")
    assert (await Person.get(id=guest.id)).name == "王建军", "the roster knows better"
    assert (await comes(block, "@net_4915112345678:test", "+49 151 1234 5678 (WA)")).name == "", "a number"
    before = await Person.all().count()
    group = await block.room_of("group")
    await group.changes("@net_other:test", "@net_other:test", "join")
    assert await Person.all().count() == before, "only a block's room has residents"


async def test_the_bots_words_are_nobodys_and_our_own_do_not_come_back(block: Block) -> None:
    homeservers, networks = block.settings.homeservers, block.settings.networks

    def said(sender: str, msgtype: str = "m.text") -> Inbound | None:
        content = {"msgtype": msgtype, "body": "路灯坏了"}
        facts = {"sender": sender, "event_id": "$1", "room_id": "!1:test", "type": "m.room.message"}
        return parse(facts | {"content": content}, homeservers, networks)

    assert [each and each.kind for each in (said(BOT), said(BOT, "m.notice"))] == [Kind.NOTICE] * 2
    assert said("@net_relay:test") is None, "the bridge's own account on the network"
    assert said(GUEST, "m.notice") is None
    found = said(GUEST)
    assert found is not None
    assert found.kind is Kind.TEXT
    before = await Issue.all().count()
    await bot_says(block.settings, "路灯坏了", block.room.room_id)
    assert await Issue.all().count() == before


async def test_what_is_private_has_no_thread_in_the_room_and_a_guest_is_never_spoken_to_alone(
    block: Block,
) -> None:
    guest = await comes(block, GUEST, "老王")
    await block.room.says(GUEST, "保密 邻居总打孩子")
    issue = await Issue.get(reporter=guest)
    assert issue.private
    assert not await RoomEvent.filter(issue=issue).exists()
    assert await reaching.address_of(block.settings, guest, block.settings.clock.now()) is None
    await block.room.says(GUEST, "!help")
    assert zh(texts.FORM_HELP) in (await openly_told(GUEST, block.settings))[-1]


# --- settings and rendering ----------------------------------------------------------------------------


def test_what_is_filled_in_is_never_read_as_a_blank() -> None:
    step = Step(say="PLUMB {room} {channel}")
    assert step.words("{channel}", "{room}") == "PLUMB {channel} {room}"


@pytest.mark.parametrize(
    "wrong", [{"puppets": ["("]}, {"bot": "bridge"}, {"join": [{"say": "A\nB"}]}, {"name": "a b"}]
)
def test_a_wrong_setting_is_found_at_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Network.model_validate(NETWORK | wrong)


def test_two_networks_of_one_name_are_not_taken(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        make_settings(tmp_path, networks=[NETWORK, NETWORK])


def test_words_in_the_open_name_and_quote_and_no_line_is_too_long() -> None:
    content = openly(
        "去村委会，" * 30 + "<b>\n再见",
        "k",
        name="老<王>",
        user_id=GUEST,
        quoted="路灯",
        language="zh-Hans",
        width=50,
    )
    assert content["body"].startswith("老<王>：“路灯”——去村委会")
    assert max(len(line) for line in content["body"].split("\n")) <= 50 + len("老<王>：")
    assert "老&lt;王&gt;</a>：" in content["formatted_body"]
    assert "&lt;b&gt;" in content["formatted_body"]
    assert content["m.mentions"] == {"user_ids": [GUEST]}


def test_what_the_documentation_shows_can_be_written_into_the_configuration(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "admins.md").read_text(encoding="utf-8")
    shown = [found for found in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "[[networks]]" in found]
    assert len(shown) == 3
    for text in shown:
        made = make_settings(tmp_path, **tomllib.loads(text))
        assert all(each.in_the_open for each in made.networks)
