"""Checks of what stands in the configuration: what can be used and should not be, or not in production."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from cli.doctor.findings import Finding, ok, warn
from linzhang.settings import Settings

_SUBJECT = "settings"


async def check(settings: Settings) -> Sequence[Finding]:
    """Look at the settings, which could be read."""
    tiers = " → ".join(tier.key for tier in settings.territory.tiers)
    found = [ok(_SUBJECT, "every one can be used"), ok("profile", f"{settings.profile} ({tiers})")]
    if settings.clock_file is not None:
        found.append(
            warn(_SUBJECT, "a file drives the clock", "Remove clock_file: it is for demo and tests.")
        )
    if settings.metrics_token is None:
        todo = "Set metrics_token, and let Prometheus show it."
        found.append(warn(_SUBJECT, "only this machine can read /metrics", todo))
    if settings.twilio is None:
        found.append(warn(_SUBJECT, "residents cannot text", "Add the table [twilio]."))
    if settings.territory.segment_price is None:
        todo = "Write segment_price into the profile, to see what texts cost."
        found.append(warn("profile", "it has no price of an SMS segment", todo))
    return [*found, *_readable(os.environ.get("LINZHANG_CONFIG")), *_plain(settings)]


def _readable(config: str | None) -> Sequence[Finding]:
    if config and Path(config).stat().st_mode & stat.S_IROTH:
        return [warn(_SUBJECT, f"everybody on this machine can read {config}", f"chmod o-r {config}")]
    return []


def _plain(settings: Settings) -> Sequence[Finding]:
    """Addresses to which secrets go without being encrypted."""
    todo = "Write https://, or see that the way there is private."
    urls = {each.server_name: each.url for each in settings.homeservers}
    return [
        warn("homeserver", f"{name} is called without TLS", todo)
        for name, url in urls.items()
        if urlsplit(url).scheme != "https" and not is_local(url)
    ]


def is_local(url: str) -> bool:
    """Whether an address leads to this machine."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
