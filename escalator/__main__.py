"""Runs one worker until it is told to stop: `python -m escalator`."""

import logging

from linzhang.loading import loading


def main() -> None:
    """Run a worker.

    Raises:
        SystemExit: See `escalator.running.run`.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # arq logs a line per job and the HTTP clients one per request, with its URL.
    for chatty in ("arq.worker", "httpx", "nio", "twilio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    with loading():
        from escalator.running import run
    run()


if __name__ == "__main__":
    main()
