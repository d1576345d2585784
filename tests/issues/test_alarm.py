"""A danger reaches everybody at once: the emergency number first, the whole chain, and the leader's phone."""

from datetime import timedelta

import pytest

from escalator import deadlines
from issues import lifecycle
from issues.effects import CALLS
from issues.errors import NotAllowed
from issues.lifecycle import Actor
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Action, Address, History, Issue, Outbox, Person, State
from tests.factories import CARD_CODE, MORNING, Territory, appoint, clock_of, resident
from tests.issues.diary import Leader, Phone, rooms_of

HALF_AN_HOUR, MOMENT = timedelta(minutes=30), timedelta(seconds=5)
URGENT = "请马上打119！我们也收到了，编号1001，正在通知邻长陈建国和各级领导。"
LINE = "🚨 紧急，编号1001：请马上处理，并在今天10:30前在这里答复。"
ALARM = "紧急，编号1001。刘大爷，魏岗村委会第3邻：“{words}”请马上处理。"


@pytest.fixture
async def phone(settings: Settings, territory: Territory) -> Phone:
    """The phone of a resident of the block whom the roster knows."""
    await resident(settings, territory.block)
    return Phone(settings)


@pytest.fixture
def leader(settings: Settings, territory: Territory) -> Leader:
    """The block's leader."""
    return Leader(settings, territory.leaders["block"])


@pytest.fixture
async def phones(settings: Settings, territory: Territory) -> dict[str, Address]:
    """The leaders' own telephones, by the tier that they lead."""
    found = {}
    for index, tier in enumerate(("block", "group", "section", "village", "township")):
        number = f"+86139000000{index:02}"
        vault = settings.vault
        found[tier] = await Address.create(
            person=territory.leaders[tier],
            bridge="sms",
            lookup=vault.lookup("sms", number),
            sealed=vault.seal(number),
        )
    return found


async def rung(phones: dict[str, Address]) -> list[tuple[str, str]]:
    """Whose phone was called and what was read to them, in order."""
    tiers = {address.id: tier for tier, address in phones.items()}
    rows = await Outbox.filter(bridge=CALLS).order_by("id")
    return [(tiers[row.address_id or 0], row.payload["text"]) for row in rows]


async def history() -> list[Action]:
    return [row.action for row in await History.filter(issue_id=1).order_by("seq")]


async def test_a_danger_is_told_to_everybody_at_once(
    phone: Phone, territory: Territory, phones: dict[str, Address]
) -> None:
    assert await phone.text("楼道里着火了！") == [URGENT]
    issue = await Issue.get(id=1)
    assert (issue.urgent, issue.state, issue.answer_due) == (True, State.OPEN, MORNING + HALF_AN_HOUR)
    assert await history() == [Action.REPORT, Action.URGENT]
    said = await rooms_of(1001)
    shown = [row["unit"] for row in said if row["do"] == "show"]
    assert list(dict.fromkeys(shown)) == [unit.id for unit in territory.chain]
    lines = {row["unit"]: row["mention"] for row in said if row.get("text") == LINE}
    assert list(lines) == [unit.id for unit in territory.chain]
    for unit in territory.chain:
        assert territory.leaders[unit.tier].id in lines[unit.id]
    alarm = ALARM.format(words="楼道里着火了！")
    assert await rung(phones) == [("block", alarm)]
    in_person = await Outbox.filter(address_id=phones["block"].id, bridge="sms").order_by("id")
    assert [row.payload["text"] for row in in_person] == [alarm]


async def test_at_night_a_danger_waits_for_nobody(settings: Settings, phone: Phone, phones: object) -> None:
    clock_of(settings).advance(timedelta(hours=15))  # one o'clock
    await phone.text("着火了")
    assert await Outbox.exclude(hold_until=None).count() == 0


async def test_the_number_is_the_one_for_this_danger(phone: Phone) -> None:
    for words, number in (("我妈摔倒起不来了", "120"), ("新 有人拿刀砍人", "110"), ("新 闻到煤气味", "119")):
        (told,) = await phone.text(words)
        assert told.startswith(f"请马上打{number}！")


async def test_in_english_too(phone: Phone) -> None:
    assert await phone.text("Fire in the kitchen!") == [
        "Call 119 now! We have it too, no. 1001. 陈建国 (block leader) and everyone above hear of it."
    ]


@pytest.mark.parametrize("words", ["灭火器过期了", "Fire extinguisher expired", "煤气费怎么交"])
async def test_what_only_sounds_like_a_danger_wakes_nobody(phone: Phone, words: str) -> None:
    await phone.text(words)
    assert not (await Issue.get(id=1)).urgent
    assert await Outbox.filter(bridge=CALLS).count() == 0


