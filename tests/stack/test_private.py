"""What only the leader may see is in no room that residents are in, and all works there all the same."""

import pytest

from models import Issue, RoomEvent
from tests.stack.loop import number_of
from tests.stack.town import LeaderClient, Town, until
from tests.stack.towns import ON_POSTGRES

pytestmark = [
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
    # Lived on SQLite as the dialogues called private.
    ON_POSTGRES,
]


async def alone_with(leader: LeaderClient, *words: str) -> tuple[str, str]:
    """Wait until a leader sees a post in a direct room; returns the ids of room and post."""

    async def find() -> tuple[str, str] | None:
        for room_id in leader.events:
            members = await leader.client.joined_members(room_id)
            for event in leader.seen(room_id, "🔒", *words) if len(members.members) == 2 else ():
                return room_id, event["event_id"]
        return None

    return await until(find, f"a private post with {words}")


async def is_gone(leader: LeaderClient, room_id: str, event_id: str) -> None:
    async def find() -> bool:
        answer = await leader.client.room_get_event(room_id, event_id)
        return not answer.event.source["content"].get("body")

    await until(find, "an event to be redacted")


async def test_what_becomes_private_leaves_the_room_and_goes_on_alone(town: Town) -> None:
    phone = await town.resident()
    await phone.text("邻居天天打孩子")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number, "邻居天天打孩子")
    leader = town.leaders["block"]
    said = await leader.say(room_id, "打孩子的事我去问问", thread=post)
    await phone.expect("打孩子的事我去问问")
    edit = await leader.edit(room_id, said, "打孩子的事我今天去问问")
    await phone.expect("打孩子的事我今天去问问")
    await phone.text("孩子身上有伤")
    relayed = (await leader.expect(room_id, "孩子身上有伤", thread=post))["event_id"]

    await phone.text(f"私密 {number}")
    for event_id in (post, said, edit, relayed):
        await is_gone(leader, room_id, event_id)
    words = ("邻居天天打孩子", "我今天去问问", "孩子身上有伤")
    alone, private_post = await alone_with(leader, number, *words)
    assert alone != room_id
    await town.is_quiet()
    assert not await RoomEvent.exists(room_id=room_id, issue_id=Issue.id_of(int(number)))

    await leader.say(alone, "民警一起去", thread=private_post)
    await phone.expect("民警一起去")
    await phone.text("今天又打了")
    await leader.expect(alone, "今天又打了", thread=private_post)
    await leader.say(alone, "!up 要镇里帮忙", thread=private_post)
    await phone.expect(number, "周强")
    above, post_above = await alone_with(town.leaders["group"], number, "今天又打了", "要镇里帮忙")
    await leader.expect_state(alone, private_post, "open")
    await town.leaders["group"].react(above, post_above, "✅")
    await phone.expect(number, "没解决请回2")
    await leader.expect_state(alone, private_post, "resolved")
    for client in town.leaders.values():
        for seen_in in client.events:
            if seen_in not in (alone, above):
                assert not client.seen(seen_in, "今天又打了")
                assert not client.seen(seen_in, "今天又打了", thread=post)
