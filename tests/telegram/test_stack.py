"""The whole service: people on Telegram, leaders in their Matrix clients, real processes between them."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from bridges.telegram.bridge import TelegramBridge
from demo.carrier.server import bind
from demo.stack import make_stack
from demo.telegram.api import create_app as telegram_app
from demo.telegram.api import deliver
from demo.telegram.world import Fault, World
from models import Issue, State
from rooms.tied import tie, untie
from tests.attachments.samples import film, picture, sound
from tests.sms.wire import serving, until
from tests.stack.test_media import attached, shows
from tests.stack.town import Town, town_on
from tests.telegram.conftest import LIU, TOKEN, bot

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="session")]

GROUP, WANG = -1001, 7002


@dataclass
class Life:
    """A town, and Telegram."""

    town: Town
    world: World
    telegram: TelegramBridge

    async def says(self, chat: int, *words: str) -> dict[str, Any]:
        """Wait until the bot says something in a chat; returns the message."""

        async def find() -> dict[str, Any] | None:
            return next(
                (
                    each
                    for each in self.world.got(chat)
                    if all(word in (each.get("text") or each.get("caption", "")) for word in words)
                ),
                None,
            )

        try:
            return await until(find, f"{words} on Telegram")
        except AssertionError as error:
            raise AssertionError(f"{error}; there were {self.world.texts(chat)}") from None

    async def in_room(self, tier: str, **wanted: str) -> dict[str, Any]:
        """Wait until the unit's leader sees an event whose content has these fields; returns it."""
        leader, room_id = self.town.leaders[tier], await self.town.room(tier)

        async def find() -> dict[str, Any] | None:
            for event in leader.events.get(room_id, []):
                if all(event["content"].get(name) == value for name, value in wanted.items()):
                    return dict(event)
            return None

        return await until(find, f"{wanted} in the room")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def life(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Life]:
    """A town on a stack that has a bot."""
    world = World(TOKEN)
    async with serving(telegram_app(world), bind(0)) as api_url:
        stack = make_stack(tmp_path_factory.mktemp("telegram") / "stack", telegram=bot(api_url), lease=5)
        assert stack.settings.telegram is not None
        async with town_on(stack) as town:
            town.wait_for(8)
            telegram = TelegramBridge(stack.settings.telegram, public_url=stack.settings.public_url)
            assert await telegram.connect() == "@linzhang_bot"
            yield Life(town, world, telegram)
            await telegram.close()


async def test_a_picture_from_telegram_is_answered_from_matrix_and_solved_by_a_button(life: Life) -> None:
    world, town = life.world, life.town
    world.person(LIU, "老刘")
    await deliver(world, world.shows(LIU, "photo", picture(), caption="村口的路灯坏了"))
    await life.says(LIU, "您住哪里")
    await deliver(world, world.says(LIU, "12345674 刘大爷"))
    await life.says(LIU, "陈建国")
    room_id, post = await town.expect_post("block", "村口的路灯坏了")
    leader = town.leaders["block"]
    await life.in_room("block", msgtype="m.image")
    await leader.say(room_id, "明天上午电工来修", thread=post)
    await life.says(LIU, "明天上午电工来修")
    await leader.react(room_id, post, "✅")
    await life.says(LIU, "您看解决了吗")
    await deliver(world, world.presses(LIU, "解决了"))
    await leader.expect_state(room_id, post, "closed")
    assert await life.says(LIU, "办得怎么样")
    assert len(set(world.texts(LIU))) == len(world.texts(LIU)), "nothing was said twice"


