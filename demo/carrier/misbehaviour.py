"""Makes ordered faults happen on the wire, outside of everything that answers properly.

Wraps the REST API as an ASGI middleware. It must never touch the control API, nor decide which
request a fault strikes: the book of faults does.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from math import ceil

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.carrier.delivery import API_VERSION
from demo.carrier.errors import CarrierError
from demo.carrier.faults import Fault, FaultKind, Faults

_REFUSALS = {
    FaultKind.TOO_MANY: 20429,
    FaultKind.BROKEN: 20500,
    FaultKind.UNAVAILABLE: 20503,
    FaultKind.BROKEN_AFTER_ACCEPT: 20500,
}


class Misbehaviour:
    """Strikes REST requests with the faults that were ordered.

    Args:
        app: What answers properly.
        faults: The book.
        cut: Tears the connection that a request came on, given the request's scope.
    """

    def __init__(self, app: ASGIApp, faults: Faults, cut: Callable[[Scope], None]) -> None:
        self._app = app
        self._faults = faults
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, properly or not."""
        fault = None
        if scope["type"] == "http" and scope["path"].startswith(f"/{API_VERSION}/"):
            fault = self._faults.next_for_request(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.kind in _REFUSALS:
            if fault.kind is FaultKind.BROKEN_AFTER_ACCEPT:
                await self._app(scope, receive, _swallow)
            error = CarrierError(_REFUSALS[fault.kind], retry_after=ceil(fault.seconds))
            answer = JSONResponse(error.body(), status_code=error.status, headers=error.headers())
            await answer(scope, receive, send)
        elif fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)
        else:
            await self._never_answer(fault, scope, receive)

    async def _never_answer(self, fault: Fault, scope: Scope, receive: Receive) -> None:
        if fault.kind is FaultKind.TIMEOUT_AFTER_ACCEPT:
            await self._app(scope, receive, _swallow)
            with suppress(TimeoutError):
                async with asyncio.timeout(fault.seconds):
                    await _gone(receive)
        self._cut(scope)
        await _gone(receive)


async def _swallow(_: Message) -> None:
    """Send nothing."""


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
