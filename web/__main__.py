"""Runs the application until it is told to stop: `python -m web --port 8080`."""

import argparse
import logging
import socket
import sys

import uvicorn

from linzhang.settings import SettingsError, load_settings
from web.app import create_app
from web.desk.live.feed import Feed

#: Seconds that requests have to end in, and the exit code that uvicorn has for what could not start.
_PATIENCE, _NOT_STARTED = 10, 3


class _Server(uvicorn.Server):
    """Lets go of the pages that listen before it ends, since they would listen for ever."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self._feed = feed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then end as uvicorn does."""
        self._feed.close()
        await super().shutdown(sockets)


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
    config = uvicorn.Config(
        app,
        host=arguments.host,
        port=arguments.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=_PATIENCE,
    )
    server = _Server(config, app.state.feed)
    server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


if __name__ == "__main__":
    main()
