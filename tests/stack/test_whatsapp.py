"""Residents on WhatsApp: the same people, answered where they last wrote, and by text where that fails."""

import base64
from dataclasses import dataclass
from typing import Any

import pytest

from models import Address, Issue, Outbox, Person
from tests.attachments.samples import picture
from tests.stack.loop import number_of
from tests.stack.test_media import attached, expect_shown, shows
from tests.stack.town import Phone, Town, until
from tests.stack.towns import ON_POSTGRES

pytestmark = [
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
    # How a message travels depends on no database: it is lived in one town only.
    ON_POSTGRES,
]


@dataclass(frozen=True, slots=True)
class Chat(Phone):
    """The same phone with WhatsApp open."""

    async def text(self, body: str, **options: Any) -> dict[str, Any]:
        """Send a message; returns what the carrier saw of the webhook."""
        return await Phone.text(self, body, channel="whatsapp", **options)

    async def received(self) -> list[str]:
        """Every message that has come to this chat, oldest first."""
        return [each["body"] for each in await self.messages()]

    async def messages(self) -> list[dict[str, Any]]:
        """The same with all that is known of them."""
        answer = await self.carrier.get(f"/_carrier/phones/{self.number}/messages")
        return [
            each
            for each in answer.json()["messages"]
            if each["channel"] == "whatsapp" and each["direction"] == "outbound"
        ]


def chat_on(phone: Phone) -> Chat:
    """WhatsApp on a phone."""
    return Chat(phone.number, phone.carrier)


async def texts_of(phone: Phone) -> list[str]:
    """What has come to a phone by text."""
    answer = await phone.carrier.get(f"/_carrier/phones/{phone.number}/messages")
    return [
        each["body"]
        for each in answer.json()["messages"]
        if each["channel"] == "sms" and each["direction"] == "outbound"
    ]


async def expect_text(phone: Phone, *words: str) -> str:
    """Wait for a text, not a chat message, that holds these words."""

    async def find() -> str | None:
        return next((text for text in await texts_of(phone) if all(word in text for word in words)), None)

    return await until(find, f"a text with {words}")


async def test_somebody_of_the_roster_is_known_on_whatsapp(town: Town) -> None:
    phone = await town.resident("赵奶奶")
    chat = chat_on(phone)
    await chat.text("楼道灯不亮")
    number = await number_of(chat, "陈建国")
    room_id, post = await town.expect_post("block", number, "赵奶奶", "楼道灯不亮")
    await town.leaders["block"].say(room_id, "下午来换", thread=post)
    await chat.expect("下午来换")
    assert await texts_of(phone) == []
    assert await Person.filter(name="赵奶奶").count() == 1
    issue = await Issue.get(id=Issue.id_of(int(number))).select_related("address")
    assert issue.address.bridge == "whatsapp"


async def test_a_stranger_on_whatsapp_is_the_same_stranger_by_text(town: Town) -> None:
    phone = town.stranger()
    chat = chat_on(phone)
    await chat.text("家里没水")
    await chat.expect("请问您住哪里")
    await phone.text("12345674")  # the code on the leader's card, but by text
    await expect_text(phone, "陈建国")
    lookups = [town.stack.settings.vault.lookup(bridge, phone.number) for bridge in ("sms", "whatsapp")]
    owners = await Address.filter(lookup__in=lookups).distinct().values("person_id")
    assert len(owners) == 1
    assert await Address.filter(lookup__in=lookups).count() == 2


async def test_the_answer_goes_where_the_resident_last_wrote(town: Town) -> None:
    phone = await town.resident()
    chat = chat_on(phone)
    await phone.text("井盖没了")
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    await chat.text("就在路口")
    await leader.expect(room_id, "就在路口", thread=post)
    await leader.say(room_id, "马上围起来", thread=post)
    await chat.expect("马上围起来")
    await phone.text("围了吗")
    await leader.expect(room_id, "围了吗", thread=post)
    await leader.say(room_id, "围好了", thread=post)
    await expect_text(phone, "围好了")
    assert not [text for text in await texts_of(phone) if "马上围起来" in text]
    assert not [text for text in await chat.received() if "围好了" in text]


