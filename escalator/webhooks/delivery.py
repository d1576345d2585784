"""The deliverer of webhooks: one signed POST, to the address that was looked at, and to no other.

It follows no redirection and reads no answer but its status. What does not arrive waits in the outbox and is
sent again; a target that fails for days is given up.
"""

import asyncio
import json
from datetime import datetime

import httpx

from bridges.contract import Delivered, Unavailable
from escalator.webhooks import reach, signing, targets
from linzhang.settings import Settings
from models import Outbox, WebhookTarget

#: Seconds for one call, with looking its name up.
_PATIENCE = 10.0

#: The receiver is gone for good, as Standard Webhooks has it.
_GONE = 410


class ToWebhook:
    """Delivers what is put down for targets.

    Args:
        settings: The service's.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # No proxy from the environment: the address that was looked at is the one that is called.
        self._http = httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=False, trust_env=False)

    async def deliver(self, row: Outbox) -> Delivered:
        """See `escalator.delivery.Deliverer.deliver`."""
        target = await WebhookTarget.get(id=row.payload["target"])
        if target.ended_at is not None or target.disabled_at is not None:
            return Delivered(row.key, "given up")
        wall = self._settings.clock.wall()
        try:
            async with asyncio.timeout(_PATIENCE):
                status = await self._post(target, row, wall)
        except (httpx.HTTPError, reach.Unreachable, TimeoutError, ValueError) as error:
            why = str(error) if isinstance(error, reach.Unreachable) else type(error).__name__
            raise await self._failed(target, why, wall) from error
        if status == _GONE:
            await targets.give_up(self._settings, target, f"answered {status}")
            return Delivered(row.key, "gone")
        if not 200 <= status < 300:
            raise await self._failed(target, f"answered {status}", wall)
        if target.failures:
            await WebhookTarget.filter(id=target.id).update(failures=0, failing_since=None)
        return Delivered(row.key, str(status))

    async def find(self, row: Outbox) -> Delivered | None:  # noqa: ARG002 - the signature is given
        """It is sent again: the receiver knows it by its id."""
        return None

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def _post(self, target: WebhookTarget, row: Outbox, wall: datetime) -> int:
        place = reach.read(target.url)
        address = await reach.resolve(place, self._settings.webhook_networks)
        body = json.dumps(row.payload["body"], ensure_ascii=False, separators=(",", ":")).encode()
        secret = self._settings.vault.open(target.secret)
        named = f"[{place.host}]" if ":" in place.host else place.host
        headers = signing.headers(secret, row.key, wall, body) | {
            "Host": f"{named}:{place.port}",
            "Content-Type": "application/json",
            "User-Agent": "Linzhang",
        }
        numeric = f"[{address}]" if address.version == 6 else str(address)
        url = f"{place.scheme}://{numeric}:{place.port}{place.path}"
        request = self._http.build_request(
            "POST", url, content=body, headers=headers, extensions={"sni_hostname": place.host}
        )
        answer = await self._http.send(request, stream=True)
        await answer.aclose()
        return answer.status_code

    async def _failed(self, target: WebhookTarget, why: str, wall: datetime) -> Unavailable:
        since = target.failing_since or wall
        await WebhookTarget.filter(id=target.id).update(failures=target.failures + 1, failing_since=since)
        if wall - since >= targets.PATIENCE:
            await targets.give_up(self._settings, target, why)
        return Unavailable(why)