async def test_a_second_cry_rings_nobody_twice(
    phone: Phone, phones: dict[str, Address], territory: Territory
) -> None:
    await phone.text("着火了")
    assert await phone.text("快来救火", after=MOMENT) == []
    (added,) = await phone.text("火灾越来越大了")
    assert "编号1001" in added
    assert len(await rung(phones)) == 1
    relayed = [row["unit"] for row in await rooms_of(1001) if row["do"] == "relay"]
    assert relayed[-5:] == [unit.id for unit in territory.chain]


async def test_what_turns_dangerous_alarms_then(phone: Phone, phones: dict[str, Address]) -> None:
    await phone.text("厨房有股怪味")
    assert await phone.text("是煤气味，头晕") == [URGENT.replace("10:30", "10:30")]
    assert await history() == [Action.REPORT, Action.ADD, Action.URGENT]
    issue = await Issue.get(id=1)
    assert issue.answer_due == MORNING + timedelta(seconds=31) + HALF_AN_HOUR
    assert await rung(phones) == [("block", ALARM.format(words="是煤气味，头晕"))]
    assert await Issue.all().count() == 1


async def test_a_danger_of_another_kind_is_another_issue(
    phone: Phone, phones: dict[str, Address], territory: Territory
) -> None:
    await phone.text("村口路灯坏了")
    (told,) = await phone.text("楼道着火了")
    assert told.startswith("请马上打119！我们也收到了，编号1002")
    (told,) = await phone.text("火灾烧到楼道了，我妈晕倒了")
    assert "编号1002" in told
    assert [issue.urgent for issue in await Issue.all().order_by("id")] == [False, True]


async def test_an_answered_one_that_turns_dangerous_is_open_again(
    phone: Phone, leader: Leader, phones: dict[str, Address]
) -> None:
    await phone.text("厨房有股怪味")
    await leader.answers(1001, "下午去看")
    await phone.told()
    assert len(await phone.text("煤气味很大")) == 1
    assert (await Issue.get(id=1)).state is State.OPEN
    assert len(await rung(phones)) == 1


async def test_a_danger_is_never_asked_about(phone: Phone) -> None:
    await phone.text("路灯坏了")
    await phone.text("新 水管坏了")
    (told,) = await phone.text("着火了", after=timedelta(hours=2))
    assert told.startswith("请马上打119！我们也收到了，编号1003")


async def test_a_danger_does_not_wait_for_another_question(phone: Phone) -> None:
    await phone.text("路灯坏了")
    await phone.text("新 水管坏了")
    await phone.text("怎么还没人来", after=timedelta(hours=2))
    (told,) = await phone.text("没人来救，着火了")
    assert told.startswith("请马上打119！我们也收到了，编号1003")


async def test_a_danger_after_a_closed_case_is_a_new_one(phone: Phone, leader: Leader) -> None:
    await phone.text("电线冒火花")
    await leader.resolves(1001)
    await phone.text("1")
    (told,) = (await phone.text("又着火了"))[-1:]
    assert told.startswith("请马上打119！我们也收到了，编号1002")


async def test_not_solved_and_dangerous(
    phone: Phone, leader: Leader, territory: Territory, phones: dict[str, Address]
) -> None:
    await phone.text("厨房有股怪味")
    await leader.resolves(1001)
    await phone.told()
    told = await phone.text("没好，现在是煤气味，漏煤气了")
    assert [text[:6] for text in told] == ["请马上打11", "对不起，没给"]
    issue = await Issue.get(id=1)
    assert (issue.urgent, issue.holder_id) == (True, territory.units["group"].id)
    assert [tier for tier, _ in await rung(phones)] == ["group"]


async def test_unanswered_it_climbs_and_the_next_phone_rings(
    settings: Settings, phone: Phone, phones: dict[str, Address], clock: FileClock
) -> None:
    await phone.text("着火了")
    for tier, name in (("group", "组长周强"), ("section", "片长孙梅")):
        clock.advance(HALF_AN_HOUR)
        await deadlines.run(settings, 10)
        (told,) = (await phone.told())[-1:]
        assert name in told
        assert (await rung(phones))[-1][0] == tier
    assert [tier for tier, _ in await rung(phones)] == ["block", "group", "section"]


async def test_who_gets_it_next_is_pinged_where_it_stands_already(
    settings: Settings, phone: Phone, leader: Leader, phones: dict[str, Address], territory: Territory
) -> None:
    await phone.text("着火了")
    await leader.passes_up(1001, "归村里管")
    group = territory.units["group"].id
    lines = [row for row in await rooms_of(1001) if row["unit"] == group and row.get("text") == LINE]
    assert [territory.leaders["group"].id in row["mention"] for row in lines] == [True, True]
    assert [tier for tier, _ in await rung(phones)] == ["block", "group"]


