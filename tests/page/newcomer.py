"""A newcomer at the demo's page: the demo in a process of its own, and a browser's window on it."""

import asyncio
import re
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from demo.stack import ROOT

expect.set_options(timeout=45_000)


@dataclass
class Demo:
    """A demo that runs in a process of its own.

    Attributes:
        data: The folder that keeps everything.
        sparse: Whether it makes no rooms but those that the page shows; the others take a minute and more.
        process: The supervisor.
        url: Where the page is.
    """

    data: Path
    sparse: bool = True
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
        for _ in range(3600):  # on a slow and busy machine the city alone takes more than a minute
            found = re.search(r"Open +(http://\S+)/", self.said())
            if found:
                self.url = found.group(1)
                return
            assert self.process.returncode is None, self.said()
            await asyncio.sleep(0.1)
        raise AssertionError(f"the demo did not come up: {self.said()}")

    async def stop(self) -> int:
        """Press Ctrl-C; returns the exit status, or 0 if it was never started."""
        if self.process is None:
            return 0
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(self.process.wait(), 60)

    def command(self) -> list[str]:
        """How it is started."""
        argv = [sys.executable, "-m", "demo", "--anywhere", "--data", str(self.data)]
        return [*argv, "--sparse"] if self.sparse else argv

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


class Newcomer:
    """Somebody who has just opened the page."""

    def __init__(self, page: Page, state: dict[str, Any]) -> None:
        self.page = page
        self.phones: list[dict[str, Any]] = state["residents"]
        self.leaders: dict[str, dict[str, Any]] = {}
        for leader in state["leaders"]:
            self.leaders.setdefault(leader["tier"], leader)
        self.desk_url: str = state["desk_url"]
        self.accounts = {**self.leaders, "city": state["offices"][0]}

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

    def phone_of(self, name: str) -> int:
        """Which phone somebody has."""
        return next(index for index, phone in enumerate(self.phones) if phone["name"] == name)

    @staticmethod
    def number_in(text: str) -> str | None:
        """The issue's number that a text tells, if it tells one."""
        found = re.search(r"编号(\d+)", text)
        return found.group(1) if found else None

    async def pick(self, phone: int) -> None:
        """Take a phone into the hand."""
        await self.page.get_by_test_id(f"phone-{self.phones[phone]['number']}").click()

    async def text(self, phone: int, words: str) -> None:
        """Text as the owner of a phone."""
        await self.pick(phone)
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
        await self.pick(phone)
        before = await self.bubbles.count()
        await self.text(phone, words)
        await expect(self.bubbles.nth(before + 1)).to_contain_text("编号")
        number = self.number_in(await self.bubbles.nth(before + 1).inner_text())
        assert number
        return number

    async def reply(self, card: Locator, words: str) -> None:
        """Answer in an issue's thread."""
        await card.get_by_test_id("reply-input").fill(words)
        await card.get_by_test_id("reply-send").click()

    async def let_four_hours_pass(self) -> None:
        await self.page.get_by_test_id("clock-advance-4h").click()

    async def take_picture(self, path: Path) -> None:
        """Take a picture of the page as it is when nothing moves; its passing notes are put aside."""
        await self.page.mouse.move(0, 0)
        await self.page.evaluate("document.activeElement.blur()")
        notes = self.page.locator("#notes")
        await notes.evaluate("notes => { notes.style.display = 'none'; }")
        taken = await self.page.screenshot(path=path)
        await notes.evaluate("notes => { notes.style.display = ''; }")
        assert taken.startswith(b"\x89PNG")

    async def is_in_state(self, card: Locator, state: str) -> None:
        await expect(card.get_by_test_id("issue-state")).to_contain_text(state)
