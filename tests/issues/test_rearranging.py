"""Units are moved and merged under open issues: each follows to the unit that stands there now."""

from datetime import timedelta

from tortoise.transactions import in_transaction

from escalator import deadlines
from issues import lifecycle, whereabouts
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Action, History, Issue, Leadership, Person, State, Unit
from tests.factories import CARD_CODE, MORNING, Territory, appoint, resident
from tests.issues.diary import Leader, Phone, rooms_of


async def close(unit: Unit, into: Unit) -> None:
    """What a file of units does to a unit and its leader."""
    unit.merged_into_id, unit.closed_at = into.id, MORNING
    await unit.save()
    await Leadership.filter(unit_id=unit.id).update(until=MORNING)
    await Person.filter(block_id=unit.id).update(block_id=into.id)


async def rearrange(settings: Settings, number: int) -> bool:
    async with in_transaction():
        issue = await lifecycle.lock(Issue.id_of(number))
        effects = await lifecycle.rearrange(settings, issue, settings.clock.now())
        if effects:
            await effects.save()
        return effects is not None


async def test_an_open_issue_of_a_merged_block_gets_the_new_leader_and_a_whole_window(
    settings: Settings, territory: Territory, clock: FileClock
) -> None:
    await resident(settings, territory.block)
    phone, other = Phone(settings), territory.units["other_block"]
    leader = await appoint(other, "周大姐")
    await phone.text("水管坏了")
    clock.advance(timedelta(hours=3))
    await close(territory.block, other)

    assert await rearrange(settings, 1001)
    assert await phone.told() == ["这里的邻里单元有调整，编号1001改由邻长周大姐负责，会在今天17:00前回您。"]
    issue = await Issue.get(id=1)
    assert (issue.block_id, issue.holder_id, issue.state) == (other.id, other.id, State.OPEN)
    said = [each for each in await rooms_of(1001) if each["do"] in ("show", "say")]
    assert [(each["do"], each["unit"]) for each in said[-2:]] == [
        ("show", other.id),
        ("say", territory.block.id),
    ]
    assert said[-1]["text"] == "这里的单元有调整，编号1001现由第4邻承办。"
    assert not await rearrange(settings, 1001), "a second time changes nothing"

    await Leader(settings, leader).answers(1001, "我马上来")
    assert await phone.told() == ["邻长周大姐回您（编号1001）：我马上来"]


async def test_what_has_gone_up_follows_its_block_to_another_village_and_an_answer_stays_one(
    settings: Settings, territory: Territory, clock: FileClock
) -> None:
    await resident(settings, territory.block)
    await Phone(settings).text("水管坏了")
    clock.advance(timedelta(hours=4))
    await deadlines.run(settings, 10)
    await Leader(settings, territory.leaders["group"]).answers(1001, "明天来")
    due = (await Issue.get(id=1)).resolve_due
    # The block now stands below the community of the same township, where no group is.
    peace = territory.units["peace"]
    territory.block.parent_id, territory.block.path = peace.id, f"{peace.path}{territory.block.code}/"
    await territory.block.save()

    assert await rearrange(settings, 1001)
    issue = await Issue.get(id=1)
    assert (issue.holder_id, issue.state, issue.resolve_due) == (territory.block.id, State.ANSWERED, due)
    last = await History.filter(issue_id=1).order_by("-seq").first()
    assert last is not None
    assert (last.action, last.from_holder_id) == (Action.REARRANGE, territory.units["group"].id)


async def test_what_was_closed_opens_again_above_the_block_of_today(
    settings: Settings, territory: Territory
) -> None:
    await resident(settings, territory.block)
    phone = Phone(settings)
    await phone.text("水管坏了")
    await Leader(settings, territory.leaders["block"]).resolves(1001)
    await phone.text("1")
    await phone.text("5")
    peace = territory.units["peace"]
    territory.block.parent_id, territory.block.path = peace.id, f"{peace.path}{territory.block.code}/"
    await territory.block.save()
    await phone.told()

    await rearrange(settings, 1001)
    assert await phone.told() == []
    await phone.text("没解决")
    assert (await Issue.get(id=1)).holder_id == peace.id
    await Leader(settings, territory.leaders["peace"]).answers(1001, "我来看看")


async def test_a_card_of_old_days_leads_to_the_block_of_today(
    settings: Settings, territory: Territory
) -> None:
    await close(territory.block, territory.units["other_block"])
    found = await whereabouts.find(CARD_CODE, settings.territory)
    assert found is not None
    assert found.unit.id == territory.units["other_block"].id
