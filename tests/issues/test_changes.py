"""What is edited or taken back: undone where nobody has heard of it, owned up to where somebody has."""

from datetime import timedelta

import pytest

from issues import telling, texts
from linzhang.clock import FileClock
from models import Action, History, Issue, Leadership, Message, Outbox, OutboxState, State, Voice
from tests.issues.chat import Block, Chat, direct_with, lines, zh


async def sent(block: Block) -> None:
    """Let everything that was to be delivered be delivered."""
    await Outbox.filter(issue_id=Issue.id_of(block.number)).update(state=OutboxState.SENT)


async def actions(block: Block) -> list[Action]:
    history = await History.filter(issue_id=Issue.id_of(block.number)).order_by("seq")
    return [row.action for row in history]


async def test_done_is_undone_while_the_question_has_not_left(block: Block, clock: FileClock) -> None:
    await sent(block)
    clock.advance(timedelta(hours=12))
    await block.room.reacts(block.leader, "✅", block.post)
    assert (await block.issue()).state is State.RESOLVED
    assert await block.room.redacts(block.leader, block.room.last) == []
    issue = await block.issue()
    assert (issue.state, issue.resolved_at) == (State.OPEN, None)
    assert issue.answer_due == clock.now() + timedelta(hours=4)
    asking = Outbox.filter(address_id=issue.address_id, state=OutboxState.WAITING, topic=telling.SOLVED)
    assert not await asking.exists()
    assert (await lines(block.territory.block))[-1] == zh(
        texts.LINE_UNDONE, name="邻长陈建国", number=block.number
    )
    await block.phone.text("1")
    assert (await block.issue()).state is not State.CLOSED


@pytest.mark.parametrize("said", ["✅", "!done"])
async def test_done_that_has_reached_the_resident_stays(block: Block, said: str) -> None:
    if said == "✅":
        await block.room.reacts(block.leader, said, block.post)
    else:
        await block.room.says(block.leader, said, thread=block.post)
    await sent(block)
    (answer,) = await block.room.redacts(block.leader, block.room.last)
    assert answer == zh(texts.ASKED_ALREADY, number=block.number)
    assert (await block.room.deeds())[-1]["thread"] == block.post
    assert (await block.issue()).state is State.RESOLVED


async def test_done_that_something_came_after_stays(block: Block) -> None:
    await block.room.reacts(block.leader, "✅", block.post)
    pressed = block.room.last
    await block.phone.text("2")
    (answer,) = await block.room.redacts(block.leader, pressed)
    assert answer == zh(texts.ASKED_ALREADY, number=block.number)
    assert (await actions(block))[-1] is Action.REJECT


@pytest.mark.parametrize("emoji", ["⬆️", "👀", "📞"])
async def test_what_cannot_be_taken_back_is_said(block: Block, emoji: str) -> None:
    await block.room.reacts(block.leader, emoji, block.post)
    done = await actions(block)
    (answer,) = await block.room.redacts(block.leader, block.room.last)
    assert answer == zh(texts.CANNOT_TAKE_BACK, number=block.number)
    assert await actions(block) == done


async def test_a_reaction_that_did_nothing_goes_quietly(block: Block) -> None:
    await block.room.reacts(block.leader, "🎉", block.post)
    assert await block.room.redacts(block.leader, block.room.last) == []
    await block.room.reacts(block.territory.leaders["peace"], "✅", block.post)
    assert await block.room.redacts(block.territory.leaders["peace"], block.room.last) == []
    assert await block.room.redacts(block.leader, "$never-heard-of") == []


async def test_nobody_takes_back_what_another_did(block: Block) -> None:
    await block.room.reacts(block.leader, "✅", block.post)
    assert await block.room.redacts(block.territory.leaders["deputy"], block.room.last) == []
    assert (await block.issue()).state is State.RESOLVED


async def test_a_mistyped_command_is_mended_by_an_edit(block: Block) -> None:
    await block.room.says(block.leader, "!dnoe", thread=block.post)
    assert await block.room.edits(block.leader, block.room.last, "!done") == []
    assert (await block.issue()).state is State.RESOLVED


