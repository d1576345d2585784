"""What leaders look up: it goes to them alone, and is about their own units only."""

from datetime import timedelta

import pytest

from issues import texts
from linzhang.clock import FileClock
from linzhang.settings import Settings
from linzhang.words import say
from models import Action, Address, DirectRoom, History, Issue, Leadership, Outbox, Person, Role, State
from tests.factories import MORNING, plant, resident
from tests.issues.chat import Block, Chat, block_in, direct_with, matrix_id, whispers, zh


@pytest.fixture
async def chat(block: Block) -> Chat:
    """The direct room of the block's leader."""
    return await direct_with(block.settings, block.leader)


async def post_link(block: Block) -> str:
    room = block.room.room_id
    return f"https://matrix.to/#/{room}/{block.post.replace('!', '%21').replace(':', '%3A')}?via=test"


async def test_mine_are_listed_by_the_time_that_is_left(block: Block, clock: FileClock, chat: Chat) -> None:
    clock.advance(timedelta(hours=1, minutes=30))
    second = await block.report("新 井盖没了，已经三天了，有人差一点就掉下去了，孩子也常来")
    await block.room.says(block.leader, f"!answer {second} 马上到")
    third = await block.report("新 有狗")
    await Issue.filter(id=Issue.id_of(third)).update(urgent=True)
    (answer,) = await chat.says(block.leader, "列表")
    head, *lines = answer.split("\n")
    assert head == zh(texts.LIST_HEAD, count=3)
    assert [line.split(" · ")[0] for line in lines] == [str(block.number), f"🚨 {third}", str(second)]
    assert lines[0] == f"1001 · 还剩2小时 · 路灯坏了 · 刘大爷，第3邻 {await post_link(block)}"
    assert "…" in lines[2]
    clock.advance(timedelta(hours=3))
    (answer,) = await chat.says(block.leader, "列表")
    assert "逾期" in answer.split("\n")[1]


async def test_what_others_have_is_not_mine(block: Block, chat: Chat) -> None:
    await block.room.says(block.leader, "!up 归组里", thread=block.post)
    (answer,) = await chat.says(block.leader, "list")
    assert answer == zh(texts.NOTHING_OPEN)


async def test_what_is_done_waits_for_nobody(block: Block, chat: Chat) -> None:
    await block.room.says(block.leader, "!done", thread=block.post)
    (answer,) = await chat.says(block.leader, "list")
    assert answer == zh(texts.NOTHING_OPEN)


async def test_long_lists_say_how_many_more(block: Block, chat: Chat) -> None:
    for index in range(16):
        await block.report(f"新 第{index}件")
    (answer,) = await chat.says(block.leader, "list")
    assert answer.endswith(zh(texts.LIST_MORE, count=2))
    assert len(answer.split("\n")) == 17


async def test_a_leader_asks_where_their_cards_are_printed(block: Block, chat: Chat) -> None:
    (told,) = await chat.says(block.leader, "名片")
    assert told == "第3邻的名片和海报：{page} （进不去就先写：工作台）".format(
        page=f"{block.settings.public_url}/desk/print/{block.territory.block.code}"
    )


@pytest.mark.parametrize("said", ["!list", "!show", "!search 路灯", "!status", "!cards"])
async def test_in_a_room_the_answer_goes_to_the_leader_alone(block: Block, said: str) -> None:
    assert await block.room.says(block.leader, said, thread=block.post) == []
    (whisper,) = await whispers(block.leader)
    assert whisper
    (sign,) = [each for each in await block.room.deeds() if each["do"] == "press"]
    assert (sign["event"], sign["emoji"]) == (block.room.last, "📬")


@pytest.mark.parametrize("said", ["!list", "!show 1001", "!search 路灯", "!status", "!call 1001"])
async def test_who_leads_nothing_is_shown_nothing(block: Block, said: str) -> None:
    for who in ("@nobody:test", block.territory.leaders["former"]):
        (refusal,) = await block.room.says(who, said)
        assert "路灯" not in refusal
        assert "138" not in refusal
    assert await whispers(block.territory.leaders["former"]) == []


@pytest.mark.parametrize("said", ["show 1001", "查看1001", "1001"])
async def test_the_whole_story_is_shown(block: Block, chat: Chat, said: str) -> None:
    await block.room.says(block.leader, "// 又是那盏灯", thread=block.post)
    await block.room.says(block.leader, "明天修", thread=block.post)
    (answer,) = await chat.says(block.leader, said)
    for part in (
        "刘大爷",
        "路灯坏了",
        "又是那盏灯",
        "明天修",
        zh(texts.STATE_ANSWERED),
        await post_link(block),
    ):
        assert part in answer
    assert "138" not in answer


async def test_others_stories_are_not_shown(block: Block) -> None:
    theirs = await direct_with(block.settings, block.territory.leaders["peace"])
    (refusal,) = await theirs.says(block.territory.leaders["peace"], "show 1001")
    assert refusal.startswith("编号1001不归您办")


async def test_a_reply_to_a_shown_story_answers_it(block: Block, chat: Chat) -> None:
    await chat.says(block.leader, "show 1001")
    line = await chat.delivered()
    assert await chat.says(block.leader, "明天修", reply=line) == []
    assert (await block.phone.told())[-1].endswith("明天修")


async def test_issues_are_found_by_what_was_said_or_by_whom(block: Block, chat: Chat) -> None:
    pipe = await block.report("新 水管漏水，Pipe 100% broken")
    await block.room.says(block.leader, f"!answer {pipe} 明天换水管")
    for words in ("水管", "换 漏", "pipe", "刘大爷 水管", "100%"):
        (answer,) = await chat.says(block.leader, f"search {words}")
        assert answer.startswith(f"{pipe} · "), words
        assert "1001" not in answer
    (answer,) = await chat.says(block.leader, "search 电线")
    assert answer == zh(texts.NOTHING_FOUND, words="电线")
    (answer,) = await chat.says(block.leader, "search %")
    assert "1001" not in answer
    (answer,) = await chat.says(block.leader, "search")
    assert answer == zh(texts.WRITE_IT_SO, form=texts.FORM_SEARCH)


