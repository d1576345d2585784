"""The service on a real Synapse: ghosts, rooms, what leaders do there, and what happens when things fail."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bridges.contract import Kind, Media, Outbound, Refused, Unasked, Unavailable
from bridges.matrix.appservice import KEY, AppService, LostRoom
from bridges.matrix.bridge import MatrixBridge
from bridges.matrix.connection import Denied
from bridges.matrix.registration import registration
from bridges.matrix.setup import review
from demo.children import ChildError, free_port
from demo.homeserver import EmbeddedHomeserver, HomeserverError
from escalator import outbox, restoring
from escalator.delivery import Deliverer
from issues.effects import AS_POLL, ROOMS, TIES, Effects
from linzhang.copying import back_up, bring_back
from linzhang.database import database
from linzhang.settings import Settings
from models import (
    Outbox,
    OutboxState,
    Room,
    RoomBridge,
    RoomEvent,
    RoomEventKind,
    RoomKind,
    TiedChat,
    Unit,
)
from rooms.delivery import ToRoom
from rooms.media import MEDIA, ToThread
from rooms.provision import Provision
from rooms.uploads import Uploads
from tests.factories import make_settings, open_database, plant, reachable, resident
from tests.issues.diary import Phone
from tests.matrix.house import House, until

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]

GHOST = "@lz_7:localhost"


def line(text: str, key: str) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": text, KEY: key}


async def test_a_ghost_says_what_a_resident_wrote_and_the_leader_is_heard(house: House) -> None:
    leader = await house.person("ghost-leader")
    room_id = await house.room("lz-ghost", leader)
    await house.service.ensure_ghost(GHOST, "王大爷")
    await house.service.ensure_joined(room_id, GHOST)
    said = await house.service.send(room_id, line("路灯坏了", "g1"), txn_id="g1", sender=GHOST)
    assert said == await house.service.send(room_id, line("路灯坏了", "g1"), txn_id="g1", sender=GHOST)
    seen = await leader.event(room_id, said)
    assert (seen["sender"], seen["content"]["body"]) == (GHOST, "路灯坏了")
    assert (await leader.state(room_id, "m.room.member", GHOST))["displayname"] == "王大爷"

    answer = await leader.say(
        room_id,
        "明天来修",
        **{
            "m.relates_to": {
                "rel_type": "m.thread",
                "event_id": said,
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": said},
            }
        },
    )
    heard = await house.expect(answer)
    assert (heard.bridge, heard.kind, heard.text) == ("matrix", Kind.TEXT, "明天来修")
    assert (heard.room, heard.thread, heard.target, heard.sender) == (room_id, said, "", leader.user_id)
    assert heard.sent_at is not None
    assert abs((datetime.now(UTC) - heard.sent_at).total_seconds()) < 60
    assert said not in house.store.offered, "what the service said itself does not come back"


async def test_who_reads_is_there_and_the_service_itself_is_not(house: House) -> None:
    leader = await house.person("reading-leader")
    room_id = await house.room("lz-reading", leader)
    said = await house.service.send(room_id, line("请看", "r1"), txn_id="r1")
    house.store.seen.clear()
    await leader.read(room_id, said)

    async def is_seen() -> bool:
        return (leader.user_id, room_id) in house.store.seen

    await until(is_seen, "the leader's reading")
    assert {user for user, _ in house.store.seen} == {leader.user_id}


async def test_a_ghost_gets_its_new_name(house: House) -> None:
    leader = await house.person("name-leader")
    room_id = await house.room("lz-name", leader)
    ghost = "@lz_8:localhost"
    await house.service.ensure_ghost(ghost, "李婶")
    await house.service.ensure_joined(room_id, ghost)
    await house.service.ensure_ghost(ghost, "李秀英")

    async def is_renamed() -> bool:  # Synapse carries a new name into the rooms behind its answer
        member = await leader.state(room_id, "m.room.member", ghost)
        return bool(member["displayname"] == "李秀英")

    await until(is_renamed, "the new name")


async def test_what_a_leader_does_is_understood(house: House) -> None:
    leader = await house.person("doing-leader")
    room_id = await house.room("lz-doing", leader)
    await house.expect_membership(room_id, leader.user_id, "join")
    said = await leader.say(room_id, "一")
    edit = await leader.say(
        room_id,
        "* 二",
        **{
            "m.new_content": {"msgtype": "m.text", "body": "二"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": said},
        },
    )
    relation = {"rel_type": "m.annotation", "event_id": said, "key": "✅"}
    reaction = await leader.send(room_id, {"m.relates_to": relation}, "m.reaction")
    picture = await leader.send(
        room_id,
        {
            "msgtype": "m.image",
            "body": "灯.jpg",
            "url": "mxc://localhost/abc",
            "info": {"mimetype": "image/jpeg", "size": 5},
        },
    )
    secret = await leader.send(
        room_id, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}, "m.room.encrypted"
    )
    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": said}}
    place = await leader.send(
        room_id, {"msgtype": "m.location", "body": "here", "geo_uri": "geo:33.86,115.77;u=35", **thread}
    )
    sticker = await leader.send(
        room_id, {"body": "ok", "url": "mxc://localhost/s", "info": {}, **thread}, "m.sticker"
    )
    poll = await leader.send(
        room_id, {"org.matrix.msc3381.poll.start": {}, **thread}, "org.matrix.msc3381.poll.start"
    )
    selected = {"org.matrix.msc3381.poll.response": {"answers": ["2", "1"]}}
    about = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll}}
    vote = await leader.send(room_id, selected | about, "org.matrix.msc3381.poll.response")
    unvote = await leader.send(room_id, {"m.selections": []} | about, "m.poll.response")
    emote = await leader.send(
        room_id,
        {"msgtype": "m.emote", "body": "点头", "m.mentions": {"user_ids": ["@a:localhost"]}, **thread},
    )
    taken = await leader.client.room_redact(room_id, said)
    redaction = await house.expect(taken.event_id)
    kinds = {each: await house.expect(each) for each in (edit, reaction, picture, secret, vote, unvote)}
    in_thread = {each: await house.expect(each) for each in (place, sticker, poll, emote)}
    assert {each.thread for each in in_thread.values()} == {said}
    assert {each.kind for each in in_thread.values()} == {Kind.TEXT}
    assert in_thread[place].detail == {"place": [33.86, 115.77]}
    assert in_thread[sticker].detail == {"sticker": True}
    assert in_thread[poll].detail == {"poll": True}
    assert (in_thread[emote].text, in_thread[emote].detail) == ("点头", {"mentions": ["@a:localhost"]})
    assert (kinds[edit].kind, kinds[edit].text, kinds[edit].target) == (Kind.EDIT, "二", said)
    assert (kinds[reaction].kind, kinds[reaction].text, kinds[reaction].target) == (Kind.REACTION, "✅", said)
    assert [(each.url, each.name) for each in kinds[picture].media] == [("mxc://localhost/abc", "灯.jpg")]
    assert kinds[secret].detail == {"encrypted": True}
    votes = [(kinds[each].kind, kinds[each].text, kinds[each].target) for each in (vote, unvote)]
    assert votes == [(Kind.VOTE, "2", poll), (Kind.VOTE, "", poll)]
    assert (redaction.kind, redaction.target) == (Kind.REDACTION, said)
    order = [each.external_id for each in house.store.events if each.room == room_id]
    positions = [order.index(each) for each in (said, edit, reaction, picture, secret, taken.event_id)]
    assert positions == sorted(positions)


async def test_a_room_is_made_once_however_often_it_is_asked_for(house: House) -> None:
    leader = await house.person("once-leader")
    late = await house.person("late-leader")

    async def make(*invite: str) -> str:
        return await house.service.create_room(
            alias="lz-once", name="第3邻", topic="", invite=invite, leaders=[leader.user_id]
        )

    first, second = await asyncio.gather(make(leader.user_id), make(leader.user_id))
    assert first == second == await make(leader.user_id, late.user_id)
    assert await house.service.resolve_alias("lz-once") == first
    members = await house.service.members(first)
    assert members == {house.homeserver.bot_id: "join", leader.user_id: "invite", late.user_id: "invite"}
    await leader.join(first)
    assert (await leader.state(first, "m.room.name"))["name"] == "第3邻"
    assert (await leader.state(first, "m.room.join_rules"))["join_rule"] == "invite"
    assert (await leader.state(first, "m.room.history_visibility"))["history_visibility"] == "shared"
    powers = await leader.state(first, "m.room.power_levels")
    assert powers["users"] == {house.homeserver.bot_id: 100, leader.user_id: 50}
    assert (powers["events_default"], powers["users_default"]) == (0, 0)


async def test_somebody_who_cannot_be_invited_keeps_no_room_from_being_made(house: House) -> None:
    leader = await house.person("near-leader")
    room_id = await house.service.create_room(
        alias="lz-far", name="n", topic="", invite=["@far:127.0.0.1:1", "not a user", leader.user_id]
    )
    assert (await house.service.members(room_id))[leader.user_id] == "invite"


async def test_a_space_shows_its_rooms_and_only_leaders_post_there(house: House) -> None:
    leader = await house.person("space-leader")
    member = await house.person("space-member")
    space = await house.service.create_room(
        alias="lz-space", name="村", topic="", invite=[leader.user_id, member.user_id],
        leaders=[leader.user_id], space=True,
    )  # fmt: skip
    room_id = await house.room("lz-in-space", leader)
    await house.service.add_child(space, room_id)
    await house.service.set_parent(room_id, space)
    await leader.join(space)
    await member.join(space)
    assert (await leader.state(space, "m.room.create"))["type"] == "m.space"
    assert (await leader.state(space, "m.space.child", room_id))["via"] == ["localhost"]
    assert (await leader.state(room_id, "m.space.parent", space))["canonical"] is True
    await leader.say(space, "a leader may")
    with pytest.raises(AssertionError, match="permission"):
        await member.say(space, "others may not")


async def test_power_follows_the_post(house: House) -> None:
    old, new = await house.person("old-leader"), await house.person("new-leader")
    room_id = await house.room("lz-power", old)
    await house.service.set_name(room_id, "改了名")
    await house.service.set_power(room_id, {old.user_id: 0, new.user_id: 50})
    await house.service.invite(room_id, new.user_id)
    await house.service.invite(room_id, new.user_id)
    await new.join(room_id)
    await house.service.invite(room_id, new.user_id)
    users = (await new.state(room_id, "m.room.power_levels"))["users"]
    assert users == {house.homeserver.bot_id: 100, old.user_id: 0, new.user_id: 50}
    assert (await new.state(room_id, "m.room.name"))["name"] == "改了名"


async def test_a_ghost_that_was_put_out_comes_back_to_speak(house: House) -> None:
    leader = await house.person("kicking-leader")
    room_id = await house.room("lz-kick", leader)
    ghost = "@lz_9:localhost"
    await house.service.ensure_ghost(ghost, "赵奶奶")
    await house.service.ensure_joined(room_id, ghost)
    await leader.client.room_kick(room_id, ghost)
    said = await house.service.send(room_id, line("我在", "k1"), txn_id="k1", sender=ghost)
    assert (await leader.event(room_id, said))["sender"] == ghost
    await leader.client.room_ban(room_id, ghost)
    with pytest.raises(Refused) as refusal:
        await house.service.send(room_id, line("还在", "k2"), txn_id="k2", sender=ghost)
    assert not isinstance(refusal.value, LostRoom), "the room is there, the ghost is not wanted"
    assert "@" not in str(refusal.value)


async def test_a_room_without_the_bot_is_lost_and_its_alias_makes_a_new_one(house: House) -> None:
    leader = await house.person("strong-leader")
    room_id = await house.room("lz-lost", leader)
    await house.service.ensure_ghost(GHOST, "王大爷")
    await house.service.ensure_joined(room_id, GHOST)
    await house.service.set_power(room_id, {leader.user_id: 100, house.homeserver.bot_id: 50})
    await leader.client.room_kick(room_id, house.homeserver.bot_id)
    removed = await house.expect_membership(room_id, house.homeserver.bot_id, "leave")
    assert removed.sender == leader.user_id
    for attempt in (
        house.service.send(room_id, line("a", "l1"), txn_id="l1"),
        house.service.set_name(room_id, "n"),
        house.service.invite(room_id, GHOST),
        house.service.set_power(room_id, {GHOST: 1}),
    ):
        with pytest.raises(LostRoom) as lost:
            await attempt
        assert "@" not in str(lost.value)
    with pytest.raises(LostRoom):
        await house.service.send("!nowhere:localhost", line("a", "l2"), txn_id="l2")
    assert await house.room("lz-lost", leader) != room_id


async def test_a_person_is_told_in_a_direct_room_also_after_leaving_it(house: House) -> None:
    person = await house.person("direct-person")
    first = Outbound("d1", person.user_id, "你好")
    nothing_yet = await house.bridge.find(first, datetime.now(UTC), ())
    assert nothing_yet is None
    delivered = await house.bridge.deliver(first)
    await person.client.sync()
    (room_id,) = person.client.invited_rooms
    invitation = person.client.invited_rooms[room_id]
    assert invitation.inviter == house.homeserver.bot_id
    await person.join(room_id)
    assert (await person.event(room_id, delivered.external_id))["content"]["body"] == "你好"
    assert await house.bridge.deliver(first) == delivered
    assert await house.bridge.find(first, datetime.now(UTC), ()) == delivered

    await person.leave(room_id)
    second = await house.bridge.deliver(Outbound("d2", person.user_id, "还在吗"))
    assert (await house.service.members(room_id))[person.user_id] == "invite"
    await person.join(room_id)
    assert (await person.event(room_id, second.external_id))["content"]["body"] == "还在吗"
    joined = await house.expect_membership(room_id, person.user_id, "join")
    assert joined.room == room_id


async def test_a_lost_direct_room_is_replaced(house: House) -> None:
    person = await house.person("replaced-person")
    await house.bridge.deliver(Outbound("r1", person.user_id, "一"))
    await person.client.sync()
    (room_id,) = person.client.invited_rooms
    leave = f"/_matrix/client/v3/rooms/{room_id}/leave"
    headers = {"Authorization": f"Bearer {house.homeserver.as_token.get_secret_value()}"}
    async with httpx.AsyncClient(base_url=house.homeserver.url, headers=headers) as http:
        bot = {"user_id": house.homeserver.bot_id}
        (await http.post(leave, json={}, params=bot)).raise_for_status()
    delivered = await house.bridge.deliver(Outbound("r2", person.user_id, "二"))
    await person.client.sync()
    (new_room_id,) = set(person.client.invited_rooms) - {room_id}
    await person.join(new_room_id)
    assert (await person.event(new_room_id, delivered.external_id))["content"]["body"] == "二"


async def test_a_room_that_a_person_has_made_becomes_their_direct_room(house: House) -> None:
    person = await house.person("inviting-person")
    before = await house.bridge.deliver(Outbound("i1", person.user_id, "一"))
    made = await person.client.room_create(is_direct=True, invite=[house.homeserver.bot_id])
    await house.service.accept_direct(person.user_id, made.room_id)
    await house.service.accept_direct(person.user_id, made.room_id)
    second = Outbound("i2", person.user_id, "二")
    delivered = await house.bridge.deliver(second)
    assert (await person.event(made.room_id, delivered.external_id))["content"]["body"] == "二"
    assert await house.bridge.find(second, datetime.now(UTC), ()) == delivered
    assert before.external_id != delivered.external_id

    await person.client.room_put_state(
        made.room_id, "m.room.power_levels", {"users": {person.user_id: 100}, "invite": 50}
    )
    await person.leave(made.room_id)
    third = await house.bridge.deliver(Outbound("i3", person.user_id, "三"))
    await person.client.sync()
    (another,) = [
        each for each in person.client.invited_rooms if await house.service.find(each, "i3") is not None
    ]
    await person.join(another)
    assert (await person.event(another, third.external_id))["content"]["body"] == "三"


async def test_an_invitation_is_declined_with_a_reason(house: House) -> None:
    person = await house.person("declined-person")
    made = await person.client.room_create(invite=[house.homeserver.bot_id])
    await house.service.leave(made.room_id, "只能私聊")
    await house.service.leave(made.room_id, "只能私聊")
    answer = await person.state(made.room_id, "m.room.member", house.homeserver.bot_id)
    assert answer["membership"] == "leave"
    with pytest.raises(Refused):
        await house.service.join(made.room_id)
    with pytest.raises(Refused):
        await house.service.accept_direct(person.user_id, made.room_id)


async def test_pictures_go_before_the_words_and_links_with_them(house: House) -> None:
    person = await house.person("picture-person")
    picture_of_pipe = Media("mxc://localhost/pipe", "image/png", name="pipe.png")
    paper = Media("https://example.org/a.pdf", "application/pdf")
    outbound = Outbound("p1", person.user_id, "请看", (picture_of_pipe, paper))
    delivered = await house.bridge.deliver(outbound)
    await person.client.sync()
    (room_id,) = person.client.invited_rooms
    await person.join(room_id)
    words = (await person.event(room_id, delivered.external_id))["content"]
    assert words["body"] == "请看\nhttps://example.org/a.pdf"
    picture = await house.service.find(room_id, "p1.1")
    assert picture is not None
    shown = (await person.event(room_id, picture))["content"]
    assert (shown["msgtype"], shown["url"]) == ("m.image", picture_of_pipe.url)


async def test_a_message_is_redacted(house: House) -> None:
    leader = await house.person("redact-leader")
    room_id = await house.room("lz-redact", leader)
    said = await house.service.send(room_id, line("错了", "x1"), txn_id="x1")
    await house.service.redact(room_id, said, txn_id="x2")
    assert (await leader.event(room_id, said))["content"] == {}


async def test_what_could_not_be_stored_comes_again(house: House) -> None:
    leader = await house.person("again-leader")
    room_id = await house.room("lz-again", leader)
    house.store.refused = lambda inbound: inbound.room == room_id and inbound.kind is Kind.TEXT
    house.store.refusals = 1
    first = await leader.say(room_id, "一")
    second = await leader.say(room_id, "二")
    await house.expect(first)
    await house.expect(second)
    assert house.store.offered.count(first) == 2, "refused once, then taken"
    told = [each.text for each in house.store.events if each.room == room_id and each.kind is Kind.TEXT]
    assert told == ["一", "二"]


async def test_what_was_missed_comes_at_once_when_it_is_asked_for(house: House) -> None:
    leader = await house.person("missed-leader")
    room_id = await house.room("lz-missed", leader)
    house.store.refused = lambda inbound: inbound.room == room_id and inbound.kind is Kind.TEXT
    house.store.refusals = 3
    said = await leader.say(room_id, "你们在吗")

    async def has_given_up() -> bool:
        return house.store.offered.count(said) == 3

    await until(has_given_up, "the homeserver to try three times; it waits eight seconds before the fourth")
    asked = time.monotonic()
    await house.service.catch_up()
    await house.expect(said)
    assert time.monotonic() - asked < 6


async def test_what_a_homeserver_forgets_to_tell_is_found_in_its_rooms(house: House) -> None:
    """Synapse keeps what comes behind a transaction that takes long in its memory, and notes it as told."""
    leader = await house.person("forgotten-leader")
    room_id = await house.room("lz-forgotten", leader)
    name = house.homeserver.server_name
    begin = (await house.bridge.missed(name, "")).position
    house.store.answering.clear()
    first = await leader.say(room_id, "我去看看")

    async def is_handed_in() -> bool:
        return first in house.store.offered

    await until(is_handed_in, "the first words")
    told = [first, *[await leader.say(room_id, f"第{number}句") for number in range(3)]]
    await house.service.send(room_id, {"msgtype": "m.text", "body": "我们自己说的"}, txn_id="ours")
    await house.synapse.kill()
    house.store.answering.set()
    await house.synapse.start()
    last = await leader.say(room_id, "修好了")
    await house.expect(last)

    missed = await house.bridge.missed(name, begin)
    assert [each.external_id for each in missed.events if each.room == room_id] == [*told, last]
    assert (await house.bridge.missed(name, missed.position)).events == []
    with pytest.raises(Denied):
        await house.bridge.missed(name, "nonsense")


@pytest.mark.long
async def test_a_room_in_which_much_was_said_is_read_back_to_the_last_look(house: House) -> None:
    leader = await house.person("busy-leader")
    room_id = await house.room("lz-busy", leader)
    name = house.homeserver.server_name
    await leader.say(room_id, "早就说了")
    begin = (await house.bridge.missed(name, "")).position
    said = [await leader.say(room_id, f"第{number}句") for number in range(230)]
    missed = await house.bridge.missed(name, begin)
    assert [each.external_id for each in missed.events if each.room == room_id] == said


@pytest.mark.parametrize(
    ("headers", "body", "status", "errcode"),
    [
        ({}, "{}", 401, "M_UNAUTHORIZED"),
        ({"Authorization": "Bearer wrong"}, "{}", 403, "M_FORBIDDEN"),
        ({"Authorization": "Bearer our-token"}, "{}", 403, "M_FORBIDDEN"),
        ({"Authorization": "Basic their-token"}, "{}", 401, "M_UNAUTHORIZED"),
        ({"Authorization": "Bearer their-token"}, "{", 400, "M_NOT_JSON"),
        ({"Authorization": "Bearer their-token"}, "[" * 100_000, 400, "M_NOT_JSON"),
        ({"Authorization": "Bearer their-token"}, '{"events": {}}', 400, "M_BAD_JSON"),
        ({"Authorization": "Bearer their-token"}, "[]", 400, "M_BAD_JSON"),
    ],
)
async def test_who_is_no_homeserver_is_not_heard(
    house: House, headers: Mapping[str, str], body: str, status: int, errcode: str
) -> None:
    async with httpx.AsyncClient(base_url=house.url, headers=headers) as http:
        for path in ("/_matrix/app/v1/transactions/1", "/transactions/1"):
            answer = await http.put(path, content=body)
            assert (answer.status_code, answer.json()["errcode"]) == (status, errcode)


async def test_a_transaction_is_taken_once_however_often_it_comes(house: House) -> None:
    event = {
        "type": "m.room.message",
        "event_id": "$replayed",
        "room_id": "!somewhere:localhost",
        "sender": "@somebody:elsewhere",
        "content": {"msgtype": "m.text", "body": "一"},
    }
    token = {"access_token": "their-token"}
    async with httpx.AsyncClient(base_url=house.url, params=token) as http:
        for _ in range(3):
            answer = await http.put("/transactions/r", json={"events": [event, 5, None, {"type": "m.x"}]})
            assert (answer.status_code, answer.json()) == (200, {})
    assert [each.external_id for each in house.store.events].count("$replayed") == 1


async def test_a_registration_of_other_names_is_found_out(house: House) -> None:
    assert await review(house.service) == []
    ours = house.homeserver
    other = AppService(ours.model_copy(update={"bot": "somebody", "ghost_prefix": "else_"}))
    said = [each for each, todo in await review(other)]
    await other.close()
    assert said == ["our token may not act for @somebody:localhost (M_EXCLUSIVE)"]
    other = AppService(ours.model_copy(update={"ghost_prefix": "else_"}))
    said = [each for each, todo in await review(other)]
    await other.close()
    assert said == [
        "our users' names are not ours there (M_EXCLUSIVE)",
        "what it forgets to tell cannot be looked up (registering: M_EXCLUSIVE)",
    ]


async def test_the_homeserver_can_ask_and_ping(house: House) -> None:
    their = {"Authorization": "Bearer their-token"}
    async with httpx.AsyncClient(base_url=house.url) as http:
        for path in ("users/@lz_99:localhost", "rooms/%23lz-99:localhost"):
            assert (await http.get(f"/_matrix/app/v1/{path}")).status_code == 401
            answer = await http.get(f"/_matrix/app/v1/{path}", headers=their)
            assert (answer.status_code, answer.json()["errcode"]) == (404, "M_NOT_FOUND")
        assert (await http.post("/_matrix/app/v1/ping", json={})).status_code == 401
    our = {"Authorization": "Bearer our-token"}
    async with httpx.AsyncClient(base_url=house.homeserver.url, headers=our) as http:
        answer = await http.post("/_matrix/client/v1/appservice/linzhang/ping", json={})
    assert answer.status_code == 200, "Synapse reached our application"


async def _answers(house: House) -> bool:
    """Whether the homeserver can be asked: right after a silence nobody asks it (`bridges.crowd`)."""
    try:
        await house.service.ping()
    except Unavailable:
        return False
    return True


async def test_a_message_is_found_after_the_homeserver_forgot_its_transaction(house: House) -> None:
    leader = await house.person("finding-leader")
    room_id = await house.room("lz-find", leader)
    await house.service.ensure_ghost(GHOST, "王大爷")
    await house.service.ensure_joined(room_id, GHOST)
    said = await house.service.send(room_id, line("一", "f1"), txn_id="f1", sender=GHOST)
    new = line("二", "f2")
    edit = await house.service.send(
        room_id,
        {
            "msgtype": "m.text",
            "body": "* 二",
            "m.new_content": new,
            "m.relates_to": {"rel_type": "m.replace", "event_id": said},
        },
        txn_id="f2",
        sender=GHOST,
    )
    await leader.send(room_id, line("假的", "f3"))
    await house.synapse.kill()
    with pytest.raises(Unavailable):
        await house.service.ping()
    with pytest.raises(Unavailable):
        await house.service.send(room_id, line("三", "f4"), txn_id="f4")
    await house.synapse.start()
    await until(lambda: _answers(house), "the homeserver, which is left in peace for a moment")
    assert await house.service.find(room_id, "f1") == said
    assert await house.service.find(room_id, "f2") == edit
    assert await house.service.find(room_id, "f3") is None, "a leader's forgery is not ours"
    assert await house.service.find(room_id, "f4") is None
    assert await house.service.send(room_id, line("一", "f1"), txn_id="f1", sender=GHOST) != said, (
        "Synapse forgets transactions when it starts again; that is why `find` is there"
    )
    assert (await leader.event(room_id, said))["content"]["body"]


async def test_many_pages_of_talk_are_looked_through(house: House) -> None:
    leader = await house.person("talking-leader")
    room_id = await house.room("lz-pages", leader)
    said = await house.service.send(room_id, line("一", "q1"), txn_id="q1")
    for start in range(0, 110, 10):
        await asyncio.gather(
            *(
                # Not the same words: two equal events of the same moment have the same id, and are one.
                house.service.send(room_id, line(f"{number}", ""), txn_id=f"q-{number}")
                for number in range(start, start + 10)
            )
        )
    assert await house.service.find(room_id, "q1", pages=1) is None
    assert await house.service.find(room_id, "q1") == said


async def test_an_account_that_is_there_stays(house: House) -> None:
    await house.person("staying-leader")
    again = await house.synapse.register_user("staying-leader", "another password")
    assert again == "@staying-leader:localhost"
    await house.person("staying-leader")


async def test_a_taken_port_is_told_before_anything_starts(house: House, tmp_path: Path) -> None:
    port = int(house.homeserver.url.rpartition(":")[2])
    with pytest.raises(HomeserverError, match="is taken"):
        await EmbeddedHomeserver(tmp_path, port).start()


async def test_a_homeserver_that_dies_tells_why(tmp_path: Path, house: House) -> None:
    broken = {**registration(house.homeserver, house.url), "as_token": None}
    with pytest.raises(ChildError, match="as_token"):
        await EmbeddedHomeserver(tmp_path, free_port(), registrations=[broken]).start()


async def test_of_two_that_race_for_a_port_one_is_told(tmp_path: Path) -> None:
    port = free_port()
    racers = [EmbeddedHomeserver(tmp_path / name, port) for name in ("one", "other")]
    try:
        ends = await asyncio.gather(*(racer.start() for racer in racers), return_exceptions=True)
        assert sorted(str(type(end)) for end in ends) == sorted(map(str, (ChildError, type(None))))
    finally:
        for racer in racers:
            await racer.stop()


async def test_what_a_restored_database_thinks_unsent_does_not_stand_in_a_room_twice(
    house: House, tmp_path: Path
) -> None:
    leader = await house.person("restored")
    secrets = {name: getattr(house.homeserver, name).get_secret_value() for name in ("as_token", "hs_token")}
    homeserver = house.homeserver.model_dump() | secrets
    service = make_settings(tmp_path, homeservers=[homeserver])
    restored = service.model_copy(update={"database_url": f"sqlite://{tmp_path / 'restored.db'}"})
    file = tmp_path / "linzhang.backup"
    async with open_database(service):
        territory = await plant()
        await resident(service, territory.block)
        await reachable(service, territory.leaders["block"], leader.user_id, bridge="matrix")
        await Phone(service).text("路灯坏了")
        back_up(service.database_url, file)
        # The post goes out, into a room that is made for it: the backup knows neither.
        await show(service, house)
        room = await Room.get(unit=territory.block, kind=RoomKind.ROOM)
        await leader.join(room.room_id)
    await house.synapse.stop()  # it forgets which transactions it has had
    await house.synapse.start()
    bring_back(file, restored.database_url)
    async with database(restored.database_url):
        await restoring.settle(restored, "root", 500)
        await show(restored, house)
        assert (await Room.get(unit=territory.block, kind=RoomKind.ROOM)).room_id == room.room_id
        post = await RoomEvent.get(room_id=room.room_id, kind=RoomEventKind.POST)
    told = await leader.client.room_messages(room.room_id, "", limit=100)
    posts = [each for each in told.chunk if "路灯坏了" in each.source["content"].get("body", "")]
    assert [each.event_id for each in posts] == [post.event_id], "and answers below it are understood"


async def test_a_room_that_many_need_at_once_is_made_by_one_of_them(house: House, tmp_path: Path) -> None:
    leader = await house.person("needed")
    secrets = {name: getattr(house.homeserver, name).get_secret_value() for name in ("as_token", "hs_token")}
    async with counting(house.homeserver.url) as (url, asked):
        homeserver = house.homeserver.model_dump() | secrets | {"url": url}
        settings = make_settings(tmp_path, homeservers=[homeserver])
        matrix = MatrixBridge(settings.homeservers)
        async with open_database(settings):
            territory = await plant()
            await reachable(settings, territory.leaders["block"], leader.user_id, bridge="matrix")
            provision = Provision(settings, matrix)
            made = await asyncio.gather(*(needed(provision, territory.block) for _ in range(40)))
            assert len({each.room_id for each in made}) == 1
            assert asked.count(b"/createRoom") == await Room.all().count(), "its own, and the spaces above"
        await matrix.close()


async def needed(provision: Provision, unit: Unit) -> Room:
    """The room of a unit; who is sent away meanwhile comes again."""
    while True:
        try:
            return await provision.room(unit)
        except Unasked as reason:
            await asyncio.sleep(reason.retry_after)


@asynccontextmanager
async def counting(url: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A way to a homeserver that notes the paths of what it is asked."""
    asked: list[bytes] = []
    host, port = url.removeprefix("http://").split(":")

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, noted: bool) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65536):
                asked.extend(
                    re.findall(rb"(?:POST|PUT|GET) /_matrix/client/\w+(/\w+)", chunk) if noted else []
                )
                writer.write(chunk)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pass_on(reader, there, noted=True), pass_on(back, writer, noted=False))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    server.close()


