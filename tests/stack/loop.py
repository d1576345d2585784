"""The loop from end to end, as diaries that are lived on every database."""

import re

from tests.stack.town import Phone, Town


async def number_of(phone: Phone, *words: str) -> str:
    """The issue's number, from the receipt that the phone gets."""
    receipt = await phone.expect(*words)
    found = re.search(r"\d{4,}", receipt)
    assert found, receipt
    return found.group()


async def is_answered_and_closed(town: Town) -> None:
    """A text becomes a post, the reply a text, ✅ a question, '1' the end."""
    phone = await town.resident()
    await phone.text("村口的路灯坏了三天")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number, "村口的路灯坏了三天")
    leader = town.leaders["block"]
    posted = leader.seen(room_id, number)[0]
    assert posted["sender"].startswith("@lz_"), "the resident's ghost speaks in the block's room"
    assert posted["content"]["org.linzhang.issue"]["state"] == "open"

    await leader.say(room_id, "明天上午电工来修", thread=post)
    answer = await phone.expect("明天上午电工来修")
    assert "陈建国" in answer
    await leader.expect_state(room_id, post, "answered")

    await leader.react(room_id, post, "✅")
    await phone.expect(number, "没解决请回2")
    await leader.expect_state(room_id, post, "resolved")

    await phone.text("1")
    await leader.expect_state(room_id, post, "closed")
    assert len(await phone.received()) == 4, "receipt, answer, question, thanks: each once"


async def climbs_when_nobody_answers(town: Town) -> None:
    """Each passed window posts the issue one room further up, and tells the resident once."""
    phone = await town.resident("刘大爷")
    await phone.text("家里停水两天了")
    number = await number_of(phone, "陈建国")
    block_room, post = await town.expect_post("block", number)
    for tier, leader in (("group", "周强"), ("section", "孙梅"), ("village", "赵刚")):
        town.pass_hours(4.01)
        await goes_up_to(town, tier, number)
        await phone.expect(number, leader)
    told = town.leaders["block"]
    await told.expect(block_room, "张庄组", thread=post)
    assert len(await phone.received()) == 4, "one receipt, and one text for each step up"

    town.pass_hours(4.01)  # it is midnight
    await goes_up_to(town, "township", number)
    room_id, township = await town.room("township"), town.leaders["township"]
    root = township.seen(room_id, number)[0]["event_id"]
    town.pass_hours(4.01)
    await township.expect(room_id, number, thread=root)
    assert len(township.seen(room_id, number)) == 1, "at the top it is reminded of, not posted again"
    assert len(await phone.received()) == 4, "nobody is woken for that"
    town.wait_for(7)
    await phone.expect(number, "李书记")
    assert len(await phone.received()) == 5, "in the morning one text tells all"

    await township.say(room_id, "水厂今晚抢修", thread=root)
    await phone.expect("李书记", "水厂今晚抢修")
    await told.expect(block_room, "水厂今晚抢修", thread=post)


async def goes_up_to(town: Town, tier: str, number: str) -> None:
    """The issue stands in the unit's room, and its leader's phone rings."""
    room_id, _ = await town.expect_post(tier, number, "家里停水两天了")
    client = town.leaders[tier]
    posted = client.seen(room_id, number)[0]
    assert client.user_id in posted["content"]["m.mentions"]["user_ids"]
