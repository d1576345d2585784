"""Runs the application until it is told to stop: `python -m web --port 8080`."""

import argparse
import logging
import sys

import uvicorn

from linzhang.settings import SettingsError, load_settings
from web.app import create_app


def main() -> None:
    """Serve.

    Raises:
        SystemExit: The configuration cannot be used; says which setting and why.
    """
    parser = argparse.ArgumentParser(prog="python -m web", description="The webhooks of all bridges.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on (default: %(default)s)")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        app = create_app(load_settings())
    except SettingsError as error:
        sys.exit(str(error))
    # No access log: a status callback's query is nobody's business, and health checks fill disks.
    uvicorn.run(app, host=arguments.host, port=arguments.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
