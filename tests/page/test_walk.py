"""A walk through the conversation on the demo's page: what residents send, and who answers how.

Its pictures stand in docs/walk.md; `make screenshot` takes them anew.
"""

import io
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image, ImageDraw
from playwright.async_api import FilePayload, expect

from demo.stack import ROOT
from tests.attachments.samples import sound
from tests.page.newcomer import Demo, Newcomer

pytestmark = [
    # Each of these ways is told by a dialogue too, and what the page shows of it by tests beside this one.
    pytest.mark.long,
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
]

PICTURES = ROOT / "test-artifacts"

HOLE = "路上塌了个大坑，您看照片"
FIRE = "新 家里着火了"
DITCH = "新 门口的水沟堵了"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """A whole demo that nobody has played yet: its pictures show what they are about, and nothing else."""
    demo = Demo(tmp_path_factory.mktemp("walk") / "data", sparse=False)
    await demo.start()
    yield demo
    await demo.stop()


def photograph() -> bytes:
    """A road with a hole, as somebody might hold a phone over it."""
    image = Image.new("RGB", (640, 480), "#8fa3ad")
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 480), (240, 200), (400, 200), (640, 480)], fill="#5c5f63")
    for top in range(220, 480, 60):
        draw.line([(320, top), (320, top + 30)], fill="#e8e3d0", width=6)
    draw.ellipse([230, 330, 430, 430], fill="#2b2622", outline="#7a6a58", width=8)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


async def test_a_picture_comes_into_the_room(newcomer: Newcomer) -> None:
    await newcomer.pick(0)
    await newcomer.page.get_by_test_id("sms-attach").set_input_files(
        FilePayload(name="坑.jpg", mimeType="image/jpeg", buffer=photograph())
    )
    number = await newcomer.report(0, HOLE)
    thread = newcomer.issue("block", number).get_by_test_id("issue-thread")
    await expect(thread).to_be_visible()
    await thread.click()
    picture = newcomer.issue("block", number).locator(".medium img")
    await expect(picture).to_be_visible()
    await newcomer.page.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=await picture.element_handle()
    )
    await expect(newcomer.bubbles.locator(".medium img")).to_be_visible()
    await newcomer.take_picture(PICTURES / "walk-picture.png")


async def test_a_voice_can_be_played_in_the_room(newcomer: Newcomer) -> None:
    await newcomer.pick(1)
    voice = sound()
    await newcomer.page.get_by_test_id("sms-attach").set_input_files(
        FilePayload(name="话.amr", mimeType="audio/amr", buffer=voice)
    )
    number = await newcomer.report(1, "我说给您听")
    card = newcomer.issue("block", number)
    await card.get_by_test_id("issue-thread").click()
    player = card.locator("audio.medium")
    await expect(player).to_be_visible()
    await newcomer.page.wait_for_function(
        "audio => audio.readyState >= 1 && audio.duration > 1", arg=await player.element_handle()
    )
    await newcomer.take_picture(PICTURES / "walk-voice.png")


async def test_a_danger_reaches_the_whole_chain_at_once(newcomer: Newcomer) -> None:
    await newcomer.text(0, FIRE)
    told = await newcomer.reads("119")
    number = newcomer.number_in(told) or newcomer.number_in(await newcomer.reads("编号"))
    assert number
    for tier in ("block", "group", "section", "village", "township"):
        await expect(newcomer.issue(tier, number)).to_contain_text("家里着火了")
    await expect(newcomer.issue("block", number).locator(".headline")).to_contain_text("🚨")
    await expect(newcomer.issue("township", number)).to_contain_text("🚨 紧急")
    # It stands in all these rooms at once; it has gone nowhere.
    assert await newcomer.page.get_by_text("went up").count() == 0
    await newcomer.take_picture(PICTURES / "walk-urgent.png")


async def test_a_leader_answers_with_a_text(newcomer: Newcomer) -> None:
    number = await newcomer.report(0, DITCH)
    leader = newcomer.phone_of(newcomer.leaders["block"]["name"])
    await newcomer.pick(leader)
    await newcomer.page.get_by_test_id("call-decline").click()  # it still rings for the fire
    await newcomer.page.get_by_test_id("call-close").click()
    await newcomer.text(leader, f"{number} 我下午带人去通")
    await newcomer.reads(number, newcomer.phones[0]["name"])
    await newcomer.take_picture(PICTURES / "walk-text.png")
    await newcomer.pick(0)
    await newcomer.reads(newcomer.leaders["block"]["name"], "我下午带人去通")
    await newcomer.is_in_state(newcomer.issue("block", number), "已答复")


async def test_a_deputy_stands_in(newcomer: Newcomer) -> None:
    deputy = newcomer.leaders["group"]
    room = newcomer.room("block")
    await room.get_by_test_id("room-speaker").select_option(newcomer.leaders["block"]["user_id"])
    await room.get_by_test_id("room-input").fill(f"!外出 3天 {deputy['user_id']}")
    await room.get_by_test_id("room-send").click()
    await expect(newcomer.page.get_by_text("代理").first).to_be_visible()
    number = await newcomer.report(0, "新 井盖被人拿走了")
    await newcomer.reads(number, deputy["name"])
    await room.get_by_test_id("room-speaker").select_option(deputy["user_id"])
    await newcomer.reply(newcomer.issue("block", number), "我替他来，马上盖上")
    await newcomer.reads(deputy["name"], "我替他来，马上盖上")
    await newcomer.is_in_state(newcomer.issue("block", number), "已答复")
    await newcomer.take_picture(PICTURES / "walk-deputy.png")
