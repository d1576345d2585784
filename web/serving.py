"""Serves the application until it is told to stop."""

import socket
import sys

import uvicorn

from linzhang import starting
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


def serve(host: str, port: int) -> None:
    """Serve at an address.

    Raises:
        SystemExit: The configuration cannot be used; says which setting and why. Or nothing could be served.
    """
    try:
        settings = load_settings()
        starting.set_up("web", settings)
        app = create_app(settings)
    except SettingsError as error:
        sys.exit(str(error))
    # No access log: a status callback's query is nobody's business, and health checks fill disks.
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,  # as all others
        log_level="warning",
        timeout_graceful_shutdown=_PATIENCE,
    )
    server = _Server(config, app.state.feed)
    server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)
