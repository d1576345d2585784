"""Who answers for a unit, from day to day: leaders, deputies, and posts that nobody has."""

from datetime import timedelta

import pytest

from issues import chain, names
from linzhang.settings import Settings
from models import Leadership, Person, Role
from tests.factories import MORNING, Territory, appoint, goes_away

DAY = timedelta(days=1)


async def name_of_acting(territory: Territory, days: int = 0, unit: str = "block") -> str | None:
    """Who answers for a unit some days from now."""
    acting = await chain.acting(territory.units[unit], MORNING + days * DAY)
    return acting.person.name if acting else None


async def may(person: Person, territory: Territory, days: int = 0) -> bool:
    """Whether somebody may act on what concerns the block some days from now."""
    return await chain.unit_led(person, territory.block, MORNING + days * DAY) is not None


async def test_a_leader_answers_for_their_unit(settings: Settings, territory: Territory) -> None:
    assert await name_of_acting(territory) == "陈建国"
    assert await name_of_acting(territory, unit="other_block") is None
    people = await chain.actors_of(territory.block, MORNING)
    assert [each.name for each in people] == ["陈建国", "马丽"]


async def test_while_the_leader_is_away_whom_they_named_answers(
    settings: Settings, territory: Territory
) -> None:
    stand_in = await Person.create(name="高远")
    assert not await may(stand_in, territory)
    await goes_away(territory.block, territory.leaders["block"], MORNING + 3 * DAY, deputy=stand_in)
    assert [await name_of_acting(territory, days) for days in (0, 2, 3)] == ["高远", "高远", "陈建国"]
    assert [await may(stand_in, territory, days) for days in (0, 2, 3)] == [True, True, False]
    assert await may(territory.leaders["block"], territory)
    people = await chain.actors_of(territory.block, MORNING)
    assert [each.name for each in people] == ["高远", "陈建国", "马丽"]
    assert await chain.post_of(stand_in, MORNING) == territory.block
    assert await chain.post_of(stand_in, MORNING + 3 * DAY) is None


async def test_while_the_leader_is_away_the_standing_deputy_answers(
    settings: Settings, territory: Territory
) -> None:
    await goes_away(territory.block, territory.leaders["block"], MORNING + DAY)
    assert await name_of_acting(territory) == "马丽"
    assert await name_of_acting(territory, 1) == "陈建国"


async def test_a_leader_who_is_away_without_a_deputy_leaves_the_post_vacant(
    settings: Settings, territory: Territory
) -> None:
    await goes_away(territory.units["group"], territory.leaders["group"], MORNING + DAY)
    assert await name_of_acting(territory, unit="group") is None
    assert await may(territory.leaders["group"], territory)  # from afar they still may


async def test_the_last_word_about_an_absence_counts(settings: Settings, territory: Territory) -> None:
    first, second = await Person.create(name="高远"), await Person.create(name="林静")
    chief = territory.leaders["block"]
    await goes_away(territory.block, chief, MORNING + 3 * DAY, deputy=first)
    await goes_away(territory.block, chief, MORNING + 2 * DAY, deputy=second)
    assert [await name_of_acting(territory, days) for days in (0, 2, 3)] == ["林静", "高远", "陈建国"]


async def test_a_post_counts_from_its_first_day_until_its_last(
    settings: Settings, territory: Territory
) -> None:
    unit = territory.units["other_block"]
    new = await appoint(unit, "高远", since=MORNING + DAY, until=MORNING + 3 * DAY)
    assert [await name_of_acting(territory, days, "other_block") for days in (0, 1, 2, 3)] == [
        None,
        "高远",
        "高远",
        None,
    ]
    assert await chain.post_of(new, MORNING) is None


async def test_a_successor_follows_on_the_day(settings: Settings, territory: Territory) -> None:
    old = territory.leaders["block"]
    await Leadership.filter(person_id=old.id).update(until=MORNING + DAY)
    await appoint(territory.block, "高远", since=MORNING + DAY)
    assert [await name_of_acting(territory, days) for days in (0, 1)] == ["陈建国", "高远"]
    assert not await may(old, territory, 1)


async def test_a_deputys_right_ends_with_the_dates(settings: Settings, territory: Territory) -> None:
    deputy = territory.leaders["deputy"]
    await Leadership.filter(person_id=deputy.id, role=Role.DEPUTY).update(until=MORNING + DAY)
    assert [await may(deputy, territory, days) for days in (0, 1)] == [True, False]


async def test_a_deputy_stands_where_nobody_leads(settings: Settings, territory: Territory) -> None:
    await appoint(territory.units["other_block"], "高远", role=Role.DEPUTY)
    assert await name_of_acting(territory, unit="other_block") == "高远"


@pytest.mark.parametrize(
    ("language", "leader", "deputy", "nobody"),
    [
        ("zh-Hans", "邻长陈建国", "马丽（代邻长陈建国）", "第4邻的邻长"),
        ("en", "陈建国 (block leader)", "马丽 for 陈建国 (block leader)", "the block leader of 第4邻"),
    ],
)
async def test_who_answers_is_called_by_name(
    settings: Settings, territory: Territory, language: str, leader: str, deputy: str, nobody: str
) -> None:
    profile, block = settings.territory, territory.block
    other = territory.units["other_block"]
    assert await names.holder(block, profile, language, MORNING) == leader
    assert await names.holder(other, profile, language, MORNING) == nobody
    await goes_away(block, territory.leaders["block"], MORNING + DAY)
    assert await names.holder(block, profile, language, MORNING) == deputy
    assert await names.holder(block, profile, language, MORNING + DAY) == leader
    speaker = territory.leaders["deputy"]
    assert await names.speaker(speaker, block, profile, language, MORNING) == deputy
    assert await names.speaker(territory.leaders["block"], block, profile, language, MORNING) == leader
