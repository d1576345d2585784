"""Pictures, voices and films between phones and rooms, through the carrier and a real Synapse."""

import base64
import io
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from nio import UploadResponse
from PIL import Image

from attachments.kinds import MP3, kind_of
from linzhang.passes import Pass
from models import Inbox, Message, Outbox, OutboxState, Upload
from tests.attachments.samples import (
    HTML,
    PAPER,
    SVG,
    film,
    located_picture,
    moving_picture,
    picture,
    sound,
)
from tests.stack.loop import number_of
from tests.stack.town import LeaderClient, Phone, Town, until
from tests.stack.towns import ON_POSTGRES

pytestmark = [
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
    # What becomes of a picture depends on no database: it is lived in one town only.
    ON_POSTGRES,
]

MEDIA = ("m.image", "m.audio", "m.video", "m.file")


def attached(content: bytes, content_type: str = "image/jpeg") -> dict[str, str]:
    """Something that goes with a text."""
    return {"content_type": content_type, "base64": base64.b64encode(content).decode()}


def shown(leader: LeaderClient, room_id: str, thread: str) -> list[Mapping[str, Any]]:
    """What is shown in a thread besides words."""
    return [each for each in leader.seen(room_id, thread=thread) if each["content"]["msgtype"] in MEDIA]


async def expect_shown(leader: LeaderClient, room_id: str, thread: str, count: int = 1) -> list[Any]:
    """Wait until so much is shown in a thread; returns the events' contents."""

    async def find() -> bool:
        return len(shown(leader, room_id, thread)) >= count

    await until(find, f"{count} media in the thread")
    found = shown(leader, room_id, thread)
    assert len(found) == count
    return [each["content"] for each in found]


async def downloaded(leader: LeaderClient, uri: str) -> bytes:
    """What a leader's client shows."""
    answer = await leader.client.download(uri)
    body: bytes = answer.body
    return body


async def reported(
    town: Town, words: str, *media: Mapping[str, str], abroad: bool = False
) -> tuple[Phone, str, str]:
    """A text with media; returns the phone, and the room and post in which it is shown."""
    phone = await town.resident(abroad=abroad)
    await phone.text(words, media=list(media))
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    return phone, room_id, post


async def test_a_picture_stands_in_the_thread_upright_and_without_its_place(town: Town) -> None:
    _, room_id, post = await reported(town, "灯杆倒了", attached(located_picture()))
    leader = town.leaders["block"]
    (content,) = await expect_shown(leader, room_id, post)
    assert content["msgtype"] == "m.image"
    assert content["body"] == content["filename"] == "图片.jpg"
    info = content["info"]
    assert (info["mimetype"], info["w"], info["h"]) == ("image/jpeg", 48, 64)
    assert content["m.mentions"] == {}
    image = await downloaded(leader, content["url"])
    assert len(image) == info["size"]
    assert b"SecretPhoneMaker" not in image
    assert Image.open(io.BytesIO(image)).size == (48, 64)
    (event,) = shown(leader, room_id, post)
    assert event["sender"].startswith("@lz_"), "the resident's ghost shows it"


async def test_a_voice_can_be_played_and_a_reply_to_it_is_an_answer(town: Town) -> None:
    phone, room_id, post = await reported(town, "", attached(sound(), "audio/amr"))
    leader = town.leaders["block"]
    (content,) = await expect_shown(leader, room_id, post)
    assert (content["msgtype"], content["body"]) == ("m.audio", "语音.ogg")
    assert content["org.matrix.msc3245.voice"] == {}
    details = content["org.matrix.msc1767.audio"]
    assert details["duration"] == content["info"]["duration"] == pytest.approx(2000, abs=100)
    assert len(details["waveform"]) == 64
    assert content["info"]["mimetype"] == "audio/ogg"
    assert (await downloaded(leader, content["url"]))[:4] == b"OggS"
    (event,) = shown(leader, room_id, post)
    await leader.reply(room_id, event["event_id"], "听到了，马上来")
    await phone.expect("听到了，马上来")


