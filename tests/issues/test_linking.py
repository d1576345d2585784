"""A leader ties a chat account of their own to their post, and nobody else does."""

from datetime import timedelta

import pytest

from issues import linking, standing_in, texts
from issues.effects import Effects
from linzhang.clock import FileClock
from linzhang.settings import Settings
from linzhang.words import say
from models import Address, FormerAccount, Invitation, Knock, Outbox, Person, Room
from rooms import knocking
from tests.factories import Territory, reachable
from tests.issues.chat import Block, Chat, matrix_id, room_of, with_account, zh

FAR = "@chen:elsewhere.example"
CODE = 340_016_020_101


@pytest.fixture
async def leader(settings: Settings, territory: Territory) -> Person:
    """The block's leader, who has a phone and no account, and whose block has a room."""
    person = territory.leaders["block"]
    await reachable(settings, person, "+8610000000001")
    await room_of(settings, territory.block)
    return person


async def invited(settings: Settings, person: Person, code: int = CODE) -> None:
    """Send somebody a code."""
    effects = Effects(f"test{code}", settings.clock.wall())
    now = settings.clock.now()
    assert await linking.invite(settings, effects, person, "@linzhang:test", now, below=lambda _: code)
    await effects.save()


async def knocks(settings: Settings, stranger: str = FAR, room: str = "!theirs:elsewhere.example") -> Chat:
    """Somebody starts a direct chat with the service."""
    chat = Chat(settings, room)
    await chat.changes(stranger, settings.homeservers[0].bot_id, "invite", direct=True)
    return chat


async def texts_to(person: Person) -> list[str]:
    """What a person's phone gets."""
    rows = await Outbox.filter(address__person_id=person.id, bridge="sms").order_by("id")
    return [row.payload["text"] for row in rows]


async def test_the_code_ties_the_account(settings: Settings, territory: Territory, leader: Person) -> None:
    await invited(settings, leader)
    row = await Outbox.get(address__person_id=leader.id)
    assert "🔑" in row.payload["text"]
    assert "@linzhang:test" in row.payload["text"]
    assert settings.vault.open(row.payload["secret"]) == "3400 1602 0101"
    assert "340016020101" not in str(row.payload).replace(" ", "")
    assert (await Invitation.get()).lookup != "340016020101"

    chat = await knocks(settings)
    (hear,) = await chat.deeds()
    assert (hear["do"], hear["text"]) == ("hear", zh(texts.KNOCK))
    assert await chat.says(FAR, "在吗") == [zh(texts.KNOCK_HOW)]
    assert await chat.says("@other:elsewhere.example", "3400 1602 0101") == []
    assert await chat.says(FAR, "3400 1602 0102") == [zh(texts.CODE_WRONG)]
    assert await chat.says(FAR, "验证码是３４００-1602 0101。") == []
    greeting = (await chat.deeds())[-1]
    assert greeting["do"] == "greet"
    assert greeting["text"] == zh(texts.ACCOUNT_TIED, name="陈建国", units="第3邻")
    address = await Address.get(bridge="matrix")
    assert (address.person_id, settings.vault.open(address.sealed)) == (leader.id, FAR)
    assert (await texts_to(leader))[-1] == zh(texts.ACCOUNT_TIED_BY_TEXT, account=FAR)
    assert await Room.exists(unit=territory.block, stale_at__not_isnull=True), "its room lets them in"
    assert zh(texts.HELP) in (await chat.says(FAR, "帮助"))[0], "they are a leader here from now on"


async def test_a_code_works_once_and_not_for_ever(
    settings: Settings, leader: Person, clock: FileClock
) -> None:
    await invited(settings, leader)
    first = await knocks(settings)
    await first.says(FAR, "340016020101")
    second = await knocks(settings, "@thief:elsewhere.example", "!his:elsewhere.example")
    assert await second.says("@thief:elsewhere.example", "340016020101") == [zh(texts.CODE_USED)]
    await invited(settings, leader, 7)
    clock.advance(linking.LASTS)
    third = await knocks(settings, "@late:elsewhere.example", "!late:elsewhere.example")
    assert await third.says("@late:elsewhere.example", "000000000007") == [zh(texts.CODE_EXPIRED)]
    assert await Address.filter(bridge="matrix").count() == 1


