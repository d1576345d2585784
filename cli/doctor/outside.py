"""Checks of everything that is not ours: homeservers, bridges' platforms, the way back to us, the login."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from bridges.contract import Bridge, Checks, DeliveryError
from bridges.matrix.appservice import AppService
from bridges.matrix.setup import review
from bridges.registry import bridges, matrix_bridge
from cli.doctor.configuration import is_local
from cli.doctor.findings import Finding, fail, ok, warn
from cli.doctor.storage import skew
from issues import switches
from linzhang.settings import Settings

#: Seconds for a request, and how long before its end a certificate should be renewed.
_TIMEOUT, _RENEW = 10.0, timedelta(days=14)


async def homeservers(settings: Settings) -> Sequence[Finding]:
    """See whether each homeserver knows us as its registration should say, and reaches us."""
    matrix = matrix_bridge(settings)
    try:
        return [each for service in matrix.services for each in await _homeserver(service)]
    finally:
        await matrix.close()


async def _homeserver(service: AppService) -> Sequence[Finding]:
    subject = f"homeserver {service.homeserver.server_name}"
    try:
        await service.ping()
    except DeliveryError as error:
        todo = (
            f"Is it at {service.homeserver.url}, and has it the file of"
            f" `linzhang homeserver registration {service.homeserver.server_name}`?"
        )
        return [fail(subject, str(error), todo)]
    wrong = [fail(subject, said, todo) for said, todo in await review(service)]
    return wrong or [ok(subject, "it knows our token and our names, and reaches us")]


async def platforms(settings: Settings) -> Sequence[Finding]:
    """See whether each bridge's platform lets us in, and brings what comes in to us."""
    matrix = matrix_bridge(settings)
    found: list[Finding] = []
    off = await switches.off()
    for name, bridge in bridges(settings, matrix).items():
        if name in off:
            todo = f"`linzhang bridges enable {name}` turns it on again."
            found.append(warn(name, "an administrator has turned it off", todo))
        found += await _platform(bridge)
        await bridge.close()
    return found


async def _platform(bridge: Bridge) -> Sequence[Finding]:
    if not isinstance(bridge, Checks):
        return []
    try:
        await bridge.check()
        todos = await bridge.review()
    except DeliveryError as error:
        todo = f"Correct what the configuration says of {bridge.name}, or wait until it is back."
        return [fail(bridge.name, str(error), todo)]
    wrong = [warn(bridge.name, "it is not set up as we need it", todo) for todo in todos]
    return wrong or [ok(bridge.name, "it lets us in")]


async def way_back(settings: Settings) -> Sequence[Finding]:
    """See whether the application answers where the carrier and the homeservers call it, and how."""
    url = settings.public_url.rstrip("/")
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as http:
            health = await http.get(f"{url}/health")
            metrics = await http.get(f"{url}/metrics")
    except httpx.HTTPError as error:
        todo = "Start `python -m web` and the proxy before it, with a certificate that everybody trusts."
        return [fail("public_url", f"{url} does not answer ({type(error).__name__}: {_why(error)})", todo)]
    if health.status_code != 200 or "json" not in health.headers.get("content-type", ""):
        said = f"{url}/health answers {health.status_code}, and not from us"
        return [fail("public_url", said, "Let the proxy pass every path to `python -m web` unchanged.")]
    found = [ok("public_url", f"we answer at {url}")]
    if "date" in health.headers:
        found += skew("public_url", parsedate_to_datetime(health.headers["date"]), datetime.now(UTC))
    if is_local(url):
        return found
    if metrics.status_code == 200:
        todo = "Set metrics_token, or let the proxy keep /metrics inside."
        found.append(fail("public_url", "everybody can read /metrics", todo))
    return [*found, *await _certificate(url)]


async def _certificate(url: str) -> Sequence[Finding]:
    parts = urlsplit(url)
    if parts.scheme != "https":
        todo = "Put a proxy with TLS in front, and write https://: carriers send what residents say there."
        return [fail("public_url", "it has no TLS", todo)]
    ends = await certificate_ends(parts.hostname or "", parts.port or 443)
    said = f"its certificate ends on {ends:%Y-%m-%d}"
    if ends - datetime.now(UTC) < _RENEW:
        return [warn("public_url", said, "Renew it, and see why that did not happen by itself.")]
    return [ok("public_url", said)]


async def certificate_ends(host: str, port: int) -> datetime:
    """When the certificate of a server ends, which everybody trusts.

    Raises:
        OSError: It cannot be reached, or its certificate is none that is trusted.
    """
    async with asyncio.timeout(_TIMEOUT):
        _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    told = writer.get_extra_info("peercert")
    writer.close()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), UTC)


async def login(settings: Settings) -> Sequence[Finding]:
    """See whether the city's login describes itself."""
    if settings.oidc is None:
        return []
    url = f"{settings.oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as http:
            told = (await http.get(url)).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        return [fail("oidc", f"{url} does not answer ({type(error).__name__})", "Correct oidc.issuer.")]
    if str(told.get("issuer", "")).rstrip("/") != settings.oidc.issuer.rstrip("/"):
        return [fail("oidc", f"it calls itself {told.get('issuer')}", "Write that into oidc.issuer.")]
    return [ok("oidc", "the city's login describes itself")]


def _why(error: Exception) -> str:
    """The reason that lies deepest, such as that of a certificate."""
    while error.__cause__ is not None or error.__context__ is not None:
        deeper = error.__cause__ or error.__context__
        if not isinstance(deeper, Exception):
            break
        error = deeper
    return str(error)[:200]