async def test_nobody_finds_what_is_in_others_units(block: Block) -> None:
    peace, group = block.territory.leaders["peace"], block.territory.leaders["group"]
    (answer,) = await (await direct_with(block.settings, peace)).says(peace, "search 路灯")
    assert answer == zh(texts.NOTHING_FOUND, words="路灯")
    (answer,) = await (await direct_with(block.settings, group)).says(group, "search 路灯")
    assert answer.startswith("1001 · ")


async def test_what_was_told_to_one_leader_alone_is_shown_to_nobody_above(block: Block, chat: Chat) -> None:
    await Issue.all().update(private=True)
    group = block.territory.leaders["group"]
    above = await direct_with(block.settings, group)
    (answer,) = await above.says(group, "search 路灯")
    assert answer == zh(texts.NOTHING_FOUND, words="路灯")
    (refusal,) = await above.says(group, "show 1001")
    assert refusal.startswith("编号1001不归您办")
    (answer,) = await chat.says(block.leader, "search 路灯")
    assert answer.startswith("1001 · ")


async def test_a_unit_is_told_in_numbers(block: Block, chat: Chat, clock: FileClock) -> None:
    done = await block.report("新 井盖没了")
    await block.room.says(block.leader, f"!done {done}")
    await block.phone.text("1")
    await Issue.filter(id=Issue.id_of(done), state=State.CLOSED).update(rating=4)
    clock.advance(timedelta(hours=5))
    (answer,) = await chat.says(block.leader, "status")
    assert answer == zh(
        texts.STATUS_OF_UNIT,
        unit="第3邻",
        open=1,
        overdue=1,
        urgent=0,
        answered=0,
        referred=0,
        asked=0,
        closed=1,
    ) + zh(texts.STATUS_RATING, rating="4.0")
    block.leader.language = "en"
    await block.leader.save()
    (answer,) = await chat.says(block.leader, "status")
    assert answer.startswith("第3邻: 1 wait for an answer, 1 of them overdue")


async def test_a_number_to_press_goes_to_the_leader_alone(block: Block) -> None:
    assert await block.room.reacts(block.leader, "📞", block.post) == []
    phone = await Address.get(lookup=block.settings.vault.lookup("sms", block.phone.number))
    row = await Outbox.get(lane__startswith="address", bridge="rooms")
    assert row.payload == {"do": "dial", "of": phone.id, "text": "刘大爷（编号1001）："}
    to = await Address.get(id=row.address_id)
    assert block.settings.vault.open(to.sealed) == matrix_id(block.leader)
    looked_up = await History.get(action=Action.CALL)
    assert (looked_up.actor_id, looked_up.to_state) == (block.leader.id, State.OPEN)
    everything = " ".join(str(each.payload) for each in await Outbox.all())
    assert "13800138000" not in everything


async def test_who_reported_by_another_way_is_called_at_their_telephone(block: Block, chat: Chat) -> None:
    address = await resident(block.settings, block.territory.block, bridge="matrix", number="@wang:test")
    theirs = Chat(block.settings, "!wang:test")
    await DirectRoom.create(address=address, room_id=theirs.room_id, homeserver="test")
    await theirs.says("@wang:test", "井盖没了")
    issue = await Issue.all().order_by("-id").first()
    assert issue is not None
    (refusal,) = await chat.says(block.leader, f"call {issue.number}")
    assert refusal == zh(texts.NO_TELEPHONE, number=issue.number)
    vault = block.settings.vault
    number = "+8613900139000"
    await Address.create(
        person=address.person, bridge="sms", lookup=vault.lookup("sms", number), sealed=vault.seal(number)
    )
    assert await chat.says(block.leader, f"call {issue.number}") == []
    assert await History.filter(action=Action.CALL).count() == 1


@pytest.mark.parametrize("who", ["peace", "deputy", "township"])
async def test_only_above_the_block_a_number_is_told(block: Block, who: str) -> None:
    person: Person = block.territory.leaders[who]
    theirs = await direct_with(block.settings, person)
    answers = await theirs.says(person, "call 1001")
    assert bool(answers) == (who == "peace")
    assert await History.filter(action=Action.CALL).count() == (who != "peace")


async def test_the_list_is_said_in_the_leaders_language(block: Block) -> None:
    block.leader.language = "en"
    await block.leader.save()
    await block.room.says(block.leader, "!list")
    (whisper,) = await whispers(block.leader)
    assert whisper.startswith(say(texts.LIST_HEAD, "en", count=1))
    assert "4 hours left" in whisper


async def test_who_answers_for_two_units_sees_both(block: Block) -> None:
    both = block.territory.leaders["group"]
    await Leadership.create(unit=block.territory.block, person=both, role=Role.DEPUTY, since=MORNING)
    second = await block.report("新 井盖没了")
    await block.room.says(both, f"!up {second}")
    await block.room.says(both, "!list")
    (whisper,) = await whispers(both)
    assert str(second) in whisper
    assert str(block.number) in whisper


async def test_both_databases_search_alike(either: Settings) -> None:
    block = await block_in(either, await plant())
    await block.room.says(block.leader, "!search 路灯")
    await block.room.says(block.leader, "!status")
    await block.room.says(block.leader, "!list")
    found, numbers, mine = await whispers(block.leader)
    assert found.startswith("1001 · ")
    assert "1件待答复" in numbers
    assert "1001 · " in mine
