"""The service alone with one person: who may come, what leaders can leave out, and how residents report."""

import pytest

from bridges.registry import matrix_bridge
from issues import texts
from linzhang.settings import Settings
from linzhang.words import say
from models import (
    DirectRoom,
    Issue,
    Leadership,
    Message,
    Outbox,
    Person,
    Role,
    RoomEvent,
    RoomEventKind,
    State,
)
from rooms import stages
from tests.factories import MORNING, Territory, appoint, resident
from tests.issues.chat import Chat, direct_with, matrix_id, room_of, with_account, zh
from tests.issues.diary import Phone

STRANGER = "@stranger:test"


@pytest.fixture
async def leader(settings: Settings, territory: Territory) -> Person:
    """The block's leader, with an account."""
    return await with_account(settings, territory.leaders["block"])


@pytest.fixture
async def chat(settings: Settings, leader: Person) -> Chat:
    """The leader's direct room."""
    return await direct_with(settings, leader)


async def reported(settings: Settings, territory: Territory, words: str = "路灯坏了") -> tuple[Phone, Issue]:
    """An issue of the block, and the phone that reported it."""
    phone = Phone(settings)
    if not await Person.exists(name="刘大爷"):
        await resident(settings, territory.block)
    await phone.text(words)
    issue = await Issue.all().order_by("-id").first()
    assert issue is not None
    return phone, issue


def bot(settings: Settings) -> str:
    return settings.homeservers[0].bot_id


# --- who comes in -------------------------------------------------------------------------------------


async def test_a_room_into_which_the_service_invites_somebody_alone_is_theirs(chat: Chat) -> None:
    room = await DirectRoom.get(room_id=chat.room_id)
    assert (room.homeserver, room.lost_at) == ("test", None)


async def test_somebody_of_the_roster_may_invite_the_service(settings: Settings, leader: Person) -> None:
    chat = Chat(settings, "!theirs:elsewhere")
    await chat.changes(matrix_id(leader), bot(settings), "invite", direct=True)
    (greeting,) = await chat.deeds()
    assert greeting == {
        "do": "greet",
        "room": chat.room_id,
        "homeserver": "test",
        "text": zh(texts.HELLO_LEADER),
    }
    assert await DirectRoom.exists(room_id=chat.room_id, lost_at=None)


async def test_a_resident_who_invites_is_told_what_for(settings: Settings, territory: Territory) -> None:
    address = await resident(settings, territory.block, bridge="matrix", number="@wang:test", language="en")
    chat = Chat(settings, "!theirs:test")
    await chat.changes("@wang:test", bot(settings), "invite", direct=True)
    (greeting,) = await chat.deeds()
    assert greeting["text"] == say(texts.WELCOME, "en")
    assert await DirectRoom.exists(address=address)


@pytest.mark.parametrize(("stranger", "join"), [(STRANGER, True), ("@far:elsewhere", False)])
async def test_a_stranger_is_told_politely_why_not(settings: Settings, stranger: str, join: bool) -> None:
    chat = Chat(settings, "!theirs:test")
    await chat.changes(stranger, bot(settings), "invite", direct=True)
    (refusal,) = await chat.deeds()
    assert (refusal["do"], refusal["join"]) == ("decline", join)
    assert refusal["text"] == zh(texts.NOT_IN_ROSTER)
    assert not await DirectRoom.exists()
    assert await chat.says(stranger, "hello") == []


async def test_the_service_joins_no_groups(settings: Settings, leader: Person) -> None:
    chat = Chat(settings, "!party:test")
    await chat.changes(matrix_id(leader), bot(settings), "invite")
    (refusal,) = await chat.deeds()
    assert (refusal["do"], refusal["text"]) == ("decline", zh(texts.ONLY_DIRECT))
    assert not await DirectRoom.exists()


async def test_others_invitations_are_not_the_services_business(settings: Settings, leader: Person) -> None:
    chat = Chat(settings, "!party:test")
    await chat.changes(matrix_id(leader), STRANGER, "invite", direct=True)
    await chat.changes(bot(settings), STRANGER, "invite", direct=True)
    assert await chat.deeds() == []
    assert not await DirectRoom.exists()


@pytest.mark.parametrize("who", ["bot", "leader"])
async def test_a_direct_room_that_either_leaves_is_lost(
    settings: Settings, leader: Person, chat: Chat, who: str
) -> None:
    member = bot(settings) if who == "bot" else matrix_id(leader)
    await chat.changes(member, STRANGER, "leave")
    assert await DirectRoom.exists(room_id=chat.room_id, lost_at=None)
    await chat.changes(member, member, "leave")
    assert not await DirectRoom.exists(room_id=chat.room_id, lost_at=None)
    assert await chat.says(leader, "help") == []
    await chat.changes(bot(settings), matrix_id(leader), "invite", direct=True)
    assert await DirectRoom.exists(room_id=chat.room_id, lost_at=None)


