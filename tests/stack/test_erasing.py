"""Who is erased is gone from the rooms too: post, thread, edits, and the name of their ghost."""

import pytest

from issues import audit, erasing
from models import Address, Issue, Person
from tests.stack.loop import number_of
from tests.stack.test_private import is_gone
from tests.stack.town import Town, until

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="session")]


async def test_what_was_said_in_rooms_is_redacted_when_somebody_is_erased(town: Town) -> None:
    settings = town.stack.settings
    await audit.begin(settings, "root")
    phone = await town.resident()
    await phone.text("楼上天天漏水到我家")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number, "楼上天天漏水")
    leader = town.leaders["block"]
    said = await leader.say(room_id, "漏水的事下午去看", thread=post)
    await phone.expect("漏水的事下午去看")
    await phone.text("漏到床上了")
    relayed = (await leader.expect(room_id, "漏到床上了", thread=post))["event_id"]
    await town.is_quiet()

    address = await Address.get(bridge="sms", lookup=settings.vault.lookup("sms", phone.number))
    person = await Person.get(id=address.person_id)
    homeserver = settings.homeservers[0]
    before = await leader.client.get_displayname(homeserver.ghost_id(person.id))
    assert before.displayname == person.name != ""
    got = len(await phone.received())
    await erasing.person(settings, await erasing.plan(settings, person), "root")
    for event_id in (post, said, relayed):
        await is_gone(leader, room_id, event_id)
    await leader.expect(room_id, f"{number}号问题连同其中的话已应居民要求删除")

    async def is_nameless() -> bool:
        answer = await leader.client.get_displayname(homeserver.ghost_id(person.id))
        return bool(answer.displayname != before.displayname)

    await until(is_nameless, "the ghost to lose its name")
    await town.is_quiet()
    assert len(await phone.received()) == got, "whoever is forgotten is told nothing any more"
    assert (await Issue.get(id=Issue.id_of(int(number)))).erased_at is not None
    await phone.text("路灯也坏了")
    assert await phone.expect("编号", "您住哪里"), "who writes again is somebody new"
