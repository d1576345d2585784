"""Several workers at once, on both databases; and the terminal."""

import asyncio
from datetime import timedelta

from issues import chain
from linzhang.settings import Settings
from models import Issue, Projected, State
from projections import tallies
from projections.status import status
from projections.weeks import week_of
from tests.factories import MORNING, clock_of, plant, resident
from tests.issues.diary import Leader, Phone
from tests.projections.desk import rebuilt, show, shown


async def test_two_workers_count_nothing_twice(either: Settings) -> None:
    territory = await plant()
    profile, week = either.territory, week_of(MORNING, either.territory.zone)
    await resident(either, territory.block)
    phone, chen = Phone(either), Leader(either, territory.leaders["block"])
    for number in range(4):
        await phone.text(f"新 路灯坏了{number}")
    await asyncio.gather(*(show(either) for _ in range(3)))
    await chen.answers(1001, "明天修")
    await chen.resolves(1001)
    await chen.resolves(1002)
    clock_of(either).advance(timedelta(hours=1))
    await phone.text("是")
    await asyncio.gather(*(show(either) for _ in range(3)))
    await show(either)
    stands = await status(either)
    assert (stands.shown, stands.stale, stands.sized, stands.follows_profile) == (4, 0, True, True)
    # What is stored for a township and counted for a block is the same.
    for name in ("block", "section", "village", "township", "city"):
        unit = territory.units[name]
        assert tallies.is_stored(profile, unit) == (name in ("village", "township", "city"))
        found = await tallies.figures(profile, unit, week, week)
        assert (found.received, found.answered, found.in_time, found.late) == (4, 2, 2, 0)
        assert (found.closed, found.unfinished, found.closing_rate) == (1, 3, 0.25)
        assert found.answered_in_time_rate == 1
        assert found.median_to_answer is not None
        weeks = await tallies.by_week(profile, unit, week - timedelta(days=7), week)
        assert [each.received for _, each in weeks] == [0, 4]
        children = await tallies.by_child(profile, unit, week, week)
        assert [each.received for _, each in children if each.received] == ([4] if children else [])
    below = Issue.filter(chain.below(territory.units["village"].path), state=State.OPEN)
    assert await below.count() == 2
    found_now = await shown()
    assert await rebuilt(either) == found_now
    assert await Projected.all().count() == 4
