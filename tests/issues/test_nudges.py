"""A leader hears twice that an answer is due, in person, and is not woken for what can wait."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridges.contract import Delivered, Unasked, Unavailable
from escalator import deadlines, nudges, outbox
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import (
    Issue,
    Outbox,
    OutboxState,
    Question,
    QuestionKind,
    Room,
    RoomEvent,
    RoomEventKind,
    RoomKind,
    State,
)
from tests.factories import MORNING, Territory, clock_of, goes_away, plant, reachable, resident
from tests.issues.diary import Leader, Phone, carry_out

CHAT = "@chen:test"
MINUTE = timedelta(minutes=1)


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    """A moment of Bozhou's clock in November."""
    moment = datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
    return moment.astimezone(UTC)


async def nudged_at(settings: Settings, moment: datetime) -> int:
    """How many were nudged when the clock showed a moment."""
    clock_of(settings).set(moment)
    before = await Outbox.filter(key__startswith="n").count()
    await nudges.run(settings, 10)
    return await Outbox.filter(key__startswith="n").count() - before


@pytest.fixture
async def chat(settings: Settings, territory: Territory) -> Phone:
    """The client of the block's leader, who has it open."""
    await reachable(settings, territory.leaders["block"], CHAT, bridge="matrix", seen_at=MORNING)
    return Phone(settings, number=CHAT, bridge="matrix")


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block."""
    await resident(settings, territory.block)
    return Phone(settings)


async def test_at_half_and_a_quarter_of_an_hour_before_the_end(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    await resident(either, territory.block)
    await reachable(either, territory.leaders["block"], CHAT, bridge="matrix", seen_at=MORNING)
    chat = Phone(either, number=CHAT, bridge="matrix")
    await Phone(either).text("水管坏了")
    assert await nudges.next_due(either) == at(12)
    assert await nudged_at(either, at(12) - timedelta(seconds=1)) == 0
    clock.set(at(12))
    await asyncio.gather(*(nudges.run(either, 10) for _ in range(3)))
    assert await chat.receives() == ["编号1001在等您答复，还剩2小时：“水管坏了”"]
    assert await nudges.next_due(either) == at(13, 45)
    assert await nudged_at(either, at(13, 45)) == 1
    assert await chat.receives() == ["编号1001在等您答复，还剩15分钟：“水管坏了”"]
    assert await nudges.next_due(either) is None


async def test_a_nudge_leads_to_the_post(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone
) -> None:
    await phone.text("水管坏了")
    room = await Room.create(
        unit=territory.block,
        kind=RoomKind.ROOM,
        room_id="!a:test",
        homeserver="test:8448",
        made_at=MORNING,
    )
    await RoomEvent.create(issue_id=1, room_id=room.room_id, event_id="$e/1", kind=RoomEventKind.POST)
    await nudged_at(settings, at(12))
    (nudge,) = await chat.told()
    assert nudge.endswith("“水管坏了”https://matrix.to/#/!a:test/$e%2F1?via=test:8448")


async def test_each_new_holder_is_nudged_in_their_own_window(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone, clock: FileClock
) -> None:
    await reachable(settings, territory.leaders["group"], "@zhou:test", bridge="matrix", seen_at=MORNING)
    above = Phone(settings, number="@zhou:test", bridge="matrix")
    await phone.text("水管坏了")
    await nudged_at(settings, at(12))
    clock.set(at(14))
    await deadlines.run(settings, 10)
    assert await nudges.next_due(settings) == at(16)
    await nudged_at(settings, at(16))
    assert len(await above.told()) == 1
    assert len(await chat.told()) == 1


@pytest.mark.parametrize("deed", ["answers", "resolves"])
async def test_who_has_acted_is_not_nudged(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone, deed: str
) -> None:
    await phone.text("水管坏了")
    leader = Leader(settings, territory.leaders["block"])
    await (leader.answers(1001, "马上来") if deed == "answers" else leader.resolves(1001))
    assert await nudges.next_due(settings) is None
    assert await nudged_at(settings, at(12)) == 0


async def test_at_night_what_can_wait_is_nudged_in_the_morning(
    settings: Settings, chat: Phone, phone: Phone, clock: FileClock
) -> None:
    clock.set(at(3, 30, day=25))
    await phone.text("水管坏了")
    assert await nudged_at(settings, at(5, 30, day=25)) == 0
    assert await nudges.next_due(settings) == at(7, day=25)
    assert await nudged_at(settings, at(7, day=25)) == 1
    (nudge,) = await chat.receives()
    assert "还剩30分钟" in nudge
    assert await nudged_at(settings, at(7, 15, day=25)) == 1
    assert len(await chat.receives()) == 1


async def test_a_nudge_of_the_night_is_dropped_when_the_window_ends_before_the_morning(
    settings: Settings, chat: Phone, phone: Phone, clock: FileClock
) -> None:
    clock.set(at(23))
    await phone.text("水管坏了")
    assert await nudged_at(settings, at(1, day=25)) == 0
    assert await nudges.next_due(settings) is None
    assert await chat.told() == []


async def test_two_nudges_of_one_night_are_one_in_the_morning(
    settings: Settings, chat: Phone, phone: Phone, clock: FileClock
) -> None:
    clock.set(at(3, 10, day=25))
    await phone.text("水管坏了")
    assert await nudged_at(settings, at(7, day=25)) == 1  # both 05:10 and 06:55 have passed
    assert await nudges.next_due(settings) is None
    assert len(await chat.told()) == 1


async def test_what_is_urgent_is_nudged_at_any_hour(
    settings: Settings, chat: Phone, phone: Phone, clock: FileClock
) -> None:
    clock.set(at(23))
    await phone.text("水管坏了")
    await Issue.filter(id=1).update(urgent=True)
    assert await nudged_at(settings, at(1, day=25)) == 1
    assert len(await chat.receives()) == 1


async def test_after_an_outage_one_nudge_is_enough(settings: Settings, chat: Phone, phone: Phone) -> None:
    await phone.text("水管坏了")
    assert await nudged_at(settings, at(13, 50)) == 1
    assert await nudges.next_due(settings) is None


async def test_a_window_that_has_ended_is_the_deadlines_business(
    settings: Settings, chat: Phone, phone: Phone
) -> None:
    await phone.text("水管坏了")
    assert await nudged_at(settings, at(14)) == 0
    assert await nudges.next_due(settings) is None


async def test_who_has_only_a_phone_is_told_how_to_answer_with_a_text(
    settings: Settings, territory: Territory, phone: Phone
) -> None:
    chief = territory.leaders["block"]
    await reachable(settings, chief, "+8613700137000")
    theirs = Phone(settings, number="+8613700137000")
    await phone.text("水管坏了，" * 60)
    await theirs.told()
    await nudged_at(settings, at(12))
    (nudge,) = await theirs.told()
    assert nudge.startswith("编号1001在等您答复，还剩2小时：“水管坏了，")
    assert nudge.endswith("…”要答复，请先写1001，再写您的话，发到这里。")
    assert len(nudge) <= 134
    asked = await Question.filter(person_id=chief.id, kind=QuestionKind.REPLY, settled_at=None)
    assert [question.issue_id for question in asked] == [1]


async def test_the_deputy_is_nudged_while_the_leader_is_away(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone
) -> None:
    deputy = territory.leaders["deputy"]
    await reachable(settings, deputy, "@ma:test", bridge="matrix", seen_at=MORNING)
    await goes_away(territory.block, territory.leaders["block"], at(20), deputy=deputy)
    await phone.text("水管坏了")
    await nudged_at(settings, at(12))
    assert await chat.told() == []
    assert len(await Phone(settings, number="@ma:test", bridge="matrix").told()) == 1


async def test_what_nobody_can_place_yet_nudges_nobody(settings: Settings, territory: Territory) -> None:
    await Phone(settings, number="+8613900139000").text("家里没水")
    assert await nudges.next_due(settings) is None
    assert await nudged_at(settings, at(13)) == 0


async def test_an_issue_that_cannot_be_worked_on_holds_up_no_other(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone
) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了", after=timedelta(0))
    taken = Outbox(key="n1.1.1.0", lane="x", bridge="x", payload={})
    taken.created_at = taken.not_before = MORNING
    await taken.save()
    assert await nudged_at(settings, at(12)) == 1
    assert len(await chat.told()) == 1


class Away:
    """A homeserver that is away: it has certainly taken nothing.

    Args:
        tries: What comes of one try after the other.
    """

    def __init__(self, tries: Sequence[Unavailable]) -> None:
        self._tries = iter(tries)

    async def deliver(self, row: Outbox) -> Delivered:  # noqa: ARG002 - the signature is given
        raise next(self._tries)

    async def find(self, row: Outbox) -> Delivered | None:
        raise AssertionError(f"nobody doubts {row.key}")


@pytest.mark.parametrize(
    "tries",
    [
        [Unavailable("the homeserver cannot be reached")] * 6,
        [Unasked("there was no answer lately", silent / 4, silent) for silent in (4.0, 14.0, 16.0)],
    ],
    ids=["it takes nothing", "it answers nobody"],
)
async def test_a_leader_whose_homeserver_is_away_is_nudged_by_text(
    settings: Settings, territory: Territory, chat: Phone, phone: Phone, tries: Sequence[Unavailable]
) -> None:
    leader = Phone(settings, number="+8613800138999")
    await reachable(settings, territory.leaders["block"], leader.number)
    await phone.text("水管坏了")
    clock_of(settings).set(at(12))
    await nudges.run(settings, 10)
    nudge = await Outbox.get(key__startswith="n")
    away = Away(tries)
    for _ in tries:
        assert await leader.told() == []
        await Outbox.filter(id=nudge.id).update(not_before=settings.clock.wall())  # its pause is over
        await outbox.drain(settings, {"matrix": away}, nudge.lane)
    (text,) = await leader.told()
    assert text.startswith("编号1001")
    assert "水管坏了" in text
    # What is said by text goes on by text; and the homeserver, back again, has nothing to say twice.
    await leader.text("马上来修")
    assert (await Issue.get()).state is State.ANSWERED
    await carry_out(settings)
    assert (await Outbox.get(id=nudge.id)).state is OutboxState.CANCELLED
