"""Rooms stay what the roster says, whoever changes either; the service's operator looks on from a shell."""

import re
from typing import Any

import pytest

from bridges.contract import DeliveryError
from bridges.registry import matrix_bridge
from models import Leadership, Person, Role, Room, RoomKind, Routine, Unit
from rooms.bulk import make_rooms
from rooms.provision import Provision
from tests.stack.loop import number_of
from tests.stack.shell import linzhang
from tests.stack.town import LeaderClient, Town, until
from tests.stack.towns import ON_POSTGRES, ON_SQLITE

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="session")]


async def hamlet(town: Town, code: str) -> list[Unit]:
    """A village with one group in it and nothing else."""
    above = town.units["township"]
    village = await Unit.create(
        code=code, name=f"村{code}", tier="village", parent=above, path=f"{above.path}{code}/"
    )
    group = await Unit.create(
        code=f"{code}1", name="王庄组", tier="group", parent=village, path=f"{village.path}{code}1/"
    )
    return [village, group]


async def furnish(town: Town, village: Unit) -> None:
    """Make the rooms of a village, as `linzhang rooms provision` does."""
    matrix = matrix_bridge(town.stack.settings)
    try:
        provision = Provision(town.stack.settings, matrix)
        await make_rooms(town.stack.settings, provision, village, lambda _done, _total: None, rate=100)
    finally:
        await matrix.close()


async def lead(town: Town, unit: Unit, name: str, localpart: str) -> LeaderClient:
    """Let somebody with an account lead a unit from now on, as a roster's file does."""
    person = await Person.create(name=name, language="zh-Hans")
    client = await town.newcomer(localpart, name, person)
    now = town.stack.clock.now()
    await Leadership.filter(unit_id=unit.id, role=Role.LEADER, until=None).update(until=now)
    await Leadership.create(unit=unit, person=person, role=Role.LEADER, since=now)
    return client


async def state(town: Town, room_id: str, kind: str, key: str = "") -> dict[str, Any]:
    """A piece of what a room is; empty where it has none."""
    bot = town.stack.settings.homeservers[0].bot_id
    events = await town.as_service("GET", f"rooms/{room_id}/state", None, bot)
    found = (each for each in events if (each["type"], each["state_key"]) == (kind, key))
    return next((each["content"] for each in found), {})


async def change(town: Town, room_id: str, kind: str, content: dict[str, Any]) -> None:
    """Change what a room is, as the service's operator could by hand."""
    bot = town.stack.settings.homeservers[0].bot_id
    await town.as_service("PUT", f"rooms/{room_id}/state/{kind}", content, bot)


async def expect_member(town: Town, room_id: str, client: LeaderClient, membership: str, power: int) -> None:
    """Wait until somebody is in a room, or is not, with this power."""

    async def is_so() -> bool:
        users = (await state(town, room_id, "m.room.power_levels"))["users"]
        member = await state(town, room_id, "m.room.member", client.user_id)
        return (member.get("membership"), users.get(client.user_id, 0)) == (membership, power)

    await until(is_so, f"{client.name} to {membership} with the power {power}")


@ON_SQLITE
async def test_a_room_that_missed_its_space_is_looked_at_again(town: Town) -> None:
    village, group = await hamlet(town, "34160297")
    matrix = matrix_bridge(town.stack.settings)
    try:
        provision = Provision(town.stack.settings, matrix)
        space = await provision.space(village)
        assert space.stale_at is None
        powers = await state(town, space.room_id, "m.room.power_levels")
        bot = town.stack.settings.homeservers[0].bot_id
        weak = {**powers, "users": powers["users"] | {bot: 50}}
        weak["events"] = powers.get("events", {}) | {"m.space.child": 100}
        await change(town, space.room_id, "m.room.power_levels", weak)
        with pytest.raises(DeliveryError):
            await provision.room(group)
        assert (await Room.get(unit=group)).stale_at is not None
    finally:
        await matrix.close()


@ON_SQLITE
async def test_rooms_are_made_looked_over_and_mended_from_a_shell(town: Town) -> None:
    village, group = await hamlet(town, "34160291")
    leader = await lead(town, group, "何平", f"heping-{town.stack.homeserver.server_name}")
    await until(lambda: Routine.exists(name="rooms"), "the worker's first look at the roster")
    await town.stack.worker.stop()  # it would mend what is wrong before anybody looks
    try:
        assert await linzhang(town, "rooms", "provision", village.code) == (0, "2 rooms were made.\n")
        room = await Room.get(unit=group, lost_at=None)
        picture = (await state(town, room.room_id, "m.room.avatar"))["url"]
        assert picture.startswith("mxc://")

        powers = await state(town, room.room_id, "m.room.power_levels")
        wrong = {**powers, "users": powers["users"] | {leader.user_id: 75}, "invite": 0}
        await change(town, room.room_id, "m.room.power_levels", wrong)
        await change(town, room.room_id, "m.room.name", {"name": "麻将群"})
        await change(
            town, room.room_id, "m.room.history_visibility", {"history_visibility": "world_readable"}
        )
        alias = f"directory/room/%23lz-{group.code}:{town.stack.homeserver.server_name}"
        await town.as_service("DELETE", alias, None, town.stack.settings.homeservers[0].bot_id)

        code, told = await linzhang(town, "rooms", "check", village.code)
        assert code == 1
        for words in (
            "‘麻将群’, not ‘村34160291王庄组’",
            "the power 75, not 50",
            "may read",
            "do what",
            "alias",
        ):
            assert words in told
        code, told = await linzhang(town, "rooms", "check", "--repair", village.code)
        assert (code, told.splitlines()[-1]) == (0, "5 things were not as they must be, and are mended.")
        assert await linzhang(town, "rooms", "check", village.code) == (0, "Every room is as it must be.\n")
        assert (await state(town, room.room_id, "m.room.power_levels"))["users"][leader.user_id] == 50
    finally:
        await town.stack.worker.start()
        await leader.log_out()