async def test_somebody_elses_words_in_a_direct_room_are_nobodys(
    settings: Settings, territory: Territory, chat: Chat
) -> None:
    other = await with_account(settings, territory.leaders["group"])
    assert await chat.says(other, "help") == []


# --- what leaders say -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "{number} 下午三点到",
        "answer {number} 下午三点到",
        "！答复 {number} 下午三点到",
        "答复{number} 下午三点到",
    ],
)
async def test_a_leader_answers_with_the_number(
    settings: Settings, territory: Territory, leader: Person, chat: Chat, words: str
) -> None:
    phone, issue = await reported(settings, territory)
    assert await chat.says(leader, words.format(number=issue.number)) == []
    assert (await phone.told())[-1].endswith("下午三点到")
    assert (await Issue.get(id=issue.id)).state is State.ANSWERED


async def test_a_leader_answers_by_reply_to_what_they_were_told(
    settings: Settings, territory: Territory, leader: Person, chat: Chat
) -> None:
    phone, issue = await reported(settings, territory)
    await chat.says(leader, f"note {issue.number} 一个人住")
    line = await chat.delivered()
    assert await chat.says(leader, "下午三点到", reply=line) == []
    assert (await phone.told())[-1].endswith("下午三点到")
    assert await chat.says(leader, "办结", reply=line) == []
    assert (await Issue.get(id=issue.id)).state is State.RESOLVED


async def test_a_reply_that_only_begins_like_a_command_is_an_answer(
    settings: Settings, territory: Territory, leader: Person, chat: Chat
) -> None:
    phone, issue = await reported(settings, territory)
    await chat.says(leader, f"note {issue.number} 一个人住")
    line = await chat.delivered()
    await chat.says(leader, "done tomorrow", reply=line)
    assert (await phone.told())[-1].endswith("done tomorrow")
    assert (await Issue.get(id=issue.id)).state is State.ANSWERED


async def test_words_about_nothing_are_told_how_to_say_which(leader: Person, chat: Chat) -> None:
    (answer,) = await chat.says(leader, "我下午去看看")
    assert answer == zh(texts.SAY_WHICH, form=texts.FORM_ANSWER_PRIVATE, help=texts.FORM_HELP)
    assert not await Issue.exists()


async def test_a_leader_is_answered_in_their_own_language(leader: Person, chat: Chat) -> None:
    leader.language = "en"
    await leader.save()
    (answer,) = await chat.says(leader, "!dnoe 1024")
    assert answer == say(texts.UNKNOWN_COMMAND_LIKE, "en", word="dnoe", form=texts.FORM_DONE)


async def test_encrypted_words_are_sent_back(leader: Person, chat: Chat) -> None:
    assert await chat.says(leader, "", detail={"encrypted": True}) == [zh(texts.ENCRYPTED)]


async def test_what_is_said_here_is_told_in_the_units_room(
    settings: Settings, territory: Territory, leader: Person, chat: Chat
) -> None:
    _, issue = await reported(settings, territory)
    await room_of(settings, territory.block)
    await chat.says(leader, f"{issue.number} 下午三点到")
    said = [row.payload for row in await Outbox.filter(issue_id=issue.id, bridge="rooms").order_by("id")]
    assert [each["do"] for each in said] == ["show", "say", "state"]
    assert "下午三点到" in said[1]["text"]


async def test_one_who_leads_nothing_of_it_may_not(
    settings: Settings, territory: Territory, chat: Chat
) -> None:
    phone, issue = await reported(settings, territory)
    other = await with_account(settings, territory.leaders["peace"])
    theirs = await direct_with(settings, other)
    (refusal,) = await theirs.says(other, f"{issue.number} 我来")
    assert str(issue.number) in refusal
    assert len(await phone.told()) == 0


# --- what residents say ---------------------------------------------------------------------------------


async def test_a_resident_with_an_account_reports_and_is_answered_there(
    settings: Settings, territory: Territory, leader: Person, chat: Chat
) -> None:
    address = await resident(settings, territory.block, bridge="matrix", number="@wang:test")
    theirs = Chat(settings, "!wang:test")
    await theirs.changes(bot(settings), "@wang:test", "invite", direct=True)
    told = Phone(settings, number="@wang:test", bridge="matrix")
    await theirs.says("@wang:test", "井盖没了")
    issue = await Issue.get(reporter_id=address.person_id)
    assert issue.reported_in == ""
    assert str(issue.number) in (await told.told())[0]
    await chat.says(leader, f"{issue.number} 马上去盖")
    assert (await told.told())[0].endswith("马上去盖")
    await chat.says(leader, f"done {issue.number}")
    assert "1" in (await told.told())[0]
    await theirs.says("@wang:test", "1")
    assert (await Issue.get(id=issue.id)).state is State.CLOSED


