"""How much a request may bring. What is more is not read to its end."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bytes; and what the pages may be sent that take files.
MOST = 16 << 20
MOST_OF = {"/desk/admin/import": 256 << 20}


class Bounds:
    """Refuses requests that bring too much."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_OF.get(scope["path"], MOST)
        told = dict(scope["headers"]).get(b"content-length", b"0")
        came = int(told) if told.isdigit() else 0

        async def bounded() -> Message:
            nonlocal came
            if came > most:
                raise HTTPException(413)
            message = await receive()
            if not told.isdigit() or told == b"0":
                came += len(message.get("body", b""))
            return message

        await self._app(scope, bounded, send)
