"""The demo as a newcomer meets it: `python -m demo`, a browser, and Ctrl-C."""

import asyncio
import os
import re
import signal

import pytest
from playwright.async_api import expect

from demo.stack import ROOT
from tests.attachments.samples import picture
from tests.page.newcomer import Demo, Newcomer
from tests.page.village import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
]

#: Where the README's picture is taken to; `make screenshot` copies it to docs/.
PICTURE = ROOT / "test-artifacts" / "demo.png"

LAMP, WATER, LID = "村口的路灯坏了三天，晚上看不见路", "新 家里停水两天了", "我家门口的井盖坏了"


async def test_the_whole_loop_in_two_minutes(newcomer: Newcomer) -> None:
    page, block = newcomer.page, newcomer.leaders["block"]

    # An old woman texts; she is told who has it, and her block leader sees it.
    lamp = await newcomer.report(0, LAMP)
    await newcomer.reads(lamp, block["name"])
    card = newcomer.issue("block", lamp)
    await expect(card).to_contain_text(LAMP)
    await expect(card).to_contain_text(newcomer.phones[0]["name"])
    await newcomer.is_in_state(card, "待答复")
    await expect(card.get_by_test_id("issue-countdown")).to_have_text(re.compile("^(4:00:00|3:5)"))

    # The leader answers in the thread, and the phone has it.
    await newcomer.reply(card, "明天上午电工来修")
    await newcomer.reads(block["name"], "明天上午电工来修")
    await newcomer.is_in_state(card, "已答复")
    await expect(card.get_by_test_id("issue-countdown")).to_be_hidden()
    await card.get_by_test_id("issue-thread").click()

    # Of another trouble nobody takes care, and it goes up.
    water = await newcomer.report(0, WATER)
    await newcomer.is_in_state(newcomer.issue("block", water), "待答复")
    await newcomer.let_four_hours_pass()
    raised = newcomer.issue("group", water)
    await expect(raised).to_be_in_viewport()
    await expect(raised).to_contain_text("没有按时答复")
    await expect(raised.get_by_test_id("issue-countdown")).to_have_text(re.compile("^(4:00:00|3:5)"))
    await expect(page.get_by_role("status")).to_contain_text(f"第 {water} 号")
    await newcomer.reads(water, newcomer.leaders["group"]["name"])
    below = newcomer.issue("block", water)
    await newcomer.is_in_state(below, "已上报")
    await expect(below).to_contain_text(newcomer.leaders["group"]["unit"])

    # Nor does the group leader.
    await newcomer.let_four_hours_pass()
    await expect(newcomer.issue("section", water)).to_be_in_viewport()
    await newcomer.reads(water, newcomer.leaders["section"]["name"])
    await newcomer.is_in_state(raised, "已上报")
    await newcomer.take_picture(PICTURE)

    # Done, and the old woman agrees.
    await card.get_by_test_id("react-done").click()
    await newcomer.reads(lamp, "没解决请回2")
    await newcomer.is_in_state(card, "待居民确认")
    await newcomer.text(0, "1")
    await newcomer.is_in_state(card, "已办结")

    # The water goes on up to the township, which it reaches at midnight: the phone is left in peace.
    await newcomer.let_four_hours_pass()
    await expect(newcomer.issue("village", water)).to_be_in_viewport()
    await newcomer.reads(water, newcomer.leaders["village"]["name"])
    await expect(page.get_by_test_id("night")).to_be_hidden()
    texts = await newcomer.bubbles.count()
    await newcomer.let_four_hours_pass()
    top = newcomer.issue("township", water)
    await expect(top).to_be_in_viewport()
    await expect(page.get_by_test_id("night")).to_be_visible()

    # There it is reminded of and never dropped; in the morning one text tells all.
    await newcomer.let_four_hours_pass()
    await expect(top.get_by_test_id("issue-thread")).to_contain_text("还没有")
    await newcomer.is_in_state(top, "待答复")
    await expect(newcomer.bubbles).to_have_count(texts)
    for _ in range(3):
        await page.get_by_test_id("clock-advance-1h").click()
    await newcomer.reads(water, newcomer.leaders["township"]["name"])
    await expect(newcomer.bubbles).to_have_count(texts + 1)
    await newcomer.reply(top, "水厂今晚抢修")
    await newcomer.reads(newcomer.leaders["township"]["name"], "水厂今晚抢修")


