"""Runs one worker until it is told to stop."""

import asyncio
import contextlib
import signal
import sys

from escalator.worker import work
from linzhang import starting
from linzhang.settings import Settings, SettingsError, load_settings


def run() -> None:
    """Work.

    Raises:
        SystemExit: The configuration cannot be used; says which setting and why.
    """
    try:
        settings = load_settings()
        starting.set_up("worker", settings)
        asyncio.run(_until_told_to_stop(settings))
    except SettingsError as error:
        sys.exit(str(error))


async def _until_told_to_stop(settings: Settings) -> None:
    working = asyncio.ensure_future(work(settings))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await working
