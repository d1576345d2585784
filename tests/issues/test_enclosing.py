"""What a leader shows reaches the resident: behind their words, once, and stopped with them."""

from datetime import timedelta

import pytest

from bridges.contract import Media
from escalator import deadlines
from issues import undelivered
from linzhang.passes import Pass
from models import Address, Message, Outbox, OutboxState, State
from tests.factories import clock_of
from tests.issues.chat import Block

PHOTO = Media("mxc://test/photo", "image/jpeg", 9000, "IMG_1.jpg")
VOICE = Media("mxc://test/voice", "audio/ogg")
OTHER = Media("mxc://test/paper", "application/pdf")


async def to_resident(block: Block) -> list[Outbox]:
    """What goes to the resident because of the last thing said, in order."""
    issue = await block.issue()
    rows = await Outbox.filter(address_id=issue.address_id).order_by("id")
    return [row for row in rows if row.payload.get("message")]


def link_in(text: str) -> str:
    return text[text.index("http") :].split()[0]


async def test_a_picture_alone_is_an_answer(block: Block) -> None:
    await block.room.says(block.leader, "", thread=block.post, media=[PHOTO])
    issue = await block.issue()
    assert (issue.state, issue.answer_due) == (State.ANSWERED, None)
    (row,) = await to_resident(block)
    number = block.number
    assert row.payload["enclosed"] == f"邻长陈建国给您发来一张图片（编号{number}）。"
    linked = row.payload["text"]
    assert linked.startswith(f"邻长陈建国给您发来一张图片（编号{number}）：http://127.0.0.1:1/m/")
    assert linked.endswith("12月1日10:00前点开看。")
    message = await Message.get(id=row.payload["message"])
    assert message.media == [
        {"url": PHOTO.url, "content_type": "image/jpeg", "size": 9000, "name": "IMG_1.jpg"}
    ]
    opens = block.settings.passes.read(link_in(linked).rpartition("/")[2])
    assert opens == Pass(message.id, 0, message.said_at + timedelta(days=7))


@pytest.mark.parametrize(("medium", "thing"), [(PHOTO, "一张图片"), (VOICE, "一段语音"), (OTHER, "一份文件")])
async def test_each_thing_has_its_name(block: Block, medium: Media, thing: str) -> None:
    await block.room.says(block.leader, "", thread=block.post, media=[medium])
    (row,) = await to_resident(block)
    assert thing in row.payload["enclosed"]
    assert thing in row.payload["text"]


async def test_words_go_before_what_they_are_about(block: Block) -> None:
    await block.room.says(block.leader, "修好了", thread=block.post, media=[PHOTO])
    words, shown = await to_resident(block)
    assert words.payload["text"].endswith("：修好了")
    assert "enclosed" not in words.payload
    assert "一张图片" in shown.payload["text"]
    assert words.lane == shown.lane


async def test_a_telephone_on_the_wall_hears_that_there_is_one(block: Block) -> None:
    issue = await block.issue()
    await Address.filter(id=issue.address_id).update(fixed_line=True)
    await block.room.says(block.leader, "", thread=block.post, media=[PHOTO])
    (row,) = await to_resident(block)
    assert row.bridge == "voice"
    assert row.payload["text"] == f"邻长陈建国给您发来一张图片（编号{block.number}）。"
    assert "enclosed" not in row.payload


async def test_what_is_taken_back_in_time_is_not_shown(block: Block) -> None:
    await block.room.says(block.leader, "修好了", thread=block.post, media=[PHOTO])
    await block.room.redacts(block.leader, block.room.last)
    assert {row.state for row in await to_resident(block)} == {OutboxState.CANCELLED}


async def test_words_that_have_left_are_not_said_to_be_stopped_with_their_picture(block: Block) -> None:
    await block.room.says(block.leader, "修好了", thread=block.post, media=[PHOTO])
    words, shown = await to_resident(block)
    await Outbox.filter(id=words.id).update(state=OutboxState.SENT)
    await block.room.redacts(block.leader, block.room.last)
    assert (await Outbox.get(id=shown.id)).state is OutboxState.CANCELLED
    lines = [row.payload.get("text", "") for row in await Outbox.filter(bridge="rooms")]
    assert any("已经" in line for line in lines)


async def test_a_note_s_picture_goes_to_nobody(block: Block) -> None:
    await block.room.says(block.leader, "// 只给我们看", thread=block.post, media=[PHOTO])
    assert await to_resident(block) == []
    assert (await block.issue()).state is State.OPEN


async def test_other_rooms_are_told_that_something_was_shown(block: Block) -> None:
    clock_of(block.settings).advance(timedelta(hours=4))
    await deadlines.run(block.settings, 10)
    await block.room.says(block.leader, "", thread=block.post, media=[PHOTO])
    above = block.territory.units["group"].id
    rows = await Outbox.filter(bridge="rooms").order_by("id")
    lines = [
        row.payload["text"] for row in rows if row.payload.get("unit") == above and "text" in row.payload
    ]
    assert any("陈建国" in line and "附件" in line for line in lines)


async def fails(block: Block, row: Outbox, code: int) -> None:
    """The carrier tells that something did not arrive."""
    await Outbox.filter(id=row.id).update(state=OutboxState.SENT, receipt="failed", receipt_code=code)
    await undelivered.lost(block.settings, await Outbox.get(id=row.id), block.settings.clock.now())


@pytest.mark.parametrize("code", [11200, 11751, 12300, 30011, 30019, 63019])
async def test_what_the_network_does_not_take_is_linked_instead(block: Block, code: int) -> None:
    await block.room.says(block.leader, "修好了", thread=block.post, media=[PHOTO])
    words, shown = await to_resident(block)
    await fails(block, shown, code)
    *_, linked = await to_resident(block)
    assert (linked.key, linked.address_id) == (f"{shown.key}.l", shown.address_id)
    assert linked.payload["text"] == shown.payload["text"]
    assert "enclosed" not in linked.payload
    # And where not even that arrives, it goes on as with any words.
    await fails(block, linked, 30005)
    (call,) = await Outbox.filter(bridge="voice")
    assert "一张图片" in call.payload["text"]
    assert words.key != shown.key


async def test_a_picture_with_words_is_tried_again_like_any_other(block: Block) -> None:
    await block.room.says(block.leader, "修好了", thread=block.post, media=[PHOTO])
    _, shown = await to_resident(block)
    await fails(block, shown, 30003)
    again = await Outbox.get(key=f"{shown.key}.r1")
    assert again.payload == shown.payload