@pytest.mark.parametrize("behaviour", ["no_whatsapp", "window_closed"])
async def test_what_whatsapp_does_not_take_comes_by_text_once(town: Town, behaviour: str) -> None:
    phone = await town.resident()
    chat = chat_on(phone)
    await chat.text("垃圾好几天没收了")
    number = await number_of(chat, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    control = town.carrier
    try:
        (await control.patch("/_carrier/settings", json={"whatsapp_window": 0})).raise_for_status()
        answer = await control.put(f"/_carrier/phones/{phone.number}", json={"behaviour": behaviour})
        answer.raise_for_status()
        await leader.say(room_id, "今天下午收", thread=post)
        await expect_text(phone, "陈建国", "今天下午收")
        await town.is_quiet()
    finally:
        await control.patch("/_carrier/settings", json={"whatsapp_window": 86400})
    assert len([text for text in await texts_of(phone) if "今天下午收" in text]) == 1
    assert leader.seen(room_id, "联系不上", thread=post) == []
    codes = {message["error_code"] for message in await chat.messages()}
    assert codes == {None, 63016 if behaviour == "window_closed" else 63003}


async def test_where_the_text_fails_too_somebody_goes_and_knocks(town: Town) -> None:
    phone = await town.resident()
    chat = chat_on(phone)
    await chat.text("垃圾堆成山了")
    number = await number_of(chat, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    answer = await town.carrier.put(f"/_carrier/phones/{phone.number}", json={"behaviour": "unknown"})
    answer.raise_for_status()
    await leader.say(room_id, "我来看看", thread=post)
    await leader.expect(room_id, "联系不上", "我来看看", thread=post)
    await town.is_quiet()
    assert len(leader.seen(room_id, "联系不上", thread=post)) == 1


async def test_a_message_is_known_to_be_read(town: Town) -> None:
    phone = await town.resident()
    chat = chat_on(phone)
    await town.carrier.put(f"/_carrier/phones/{phone.number}", json={"behaviour": "reads"})
    await chat.text("看得到吗")
    await number_of(chat, "陈建国")
    (message,) = await chat.messages()

    async def read() -> bool:
        return await Outbox.filter(external_id=message["sid"], receipt="read").exists()

    await until(read, "the receipt")


async def test_pictures_go_both_ways(town: Town) -> None:
    phone = await town.resident()
    chat = chat_on(phone)
    await chat.text("", media=[attached(picture(size=(64, 20)))])
    number = await number_of(chat, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    (content,) = await expect_shown(leader, room_id, post)
    assert content["info"]["w"] == 64
    await shows(leader, room_id, post, picture(size=(20, 64)), "image/jpeg")

    async def arrived() -> dict[str, Any] | None:
        return next((each for each in await chat.messages() if each["media"]), None)

    message = await until(arrived, "the picture")
    assert "/m/" not in message["body"]
    assert message["media"][0]["content_type"] == "image/jpeg"


async def test_a_picture_that_whatsapp_does_not_take_is_linked_by_text(town: Town) -> None:
    phone = await town.resident()
    chat = chat_on(phone)
    await chat.text("后来呢")
    number = await number_of(chat, "陈建国")
    room_id, post = await town.expect_post("block", number)
    await town.carrier.put(f"/_carrier/phones/{phone.number}", json={"behaviour": "no_whatsapp"})
    await shows(town.leaders["block"], room_id, post, picture(), "image/jpeg")
    await expect_text(phone, "发来一张图片", "/m/")


async def test_a_hundred_replays_are_one(town: Town) -> None:
    phone = await town.resident()
    chat = chat_on(phone)
    media = [{"content_type": "image/jpeg", "base64": base64.b64encode(picture()).decode()}]
    seen = await chat.text("同一条", media=media, copies=100)
    assert set(seen["status_codes"]) == {200}
    number = await number_of(chat, "陈建国")
    room_id, post = await town.expect_post("block", number)
    await expect_shown(town.leaders["block"], room_id, post)
    await town.is_quiet()
    assert len(await chat.received()) == 1