async def test_guessing_ends_soon(settings: Settings, leader: Person, clock: FileClock) -> None:
    await invited(settings, leader)
    chat = await knocks(settings)
    for guess in range(knocking.WRONG):
        assert await chat.says(FAR, f"{guess:012d}") == [zh(texts.CODE_WRONG)]
    assert await chat.says(FAR, "340016020101") == [zh(texts.CODE_TOO_OFTEN)]
    assert (await chat.deeds())[-1]["do"] == "decline"
    again = await knocks(settings, room="!again:elsewhere.example")
    assert [deed["do"] for deed in await again.deeds()] == ["decline"]
    assert not await Address.exists(bridge="matrix")
    clock.advance(timedelta(days=1))
    tomorrow = await knocks(settings, room="!tomorrow:elsewhere.example")
    await tomorrow.says(FAR, "340016020101")
    assert await Address.exists(bridge="matrix")


async def test_whoever_only_talks_is_left_alone(settings: Settings, leader: Person, clock: FileClock) -> None:
    await invited(settings, leader)
    chat = await knocks(settings)
    for _ in range(knocking.HEARD):
        assert await chat.says(FAR, "聊聊天") == [zh(texts.KNOCK_HOW)]
    assert (await chat.deeds())[-1]["do"] == "decline"
    assert await chat.says(FAR, "喂？") == []
    silent = await knocks(settings, "@silent:elsewhere.example", "!silent:elsewhere.example")
    clock.advance(timedelta(days=1))
    await knocking.leave_old(settings, settings.clock.now(), 10)
    assert [deed["do"] for deed in await silent.deeds()] == ["hear", "decline"]
    assert not await Knock.exists(left_at=None)


async def test_a_new_account_takes_the_place_of_the_old_one(settings: Settings, leader: Person) -> None:
    """Whoever has lost their account shuts it out by tying another one."""
    await with_account(settings, leader)
    before = await Address.get(bridge="matrix")
    await invited(settings, leader)
    chat = await knocks(settings)
    await chat.says(FAR, "340016020101")
    after = await Address.get(bridge="matrix")
    assert (after.id, settings.vault.open(after.sealed)) == (before.id, FAR)
    assert settings.vault.open((await FormerAccount.get()).sealed) == matrix_id(leader)
    assert await standing_in.known_as(settings, "matrix", matrix_id(leader)) is None


async def test_a_code_from_an_account_that_is_somebodys(
    settings: Settings, territory: Territory, leader: Person
) -> None:
    other = await with_account(settings, territory.leaders["group"])
    await invited(settings, leader)
    chat = await knocks(settings, matrix_id(other), "!group:test")
    assert await chat.says(other, "3400 1602 0101") == [zh(texts.CODE_OF_ANOTHER)]
    await reachable(settings, other, "+8610000000002")
    await invited(settings, other, 8)
    assert await chat.says(other, "0000 0000 0008") == [zh(texts.CODE_IS_YOURS)]
    assert await Invitation.filter(used_at=None).count() == 1


async def test_a_leader_has_a_code_sent(block: Block) -> None:
    """To themselves, for a new account, or to somebody below; never to somebody above or beside."""
    group, own = block.territory.leaders["group"], await block.room_of("group")
    await reachable(block.settings, block.leader, "+8610000000003")
    assert await own.says(group, "!link 陈建国") == []
    (told,) = await texts_to(block.leader)
    assert told.startswith("陈建国")
    assert await own.says(block.leader, "!link 周强") == [zh(texts.NOBODY_CALLED, name="周强")]
    await own.says(group, "！绑定")
    assert not await texts_to(group), "who has no phone gets none, and is told so"


async def test_both_languages_say_what_to_do(settings: Settings, leader: Person) -> None:
    leader.language = "en"
    await leader.save()
    await invited(settings, leader)
    (told,) = await texts_to(leader)
    blanks = {"name": "陈建国", "bot": "@linzhang:test", "code": "🔑", "time": "10:00 on Nov 27"}
    assert told == say(texts.TIE_ACCOUNT, "en", **blanks)
