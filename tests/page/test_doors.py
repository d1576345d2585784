"""Door to door in a real browser: a village opens a campaign, a block's leader ticks it on a phone."""

import pytest
from playwright.async_api import Browser, expect

from tests.page.desk import PHONE, PICTURES, nobody_is_kept_out, nothing_sticks_out, signed_in
from tests.page.newcomer import Newcomer
from tests.page.village import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.long,
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_a_leader_ticks_their_list_on_a_phone(newcomer: Newcomer, browser: Browser) -> None:
    async with signed_in(browser, newcomer, "village", PHONE) as page:
        await page.goto(f"{newcomer.desk_url}doors")
        await page.locator("#title").fill("防火检查")
        await page.locator("#words").fill("冬天用火要小心")
        await page.locator("#asked").fill("家里有烟雾报警器吗？有 / 没有\n有什么难处？")
        await page.get_by_role("button", name="先看一遍").click()
        await expect(page.locator(".bubble")).to_contain_text("家里有烟雾报警器吗")
        await nobody_is_kept_out(page)
        await nothing_sticks_out(page)
        await page.get_by_role("button", name="开始").click()
        await expect(page.locator("h1 .badge")).to_have_text("进行中")
        here = page.url
    async with signed_in(browser, newcomer, "block", PHONE) as page:

        async def listed() -> bool:
            await page.goto(here)
            return await page.locator(".doors li").count() > 0

        await until(listed, "the block's list")
        await nobody_is_kept_out(page)
        await nothing_sticks_out(page)
        await page.locator(".doors li details summary").first.click()
        first = page.locator(".doors li").first
        await first.locator("select").select_option("2")
        await first.locator("textarea").fill("想装扶手")
        await nobody_is_kept_out(page)
        await page.screenshot(path=PICTURES / "desk-doors-list-360.png", full_page=True)
        await first.get_by_role("button", name="走访了").click()
        await expect(page.locator(".doors li").first).to_contain_text("想装扶手")
        await page.locator(".doors input[type=checkbox]").first.check()
        await page.get_by_role("button", name="打勾的都走访了").click()
        await expect(page.locator(".doors .is-done")).to_have_count(2)
    async with signed_in(browser, newcomer, "village", PHONE) as page:

        async def counted() -> bool:
            await page.goto(here)
            return "2（共" in await page.locator(".sums").inner_text()

        await until(counted, "the sums")
        await nobody_is_kept_out(page)
        await nothing_sticks_out(page)
        await expect(page.locator("#content")).to_contain_text("想装扶手")
        await page.screenshot(path=PICTURES / "desk-doors-360.png", full_page=True)
