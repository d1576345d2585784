"""What leaders write and press in rooms, from the event to what everybody is told."""

import pytest

from issues import texts
from linzhang.settings import Settings
from linzhang.words import Text
from models import Action, History, Issue, Message, Outbox, Room, RoomEvent, State, Voice
from tests.factories import plant
from tests.issues.chat import Block, Chat, block_in, lines, room_of, with_account, zh


@pytest.mark.parametrize("said", ["!accept", "！收到", "👀", "👍"])
async def test_who_accepts_is_named_to_the_resident_and_the_clock_goes_on(block: Block, said: str) -> None:
    before = await block.issue()
    if said[0] in "!！":
        assert await block.room.says(block.leader, said, thread=block.post) == []
    else:
        assert await block.room.reacts(block.leader, said, block.post) == []
    (told,) = await block.phone.told()
    assert "陈建国" in told
    assert "14:00" in told
    after = await block.issue()
    assert (after.state, after.answer_due) == (State.OPEN, before.answer_due)


async def test_it_is_accepted_once(block: Block) -> None:
    await block.room.reacts(block.leader, "👀", block.post)
    deputy = block.territory.leaders["deputy"]
    (refusal,) = await block.room.says(deputy, "!accept", thread=block.post)
    assert "陈建国" in refusal
    assert await History.filter(action=Action.ACCEPT).count() == 1
    assert len(await block.phone.told()) == 1


async def test_a_new_holder_accepts_anew(block: Block) -> None:
    await block.room.reacts(block.leader, "👀", block.post)
    await block.room.says(block.leader, "!up 归组里", thread=block.post)
    group = await room_of(block.settings, block.territory.units["group"])
    post = await group.post(block.number)
    assert await group.reacts(block.territory.leaders["group"], "👀", post) == []
    assert await History.filter(action=Action.ACCEPT).count() == 2


@pytest.mark.parametrize("who", ["peace", "former", "resident", "@nobody:test"])
async def test_a_thumb_in_passing_means_nothing(block: Block, who: str) -> None:
    if who == "resident":
        person = (await Issue.get(id=Issue.id_of(block.number)).select_related("reporter")).reporter
        await with_account(block.settings, person)
        assert await block.room.reacts(person, "👍", block.post) == []
    else:
        assert await block.room.reacts(block.territory.leaders.get(who, who), "👍", block.post) == []
    assert not await History.exists(action=Action.ACCEPT)


async def test_a_thumb_for_a_colleagues_words_means_nothing(block: Block) -> None:
    await block.room.says(block.leader, "马上去", thread=block.post)
    said = block.room.last
    assert await block.room.reacts(block.territory.leaders["deputy"], "👍", said) == []


@pytest.mark.parametrize("words", ["!answer {number} 马上到", "!{number} 马上到", "！答复{number}，马上到"])
async def test_an_answer_by_number_from_outside_the_thread(block: Block, words: str) -> None:
    assert await block.room.says(block.leader, words.format(number=block.number)) == []
    (told,) = await block.phone.told()
    assert told.endswith("马上到")
    assert (await block.issue()).state is State.ANSWERED


async def test_a_note_by_number_stays_inside(block: Block) -> None:
    (answer,) = await block.room.says(block.leader, f"!note {block.number} 老人一个人住")
    assert answer == zh(texts.NOTED, number=block.number)
    assert await block.phone.told() == []
    message = await Message.get(text="老人一个人住")
    assert message.voice is Voice.INSIDE


async def test_a_reply_to_any_of_our_lines_is_about_the_same_issue(block: Block) -> None:
    (answer,) = await block.room.says(block.leader, "!hlep", thread=block.post)
    assert "！帮助" in answer
    row = await block.room.delivered()
    assert await block.room.says(block.leader, "马上到", reply=row) == []
    assert (await block.phone.told())[-1].endswith("马上到")


@pytest.mark.parametrize(
    ("said", "text", "values"),
    [
        ("!done", texts.WHICH_ISSUE, {"form": zh(texts.FORM_DONE)}),
        ("!answer", texts.WHICH_ISSUE, {"form": zh(texts.FORM_ANSWER)}),
        ("!note {number}", texts.WRITE_IT_SO, {"form": zh(texts.FORM_NOTE)}),
        ("!answer {number}", texts.WRITE_IT_SO, {"form": zh(texts.FORM_ANSWER)}),
        ("!done 9999", texts.NO_SUCH_ISSUE, {"number": 9999}),
        ("!dnoe {number}", texts.UNKNOWN_COMMAND_LIKE, {"word": "dnoe", "form": zh(texts.FORM_DONE)}),
        ("!xyzzy", texts.UNKNOWN_COMMAND, {"word": "xyzzy"}),
    ],
)
async def test_a_wrong_command_is_answered_with_the_right_form(
    block: Block, said: str, text: Text, values: dict[str, object]
) -> None:
    answers = await block.room.says(block.leader, said.format(number=block.number))
    assert answers == [zh(text, **values)]
    assert (await block.issue()).state is State.OPEN


async def test_help_has_every_command_and_tells_one(block: Block) -> None:
    (all_of_it,) = await block.room.says(block.leader, "!help")
    assert all(zh(form) in all_of_it for form in (texts.FORM_DONE, texts.FORM_UP, texts.FORM_ACCEPT))
    (one,) = await block.room.says(block.leader, "！帮助 上报")
    assert one == zh(texts.HELP_LINE, sign="⬆ ", form=zh(texts.FORM_UP), does=zh(texts.HELP_UP))


async def test_nobody_else_can_do_anything(block: Block) -> None:
    for said in ("!accept", "!answer 我说", "!note 我说", "!done", "!up", "我说"):
        (refusal,) = await block.room.says(block.territory.leaders["peace"], said, thread=block.post)
        assert str(block.number) in refusal
        (refusal,) = await block.room.says("@nobody:test", said, thread=block.post)
        assert str(block.number) in refusal
    assert await block.phone.told() == []
    assert await lines(block.territory.block) == []
    assert await History.filter(issue_id=Issue.id_of(block.number)).count() == 1


@pytest.mark.parametrize("length", [64, 255])
async def test_a_room_on_a_homeserver_with_a_long_name_is_answered(either: Settings, length: int) -> None:
    """Ids of rooms hold the homeserver's name and may have 255 characters."""
    block = await block_in(either, await plant())
    room_id = f"!{'r' * 18}:{'s' * (length - 20)}"
    await Room.filter(room_id=block.room.room_id).update(room_id=room_id)
    await RoomEvent.filter(room_id=block.room.room_id).update(room_id=room_id)
    await Chat(either, room_id).says(block.leader, "!nonsense", thread=block.post)
    retorts = [row for row in await Outbox.filter(bridge="rooms") if row.payload["do"] == "retort"]
    assert [row.payload["room"] for row in retorts] == [room_id]