async def test_what_is_found_after_a_worker_died_is_shown_in_a_tied_group_as_if_it_had_lived(
    house: House, tmp_path: Path
) -> None:
    leader = await house.person("tied-leader")
    secrets = {name: getattr(house.homeserver, name).get_secret_value() for name in ("as_token", "hs_token")}
    homeserver = house.homeserver.model_dump() | secrets
    settings = make_settings(tmp_path, homeservers=[homeserver])
    async with open_database(settings):
        territory = await plant()
        await reachable(settings, territory.leaders["block"], leader.user_id, bridge="matrix")
        now = settings.clock.now()
        await TiedChat.create(bridge="telegram", chat="-1001", unit=territory.block, tied_at=now)
        await resident(settings, territory.block)
        phone = Phone(settings)
        await phone.text("路灯坏了")
        await show(settings, house)
        await phone.text("就在小卖部旁边", media=[Media("mxc://localhost/picture", "image/jpeg")])
        await show(settings, house)
        told = await shown_outside()
        said = ("路灯坏了", "刘大爷：就在小卖部旁边", "刘大爷：[")
        assert [words in each["text"] for words, (_, each) in zip(said, told, strict=True)] == [True] * 3
        # It dies behind its calls, before it could write anything down.
        await Outbox.filter(bridge=TIES).delete()
        await RoomEvent.all().delete()
        long_ago = settings.clock.wall() - timedelta(hours=1)
        called = Outbox.filter(bridge__in=[ROOMS, MEDIA])
        await called.update(state=OutboxState.CALLING, leased_until=long_ago)
        await show(settings, house)
        assert await shown_outside() == told


