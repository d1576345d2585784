"""At night phones stay silent for what can wait, and get it in the morning, in order and once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalator import deadlines
from issues.effects import Effects
from linzhang.clock import FileClock
from linzhang.quiet import Quiet
from linzhang.settings import Settings
from models import Address, Issue, Outbox, OutboxState
from tests.factories import MORNING, Territory, clock_of, plant, resident
from tests.issues.diary import Leader, Phone, carry_out

BOZHOU = ZoneInfo("Asia/Shanghai")
NIGHT = Quiet(begins=time(21), ends=time(7))


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    """A moment of Bozhou's clock in November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BOZHOU).astimezone(UTC)


# --- the hours -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        (at(20, 59), None),
        (at(21), at(7, day=25)),
        (at(23, 59), at(7, day=25)),
        (at(0), at(7)),
        (at(6, 59), at(7)),
        (at(7), None),
        (at(12), None),
    ],
)
def test_the_night_lasts_until_the_next_morning(moment: datetime, morning: datetime | None) -> None:
    assert NIGHT.until(moment, BOZHOU) == morning


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = Quiet(begins=time(12), ends=time(14))
    assert noon.until(at(13), BOZHOU) == at(14)
    assert noon.until(at(14), BOZHOU) is None
    assert noon.until(at(23), BOZHOU) is None


def test_a_day_without_quiet_hours_is_never_quiet() -> None:
    assert [Quiet().until(at(hour), BOZHOU) for hour in range(24)] == [None] * 24


def test_the_morning_begins_by_the_wall_clock_also_where_the_clocks_change() -> None:
    """In the night to 29 March 2026 Berlin's clocks went forward: seven is seven all the same."""
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 3, 28, 22, tzinfo=berlin)
    morning = NIGHT.until(evening.astimezone(UTC), berlin)
    assert morning == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert morning.astimezone(berlin).time() == time(7)


# --- what phones get -----------------------------------------------------------------------------


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block."""
    await resident(settings, territory.block)
    return Phone(settings)


@pytest.fixture
def leader(settings: Settings, territory: Territory) -> Leader:
    """The block's leader."""
    return Leader(settings, territory.leaders["block"])


async def test_news_of_the_night_come_in_the_morning_and_only_the_last(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    await resident(either, territory.block)
    phone = Phone(either)
    clock.set(at(16))
    await phone.text("水管坏了")
    await phone.receives()
    clock.set(at(20))
    await deadlines.run(either, 10)
    assert await phone.receives() == ["编号1001已转给组长周强，会在明天00:00前回您。您放心，我们一直跟着办。"]
    for hour in (0, 4):
        clock.set(at(hour, day=25))
        await deadlines.run(either, 10)
        assert await phone.receives() == []
    clock.set(at(6, 59, day=25))
    assert await phone.receives() == []
    clock.set(at(7, day=25))
    assert await phone.receives() == [
        "编号1001已转给村书记赵刚，会在今天08:00前回您。您放心，我们一直跟着办。"
    ]
    assert await Outbox.filter(state=OutboxState.CANCELLED).count() == 1


async def test_who_writes_at_night_is_awake_and_gets_what_waited(
    phone: Phone, leader: Leader, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    await phone.receives()
    clock.set(at(22))
    await leader.answers(1001, "明天来修")
    assert await phone.receives() == []
    clock.set(at(23))
    await phone.text("水漏到楼下了")
    (answer,) = await phone.receives()
    assert answer.endswith("明天来修")
    clock.set(at(23, 29))
    await leader.answers(1001, "我马上过来")
    (answer,) = await phone.receives()
    assert answer.endswith("我马上过来")
    clock.set(at(23, 31))
    await leader.answers(1001, "修好了")
    assert await phone.receives() == []
    clock.set(at(7, day=25))
    (answer,) = await phone.receives()
    assert answer.endswith("修好了")


async def test_what_is_urgent_waits_for_no_morning(phone: Phone, leader: Leader, clock: FileClock) -> None:
    await phone.text("水管坏了")
    await phone.receives()
    clock.set(at(22))
    await leader.answers(1001, "明天来修")
    await Issue.filter(id=1).update(urgent=True)
    await leader.answers(1001, "消防车马上到")
    first, second = await phone.receives()
    assert first.endswith("明天来修")  # order holds: what waited goes along
    assert second.endswith("消防车马上到")


async def test_one_persons_night_is_not_anothers(
    settings: Settings, territory: Territory, phone: Phone, leader: Leader, clock: FileClock
) -> None:
    neighbour = Phone(settings, number="+8613900139000")
    await resident(settings, territory.block, name="张大妈", number=neighbour.number)
    await phone.text("水管坏了")
    await neighbour.text("路灯坏了")
    await phone.receives()
    await neighbour.receives()
    clock.set(at(22))
    await leader.answers(1001, "明天来修")
    await leader.answers(1002, "明天换灯")
    await neighbour.text("好的")
    (answer,) = await neighbour.receives()
    assert answer.endswith("明天换灯")
    assert await phone.receives() == []


# --- the rows ------------------------------------------------------------------------------------


@pytest.fixture
async def address(settings: Settings) -> Address:
    """Somebody's phone."""
    return await resident(settings, None)


async def sent(address: Address) -> list[str]:
    rows = await Outbox.filter(address_id=address.id, state=OutboxState.SENT).order_by("id")
    return [row.payload["text"] for row in rows]


async def test_what_goes_earlier_takes_along_what_stood_before_it(
    settings: Settings, address: Address, clock: FileClock
) -> None:
    hour = timedelta(hours=1)
    wall = settings.clock.wall()
    one = Effects("one", wall)
    one.tell(address, "late", hold_until=MORNING + 9 * hour)
    await one.save()
    two = Effects("two", wall)
    two.tell(address, "later", hold_until=MORNING + 5 * hour)
    two.tell(address, "soon", hold_until=MORNING + hour)
    two.tell(address, "last", hold_until=MORNING + 2 * hour)
    await two.save()
    await carry_out(settings)
    assert await sent(address) == []
    clock.set(MORNING + hour)
    await carry_out(settings)
    assert await sent(address) == ["late", "later", "soon"]
    clock.set(MORNING + 2 * hour)
    await carry_out(settings)
    assert await sent(address) == ["late", "later", "soon", "last"]


async def test_what_is_sent_already_is_never_taken_back(settings: Settings, address: Address) -> None:
    wall = settings.clock.wall()
    for cause in ("one", "two"):
        effects = Effects(cause, wall)
        effects.tell(address, cause, topic="holder")
        await effects.save()
        await carry_out(settings)
    assert await sent(address) == ["one", "two"]


async def test_a_topic_is_one_issues_own(
    settings: Settings, phone: Phone, leader: Leader, clock: FileClock
) -> None:
    await phone.text("水管坏了")
    await phone.text("新 路灯坏了")
    await phone.receives()
    clock.set(at(22))
    await deadlines.run(settings, 10)
    assert await Outbox.filter(state=OutboxState.CANCELLED).count() == 0
    clock.set(at(7, day=25))
    assert len(await phone.receives()) == 2