async def test_not_solved_goes_up_and_a_leader_can_pass_up_by_hand(newcomer: Newcomer) -> None:
    number = await newcomer.report(1, "下水道堵了")
    card = newcomer.issue("block", number)
    await card.get_by_test_id("react-done").click()
    await newcomer.reads(number, "没解决请回2")
    await newcomer.text(1, "2")
    raised = newcomer.issue("group", number)
    await expect(raised).to_contain_text("居民说没解决")
    await newcomer.is_in_state(card, "已上报")

    await raised.get_by_test_id("react-up").click()
    await expect(newcomer.issue("section", number)).to_contain_text("下水道堵了")
    await newcomer.reads(number, newcomer.leaders["section"]["name"])


async def test_a_stranger_is_asked_where_they_live(newcomer: Newcomer) -> None:
    stranger = len(newcomer.phones) - 1
    await newcomer.text(stranger, LID)
    asked = await newcomer.reads("编号", "住哪里")
    (_, card_code) = newcomer.phones[stranger]["phrases"]
    await newcomer.page.get_by_role("button", name=card_code).click()
    await newcomer.page.get_by_test_id("sms-send").click()
    found = re.search(r"编号(\d+)", asked)
    assert found
    await newcomer.reads(found.group(1), newcomer.leaders["block"]["name"])
    await expect(newcomer.issue("block", found.group(1))).to_contain_text(LID)


async def test_a_neighbour_with_matrix_reports_in_the_room(newcomer: Newcomer) -> None:
    room = newcomer.room("block")
    speaker = room.get_by_test_id("room-speaker")
    await expect(speaker.locator("option")).to_have_count(2)
    await speaker.select_option(index=1)
    await room.get_by_test_id("room-input").fill("三号楼后面有人倒垃圾")
    await room.get_by_test_id("room-send").click()
    card = room.locator("article.issue", has_text="三号楼后面有人倒垃圾")
    await newcomer.is_in_state(card, "待答复")

    await speaker.select_option(index=0)
    await newcomer.reply(card, "我去看看")
    await newcomer.is_in_state(card, "已答复")


