"""Runs one worker until it is told to stop: `python -m escalator`."""

import logging
import sys

from escalator.worker import make_worker
from linzhang.settings import SettingsError, load_settings


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
        settings = load_settings()
    except SettingsError as error:
        sys.exit(str(error))
    make_worker(settings).run()


if __name__ == "__main__":
    main()