async def test_at_the_top_it_rings_again(
    settings: Settings, phone: Phone, phones: dict[str, Address], clock: FileClock
) -> None:
    await phone.text("着火了")
    for _ in range(6):
        clock.advance(HALF_AN_HOUR)
        await deadlines.run(settings, 10)
    rang = [tier for tier, _ in await rung(phones)]
    assert rang == ["block", "group", "section", "village", "township", "township", "township"]


async def test_every_room_that_has_it_hears_how_it_goes(
    phone: Phone, leader: Leader, territory: Territory
) -> None:
    await phone.text("着火了")
    await leader.answers(1001, "消防车到了")
    answered = [row["unit"] for row in await rooms_of(1001) if row.get("text", "").endswith("消防车到了")]
    assert sorted(answered) == sorted(unit.id for unit in territory.chain)


async def test_where_nobody_leads_the_next_ones_phone_rings(
    settings: Settings, territory: Territory, phones: dict[str, Address]
) -> None:
    await resident(settings, territory.units["other_block"], number="+8613700137000")
    await Phone(settings, number="+8613700137000").text("着火了")
    assert [tier for tier, _ in await rung(phones)] == ["group"]


async def test_a_leader_in_danger_is_not_called_about_it(
    settings: Settings, territory: Territory, phones: dict[str, Address]
) -> None:
    await Phone(settings, number="+8613900000000").text("我家着火了")
    assert [tier for tier, _ in await rung(phones)] == ["group"]


async def test_a_stranger_in_danger_is_told_whom_to_call_and_asked_where(
    settings: Settings, territory: Territory, phones: dict[str, Address]
) -> None:
    await appoint(territory.units["city"], "钱坤")
    stranger = Phone(settings, number="+8613900139000")
    assert await stranger.text("着火了") == [
        "请马上打119！我们也收到了，编号1001。请问在哪里？请发邻长卡片上的号码，或者发您的村名和姓名。"
    ]
    root = territory.units["city"].id
    assert [row["unit"] for row in await rooms_of(1001) if row["do"] == "show"] == [root]
    (placed,) = await stranger.text(CARD_CODE)
    assert placed.startswith("谢谢您，找到了：魏岗村委会第3邻。")
    assert [tier for tier, _ in await rung(phones)] == ["block"]
    shown = {row["unit"] for row in await rooms_of(1001) if row["do"] == "show"}
    assert shown == {root, *(unit.id for unit in territory.chain)}


async def test_a_stranger_who_names_the_village_with_the_danger_is_placed_at_once(
    settings: Settings, territory: Territory, phones: dict[str, Address]
) -> None:
    stranger = Phone(settings, number="+8613900139000")
    (told,) = await stranger.text("魏岗村西头着火了")
    assert told.startswith("请马上打119！我们也收到了，编号1001，正在通知村书记赵刚")
    assert [tier for tier, _ in await rung(phones)] == ["village"]


async def test_where_the_danger_is_may_come_together_with_it(
    settings: Settings, territory: Territory, phones: dict[str, Address]
) -> None:
    stranger = Phone(settings, number="+8613900139000")
    await stranger.text("家里没水")
    told = await stranger.text(f"{CARD_CODE} 着火了快来")
    assert told[0].startswith("谢谢您，找到了")
    assert told[1].startswith("请马上打119！")
    assert [tier for tier, _ in await rung(phones)] == ["block"]


async def test_a_private_danger_reaches_the_leader_only(
    phone: Phone, territory: Territory, phones: dict[str, Address]
) -> None:
    assert await phone.text("私密 隔壁在打人，拿着刀") == [
        "请马上打110！我们也收到了，编号1001，只通知邻长陈建国。"
    ]
    assert {row["unit"] for row in await rooms_of(1001)} == {territory.block.id}
    assert [tier for tier, _ in await rung(phones)] == ["block"]


async def test_a_leader_may_say_that_it_is_urgent(
    settings: Settings, phone: Phone, territory: Territory, phones: dict[str, Address]
) -> None:
    await phone.text("老屋的墙裂了")

    async def says(person: Person) -> None:
        issue, at = await lifecycle.lock(1), settings.clock.now()
        await (await lifecycle.urgent(settings, issue, Actor(person, "matrix", "!room:test"), at)).save()

    with pytest.raises(NotAllowed):
        await says(territory.leaders["peace"])
    await says(territory.leaders["group"])
    assert (await Issue.get(id=1)).answer_due == MORNING + HALF_AN_HOUR
    assert await phone.told() == []
    assert [tier for tier, _ in await rung(phones)] == ["block"]