async def test_a_photo_reaches_the_room_and_a_photo_comes_back(newcomer: Newcomer) -> None:
    page = newcomer.page
    await page.get_by_test_id(f"phone-{newcomer.phones[0]['number']}").click()
    await page.get_by_test_id("sms-sample").click()
    number = await newcomer.report(0, "新 路灯拍给您看")
    card = newcomer.issue("block", number)
    await card.get_by_test_id("issue-thread").click()
    image = card.locator(".thread img")
    await expect(image).to_be_visible()

    async def drawn() -> bool:
        return bool(await image.evaluate("image => image.naturalWidth === 640"))

    await until(drawn, "the photo in the thread")

    # Her phone takes no pictures: the leader's comes as a link, which opens.
    file = {"name": "fixed.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(320, 240))}
    await card.get_by_test_id("reply-attach").set_input_files(file)  # type: ignore[arg-type]
    await newcomer.reads(number, "发来一张图片", "/m/")
    await newcomer.is_in_state(card, "已答复")
    await newcomer.take_picture(PICTURE.with_name("pictures.png"))
    link = newcomer.bubbles.last.locator("p a")
    answer = await page.request.get(str(await link.get_attribute("href")))
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/jpeg"

    # On WhatsApp it goes along.
    await page.get_by_test_id("channel").select_option("whatsapp")
    await newcomer.text(0, "好了吗")
    await expect(card).to_contain_text("好了吗")
    await card.get_by_test_id("reply-attach").set_input_files(file)  # type: ignore[arg-type]
    chat = newcomer.bubbles.and_(page.locator("[data-channel=whatsapp][data-direction=received]"))
    await expect(chat.locator("img")).to_be_visible()


async def test_a_call_becomes_a_voice_in_the_room(newcomer: Newcomer) -> None:
    page = newcomer.page
    await page.get_by_test_id(f"phone-{newcomer.phones[2]['number']}").click()
    await page.get_by_test_id("call-start").click()
    call = page.get_by_test_id("call")
    await expect(call).to_contain_text("的值班电话")
    await page.locator("#keypad button", has_text="1").first.click()
    await page.get_by_test_id("call-speak").click()
    await expect(call).to_contain_text("谢谢您，已经记下了")
    await newcomer.take_picture(PICTURE.with_name("call.png"))
    await page.get_by_test_id("call-close").click()
    receipt = await newcomer.reads("编号")
    (number,) = re.findall(r"编号(\d+)", receipt)
    card = page.get_by_test_id(f"issue-{number}").first
    await expect(card).to_contain_text("🎤")
    voice = card.locator(".thread audio")
    await card.get_by_test_id("issue-thread").click()
    await expect(voice).to_be_visible()

    async def can_be_played() -> bool:
        return bool(await voice.evaluate("voice => voice.duration > 1"))

    await until(can_be_played, "a voice that can be played")


async def test_a_nudge_leads_to_the_post(newcomer: Newcomer) -> None:
    page = newcomer.page
    number = await newcomer.report(0, "新 下水道冒水")
    for _ in range(2):
        await page.get_by_test_id("clock-advance-1h").click()
    alone = page.locator(".room", has=page.get_by_role("heading", name=newcomer.leaders["block"]["name"]))
    nudge = alone.locator(".post", has_text=f"编号{number}在等您答复")
    await expect(nudge).to_be_visible()
    await nudge.get_by_role("button", name="看这个问题").click()
    await expect(newcomer.issue("block", number)).to_be_in_viewport()


async def test_time_runs_as_fast_as_one_likes(newcomer: Newcomer) -> None:
    number = await newcomer.report(2, "新 路上有棵树倒了")
    countdown = newcomer.page.get_by_test_id(f"issue-{number}").first.get_by_test_id("issue-countdown")
    await newcomer.page.get_by_test_id("clock-speed").select_option("360")
    await expect(countdown).to_have_text(re.compile("^3:[0-4]"))
    await newcomer.page.get_by_test_id("clock-speed").select_option("1")
    await expect(newcomer.page.get_by_test_id("clock-speed")).to_have_value("1")


@pytest.mark.parametrize("part", ["synapse.app.homeserver", "demo.carrier", "escalator", "redis-server"])
async def test_a_part_that_dies_is_started_again(demo: Demo, newcomer: Newcomer, part: str) -> None:
    (killed,) = [pid for pid, command in demo.children().items() if part in command]
    os.kill(killed, signal.SIGKILL)

    async def is_there_again() -> bool:
        return any(part in command and pid != killed for pid, command in demo.children().items())

    await until(is_there_again, f"another {part}")
    await expect(newcomer.page.get_by_test_id("away")).to_be_hidden()
    number = await newcomer.report(0, f"新 {part}停过")
    await expect(newcomer.issue("block", number)).to_contain_text(f"{part}停过")
    assert "ended with SIGKILL; starting it again" in demo.said()


async def test_there_is_one_demo_per_folder(demo: Demo) -> None:
    second = await asyncio.create_subprocess_exec(
        *demo.command(), cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    words, _ = await asyncio.wait_for(second.communicate(), 60)
    assert second.returncode == 1
    assert "already running" in words.decode()
    assert "Traceback" not in words.decode()


async def test_ctrl_c_stops_everything_and_the_next_start_goes_on(demo: Demo, newcomer: Newcomer) -> None:
    await newcomer.report(0, "新 停之前说的话")
    seen = await newcomer.bubbles.all_inner_texts()
    children = demo.children()
    assert len(children) == 6, children

    assert await demo.stop() == 0
    assert "Stopped." in demo.said()
    assert not children.keys() & demo.processes().keys()
    assert demo.children() == {}
    await demo.start()

    await newcomer.page.goto(demo.url)
    await expect(newcomer.bubbles).to_have_count(len(seen))
    assert await newcomer.bubbles.all_inner_texts() == seen, "the same words at the same times"
    number = await newcomer.report(0, "新 接着用")
    await expect(newcomer.issue("block", number)).to_contain_text("接着用")
