"""What stands around every request: a place for the log's facts, and a trace where something is changed.

Neither knows the address that was asked for: in some of ours there is a word that opens a door.
"""

from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Receive, Scope, Send

from linzhang import logs, tracing

#: They only read, some of them for hours.
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Around:
    """ASGI middleware around the whole application.

    Args:
        app: What is inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with logs.about():
            if scope["method"] in _READING:
                await self._app(scope, receive, send)
                return
            with tracing.span("request", kind=SpanKind.SERVER):
                await self._app(scope, receive, send)
