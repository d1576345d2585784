"""Calls the application: signed, form-encoded, and given up on time.

After Twilio's 'Webhooks security' (X-Twilio-Signature), 'Webhooks connection overrides' and 'Error
11205: HTTP connection failure'. It must never call an address beyond the loopback interface.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from time import monotonic
from typing import Literal
from urllib.parse import urldefrag, urlsplit

import httpx
from twilio.request_validator import RequestValidator

from demo.carrier.records import WebhookAttempt, WebhookPurpose

SignatureMode = Literal["valid", "wrong", "none"]

_ANSWER_LIMIT = 64 * 1024
_TOKENS = uuid.UUID("6f0a7c0e-6d4e-4c58-9a35-3c7f6d0d8c11")
"""Namespace of idempotency tokens: the same webhook sent again carries the same token."""


def is_loopback(host: str | None) -> bool:
    """Whether a host of a URL is this machine; names other than 'localhost' are not looked up."""
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Answered:
    """A webhook and the content type of its answer, which only the reader of the answer needs."""

    attempt: WebhookAttempt
    content_type: str


class Webhooks:
    """Calls the application; who asked for the call reads the answer and keeps the attempt.

    Args:
        auth_token: The secret that signs.
        clock: Where the time comes from.
        timeout: Asked before each call: seconds until it is given up.
    """

    def __init__(self, auth_token: str, clock: Callable[[], datetime], timeout: Callable[[], float]) -> None:
        self._auth_token = auth_token
        self._clock = clock
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            trust_env=False, limits=httpx.Limits(max_connections=None, max_keepalive_connections=20)
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def call(
        self,
        purpose: WebhookPurpose,
        url: str,
        params: Mapping[str, str],
        message_sid: str,
        signature: SignatureMode = "valid",
    ) -> Answered:
        """POST `params` to `url`.

        Never raises for what the application does: the attempt's errors hold 11205 when no answer
        came in time, 11200 when its status is not 2xx.
        """
        bare, _ = urldefrag(url)
        signed = self._sign(bare, params, signature)
        attempt = WebhookAttempt(
            purpose=purpose,
            message_sid=message_sid,
            url=url,
            params=dict(params),
            signature=signed,
            at=self._clock(),
            seconds=0,
        )
        started = monotonic()
        content_type = ""
        try:
            content_type = await self._post(bare, params, attempt)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
            attempt.errors.append(11205)
        else:
            if not 200 <= (attempt.status_code or 0) < 300:
                attempt.errors.append(11200)
        attempt.seconds = monotonic() - started
        return Answered(attempt, content_type)

    async def _post(self, url: str, params: Mapping[str, str], attempt: WebhookAttempt) -> str:
        if not is_loopback(urlsplit(url).hostname):
            raise OSError("the carrier reaches the loopback interface only")
        token = uuid.uuid5(_TOKENS, attempt.message_sid + params.get("SmsStatus", ""))
        headers = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*", "I-Twilio-Idempotency-Token": str(token)}
        if attempt.signature is not None:
            headers["X-Twilio-Signature"] = attempt.signature
        async with asyncio.timeout(self._timeout()):
            response = await self._client.post(url, data=dict(params), headers=headers, timeout=None)
        attempt.status_code = response.status_code
        attempt.answer = response.text[:_ANSWER_LIMIT]
        return str(response.headers.get("content-type", ""))

    def _sign(self, url: str, params: Mapping[str, str], mode: SignatureMode) -> str | None:
        if mode == "none":
            return None
        token = self._auth_token if mode == "valid" else self._auth_token[::-1] + "-wrong"
        return str(RequestValidator(token).compute_signature(url, dict(params)))
