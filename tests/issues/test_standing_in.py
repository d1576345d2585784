"""A leader goes away: somebody stands in, everybody concerned knows, and it ends by itself."""

from datetime import timedelta

import pytest

from issues import chain, texts
from linzhang.clock import FileClock
from linzhang.words import say
from models import Absence, Leadership, Outbox, Person, Role
from tests.factories import MORNING, appoint, resident
from tests.issues.chat import Block, Chat, direct_with, matrix_id, whispers, with_account, zh

DAY = timedelta(days=1)


@pytest.fixture
async def chat(block: Block) -> Chat:
    """The direct room of the block's leader."""
    return await direct_with(block.settings, block.leader)


async def told(person: Person) -> list[str]:
    """What a person was told in person, by the clock's ways, oldest first."""
    rows = await Outbox.filter(address__person_id=person.id, bridge="matrix").order_by("id")
    return [row.payload["text"] for row in rows]


async def invited() -> list[tuple[int, int]]:
    rows = await Outbox.filter(bridge="rooms").order_by("id")
    return [(row.payload["unit"], row.payload["person"]) for row in rows if row.payload["do"] == "invite"]


async def test_the_standing_deputy_stands_in(block: Block, chat: Chat, clock: FileClock) -> None:
    leaders, unit = block.territory.leaders, block.territory.block
    (answer,) = await chat.says(block.leader, "外出 11月25日到27日")
    assert answer == zh(texts.AWAY, since="11月25日", until="11月27日", deputy="马丽", form=texts.FORM_BACK)
    absence = await Absence.get()
    assert (absence.unit_id, absence.person_id, absence.deputy_id) == (
        unit.id,
        block.leader.id,
        leaders["deputy"].id,
    )
    assert await told(leaders["deputy"]) == [
        "从11月25日到11月27日，请您代陈建国管第3邻，第3邻的事情会找您。辛苦了。"
    ]
    assert await told(leaders["group"]) == ["第3邻的陈建国从11月25日到11月27日外出，由马丽代理。"]
    assert await invited() == [(unit.id, leaders["deputy"].id)]
    acting = await chain.acting(unit, clock.now())
    assert acting is not None
    assert acting.person == block.leader
    acting = await chain.acting(unit, clock.now() + DAY)
    assert acting is not None
    assert acting.person == leaders["deputy"]
    acting = await chain.acting(unit, clock.now() + 4 * DAY)
    assert acting is not None
    assert acting.person == block.leader


async def test_somebody_else_is_named_and_acts(block: Block, chat: Chat, clock: FileClock) -> None:
    address = await resident(block.settings, block.territory.block, name="热心人", number="+8613600136000")
    await with_account(block.settings, address.person)
    assert "热心人" in (await chat.says(block.leader, "away 2 days 热心人"))[0]
    await block.phone.told()
    assert await block.room.says(address.person, "我来看看", thread=block.post) == []
    (heard,) = await block.phone.told()
    assert "热心人" in heard
    assert "陈建国" in heard
    clock.advance(2 * DAY)
    (refusal,) = await block.room.says(address.person, "我再来看看", thread=block.post)
    assert refusal.startswith("编号1001不归您办")


async def test_somebody_is_mentioned(block: Block, chat: Chat) -> None:
    other = block.territory.leaders["group"]
    mentions = {"mentions": [block.settings.homeservers[0].bot_id, matrix_id(other)]}
    (answer,) = await chat.says(block.leader, "away tomorrow 周强组长", detail=mentions)
    assert "周强" in answer
    assert (await Absence.get()).deputy_id == other.id
    (answer,) = await chat.says(block.leader, f"away 明天 {matrix_id(other)}")
    assert "周强" in answer


async def test_in_a_room_the_answer_goes_to_the_leader_alone(block: Block) -> None:
    assert await block.room.says(block.leader, "！外出 三天") == []
    (whisper,) = await whispers(block.leader)
    assert whisper.startswith("您从11月24日到11月26日外出")


async def test_without_a_deputy_those_above_are_told_that_it_comes_to_them(block: Block) -> None:
    group, section = block.territory.leaders["group"], block.territory.leaders["section"]
    theirs = await direct_with(block.settings, group)
    (answer,) = await theirs.says(group, "away 3 days")
    assert answer == zh(texts.AWAY_VACANT, since="11月24日", until="11月26日", form=texts.FORM_BACK)
    assert await told(section) == ["张庄组的周强从11月24日到11月26日外出，没有代理人，新的事情会找您。"]


@pytest.mark.parametrize("words", ["", " 马丽", " 12-05 2026-12-01", " 900 days"])
async def test_days_that_make_no_sense_are_asked_for(block: Block, chat: Chat, words: str) -> None:
    (answer,) = await chat.says(block.leader, f"away{words}")
    assert answer == zh(texts.WHICH_DAYS, form=texts.FORM_AWAY)
    assert not await Absence.exists()


