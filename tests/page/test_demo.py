"""The demo as a newcomer meets it: `python -m demo`, a browser, and Ctrl-C."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from demo.stack import ROOT
from tests.attachments.samples import picture
from tests.page.village import chromium, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="module"),
]

#: Where the README's picture is taken to; `make screenshot` copies it to docs/.
PICTURE = ROOT / "test-artifacts" / "demo.png"

LAMP, WATER, LID = "村口的路灯坏了三天，晚上看不见路", "新 家里停水两天了", "我家门口的井盖坏了"

expect.set_options(timeout=20_000)


@dataclass
class Demo:
    """A demo that runs in a process of its own.

    Attributes:
        data: The folder that keeps everything.
        process: The supervisor.
        url: Where the page is.
    """

    data: Path
    process: asyncio.subprocess.Process | None = None
    url: str = ""
    _begins: int = field(default=0)

    @property
    def output(self) -> Path:
        """What it has said on the terminal, at all of its starts."""
        return self.data.with_suffix(".out")

    async def start(self) -> None:
        """Start it and wait until it says where its page is."""
        self._begins = self.output.stat().st_size if self.output.exists() else 0
        with self.output.open("ab") as output:
            self.process = await asyncio.create_subprocess_exec(
                *self.command(), cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
            )
        for _ in range(1200):
            found = re.search(r"Open +(http://\S+)/", self.said())
            if found:
                self.url = found.group(1)
                return
            assert self.process.returncode is None, self.said()
            await asyncio.sleep(0.1)
        raise AssertionError(f"the demo did not come up: {self.said()}")

    async def stop(self) -> int:
        """Press Ctrl-C; returns the exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(self.process.wait(), 60)

    def command(self) -> list[str]:
        """How it is started."""
        return [sys.executable, "-m", "demo", "--data", str(self.data)]

    def said(self) -> str:
        """What it has said since its last start."""
        return self.output.read_bytes()[self._begins :].decode(errors="replace")

    def children(self) -> dict[int, str]:
        """Process id and command of everything that works in its folder, or for its supervisor."""
        assert self.process is not None
        ours = self.process.pid
        return {
            pid: command
            for pid, (parent, command) in self.processes().items()
            if parent == ours or (str(self.data) in command and pid != ours)
        }

    @staticmethod
    def processes() -> dict[int, tuple[int, str]]:
        """Parent and command of every process of the machine."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                (parent,) = re.findall(r"^PPid:\s+(\d+)", (process / "status").read_text(), re.MULTILINE)
            except OSError:
                continue  # it has just ended
            found[int(process.name)] = (int(parent), command)
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo") / "data")
    await demo.start()
    yield demo
    await demo.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


class Newcomer:
    """Somebody who has just opened the page."""

    def __init__(self, page: Page, state: dict[str, Any]) -> None:
        self.page = page
        self.phones: list[dict[str, Any]] = state["residents"]
        self.leaders: dict[str, dict[str, Any]] = {}
        for leader in state["leaders"]:
            self.leaders.setdefault(leader["tier"], leader)

    @property
    def bubbles(self) -> Locator:
        """What the phone in sight has sent and got."""
        return self.page.get_by_test_id("sms-bubble")

    def room(self, tier: str) -> Locator:
        """A leader's room."""
        return self.page.get_by_test_id(f"room-{self.leaders[tier]['unit_code']}")

    def issue(self, tier: str, number: str) -> Locator:
        """An issue's card in a leader's room."""
        return self.room(tier).get_by_test_id(f"issue-{number}")

    async def text(self, phone: int, words: str) -> None:
        """Text as the owner of a phone."""
        await self.page.get_by_test_id(f"phone-{self.phones[phone]['number']}").click()
        await self.page.get_by_test_id("sms-input").fill(words)
        await self.page.get_by_test_id("sms-send").click()
        await expect(self.bubbles.filter(has_text=words).last).to_be_visible()

    async def reads(self, *words: str) -> str:
        """Wait for a text that holds all these words; returns it."""
        found = self.bubbles.and_(self.page.locator("[data-direction=received]"))
        for each in words:
            found = found.filter(has_text=each)
        await expect(found.last).to_be_visible()
        return await found.last.inner_text()

    async def report(self, phone: int, words: str) -> str:
        """Report a trouble; returns the number that the receipt tells."""
        before = await self.bubbles.count() if phone == 0 else 0
        await self.text(phone, words)
        await expect(self.bubbles.nth(before + 1)).to_contain_text("编号")
        found = re.search(r"编号(\d+)", await self.bubbles.nth(before + 1).inner_text())
        assert found
        return found.group(1)

    async def reply(self, card: Locator, words: str) -> None:
        """Answer in an issue's thread."""
        await card.get_by_test_id("reply-input").fill(words)
        await card.get_by_test_id("reply-send").click()

    async def let_four_hours_pass(self) -> None:
        await self.page.get_by_test_id("clock-advance-4h").click()

    async def take_picture(self, path: Path) -> None:
        """Take a picture of the page as it is when nothing moves."""
        await self.page.mouse.move(0, 0)
        await self.page.evaluate("document.activeElement.blur()")
        await expect(self.page.get_by_role("status").locator("p")).to_have_count(0)
        taken = await self.page.screenshot(path=path)
        assert taken.startswith(b"\x89PNG")

    async def is_in_state(self, card: Locator, state: str) -> None:
        await expect(card.get_by_test_id("issue-state")).to_contain_text(state)


@pytest_asyncio.fixture(loop_scope="module")
async def newcomer(demo: Demo, browser: Browser) -> AsyncIterator[Newcomer]:
    """The page in a window of its own; errors of its script fail the test."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(demo.url)
    await expect(page.locator("body[data-ready]")).to_be_attached()
    state = await (await page.request.get(f"{demo.url}/state")).json()
    yield Newcomer(page, state)
    await page.close()
    assert errors == []


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


async def test_a_nudge_leads_to_the_post(newcomer: Newcomer) -> None:
    page = newcomer.page
    number = await newcomer.report(0, "新 下水道冒水")
    for _ in range(2):
        await page.get_by_test_id("clock-advance-1h").click()
    alone = page.locator(".room", has=page.get_by_role("heading", name=newcomer.leaders["block"]["name"]))
    nudge = alone.locator(".post", has_text=number)
    await expect(nudge).to_contain_text("在等您答复")
    await nudge.get_by_role("button", name="看这个问题").click()
    await expect(newcomer.issue("block", number)).to_be_in_viewport()


async def test_time_runs_as_fast_as_one_likes(newcomer: Newcomer) -> None:
    number = await newcomer.report(2, "路上有棵树倒了")
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
