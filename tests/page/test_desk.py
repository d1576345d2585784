"""The desk in a real browser, beside the demo's page: an old woman texts, and the map turns.

Its pictures stand in docs/; `make screenshot` takes them anew.
"""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.page.desk import PHONE, PICTURES, WALL, nobody_is_kept_out, nothing_sticks_out, signed_in
from tests.page.newcomer import Newcomer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_a_text_turns_the_map_where_the_secretary_looks(newcomer: Newcomer, browser: Browser) -> None:
    async with signed_in(browser, newcomer, "township", WALL) as page:
        side = page.locator("#side")
        await expect(side).to_contain_text(newcomer.leaders["township"]["unit"])
        # Down to the block of an old woman, where nobody is in danger.
        above = [newcomer.leaders[tier]["unit"] for tier in ("village", "section", "group")]
        for unit in (*above, newcomer.phones[2]["block"]):
            await side.get_by_role("link", name=unit, exact=True).click()
            await expect(side.locator("h2")).to_contain_text(unit)
        await expect(page.locator(".tier-shown")).to_contain_text("邻")
        await expect(side.locator("h2 .level")).not_to_have_class(re.compile("red"))
        await expect(side.locator(".counts li").nth(2)).to_contain_text("0")
        await expect(page.locator(".live")).to_have_class(re.compile(r"\bon\b"))

        # Nobody loads the page again: what she texts turns her block by itself.
        await newcomer.text(2, "新 家里着火了，快来人")
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
    "doors",
    "opinions",
    "honours",
    "surveys",
    "encouraging/{village}",
    "merits/{village}",
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
