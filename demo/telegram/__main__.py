"""Serves Telegram for one bot on the loopback interface: `python -m demo.telegram --token … --port …`."""

import argparse

import uvicorn

from demo.telegram.api import create_app
from demo.telegram.world import World


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.telegram", description="A Bot API server for one bot."
    )
    parser.add_argument("--port", type=int, required=True, help="port to listen on")
    parser.add_argument("--token", required=True, help="the bot's token")
    arguments = parser.parse_args()
    # No access log: the token stands in every path.
    uvicorn.run(
        create_app(World(arguments.token)), port=arguments.port, access_log=False, log_level="warning"
    )


if __name__ == "__main__":
    main()
