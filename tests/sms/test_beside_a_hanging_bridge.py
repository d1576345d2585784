"""A bridge that hangs, with many waiting for it, does not delay a text."""

import asyncio
import contextlib
from pathlib import Path

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from demo.carrier.server import bind
from escalator.worker import JOBS, work
from linzhang.settings import Telegram
from models import Address, Outbox
from tests.factories import make_settings, open_database, plant, resident
from tests.sms.wire import PHONE, account, serving, until


async def to_send(address: Address, number: int) -> None:
    await Outbox.create(
        key=f"k{address.id}.{number}",
        lane=f"address:{address.id}",
        bridge=address.bridge,
        address=address,
        payload={"text": "明天来修"},
        created_at="2026-11-24T02:00:00Z",
        not_before="2026-11-24T02:00:00Z",
    )


async def test_a_text_arrives_while_another_bridge_hangs(
    tmp_path: Path, carrier_url: str, control: httpx.AsyncClient
) -> None:
    """Many wait for a platform that never answers; it gets its share of the worker and no more."""
    hanging, goes_on = 0, asyncio.Event()
    app = FastAPI()

    @app.post("/{path:path}")
    async def hang(path: str) -> dict[str, bool]:
        nonlocal hanging
        hanging += 1
        await goes_on.wait()
        return {"ok": False}

    async def is_full() -> bool:
        return hanging == JOBS

    async def arrived() -> bool:
        got = (await control.get(f"/phones/{PHONE}/messages")).json()["messages"]
        return [each["body"] for each in got] == ["明天来修"]

    async with serving(app, bind(0)) as url:
        bot = Telegram(token=SecretStr(f"123456:{'t' * 30}"), webhook_secret=SecretStr("s" * 16), api_url=url)
        settings = make_settings(tmp_path, twilio=account(carrier_url), telegram=bot)
        async with open_database(settings):
            block = (await plant()).block
            for number in range(JOBS + 10):
                await to_send(await resident(settings, block, number=str(number), bridge="telegram"), number)
            working = asyncio.create_task(work(settings))
            await until(is_full, "the bridge to hang with all that it may")
            await to_send(await resident(settings, block, number=PHONE), 0)
            await until(arrived, "the text")
            assert hanging == JOBS, "it hangs still, and has got no more"
            goes_on.set()
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
