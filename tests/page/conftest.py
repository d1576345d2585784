"""A demo for each module that plays it, a browser, and a window in which nobody has done anything."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.page.newcomer import Demo, Newcomer
from tests.page.village import chromium


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