@pytest.mark.parametrize("name", ["无名", "@nobody:test", "陈建国"])
async def test_a_deputy_whom_nobody_knows_is_asked_for(block: Block, chat: Chat, name: str) -> None:
    (answer,) = await chat.says(block.leader, f"away tomorrow {name}")
    assert answer == zh(texts.NOBODY_CALLED, name=name.lstrip("@") if name[0] != "@" else name.strip("@"))
    assert not await Absence.exists()


async def test_of_several_with_one_name_nobody_is_guessed(block: Block, chat: Chat) -> None:
    for number in ("+8613600136000", "+8613600136001"):
        await resident(block.settings, block.territory.block, name="王伟", number=number)
    (answer,) = await chat.says(block.leader, "away tomorrow 王伟")
    assert answer == zh(texts.WHICH_PERSON, name="王伟")
    far = await appoint(block.territory.units["peace_too"], "远人", role=Role.DEPUTY)
    (answer,) = await chat.says(block.leader, f"away tomorrow {far.name}")
    assert answer == zh(texts.NOBODY_CALLED, name="远人")


async def test_back_early_ends_it_and_says_so(block: Block, chat: Chat, clock: FileClock) -> None:
    deputy, group = block.territory.leaders["deputy"], block.territory.leaders["group"]
    await chat.says(block.leader, "away 3 days")
    await chat.says(block.leader, "away 12-10 12-12")
    clock.advance(DAY)
    (answer,) = await chat.says(block.leader, "回来")
    assert answer == zh(texts.WELCOME_BACK)
    assert (
        not await Absence.filter(until__gt=clock.now())
        .exclude(since=clock.now())
        .filter(since__lt=clock.now())
    )
    for moment in (clock.now(), MORNING + 17 * DAY):
        acting = await chain.acting(block.territory.block, moment)
        assert acting is not None
        assert acting.person == block.leader
    assert (await told(deputy))[-1] == (await told(group))[-1] == zh(texts.BACK, name="陈建国", unit="第3邻")
    (answer,) = await chat.says(block.leader, "back")
    assert answer == zh(texts.NOT_AWAY)


async def test_what_is_said_later_about_the_same_days_counts(block: Block, chat: Chat) -> None:
    await chat.says(block.leader, "away 12-01 12-10")
    await chat.says(block.leader, "away 12-05 12-06 周强")
    at = MORNING + 12 * DAY
    acting = await chain.acting(block.territory.block, at)
    assert acting is not None
    assert acting.person.name == "周强"
    assert await Absence.filter(since__lte=at, until__gt=at).count() == 1


async def test_a_deputy_cannot_go_away_from_a_post_that_is_not_theirs(block: Block) -> None:
    deputy = block.territory.leaders["deputy"]
    theirs = await direct_with(block.settings, deputy)
    (answer,) = await theirs.says(deputy, "away tomorrow")
    assert answer == zh(texts.NO_POST)


async def test_a_standing_deputy_is_shown_appointed_and_dismissed(block: Block, chat: Chat) -> None:
    unit = block.territory.block
    (answer,) = await chat.says(block.leader, "代理")
    assert answer == zh(texts.DEPUTIES, names="马丽")
    (answer,) = await chat.says(block.leader, "代理 周强")
    assert answer == zh(texts.DEPUTIES, names="马丽、周强")
    (answer,) = await chat.says(block.leader, "代理 周强")
    assert await Leadership.filter(unit=unit, role=Role.DEPUTY, until=None).count() == 2
    assert await told(block.territory.leaders["group"]) == [
        "陈建国请您做第3邻的代理人。陈建国外出的时候，事情会找您。"
    ]
    (answer,) = await chat.says(block.leader, "代理 取消")
    assert answer == zh(texts.NO_DEPUTY, form=texts.FORM_DEPUTY)
    assert await chain.deputies_of(unit, MORNING) == []
    assert await told(block.territory.leaders["deputy"]) == ["陈建国谢谢您：您不再是第3邻的代理人了。"]


async def test_everybody_reads_their_own_language(block: Block, chat: Chat) -> None:
    group = block.territory.leaders["group"]
    group.language = block.leader.language = "en"
    await group.save()
    await block.leader.save()
    (answer,) = await chat.says(block.leader, "away tomorrow to Friday")
    assert answer == say(
        texts.AWAY,
        "en",
        since="Nov 25",
        until="Nov 27",
        deputy="马丽",
        form=texts.FORM_BACK,
    )
    assert (await told(group))[0].startswith("陈建国 of 第3邻 is away")
