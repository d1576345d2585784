"""Starts the page as a process of its own: `python -m demo.page --config FILE --port PORT`.

Reads flags and serves until it is told to stop.
"""

import argparse
import logging
from pathlib import Path

from pydantic import ValidationError

from demo.page.config import PageConfig
from demo.page.server import HOST, PageServer, bind, create_app


def main(arguments: list[str] | None = None) -> None:
    """Serve the page until SIGINT or SIGTERM.

    Raises:
        SystemExit: A flag or the configuration is wrong; the message says which.
    """
    parser = argparse.ArgumentParser(
        prog="python -m demo.page",
        description="Phones and rooms in a browser, on the loopback interface.",
    )
    parser.add_argument("--config", type=Path, required=True, help="the JSON file of demo.page.config")
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0 takes any that is free")
    flags = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    # nio tells about every answer that it did not expect, with the whole content.
    logging.getLogger("nio").setLevel(logging.ERROR)
    try:
        config = PageConfig.model_validate_json(flags.config.read_text(encoding="utf-8"))
    except OSError as error:
        parser.error(f"--config: {error.strerror}")
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        parser.error(f"--config: {'.'.join(map(str, first['loc']))}: {first['msg']}")
    listener = bind(flags.port)
    print(f"page on http://{HOST}:{listener.getsockname()[1]}/", flush=True)
    PageServer(create_app(config)).run(sockets=[listener])


if __name__ == "__main__":
    main()
