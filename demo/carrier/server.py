"""One carrier as a web server: the application, and the process that serves it.

Puts REST, control API and faults together. It must never listen on anything but the loopback
interface.
"""

import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from demo.carrier import account, control, rest
from demo.carrier.config import HOST, CarrierConfig
from demo.carrier.delivery import API_VERSION
from demo.carrier.errors import CarrierError, UnsupportedParameter
from demo.carrier.exchange import Exchange
from demo.carrier.misbehaviour import Misbehaviour
from demo.carrier.voice import control as voice_control
from demo.carrier.voice import recordings as voice_recordings
from demo.carrier.voice import rest as voice_rest

_LOOPBACK_PAGES = r"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?"


def create_app(config: CarrierConfig) -> FastAPI:
    """A carrier as an ASGI application.

    Args:
        config: What it is started with.
    """
    exchange = Exchange(config, lambda: datetime.now(UTC))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        exchange.start()
        yield
        await exchange.stop()

    app = FastAPI(title="Linzhang's carrier", lifespan=lifespan, openapi_url=None)
    app.state.exchange = exchange

    def cut(scope: Scope) -> None:
        app.state.cut(scope["client"])

    for part in (account, rest, voice_rest, voice_recordings, control, voice_control):
        app.include_router(part.router)
    app.include_router(rest.storage)
    app.add_middleware(Misbehaviour, faults=exchange.faults, cut=cut)
    app.add_middleware(
        CORSMiddleware, allow_origin_regex=_LOOPBACK_PAGES, allow_methods=["*"], allow_headers=["*"]
    )
    app.add_exception_handler(CarrierError, _refuse)
    app.add_exception_handler(UnsupportedParameter, _not_imitated)
    app.add_exception_handler(HTTPException, _unknown_path)
    return app


class CarrierServer(uvicorn.Server):
    """Serves one carrier; can tear a connection, and ends streams before it ends itself.

    Args:
        app: Made by `create_app`.
        log_level: uvicorn's.
    """

    def __init__(self, app: FastAPI, log_level: str = "warning") -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=H11Protocol,
                lifespan="on",
                log_level=log_level,
                access_log=False,  # paths and queries hold phone numbers
                timeout_graceful_shutdown=1,
            )
        )
        self._exchange: Exchange = app.state.exchange
        app.state.cut = self.cut

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of event streams, then end as uvicorn does."""
        self._exchange.store.close()
        await super().shutdown(sockets)

    def cut(self, client: tuple[str, int]) -> None:
        """Tear the connection with `client`, so that it sees a reset and no answer."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == tuple(client):
                raw = connection.transport.get_extra_info("socket")
                if raw is not None:
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.transport.abort()


def bind(port: int) -> socket.socket:
    """A socket on the loopback interface.

    Args:
        port: Where; 0 takes any that is free.

    Raises:
        OSError: Somebody else has it.
    """
    # asyncio sends small answers at once only on sockets that say that they are TCP; others wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener


async def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, CarrierError)
    return JSONResponse(error.body(), status_code=error.status, headers=error.headers())


async def _not_imitated(_: Request, error: Exception) -> Response:
    assert isinstance(error, UnsupportedParameter)
    return JSONResponse(error.body(), status_code=501)


async def _unknown_path(request: Request, error: Exception) -> Response:
    """Under the REST API, say what Twilio says of paths and methods that it does not have."""
    assert isinstance(error, HTTPException)
    if not request.url.path.startswith(f"/{API_VERSION}/"):
        return JSONResponse({"detail": error.detail}, status_code=error.status_code)
    twilio = CarrierError(20004) if error.status_code == 405 else CarrierError(20404, request.url.path)
    return JSONResponse(twilio.body(), status_code=twilio.status)