async def test_a_poll_stands_in_a_room_as_clients_show_one_and_is_found_and_ended(
    house: House, tmp_path: Path
) -> None:
    leader = await house.person("polled-leader")
    secrets = {name: getattr(house.homeserver, name).get_secret_value() for name in ("as_token", "hs_token")}
    settings = make_settings(
        tmp_path,
        homeservers=[house.homeserver.model_dump() | secrets],
        networks=[{"name": "net", "bot": "@net:localhost", "puppets": ["@net_.+:localhost"]}],
    )
    async with open_database(settings):
        territory = await plant()
        block, person = territory.block, territory.leaders["block"]
        await reachable(settings, person, leader.user_id, bridge="matrix")
        rooms, wall = ToRoom(settings, house.bridge), settings.clock.wall()
        asked = {"question": "十点关灯好不好？", "options": ["好", "不好"]}
        effects = Effects("poll", wall)
        effects.announce(block.id, "十点关灯好不好？\n1️⃣ 好\n2️⃣ 不好", mention=[person.id], poll=asked)
        await effects.save()
        row = await Outbox.get()
        delivered = await rooms.deliver(row)
        assert delivered.status == AS_POLL
        assert await rooms.find(row) == delivered
        room = await Room.get(unit=block, kind=RoomKind.ROOM)
        await leader.join(room.room_id)
        seen = await leader.event(room.room_id, delivered.external_id)
        assert seen["type"] == "org.matrix.msc3381.poll.start"
        poll = seen["content"]["org.matrix.msc3381.poll.start"]
        assert (poll["kind"], poll["max_selections"]) == ("org.matrix.msc3381.poll.disclosed", 1)
        assert poll["question"]["org.matrix.msc1767.text"] == "十点关灯好不好？"
        assert poll["answers"] == [
            {"id": "1", "org.matrix.msc1767.text": "好"},
            {"id": "2", "org.matrix.msc1767.text": "不好"},
        ]
        assert seen["content"]["org.matrix.msc1767.text"] == seen["content"]["body"] == row.payload["text"]
        assert seen["content"]["m.mentions"] == {"user_ids": [leader.user_id]}

        ended = Effects("ended", wall)
        ended.conclude(room.room_id, delivered.external_id, "投票结束了")
        await ended.save()
        end = await Outbox.get(key="ended.0")
        over = await rooms.deliver(end)
        assert await rooms.find(end) == over
        seen = await leader.event(room.room_id, over.external_id)
        assert seen["type"] == "org.matrix.msc3381.poll.end"
        assert seen["content"]["org.matrix.msc3381.poll.end"] == {}
        relation = {"rel_type": "m.reference", "event_id": delivered.external_id}
        assert seen["content"]["m.relates_to"] == relation

        now = settings.clock.now()
        await RoomBridge.create(
            unit=block, network="net", by=person, since=now, moved_at=wall, event_id="$command"
        )
        row.key = "poll.1"
        plain = await rooms.deliver(row)
        assert plain.status == "", "whoever is there from another network sees no polls"
        assert (await leader.event(room.room_id, plain.external_id))["type"] == "m.room.message"
        assert await rooms.find(row) == plain


async def shown_outside() -> list[tuple[str, dict[str, Any]]]:
    """What is to be shown in tied groups, by key."""
    return [(row.key, row.payload) for row in await Outbox.filter(bridge=TIES).order_by("id")]


async def show(settings: Settings, house: House) -> None:
    """Carry out what is due in rooms."""
    deliverers: dict[str, Deliverer] = {
        ROOMS: ToRoom(settings, house.bridge),
        MEDIA: ToThread(settings, house.bridge, Uploads(house.bridge, {})),
    }
    for kind in ("issue:", "media:"):
        for lane in await outbox.due_lanes(settings, 100):
            if lane.startswith(kind):
                await outbox.drain(settings, deliverers, lane)
    assert not await Outbox.filter(bridge__in=[*deliverers]).exclude(state=OutboxState.SENT).exists()
