"""A Bot API server on a real socket, the application behind its webhook, and a town's people on Telegram."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bridges.contract import Bridge
from bridges.registry import bridges, matrix_bridge
from bridges.telegram.bridge import TelegramBridge
from demo.carrier.server import bind
from demo.telegram.api import create_app as telegram_app
from demo.telegram.api import deliver
from demo.telegram.world import World
from escalator import inbox, outbox
from escalator.delivery import ToPerson
from linzhang.settings import Settings, Telegram
from models import Inbox, InboxState
from tests.factories import Territory, make_settings, open_database, plant
from tests.sms.wire import serving
from web.app import create_app

TOKEN = "123456:telegram-token-of-the-tests"
SECRET = "a-secret-of-the-tests"

#: Liu's account.
LIU = 7001


def bot(api_url: str) -> Telegram:
    """The settings of the bot."""
    return Telegram(token=SecretStr(TOKEN), webhook_secret=SecretStr(SECRET), api_url=api_url)


@pytest.fixture
def world() -> World:
    """Telegram's side."""
    return World(TOKEN)


@pytest_asyncio.fixture
async def api_url(world: World) -> AsyncIterator[str]:
    """Where the Bot API is."""
    async with serving(telegram_app(world), bind(0)) as url:
        yield url


@pytest_asyncio.fixture
async def bridge(api_url: str) -> AsyncIterator[TelegramBridge]:
    """The bridge; it is impatient."""
    made = TelegramBridge(bot(api_url), public_url="http://127.0.0.1:1", timeout=2.0)
    yield made
    await made.close()


@dataclass
class Town:
    """The service between Telegram and the database; jobs run when the test says so."""

    settings: Settings
    world: World
    territory: Territory
    bridges: dict[str, Bridge]

    async def bring(self, update: dict[str, Any]) -> int:
        """Let Telegram bring an update, and have it worked on; returns the webhook's status."""
        status, _ = await deliver(self.world, update)
        await self.work()
        return status

    async def work(self) -> None:
        """Take in what waits, and send what is due to people on Telegram."""
        for row in await Inbox.filter(state=InboxState.WAITING):
            await inbox.drain(self.settings, row.lane)
        for row in await Inbox.all():
            assert row.state is InboxState.DONE, row.error
        await self.carry_out()

    async def carry_out(self) -> None:
        """Send what is due."""
        to_person = ToPerson(self.settings, self.bridges["telegram"], None)  # type: ignore[arg-type]
        for lane in await outbox.due_lanes(self.settings, 100):
            if lane.startswith("address:"):
                await outbox.drain(self.settings, {"telegram": to_person}, lane)

    def texts(self, person: int = LIU) -> list[str]:
        """What somebody has got from the bot."""
        return self.world.texts(person)


@pytest_asyncio.fixture
async def town(tmp_path: Path, world: World, api_url: str) -> AsyncIterator[Town]:
    """A territory, and the application at a webhook that Telegram was told by us."""
    listener = bind(0)
    public_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = make_settings(tmp_path, public_url=public_url, telegram=bot(api_url), settle=0)
    async with open_database(settings), serving(create_app(settings), listener):
        by_name = dict(bridges(settings, matrix_bridge(settings)))
        telegram = by_name["telegram"]
        assert isinstance(telegram, TelegramBridge)
        assert await telegram.connect() == "@linzhang_bot"
        yield Town(settings, world, await plant(), by_name)
        for each in by_name.values():
            await each.close()
