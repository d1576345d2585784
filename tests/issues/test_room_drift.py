"""What counts as a difference between a room and its roster, and when a room is looked over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bridges.pace import Pace
from escalator import upkeep
from linzhang.clock import FileClock
from linzhang.settings import Homeserver, Settings
from models import Leadership, Outbox, Person, Role, Room, RoomKind
from rooms import stale
from rooms.actual import Actual
from rooms.drift import Drift, DriftKind, drifts
from rooms.pictures import draw
from rooms.roster import Roster
from rooms.wanted import wanted
from tests.factories import Territory, goes_away
from tests.issues.chat import room_of

SERVER = Homeserver(server_name="test", url="http://x", as_token=SecretStr("a"), hs_token=SecretStr("h"))
ROOM, SPACE = "!room:test", "!space:test"
LEADER, BELOW, GONE, GUEST = "@chen:test", "@below:far", "@gone:test", "@guest:far"
ROSTER = Roster(
    alias="lz-1",
    name="第3邻",
    topic="邻",
    is_space=False,
    tier="block",
    leaders=(LEADER,),
    people=(BELOW,),
    former=(GONE,),
    guests=(("@irc:test", 100),),
    around=SPACE,
    needs_space=True,
)
MUST = wanted(ROSTER, SERVER, "mxc://test/picture")
POWERS = {**MUST.rules, "users": dict(MUST.powers)}


def room(*, state: Mapping[str, Any] | None = None, **changes: Any) -> Actual:
    """A room as it must be, but for some changes."""
    right = Actual(
        alias_points_to=ROOM,
        state={**MUST.state, "m.room.power_levels": POWERS, **(state or {})},
        members=dict.fromkeys([SERVER.bot_id, *MUST.invited, GUEST], "join"),
        went=frozenset(),
        children=frozenset(),
        parents=frozenset({SPACE}),
        shown=True,
    )
    return replace(right, **changes)


def found(actual: Actual) -> list[Drift]:
    gone, spaces = frozenset({"!old:test"}), frozenset({SPACE, "!before:test"})
    return drifts(MUST, actual, ROOM, SERVER.bot_id, gone, spaces)


def powers(**users: int) -> dict[str, Any]:
    given = {f"@{name}:test": power for name, power in users.items()}
    return {"m.room.power_levels": {**POWERS, "users": POWERS["users"] | given}}


@pytest.mark.parametrize(
    ("actual", "kinds"),
    [
        (room(), []),
        (room(members={**room().members, GUEST: "join", "@more:far": "join"}), []),
        (room(state=powers(stranger=100)), []),
        (room(state={"m.room.name": {"name": "麻将群"}}), ["state"]),
        (room(state={"m.room.name": {}}), ["state"]),
        (room(state={"m.room.join_rules": {"join_rule": "public"}}), ["state"]),
        (room(state={"m.room.power_levels": {**POWERS, "redact": 0}}), ["power"]),
        (room(state={"m.room.power_levels": {**POWERS, "events": {}}}), ["power"]),
        (room(state=powers(chen=0)), ["power"]),
        (room(state=powers(gone=50)), ["power"]),
        (room(state=powers(chen=100)), ["equal"]),
        (room(state=powers(linzhang=50)), ["powerless"]),
        (room(state={"m.room.tombstone": {"replacement_room": "!new:test"}}), ["upgraded"]),
        (room(members={**room().members, GONE: "invite"}), ["former"]),
        (room(members={**room().members, LEADER: "leave"}), ["missing"]),
        (room(members={**room().members, LEADER: "ban"}), ["banned"]),
        (room(members={**room().members, BELOW: "leave"}, went=frozenset({BELOW})), ["left"]),
        (room(alias_points_to=""), ["alias"]),
        (room(alias_points_to="!other:test"), ["alias"]),
        (room(shown=False), ["space"]),
        (room(parents=frozenset({SPACE, "!before:test", "!somebodys:far"})), ["other space"]),
        (room(children=frozenset({"!old:test", "!new:test"})), ["child"]),
    ],
)
def test_what_differs_is_told_and_nothing_else(actual: Actual, kinds: list[str]) -> None:
    told = found(actual)
    assert [drift.kind for drift in told] == [DriftKind(kind) for kind in kinds]
    assert all(drift.words and "{" not in drift.words for drift in told)


def test_nonsense_in_a_room_breaks_nothing() -> None:
    for strange in ({"users": "all"}, {"users": {LEADER: "50"}}, {"events": 7}):
        assert found(room(state={"m.room.power_levels": strange}))


async def test_posts_that_begin_and_end_have_rooms_looked_over(
    settings: Settings, territory: Territory, clock: FileClock
) -> None:
    """Also by the mere passing of time, and in the room above too."""
    rooms = {name: await room_of(settings, territory.units[name]) for name in ("block", "group", "peace")}

    async def marked() -> set[str]:
        await upkeep.run(settings, 100)
        ids = {row.payload["room"] for row in await Outbox.filter(lane__startswith="upkeep:")}
        await Outbox.all().delete()
        there = {room.room_id for room in await Room.filter(id__in=ids)}
        return {name for name, chat in rooms.items() if chat.room_id in there}

    await marked()  # begins here
    clock.advance(upkeep.EVERY)
    assert await marked() == {"block", "group", "peace"}, "nobody knows what they were like"
    await Room.all().update(looked_at=settings.clock.wall())
    clock.advance(upkeep.EVERY)
    assert await marked() == set()
    later = settings.clock.now() + timedelta(hours=1)
    person = await Person.create(name="新人")
    await Leadership.create(unit=territory.block, person=person, role=Role.LEADER, since=later)
    await goes_away(territory.units["peace"], territory.leaders["peace"], later, deputy=person)
    clock.advance(upkeep.EVERY)
    assert await marked() == {"block", "group"}, "a new row is looked at once"
    clock.advance(timedelta(hours=1))
    assert await marked() == {"block", "group", "peace"}, "their time has come, and an absence is over"
    clock.advance(upkeep.EVERY)
    assert await marked() == set()


async def test_a_round_finds_what_no_post_tells(settings: Settings, territory: Territory) -> None:
    await room_of(settings, territory.block)
    long_ago = settings.clock.wall() - timedelta(hours=1)
    await Room.all().update(looked_at=long_ago)
    await stale.go_round(settings)
    assert not await Room.exists(stale_at__not_isnull=True), "it has just been made"
    territory.block.name = "第33邻"
    await territory.block.save()
    await stale.go_round(settings)
    assert not await Room.exists(stale_at__not_isnull=True), "it was looked at a moment ago"
    await Room.all().update(looked_at=long_ago)
    await stale.go_round(settings)
    assert await Room.exists(stale_at__not_isnull=True)


async def test_a_few_rooms_go_out_at_a_time(settings: Settings, territory: Territory) -> None:
    for number in range(30):
        await Room.create(
            unit=territory.block,
            kind=RoomKind.ROOM,
            room_id=f"!{number}:test",
            homeserver="test",
            made_at=settings.clock.now(),
            stale_at=settings.clock.wall(),
        )
    assert len(await stale.hand_over(settings)) == stale.A_FEW
    assert len(await stale.hand_over(settings)) == stale.A_FEW
    assert await stale.hand_over(settings) == set(), "until some of them are done"
    await Room.filter(room_id="!29:test").update(homeserver="away")
    away = settings.homeservers[0].model_copy(update={"server_name": "away"})
    both = settings.model_copy(update={"homeservers": [*settings.homeservers, away]})
    assert len(await stale.hand_over(both)) == 1, "one homeserver that is away delays no other"
    assert await Room.filter(stale_at=None).count() == 2 * stale.A_FEW + 1


async def test_a_pace_lets_so_many_through_in_a_second() -> None:
    time, waited = 0.0, []

    async def sleep(seconds: float) -> None:
        nonlocal time
        waited.append(seconds)
        time += seconds

    pace = Pace(4, burst=2, now=lambda: time, sleep=sleep)
    for _ in range(6):
        await pace.turn()
    assert waited == [0.25] * 4
    await pace.pause(3)
    await pace.turn()
    assert time == 4.0


def test_each_tier_has_a_picture_of_its_own() -> None:
    pictures = {draw(height, 7, is_space=is_space) for height in range(7) for is_space in (True, False)}
    assert len(pictures) == 14
    assert all(picture.startswith(b"\x89PNG") and len(picture) < 10_000 for picture in pictures)
