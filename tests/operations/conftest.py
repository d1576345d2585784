"""A carrier in this process, and settings that use it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from demo.carrier import config
from demo.carrier.server import bind, create_app
from linzhang.settings import Settings
from tests.factories import make_settings, open_database
from tests.sms.wire import ACCOUNT, OUR_NUMBER, TOKEN, account, serving


@pytest_asyncio.fixture
async def carrier_url() -> AsyncIterator[str]:
    """Where a carrier's API is whose number reports texts to us, and calls to nobody."""
    listener = bind(0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(
        config.CarrierConfig(
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            numbers=(OUR_NUMBER,),
            public_url=url,
            settings=config.Settings(sms_url="http://127.0.0.1:1/sms/inbound"),
        )
    )
    async with serving(app, listener) as served:
        yield served


@pytest.fixture
async def settings(tmp_path: Path, carrier_url: str) -> AsyncIterator[Settings]:
    """Settings with an open database; homeserver and Redis are away, the carrier is there."""
    made = make_settings(tmp_path, twilio=account(carrier_url))
    async with open_database(made):
        yield made
