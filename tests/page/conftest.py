"""One demo, one village, one browser, and windows that nobody has touched."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.page.newcomer import Demo, Newcomer
from tests.page.village import Village, chromium, village_at


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demos(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """The demo of all modules, which whoever is the first to play it starts."""
    demo = Demo(tmp_path_factory.mktemp("demo") / "data")
    yield demo
    await demo.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(demos: Demo, request: pytest.FixtureRequest) -> AsyncIterator[Demo]:
    """The demo, whose start draws a city: that is the dearest thing in this folder.

    Whoever plays it finds what the tests before have left there, as whoever goes on with a demo does. It is
    stopped behind the last module that plays it: its idle parts take from the tests of other folders.
    """
    if demos.process is None or demos.process.returncode is not None:
        await demos.start()
    yield demos
    modules = [item.path for item in request.session.items if "demo" in getattr(item, "fixturenames", ())]
    if modules[-1] == request.path:
        await demos.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def village(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Village]:
    async with village_at(tmp_path_factory.mktemp("village")) as village:
        yield village


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(demo: Demo, browser: Browser) -> AsyncIterator[Newcomer]:
    """The demo's page, and who has just opened it."""
    async with window(browser, demo.url) as page:
        state = await (await page.request.get(f"{demo.url}/state")).json()
        yield Newcomer(page, state)


@pytest_asyncio.fixture(loop_scope="session")
async def page(village: Village, browser: Browser) -> AsyncIterator[Page]:
    """The page of the village."""
    async with window(browser, village.page_url) as page:
        yield page


@asynccontextmanager
async def window(browser: Browser, url: str) -> AsyncIterator[Page]:
    """A page in a window of its own; errors of its script fail the test."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(url)
    await expect(page.locator("body[data-ready]")).to_be_attached()
    yield page
    await page.close()
    assert errors == []