async def test_an_old_phones_film_and_a_paper_are_shown(town: Town) -> None:
    media = [attached(film(), "video/3gpp"), attached(PAPER, "application/pdf")]
    _, room_id, post = await reported(town, "看录像", *media)
    leader = town.leaders["block"]
    contents = {each["msgtype"]: each for each in await expect_shown(leader, room_id, post, 2)}
    moving = contents["m.video"]
    assert moving["info"]["mimetype"] == "video/mp4"
    poster = await downloaded(leader, moving["info"]["thumbnail_url"])
    assert Image.open(io.BytesIO(poster)).size == (176, 144)
    assert await downloaded(leader, contents["m.file"]["url"]) == PAPER


async def test_ten_pictures_that_come_a_hundred_times_stand_there_once(town: Town) -> None:
    sid = "MM" + "5" * 32
    phone = await town.resident()
    media = [attached(picture(size=(40 + each, 30))) for each in range(10)]
    seen = await phone.text("十张照片", media=media, sid=sid, copies=100)
    assert set(seen["status_codes"]) == {200}
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number, "十张照片")
    leader = town.leaders["block"]
    contents = await expect_shown(leader, room_id, post, 10)
    assert sorted(each["info"]["w"] for each in contents) == list(range(40, 50))
    await phone.text("再来一次", sid=sid)
    await town.is_quiet()
    assert len(shown(leader, room_id, post)) == 10
    assert await Inbox.filter(external_id=sid).count() == 1


# All the other ways to lie about a kind are in tests/attachments/test_workshop.py.
@pytest.mark.parametrize("content", [SVG, b"\xff\xd8\xff\xe0" + HTML])
async def test_what_lies_about_its_kind_is_never_shown_and_the_words_stand(
    town: Town, content: bytes
) -> None:
    _, room_id, post = await reported(town, "看这个", attached(content, "image/jpeg"))
    leader = town.leaders["block"]
    await leader.expect(room_id, "这种文件我们不收", thread=post)
    assert leader.seen(room_id, "看这个")
    await town.is_quiet()
    assert shown(leader, room_id, post) == []


async def test_media_that_lie_elsewhere_at_the_carrier_are_had_too(town: Town) -> None:
    (await town.carrier.patch("/_carrier/settings", json={"media_redirects": True})).raise_for_status()
    try:
        _, room_id, post = await reported(town, "照片在别处", attached(picture(size=(41, 14))))
        (content,) = await expect_shown(town.leaders["block"], room_id, post)
    finally:
        await town.carrier.patch("/_carrier/settings", json={"media_redirects": False})
    assert content["info"]["w"] == 41


async def test_what_is_more_than_it_says_is_shown_for_what_it_is(town: Town) -> None:
    _, room_id, post = await reported(town, "看", attached(moving_picture(), "application/octet-stream"))
    (content,) = await expect_shown(town.leaders["block"], room_id, post)
    assert (content["msgtype"], content["info"]["mimetype"]) == ("m.image", "image/gif")


async def test_what_is_too_large_is_said_in_one_line(town: Town) -> None:
    _, room_id, post = await reported(town, "很大的文件", attached(bytes(16 * 2**20 + 1), "video/mp4"))
    await town.leaders["block"].expect(room_id, "超过16兆", thread=post)


async def test_a_picture_that_the_carrier_has_lost_holds_up_nothing(town: Town) -> None:
    phone = await town.resident()
    await town.stack.worker.stop()
    sent = await phone.text("两张照片", media=[attached(picture()), attached(picture("PNG"))])
    twilio = town.stack.settings.twilio
    assert twilio is not None
    account = f"{twilio.api_url}/2010-04-01/Accounts/{twilio.account_sid}"
    auth = (twilio.account_sid, twilio.auth_token.get_secret_value())
    async with httpx.AsyncClient(auth=auth, trust_env=False) as api:
        listed = (await api.get(f"{account}/Messages/{sent['sid']}/Media.json")).json()["media_list"]
        await api.delete(f"{account}/Messages/{sent['sid']}/Media/{listed[0]['sid']}.json")
    await town.stack.worker.start()
    number = await number_of(phone, "陈建国")
    room_id, post = await town.expect_post("block", number)
    leader = town.leaders["block"]
    await leader.say(room_id, "收到", thread=post)
    await phone.expect("收到")  # while the carrier is still being asked
    await leader.expect(room_id, "没有取到", thread=post)
    await expect_shown(leader, room_id, post)