@pytest.mark.parametrize(("emoji", "state"), [("👍", State.CLOSED), ("✅", State.CLOSED), ("👎", State.OPEN)])
async def test_a_resident_may_answer_with_a_thumb(
    settings: Settings, territory: Territory, leader: Person, chat: Chat, emoji: str, state: State
) -> None:
    await resident(settings, territory.block, bridge="matrix", number="@wang:test")
    theirs = Chat(settings, "!wang:test")
    await theirs.changes(bot(settings), "@wang:test", "invite", direct=True)
    await theirs.says("@wang:test", "井盖没了")
    issue = await Issue.get()
    await chat.says(leader, f"done {issue.number}")
    asked = await Outbox.filter(bridge="matrix", issue_id=issue.id).order_by("-id").first()
    assert asked is not None
    asked.external_id = "$asked"
    await asked.save()
    await theirs.reacts("@wang:test", emoji, "$asked")
    assert (await Issue.get(id=issue.id)).state is state


async def test_a_residents_edit_reaches_the_leader(settings: Settings, territory: Territory) -> None:
    await resident(settings, territory.block, bridge="matrix", number="@wang:test")
    theirs = Chat(settings, "!wang:test")
    await theirs.changes(bot(settings), "@wang:test", "invite", direct=True)
    await theirs.says("@wang:test", "井盖没了")
    await theirs.edits("@wang:test", theirs.last, "井盖没了，有人摔了")
    said = await Message.all().order_by("id")
    assert [each.text for each in said] == ["井盖没了", "井盖没了，有人摔了"]


async def test_a_leader_who_lives_there_too_says_yes_as_a_resident(
    settings: Settings, territory: Territory, leader: Person
) -> None:
    both = await with_account(settings, await appoint(territory.units["peace"], "两用", role=Role.DEPUTY))
    both.block_id = territory.block.id
    await both.save()
    assert await Leadership.exists(person=both, since__lt=MORNING)
    theirs = await direct_with(settings, both)
    room = await room_of(settings, territory.block)
    await room.says(both, "井盖没了")
    issue = await Issue.get()
    await room.says(leader, f"!done {issue.number}")
    await theirs.says(both, "1")
    assert (await Issue.get(id=issue.id)).state is State.CLOSED


@pytest.mark.parametrize("words", ["新 电梯坏了", "new the lift is stuck"])
async def test_a_leader_reports_what_troubles_themselves(
    territory: Territory, leader: Person, chat: Chat, words: str
) -> None:
    leader.block_id = territory.block.id
    await leader.save()
    await chat.says(leader, words)
    issue = await Issue.get(reporter_id=leader.id)
    assert issue.holder_id == territory.block.id
    message = await Message.get(issue_id=issue.id)
    assert message.text in words


async def test_a_residents_late_edit_is_answered(
    settings: Settings, territory: Territory, leader: Person
) -> None:
    await resident(settings, territory.block, bridge="matrix", number="@wang:test")
    theirs = Chat(settings, "!wang:test")
    await theirs.changes(bot(settings), "@wang:test", "invite", direct=True)
    await theirs.says("@wang:test", "井盖没了")
    said = theirs.last
    issue = await Issue.get()
    await Issue.filter(id=issue.id).update(state=State.CLOSED)
    (answer,) = await theirs.edits("@wang:test", said, "井盖没了两个")
    assert str(issue.number) in answer


async def test_an_issue_may_stand_twice_with_somebody_who_leads_two_units(
    settings: Settings, territory: Territory, chat: Chat
) -> None:
    # A private issue passes through both units at once: each has it shown, and neither sees the other's post.
    _, issue = await reported(settings, territory, "私密 邻居家暴")
    for event_id in ("$first", "$second"):
        await RoomEvent.create(
            issue_id=issue.id, room_id=chat.room_id, event_id=event_id, kind=RoomEventKind.POST
        )
    room = await DirectRoom.get(room_id=chat.room_id)
    matrix = matrix_bridge(settings)
    stage = await stages.Stages(settings, matrix).named(f"d{room.id}", territory.block.id)
    assert stage is not None
    post = await stages.post(issue.id, stage)
    assert post is not None
    assert post.event_id == "$first"
    await matrix.close()
