"""The door: who may scrape, and how often the database is asked."""

import asyncio
import secrets
import time
from collections.abc import Iterable
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from tortoise.exceptions import BaseORMException

from linzhang.settings import Settings
from web.metrics import lateness, loop, queues
from web.metrics.carriers import Carriers

#: Seconds for which what was read is given out again, however many scrape.
KEPT = 10.0

#: What a proxy adds: behind one, everybody seems to come from this machine.
_OF_PROXIES = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def router(settings: Settings) -> APIRouter:
    """The one address."""
    routes = APIRouter()
    reading = _Reading(settings)

    @routes.get("/metrics")
    async def metrics(request: Request) -> Response:
        """All of it, as Prometheus asks for it."""
        refused = _refused(settings, request)
        if refused is not None:
            return refused
        try:
            families = await reading.families()
        except (BaseORMException, OSError):
            return Response(status_code=503)
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Read(families))
        return Response(encode(registry), headers={"Content-Type": kind, "Cache-Control": "no-store"})

    return routes


class _Read(Collector):
    """What has been read, as the client library wants it."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """What there is."""
        return self._families


class _Reading:
    """Reads once for all who ask within some seconds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._carriers = Carriers()
        self._lock = asyncio.Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    async def families(self) -> list[Metric]:
        """All metrics, not older than `KEPT`."""
        async with self._lock:
            if time.monotonic() >= self._until:
                self._kept = [
                    *await loop.read(self._settings),
                    *await queues.read(self._settings),
                    await lateness.read(self._settings),
                    *await self._carriers.read(self._settings),
                ]
                self._until = time.monotonic() + KEPT
            return self._kept


def _refused(settings: Settings, request: Request) -> Response | None:
    """What whoever may not scrape is answered: without a token only this machine may."""
    if settings.metrics_token is None:
        return None if _is_this_machine(request) else Response(status_code=404)
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    token = settings.metrics_token.get_secret_value()
    if scheme.lower() == "bearer" and secrets.compare_digest(shown.strip().encode(), token.encode()):
        return None
    return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})


def _is_this_machine(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _OF_PROXIES):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