async def test_the_next_room_sees_the_same_picture_without_another_upload(town: Town) -> None:
    phone, room_id, post = await reported(town, "桥断了", attached(picture(size=(50, 20))))
    (here,) = await expect_shown(town.leaders["block"], room_id, post)
    town.pass_hours(4.01)
    number = await number_of(phone, "陈建国")
    above, above_post = await town.expect_post("group", number)
    (there,) = await expect_shown(town.leaders["group"], above, above_post)
    assert there["url"] == here["url"]
    await phone.text("现在是这样", media=[attached(picture(size=(20, 50)))])
    for tier, room, thread in (("block", room_id, post), ("group", above, above_post)):
        contents = await expect_shown(town.leaders[tier], room, thread, 2)
        assert contents[1]["info"]["w"] == 20


async def test_a_worker_that_dies_uploads_and_shows_nothing_twice(town: Town) -> None:
    phones = [await town.resident(f"居民{each}") for each in range(3)]
    for index, phone in enumerate(phones):
        await phone.text(f"照片{index}", media=[attached(picture(size=(60 + index, 30)))])
        await town.stack.worker.kill()
        await town.stack.worker.start()
    leader = town.leaders["block"]
    for index, phone in enumerate(phones):
        number = await number_of(phone, "陈建国")
        room_id, post = await town.expect_post("block", number, f"照片{index}")
        (content,) = await expect_shown(leader, room_id, post)
        assert content["info"]["w"] == 60 + index
    await town.is_quiet()
    for index in range(3):
        (message,) = await Message.filter(text=f"照片{index}")
        assert await Upload.filter(source=message.media[0]["url"]).count() == 1


async def test_what_was_uploaded_is_used_when_the_next_worker_sends_it(town: Town) -> None:
    """The worker died between the upload and the send: the row is in doubt, the upload is there."""
    phone, room_id, post = await reported(town, "又一张", attached(picture(size=(33, 44))))
    leader = town.leaders["block"]
    (first,) = await expect_shown(leader, room_id, post)
    await town.is_quiet()
    (message,) = await Message.filter(text="又一张")
    row = await Outbox.get(key__startswith=f"m{message.id}.0.")
    wall = town.stack.settings.clock.wall()
    # As it would stand if the send had never happened under this key.
    await Outbox.filter(id=row.id).update(
        state=OutboxState.CALLING, key=f"m{message.id}.0.again", leased_until=wall, external_id=None
    )
    contents = await expect_shown(leader, room_id, post, 2)
    assert contents[1]["url"] == first["url"]
    assert await Upload.filter(source=message.media[0]["url"]).count() == 1
    # And under the right key it is found, and not sent again.
    await Outbox.filter(id=row.id).update(key=row.key, state=OutboxState.CALLING, leased_until=wall)
    await town.is_quiet()
    assert len(shown(leader, room_id, post)) == 2
    assert await phone.count("编号") == 1


async def uploaded(leader: LeaderClient, content: bytes, content_type: str) -> str:
    """Upload something as a client does; returns its address."""
    answer, _ = await leader.client.upload(
        lambda *_: io.BytesIO(content), content_type, "file", filesize=len(content)
    )
    assert isinstance(answer, UploadResponse), answer
    return str(answer.content_uri)


