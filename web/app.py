"""The FastAPI application: every bridge's webhooks, whether the service is well, the desk and the API.

A webhook stores what came in and answers; the work is the workers'. Nothing here may wait for the
homeserver, the carrier or Redis.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.routing import Mount

from bridges.calls import CallBridge
from bridges.contract import Inbound
from bridges.registry import bridges, matrix_bridge
from escalator.waking import Waker, connect
from issues.gathering import Gathering
from issues.telephone import DutyLine
from linzhang import logs, tracing
from linzhang.database import database
from linzhang.settings import Settings
from programme.notices import receipts
from rooms.uploads import Uploads
from web import dependencies, health, media
from web.api import app as api
from web.api.limits import Limits
from web.around import Around
from web.desk.app import desk_app
from web.desk.kept import Kept
from web.desk.live.feed import Feed
from web.metrics import scraping
from web.open311 import app as open311


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings; it opens the database when it starts.

    Whoever serves it ends `state.feed` before it ends connections: open pages listen for ever.
    """
    waker = Waker(connect(settings.redis_url))
    matrix = matrix_bridge(settings)
    by_name = bridges(settings, matrix)

    watch = dependencies.of_service(waker, matrix, by_name.values())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with database(settings.database_url, for_all_tasks=True):
            catching_up = asyncio.create_task(matrix.catch_up())
            try:
                yield
            finally:
                catching_up.cancel()
                watch.close()
                await asyncio.gather(catching_up, return_exceptions=True)
                await waker.close()
                for bridge in by_name.values():
                    await bridge.close()

    gathering = Gathering(settings)

    async def accept(inbound: Inbound) -> bool:
        with logs.about(bridge=inbound.bridge), tracing.span("webhook"):
            lane = await gathering.store(inbound)
            await receipts.seen(settings, inbound)
        if lane is not None:
            waker.inbox_soon(lane)
        return lane is not None

    switchboard = DutyLine(settings)
    app = FastAPI(title="Linzhang", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    for bridge in by_name.values():
        app.include_router(bridge.routes(accept))
        if isinstance(bridge, CallBridge):
            app.include_router(bridge.call_routes(accept, switchboard))
    app.include_router(media.router(settings, matrix))
    app.include_router(health.router(settings, watch))
    app.include_router(scraping.router(settings))
    app.state.feed = Feed()
    kept = Kept(matrix, Uploads(matrix, by_name))
    app.mount("/desk", desk_app(settings, waker, app.state.feed, kept))
    limits = Limits(settings.api_requests_per_minute)
    app.mount(api.PREFIX, api.api_app(settings, waker, limits))
    app.mount(open311.PREFIX, open311.open311_app(settings, waker, limits, accept))
    _let_mounts_have_all(app)
    app.add_middleware(Around)
    return app


def _let_mounts_have_all(app: FastAPI) -> None:
    """Let what is mounted answer for addresses with a line break in them too, in its own words."""
    for route in app.routes:
        if isinstance(route, Mount):
            route.path_regex = re.compile(route.path_regex.pattern, re.DOTALL)
