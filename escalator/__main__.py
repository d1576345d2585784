"""Runs one worker until it is told to stop: `python -m escalator`."""

import asyncio
import contextlib
import logging
import signal
import sys

from escalator.worker import work
from linzhang.settings import Settings, SettingsError, load_settings


def main() -> None:
    """Run a worker.

    Raises:
        SystemExit: The configuration cannot be used; says which setting and why.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # arq logs a line per job and the HTTP clients one per request, with its URL.
    for chatty in ("arq.worker", "httpx", "nio", "twilio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        asyncio.run(_until_told_to_stop(load_settings()))
    except SettingsError as error:
        sys.exit(str(error))


async def _until_told_to_stop(settings: Settings) -> None:
    working = asyncio.ensure_future(work(settings))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await working


if __name__ == "__main__":
    main()
