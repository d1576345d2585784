"""The desk in a real browser, beside the demo's page: an old woman texts, and the map turns.

Its pictures stand in docs/; `make screenshot` takes them anew.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from demo.stack import ROOT
from tests.page.newcomer import Newcomer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
]

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


async def test_a_text_turns_the_map_where_the_secretary_looks(newcomer: Newcomer, browser: Browser) -> None:
    async with signed_in(browser, newcomer, "township", WALL) as page:
        side = page.locator("#side")
        await expect(side).to_contain_text(newcomer.leaders["township"]["unit"])
        # Down to the block of an old woman, where all is calm.
        for tier in ("village", "section", "group", "block"):
            await side.get_by_role("link", name=newcomer.leaders[tier]["unit"], exact=True).click()
            await expect(side.locator("h2")).to_contain_text(newcomer.leaders[tier]["unit"])
        await expect(page.locator(".tier-shown")).to_contain_text("邻")
        await expect(side.locator("h2 .level")).to_have_class(re.compile("green"))
        await expect(page.locator(".live")).to_have_class(re.compile(r"\bon\b"))

        # Nobody loads the page again: what she texts turns her block by itself.
        await newcomer.text(0, "家里着火了，快来人")
        told = await newcomer.reads("119")
        await expect(side.locator("h2 .level")).to_have_class(re.compile("orange|red"))
        await expect(side.locator(".counts li").nth(2)).to_contain_text("1")
        await page.screenshot(path=PICTURES / "desk-block.png")

        # The block leader's number shows when it is asked for.
        assert "tel:" not in await side.inner_html()
        await side.get_by_role("button", name="显示号码").first.click()
        dial = side.locator("a.dial")
        await expect(dial).to_be_focused()
        assert re.fullmatch(r"tel:\+86\d{11}", str(await dial.get_attribute("href")))

        # Her trouble is one press away, and is answered from here: she reads it on her phone.
        number = newcomer.number_in(told) or newcomer.number_in(await newcomer.reads("编号"))
        assert number
        await side.get_by_role("link", name=number).click()
        await expect(page.get_by_text("家里着火了，快来人").first).to_be_visible()
        await page.locator("#words").fill("消防车五分钟到，请先出门")
        await page.locator("#deeds button.main-deed").first.click()
        await newcomer.reads("消防车五分钟到，请先出门")
        await page.screenshot(path=PICTURES / "desk-issue.png", full_page=True)

        # The township sees where in the village it is.
        await page.goto(f"{newcomer.desk_url}map/{newcomer.leaders['village']['unit_code']}")
        await expect(side.locator("h2")).to_contain_text(newcomer.leaders["village"]["unit"])
        await expect(page.locator(".tier-shown")).to_contain_text(re.compile("组|邻"))
        await page.screenshot(path=PICTURES / "desk-map.png")


#: The desk's pages, as far as they can be named beforehand, with the codes of the township and the village.
ADDRESSES = (
    "map/{code}",
    "unit/{code}",
    "board",
    "board?view=columns",
    "issue/{number}",
    "figures/{code}",
    "triage",
    "tokens",
    "print/{village}",
    "teaching/{village}",
    "disputes",
    "tasks",
    "allowances",
    "opinions",
    "care/{village}",
)
ADMINS = ("admin/import", "admin/bridges")


@pytest.mark.parametrize(
    ("viewport", "taste"),
    [
        (PHONE, {"look": "light"}),
        (WALL, {"look": "dark", "language": "en", "size": "large"}),
    ],
    ids=["phone", "wall, dark, large, English"],
)
async def test_every_page_can_be_used_by_everybody(
    newcomer: Newcomer, browser: Browser, viewport: dict[str, int], taste: dict[str, str]
) -> None:
    number = await newcomer.report(0, "新 路灯坏了")
    async with signed_in(browser, newcomer, "city", viewport, **taste) as page:
        code, village = (newcomer.leaders[tier]["unit_code"] for tier in ("township", "village"))
        for address in (*ADDRESSES, *ADMINS):
            await page.goto(f"{newcomer.desk_url}{address.format(code=code, village=village, number=number)}")
            await expect(page.locator("main")).to_be_visible()
            assert await page.locator("h1").count() == 1
            await nobody_is_kept_out(page)
            await nothing_sticks_out(page)
            name = re.sub(r"\W+", "-", address.split("/{")[0])
            await page.screenshot(path=PICTURES / f"desk-{name}-{viewport['width']}.png")
        await page.goto(f"{newcomer.desk_url}login")
        await nobody_is_kept_out(page)


async def test_the_figures_can_be_taken_away(newcomer: Newcomer, browser: Browser) -> None:
    async with signed_in(browser, newcomer, "township", WALL) as page:
        await page.get_by_role("link", name="数据", exact=True).first.click()
        await expect(page.locator("canvas").first).to_be_visible()
        await page.locator("details:has(#month) > summary").click()
        for ending, role in (("csv", "link"), ("xlsx", "link"), ("pdf", "button")):
            async with page.expect_download() as taken:
                await page.get_by_role(role, name=re.compile(ending, re.IGNORECASE)).first.click()  # type: ignore[arg-type]
            path = await (await taken.value).path()
            assert path.stat().st_size > 200
            assert (await taken.value).suggested_filename.endswith(ending)
        await page.screenshot(path=PICTURES / "desk-figures.png", full_page=True)