async def shows(
    leader: LeaderClient, room_id: str, thread: str, content: bytes, content_type: str, caption: str = ""
) -> str:
    """A leader shows something in a thread; returns the event's id."""
    kind = {"image": "m.image", "audio": "m.audio", "video": "m.video"}
    relation = {
        "rel_type": "m.thread",
        "event_id": thread,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": thread},
    }
    event = {
        "msgtype": kind.get(content_type.partition("/")[0], "m.file"),
        "body": caption or "IMG_0001",
        "url": await uploaded(leader, content, content_type),
        "info": {"mimetype": content_type, "size": len(content)},
        "m.relates_to": relation,
    }
    if caption:
        event["filename"] = "IMG_0001"
    return await leader.send(room_id, "m.room.message", event)


async def link_in(phone: Phone, *words: str) -> str:
    """The link of a text that holds these words."""
    text = await phone.expect(*words, "/m/")
    found = re.search(r"http\S+/m/\S+", text)
    assert found, text
    return found.group()


async def fetched(url: str, method: str = "GET", **headers: str) -> httpx.Response:
    """What a phone's browser gets."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.request(method, url, headers=headers)


async def test_a_leaders_picture_is_linked_where_none_can_be_sent(town: Town) -> None:
    phone, room_id, post = await reported(town, "这样对吗")
    leader = town.leaders["block"]
    await shows(leader, room_id, post, located_picture(), "image/jpeg")
    link = await link_in(phone, "陈建国", "发来一张图片")
    await leader.expect_state(room_id, post, "answered")  # a picture is an answer
    answer = await fetched(link)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(answer.content)).size == (48, 64)
    assert b"SecretPhoneMaker" not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"] == 'inline; filename="picture.jpg"'
    head = await fetched(link, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(answer.content)
    part = await fetched(link, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, answer.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(answer.content)}"
    assert len(await phone.received()) == 2, "the receipt and the picture"


async def test_a_leaders_picture_goes_along_where_it_can(town: Town) -> None:
    phone, room_id, post = await reported(town, "看一下", abroad=True)
    leader = town.leaders["block"]
    await shows(leader, room_id, post, picture("PNG", size=(90, 60)), "image/png", "修好了，您看")
    await phone.expect("修好了，您看")
    await phone.expect("发来一张图片")

    async def arrived() -> Mapping[str, Any] | None:
        messages = (await phone.carrier.get(f"/_carrier/phones/{phone.number}/messages")).json()["messages"]
        return next((each for each in messages if each["media"] and each["direction"] == "outbound"), None)

    message = await until(arrived, "the picture")
    assert "/m/" not in message["body"]
    (medium,) = message["media"]
    assert medium["content_type"] == "image/jpeg"
    content = (await phone.carrier.get(medium["url"])).content
    assert Image.open(io.BytesIO(content)).size == (90, 60)


async def test_a_leaders_voice_can_be_played_by_any_phone(town: Town) -> None:
    phone, room_id, post = await reported(town, "您说什么")
    leader = town.leaders["block"]
    await shows(leader, room_id, post, sound("ogg", "libopus", 48_000), "audio/ogg")
    link = await link_in(phone, "发来一段语音")
    answer = await fetched(link)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert kind_of(answer.content) is MP3


async def test_a_leaders_film_and_paper_are_linked_too(town: Town) -> None:
    phone, room_id, post = await reported(town, "怎么办")
    leader = town.leaders["block"]
    await shows(leader, room_id, post, film("webm", "libvpx"), "video/webm")
    assert (await fetched(await link_in(phone, "发来一段视频"))).headers["content-type"] == "video/mp4"
    await shows(leader, room_id, post, PAPER, "application/pdf")
    paper = await fetched(await link_in(phone, "发来一份文件"))
    assert paper.content == PAPER
    assert paper.headers["content-disposition"] == 'attachment; filename="paper.pdf"'


async def test_what_a_leader_attaches_by_mistake_is_said_and_not_sent(town: Town) -> None:
    phone, room_id, post = await reported(town, "发错了吧")
    leader = town.leaders["block"]
    await shows(leader, room_id, post, SVG, "image/jpeg")
    await leader.expect(room_id, "没能发给居民", thread=post)
    await leader.say(room_id, "我再发一次", thread=post)
    await phone.expect("我再发一次")
    assert await phone.count("/m/") == 0


async def test_a_link_opens_nothing_but_its_picture_and_only_for_a_week(town: Town) -> None:
    phone, room_id, post = await reported(town, "照片呢", attached(picture()))
    leader = town.leaders["block"]
    await expect_shown(leader, room_id, post)
    await shows(leader, room_id, post, picture(), "image/jpeg")
    link = await link_in(phone, "发来一张图片")
    base, _, word = link.rpartition("/")
    settings = town.stack.settings
    opens = settings.passes.read(word)
    assert opens is not None
    for index in range(len(word)):
        other = "A" if word[index] != "A" else "B"
        forged = f"{word[:index]}{other}{word[index + 1 :]}"
        # The last character holds two bits that say nothing.
        if settings.passes.read(forged) is None:
            assert (await fetched(f"{base}/{forged}")).status_code == 404
        else:
            assert index == len(word) - 1
    for nothing in ("", "x", word[:-4], word + "AAAA", "../m", "%00", "字", "A" * 2000):
        assert (await fetched(f"{base}/{nothing}")).status_code == 404
    (message,) = await Message.filter(text="照片呢")
    for right in (
        Pass(message.id, 0, opens.until),  # a resident's picture
        Pass(opens.row, 1, opens.until),
        Pass(opens.row + 1_000_000, 0, opens.until),
    ):
        assert (await fetched(f"{base}/{settings.passes.write(right)}")).status_code == 410
    assert (await fetched(link)).status_code == 200
    town.pass_hours(7 * 24)
    ended = await fetched(link)
    assert ended.status_code == 410
    assert "过期" in ended.text
    assert "This link has ended" in ended.text


async def test_what_was_taken_back_is_behind_no_link_any_more(town: Town) -> None:
    phone, room_id, post = await reported(town, "那张呢")
    leader = town.leaders["block"]
    event_id = await shows(leader, room_id, post, picture(), "image/jpeg")
    link = await link_in(phone, "发来一张图片")
    assert (await fetched(link)).status_code == 200
    await leader.redact(room_id, event_id)

    async def gone() -> bool:
        return (await fetched(link)).status_code == 410

    await until(gone, "the link to end")


async def test_a_link_says_when_the_homeserver_is_away(town: Town) -> None:
    phone, room_id, post = await reported(town, "还在吗")
    await shows(town.leaders["block"], room_id, post, picture(), "image/jpeg")
    link = await link_in(phone, "发来一张图片")
    await town.stack.homeserver.stop()
    try:
        answer = await fetched(link)
        assert answer.status_code == 503
        assert "过几分钟" in answer.text
    finally:
        await town.stack.homeserver.start()

    async def opens() -> bool:
        return (await fetched(link)).status_code == 200

    await until(opens, "the homeserver, which is left in peace for a moment")


async def test_other_rooms_see_what_a_leader_has_shown(town: Town) -> None:
    phone, room_id, post = await reported(town, "越级看看")
    number = await number_of(phone, "陈建国")
    town.pass_hours(4.01)
    above, above_post = await town.expect_post("group", number)
    await shows(town.leaders["group"], above, above_post, picture(size=(31, 13)), "image/jpeg")
    await link_in(phone, "周强")
    (content,) = await expect_shown(town.leaders["block"], room_id, post)
    assert "周强" in content["body"]
    assert content["filename"] == "图片"


async def test_pictures_wait_for_a_homeserver_that_is_away(town: Town) -> None:
    await town.stack.homeserver.stop()
    try:
        phone = await town.resident()
        await phone.text("群不在", media=[attached(picture(size=(71, 17)))])
        number = await number_of(phone, "陈建国")
    finally:
        await town.stack.homeserver.start()
    room_id, post = await town.expect_post("block", number)
    (content,) = await expect_shown(town.leaders["block"], room_id, post)
    assert content["info"]["w"] == 71