async def test_the_room_follows_the_roster(town: Town) -> None:
    """A new leader comes in with their powers, the old one goes, in the unit's room and in the one above."""
    village, group = await hamlet(town, "34160292")
    old = await lead(town, group, "老何", "old-he")
    clients = [old]
    try:
        await furnish(town, village)
        here, above = [await Room.get(unit=unit, kind="room", lost_at=None) for unit in (group, village)]
        await expect_member(town, here.room_id, old, "join", 50)
        await expect_member(town, above.room_id, old, "join", 0)

        new = await lead(town, group, "小何", "new-he")
        clients.append(new)
        town.pass_hours(0.01)
        await expect_member(town, here.room_id, new, "join", 50)
        await expect_member(town, above.room_id, new, "join", 0)
        await expect_member(town, here.room_id, old, "leave", 0)
        await expect_member(town, above.room_id, old, "leave", 0)

        # Thrown out by hand, and the name scribbled over: both are made good without anybody's asking.
        head = await lead(town, village, "张村", "zhang-cun")
        clients.append(head)
        town.pass_hours(0.01)
        await expect_member(town, above.room_id, head, "join", 50)
        await head.client.room_kick(above.room_id, new.user_id, "走开")
        await head.client.room_put_state(above.room_id, "m.room.name", {"name": "张家"})
        await expect_member(town, above.room_id, new, "join", 0)

        async def is_named() -> bool:
            return (await state(town, above.room_id, "m.room.name")) == {"name": village.name}

        await until(is_named, "the village's name")

        other, _ = await hamlet(town, "34160294")
        await furnish(town, other)
        await Unit.filter(id=group.id).update(parent_id=other.id, path=f"{other.path}{group.code}/")
        await Room.filter(id=here.id).update(stale_at=town.stack.settings.clock.wall())
        spaces = [await Room.get(unit=unit, kind=RoomKind.SPACE, lost_at=None) for unit in (village, other)]

        async def has_moved() -> bool:
            shown = [await state(town, space.room_id, "m.space.child", here.room_id) for space in spaces]
            return [bool(each) for each in shown] == [False, True]

        await until(has_moved, "the room to be in the other village's space")
    finally:
        for client in clients:
            await client.log_out()


@ON_POSTGRES
async def test_an_upgraded_room_is_followed(town: Town) -> None:
    await upgraded(town, invites=True)


@ON_SQLITE
async def test_an_upgraded_room_without_the_service_is_replaced(town: Town) -> None:
    await upgraded(town, invites=False)


async def upgraded(town: Town, *, invites: bool) -> None:
    """The service goes into the new room if it is let in; or else the unit gets another one."""
    phone = await town.resident()
    await phone.text("栏杆松了")
    number = await number_of(phone, "陈建国")
    room_id, _ = await town.expect_post("block", number)
    leader, bot = town.leaders["block"], town.stack.settings.homeservers[0].bot_id
    powers = await state(town, room_id, "m.room.power_levels")
    await change(
        town,
        room_id,
        "m.room.power_levels",
        {**powers, "users": powers["users"] | {leader.user_id: 100}},
    )
    answer = await leader.client.send(
        "POST",
        f"/_matrix/client/v3/rooms/{room_id}/upgrade",
        '{"new_version": "11"}',
        headers={"Authorization": f"Bearer {leader.client.access_token}"},
    )
    upgraded = (await answer.json())["replacement_room"]
    if invites:
        await leader.client.room_invite(upgraded, bot)

    async def is_followed() -> str | None:
        now = await town.room("block")
        followed = now == upgraded if invites else now not in (upgraded, room_id)
        return now if followed and await Room.exists(room_id=now, lost_at=None) else None

    another = await until(is_followed, "the new room")
    event = await leader.expect(another, number, "栏杆松了")
    await leader.say(another, "马上去修", thread=event["event_id"])
    assert re.search("马上去修", await phone.expect("马上去修"))
    await expect_member(town, another, leader, "join", 100 if invites else 50)


@ON_POSTGRES
async def test_a_leader_ties_an_account_of_their_own(town: Town) -> None:
    """A text with a code, a direct chat with the service, and they are in their room."""
    village, group = await hamlet(town, "34160293")
    person = await Person.create(name="何平", language="zh-Hans")
    phone = await town.phone_of(person)
    now = town.stack.clock.now()
    await Leadership.create(unit=group, person=person, role=Role.LEADER, since=now)
    await furnish(town, village)
    code, told = await linzhang(town, "leaders", "invite", village.code, "--below")
    assert (code, told) == (0, "1 get a code by text, which works for 3 days.\n")
    found = re.search(r"\d{4} \d{4} \d{4}", await phone.expect("何平", "验证码"))
    assert found
    own = await town.newcomer("he-ping-at-home", "何平", None)
    try:
        bot = town.stack.settings.homeservers[0].bot_id
        direct = (await own.client.room_create(is_direct=True, invite=[bot])).room_id
        await own.expect(direct, "名册上的人")
        await own.say(direct, found.group())
        await own.expect(direct, "欢迎您，何平", "王庄组")
        await phone.expect("已经绑定到您的名下")
        room = await Room.get(unit=group, lost_at=None)
        await expect_member(town, room.room_id, own, "join", 50)
    finally:
        await own.log_out()
