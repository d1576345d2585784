"""The desk in a browser's window: coming in, and what every page of it must be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from demo.stack import ROOT
from tests.page.newcomer import Newcomer
from tests.page.village import PATIENCE

PICTURES = ROOT / "test-artifacts"

PHONE, WALL = {"width": 360, "height": 740}, {"width": 1440, "height": 900}

#: What axe calls an offence that keeps somebody out.
GRAVE = ("serious", "critical")


@asynccontextmanager
async def signed_in(
    browser: Browser, newcomer: Newcomer, tier: str, viewport: dict[str, int], **taste: str
) -> AsyncIterator[Page]:
    """The desk in a window of a leader of the demo, who has come in with their chat account."""
    context: BrowserContext = await browser.new_context(viewport=viewport, locale="zh-CN")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE * 1000)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
    try:
        await page.goto(newcomer.desk_url)
        for name, value in taste.items():
            await context.add_cookies(
                [{"name": f"linzhang_{name}", "value": value, "url": newcomer.desk_url}]
            )
        account = newcomer.accounts[tier]
        await page.get_by_label("账号").fill(account["user_id"])
        await page.get_by_label("密码").fill(account["password"])
        await page.get_by_role("button", name="进入").click()
        await expect(page.locator("#side h2")).to_be_visible()
        yield page
    finally:
        await context.close()
    assert errors == []


async def nobody_is_kept_out(page: Page) -> None:
    """Axe finds nothing on this page that would keep somebody out (WCAG 2.2 AA)."""
    found = await Axe().run(page, options={"resultTypes": ["violations"]})
    grave = [each for each in found.response["violations"] if each["impact"] in GRAVE]
    told = [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in grave]
    assert not told, f"{page.url}: {told}"


async def nothing_sticks_out(page: Page) -> None:
    """Nothing is wider than the window, so that nobody has to push the page about."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
