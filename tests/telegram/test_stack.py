"""The whole service: a resident on Telegram, a leader in their Matrix client, real processes between them."""

from pathlib import Path

import pytest

from bridges.telegram.bridge import TelegramBridge
from demo.carrier.server import bind
from demo.stack import make_stack
from demo.telegram.api import create_app as telegram_app
from demo.telegram.api import deliver
from demo.telegram.world import World
from tests.attachments.samples import picture
from tests.sms.wire import serving, until
from tests.stack.town import town_on
from tests.telegram.conftest import LIU, bot

pytestmark = pytest.mark.stack


async def test_a_picture_from_telegram_is_answered_from_matrix_and_solved_by_a_button(
    tmp_path: Path, world: World
) -> None:
    async with serving(telegram_app(world), bind(0)) as api_url:
        stack = make_stack(tmp_path / "stack", telegram=bot(api_url), lease=5)
        assert stack.settings.telegram is not None
        async with town_on(stack) as town:
            town.wait_for(8)
            telegram = TelegramBridge(stack.settings.telegram, public_url=stack.settings.public_url)
            assert await telegram.connect() == "@linzhang_bot"
            await telegram.close()
            world.person(LIU, "老刘")

            async def says(words: str) -> str:
                async def find() -> str | None:
                    return next((each for each in world.texts(LIU) if words in each), None)

                return await until(find, f"{words} on Telegram")

            await deliver(world, world.shows(LIU, "photo", picture(), caption="村口的路灯坏了"))
            await says("您住哪里")
            await deliver(world, world.says(LIU, "12345674 刘大爷"))
            await says("陈建国")
            room_id, post = await town.expect_post("block", "村口的路灯坏了")
            leader = town.leaders["block"]

            async def shown() -> bool:
                told = [each["content"] for each in leader.events.get(room_id, [])]
                return any(each.get("msgtype") == "m.image" for each in told)

            await until(shown, "the picture in the thread")
            await leader.say(room_id, "明天上午电工来修", thread=post)
            await says("明天上午电工来修")
            await leader.react(room_id, post, "✅")
            await says("您看解决了吗")
            await deliver(world, world.presses(LIU, "解决了"))
            await leader.expect_state(room_id, post, "closed")
            assert await says("办得怎么样")
            assert len(set(world.texts(LIU))) == len(world.texts(LIU)), "nothing was said twice"