async def test_a_command_that_was_done_is_not_done_otherwise_by_an_edit(block: Block) -> None:
    await block.room.says(block.leader, "!up 归组里", thread=block.post)
    (answer,) = await block.room.edits(block.leader, block.room.last, "!done")
    assert answer == zh(texts.DONE_ALREADY)
    assert (await block.issue()).state is State.OPEN


async def test_chat_that_is_edited_stays_chat(block: Block) -> None:
    await block.room.says(block.leader, "大家好")
    assert await block.room.edits(block.leader, block.room.last, "大家早上好") == []
    assert await block.phone.told() == []


async def test_an_edited_note_stays_a_note(block: Block) -> None:
    await block.room.says(block.leader, "// 又是那户", thread=block.post)
    note = block.room.last
    await block.room.edits(block.leader, note, "// 是另一户")
    message = await Message.get(external_id=note)
    assert (message.voice, message.text) == (Voice.INSIDE, "是另一户")
    assert await block.phone.told() == []


async def test_an_answer_edited_into_a_note_is_taken_back(block: Block) -> None:
    await block.room.says(block.leader, "那户人家总这样", thread=block.post)
    said = block.room.last
    await block.room.edits(block.leader, said, "// 那户人家总这样")
    stopped = await Outbox.filter(bridge="sms").order_by("-id").first()
    assert stopped is not None
    assert stopped.state is OutboxState.CANCELLED
    assert (await Message.get(external_id=said)).retracted_at is not None
    assert (await Message.get(text="那户人家总这样", voice=Voice.INSIDE)).retracted_at is None
    assert (await lines(block.territory.block))[-1] == zh(texts.LINE_TAKEN_BACK)


@pytest.fixture
async def chat(block: Block) -> Chat:
    """The direct room of the block's leader."""
    return await direct_with(block.settings, block.leader)


async def test_in_a_direct_room_edits_and_redactions_are_answered_too(block: Block, chat: Chat) -> None:
    await chat.says(block.leader, f"{block.number} 三点到")
    said = chat.last
    assert await chat.edits(block.leader, said, "四点到") == [zh(texts.LINE_CORRECTED)]
    await sent(block)
    assert await chat.redacts(block.leader, said) == [zh(texts.LINE_TOO_LATE)]
    assert await chat.says(block.leader, f"dnoe {block.number}") != []
    assert await chat.edits(block.leader, chat.last, f"done {block.number}") == []
    assert (await block.issue()).state is State.RESOLVED


async def test_an_answer_marked_as_a_note_is_taken_back(block: Block) -> None:
    await block.room.says(block.leader, "那户人家总这样", thread=block.post)
    said = block.room.last
    assert await block.room.reacts(block.territory.leaders["deputy"], "📝", said) == []
    assert (await Message.get(external_id=said)).retracted_at is None
    assert await block.room.reacts(block.leader, "📝", said) == []
    assert (await Message.get(external_id=said)).retracted_at is not None
    assert await Message.filter(text="那户人家总这样", voice=Voice.INSIDE).count() == 1
    assert await block.room.reacts(block.leader, "📝", block.post) == []


@pytest.mark.parametrize("how", ["edit", "redaction"])
async def test_a_refused_change_stops_no_words_that_wait_for_the_morning(
    block: Block, clock: FileClock, how: str
) -> None:
    clock.advance(timedelta(hours=13))
    await block.room.says(block.leader, "明天来修", thread=block.post)
    said = block.room.last
    await Leadership.filter(person_id=block.leader.id).update(until=clock.now())
    if how == "edit":
        (refusal,) = await block.room.edits(block.leader, said, "后天来修")
    else:
        (refusal,) = await block.room.redacts(block.leader, said)
    assert "不归您办" in refusal
    (row,) = [each for each in await Outbox.exclude(address_id=None) if "明天来修" in each.payload["text"]]
    assert row.state is OutboxState.WAITING