async def test_a_group_and_the_block_s_room_show_the_same(life: Life) -> None:
    world, town = life.world, life.town
    world.groups[GROUP] = "第3邻的群"
    world.person(WANG, "王秀英")
    await deliver(world, world.says(WANG, "有人吗", group=GROUP))
    await town.is_quiet()
    before = await Issue.all().count()
    assert world.texts(GROUP) == [], "a group that is not tied is nobody's business"
    await tie(town.stack.settings, life.telegram, str(GROUP), town.units["block"].code)

    # A report in the group is one in the room, by a ghost with the sender's name.
    update = world.says(WANG, "三号楼下水道堵了", group=GROUP)
    await deliver(world, update)
    await deliver(world, update)
    said = await life.in_room("block", body="三号楼下水道堵了")
    assert said["sender"].startswith("@lz_")
    assert str(WANG) not in str(said)
    card = await life.says(GROUP, "编号", "王秀英")
    assert card["reply_to_message"]["message_id"] == update["message"]["message_id"]
    assert await Issue.all().count() == before + 1

    # The leader answers in the thread, and the group reads it as a reply, with the leader's name.
    room_id, leader = await town.room("block"), town.leaders["block"]
    answer = await leader.say(room_id, "下午三点来通", thread=said["event_id"])
    shown = await life.says(GROUP, "陈建国", "下午三点来通")
    assert shown["reply_to_message"]["message_id"] == update["message"]["message_id"]
    await leader.edit(room_id, answer, "下午四点来通")
    await life.says(GROUP, "陈建国", "下午四点来通")
    assert not any("三点" in each for each in world.texts(GROUP)), "edited in place"

    # Her reply in the group joins the issue's thread; her picture stands in the room.
    reply = world.says(WANG, "好的，我在家等", group=GROUP, reply_to_message=shown)
    await deliver(world, reply)
    more = await life.in_room("block", body="好的，我在家等")
    assert more["content"]["m.relates_to"]["event_id"] == said["event_id"]
    await deliver(world, world.edits(WANG, reply["message"]["message_id"], "好的，我五点在家等", group=GROUP))
    edited = await life.in_room("block", body="* 好的，我五点在家等")
    assert edited["content"]["m.relates_to"]["event_id"] == more["event_id"]
    await deliver(world, world.shows(WANG, "photo", picture(), group=GROUP, reply_to_message=shown))

    async def pictured() -> bool:
        events = leader.events[room_id]
        shown = [each["content"] for each in events if each["sender"] == said["sender"]]
        return any(each.get("msgtype") == "m.image" for each in shown)

    await until(pictured, "her picture in the room")
    voice, clip = sound("ogg", "libopus", 48000), film("mp4", "mpeg4")
    await deliver(world, world.shows(WANG, "voice", voice, group=GROUP, reply_to_message=shown))
    await life.in_room("block", msgtype="m.audio")
    await deliver(world, world.shows(WANG, "video", clip, group=GROUP, reply_to_message=shown))
    await life.in_room("block", msgtype="m.video")
    assert await Issue.all().count() == before + 1, "all that was about the one issue"

    # It is done: the group is asked, and her yes there closes it.
    await leader.react(room_id, said["event_id"], "✅")
    asked = await life.says(GROUP, "没解决请回2")
    await deliver(world, world.says(WANG, "1", group=GROUP, reply_to_message=asked))

    async def closed() -> bool:
        issue = await Issue.all().order_by("-id").first()
        return issue is not None and issue.state is State.CLOSED

    await until(closed, "her yes to be understood")
    assert str(WANG) not in str([each["text"] for each in world.got(GROUP)])


async def fetched(url: str) -> httpx.Response:
    """What somebody gets who follows a link."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(url)


async def test_what_is_shown_in_the_room_is_shown_in_the_group(life: Life) -> None:
    world, town = life.world, life.town
    phone, group, leader = await town.resident(), GROUP - 1, town.leaders["block"]
    await phone.text("井盖响得厉害")  # so that there is a room
    room_id = await town.room("block")
    world.groups[group] = "第3邻又一群"
    await untie(town.stack.settings, "telegram", str(GROUP))  # what goes wrong next is meant for this one
    await tie(town.stack.settings, life.telegram, str(group), town.units["block"].code)

    # What the leader shows in a thread stands there, answers what the thread is about, and can be reworded.
    said = await leader.say(room_id, "明天停水，请看通知")
    notice = await life.says(group, "明天停水")
    shot = await shows(leader, room_id, said, picture(), "image/jpeg", "停水的楼号")
    photo = await life.says(group, "陈建国", "停水的楼号")
    assert photo["reply_to_message"]["message_id"] == notice["message_id"]
    (size,) = photo["photo"]
    assert Image.open(io.BytesIO(world.files[size["file_id"]])).size == Image.open(io.BytesIO(picture())).size
    await leader.edit(room_id, shot, "停水的是三号楼")
    await life.says(group, "陈建国", "停水的是三号楼")
    assert "停水的楼号" not in str(world.got(group)), "changed in place"

    # So does what is said or filmed.
    await shows(leader, room_id, said, sound("ogg", "libopus", 48000), "audio/ogg")
    assert {"voice", "audio"} & (await life.says(group, "陈建国", "发来")).keys()

    # What Telegram does not fetch by itself is linked, and the link opens it while the group is tied.
    world.faults.append(
        Fault("sendPhoto", code=400, description="Bad Request: failed to get HTTP URL content")
    )
    await shows(leader, room_id, said, picture(), "image/jpeg")
    linked = await life.says(group, "陈建国", "/g/")
    link = linked["text"].split()[-1]
    assert (await fetched(link)).headers["content-type"] == "image/jpeg"
    assert (await fetched(link.replace("/g/", "/m/"))).status_code == 404, "it opens no resident's picture"

    # What nobody can open is named.
    await shows(leader, room_id, said, b"MZ nothing that is taken", "application/octet-stream", "setup.exe")
    assert "http" not in (await life.says(group, "陈建国", "setup.exe"))["text"]

    # A resident's picture that came by SMS stands in the group as it stands in the room, with the name.
    await phone.text("新 井盖碎了", media=[attached(picture())])
    await life.says(group, "井盖碎了")
    assert (await life.says(group, "王秀英", "发来"))["photo"]

    await untie(town.stack.settings, "telegram", str(group))
    assert (await fetched(link)).status_code == 410
