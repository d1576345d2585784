"""What is said to be done closes by itself when the resident says nothing, but never behind their back."""

from datetime import timedelta

import pytest

from escalator import deadlines
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Action, History, Issue, Outbox, Question, State
from rooms import render
from tests.factories import MORNING, Territory, clock_of, plant, resident
from tests.issues.diary import Leader, Phone

HALF = timedelta(hours=36)
AGAIN = "再问您一声：编号1001解决了吗？解决了请回1，没解决请回2。"
LAPSED = "没等到您的回话，编号1001先办结了。要是还没解决，您回2，我们接着办。"


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident whose issue is said to be done, at ten in the morning."""
    await resident(settings, territory.block)
    phone = Phone(settings)
    await phone.text("水管坏了")
    await Leader(settings, territory.leaders["block"]).resolves(1001)
    await phone.receives()
    return phone


async def time_passes(settings: Settings, step: timedelta) -> None:
    clock_of(settings).advance(step)
    await deadlines.run(settings, 10)


async def lines(settings: Settings) -> list[str]:
    rows = await Outbox.filter(bridge="rooms").order_by("id")
    return [row.payload["text"] for row in rows if row.payload["do"] == "say"]


async def actions() -> list[Action]:
    return [row.action for row in await History.all().order_by("seq")]


async def test_who_says_nothing_is_asked_once_more_and_then_it_closes(either: Settings) -> None:
    territory, clock = await plant(), clock_of(either)
    await resident(either, territory.block)
    phone = Phone(either)
    await phone.text("水管坏了")
    await Leader(either, territory.leaders["block"]).resolves(1001)
    await phone.receives()
    assert await deadlines.next_due(either) == MORNING + HALF
    await time_passes(either, HALF)  # ten in the evening: a reminder can wait
    assert await phone.receives() == []
    clock.advance(timedelta(hours=9))
    assert await phone.receives() == [AGAIN]
    assert (await Issue.get(id=1)).state is State.RESOLVED
    clock.set(MORNING + 2 * HALF - timedelta(seconds=1))
    assert await deadlines.run(either, 10) == (0, set())
    clock.advance(timedelta(seconds=1))
    assert (await deadlines.run(either, 10))[0] == 1
    assert await phone.receives() == [LAPSED]
    issue = await Issue.get(id=1)
    assert (issue.state, issue.closed_at, issue.confirm_due) == (State.CLOSED, clock.now(), None)
    assert await actions() == [Action.REPORT, Action.RESOLVE, Action.REMIND, Action.LAPSE]
    assert (await lines(either))[-1] == "居民没有回话，编号1001办结了。"
    assert await Question.filter(settled_at=None).count() == 0
    clock.advance(timedelta(days=365))
    assert await deadlines.run(either, 10) == (0, set())


async def test_its_post_says_that_nobody_agreed(
    settings: Settings, territory: Territory, phone: Phone
) -> None:
    await time_passes(settings, HALF)
    await time_passes(settings, HALF)
    issue = await Issue.get(id=1).select_related("reporter", "block", "holder")
    card = await render.card(settings, issue, territory.units["group"])
    assert card.state == "🏁 已办结，居民没有回话。"
    assert card.story[-1].endswith("居民没有回话，办结")


async def test_not_solved_opens_it_again_one_tier_up(settings: Settings, phone: Phone) -> None:
    await time_passes(settings, HALF)
    await time_passes(settings, HALF)
    await phone.told()
    (sorry,) = await phone.text("2")
    assert sorry.startswith("对不起，没给您办好。编号1001现在交给组长周强")
    issue = await Issue.get(id=1)
    assert (issue.state, issue.confirm_due) == (State.OPEN, None)


@pytest.mark.parametrize(("word", "state"), [("1", State.CLOSED), ("2", State.OPEN)])
async def test_a_word_before_the_end_counts(
    settings: Settings, phone: Phone, clock: FileClock, word: str, state: State
) -> None:
    await time_passes(settings, HALF)
    await phone.text(word)
    assert (await Issue.get(id=1)).state is state
    clock.advance(HALF - timedelta(seconds=1))
    await deadlines.run(settings, 10)
    assert Action.LAPSE not in await actions()


async def test_who_says_more_is_there_and_gets_the_whole_time_anew(settings: Settings, phone: Phone) -> None:
    await time_passes(settings, HALF)
    await phone.text("1001的灯还是一闪一闪的")
    await time_passes(settings, HALF)
    assert (await Issue.get(id=1)).state is State.RESOLVED
    assert (await phone.told())[-1] == AGAIN
    await time_passes(settings, HALF)
    assert (await Issue.get(id=1)).state is State.CLOSED


async def test_after_a_long_outage_it_is_still_asked_before_it_closes(
    settings: Settings, phone: Phone
) -> None:
    await time_passes(settings, 10 * HALF)
    await deadlines.run(settings, 10)
    assert (await Issue.get(id=1)).state is State.RESOLVED
    assert (await phone.told())[-1] == AGAIN


async def test_a_question_of_the_night_is_not_asked_when_it_has_closed_meanwhile(
    settings: Settings, phone: Phone, clock: FileClock
) -> None:
    """Both fall into one night where a profile's time is short; then only the end is told."""
    await Issue.filter(id=1).update(confirm_due=clock.now() + timedelta(hours=12))
    await time_passes(settings, timedelta(hours=12))
    await Issue.filter(id=1).update(confirm_due=clock.now() + timedelta(hours=2))
    await time_passes(settings, timedelta(hours=2))
    clock.advance(timedelta(hours=12))
    assert await phone.receives() == [LAPSED]
