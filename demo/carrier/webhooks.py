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
from math import inf
from time import monotonic
from typing import Literal
from urllib.parse import urldefrag, urlencode, urlsplit

import httpx
from twilio.request_validator import RequestValidator

from demo.carrier.overrides import OverridesProblem, overrides_of
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
    """A webhook and what only the reader of its answer needs.

    Attributes:
        attempt: What is kept of it.
        content_type: Of the answer.
        text: The whole answer.
    """

    attempt: WebhookAttempt
    content_type: str
    text: str


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
        *,
        message_sid: str | None = None,
        call_sid: str | None = None,
        signature: SignatureMode = "valid",
        method: Literal["GET", "POST"] = "POST",
    ) -> Answered:
        """POST `params` to `url`, or GET it with them in the query.

        Never raises for what the application does: the attempt's errors hold 11205 when no answer
        came in time, 11200 when its status is not 2xx, 11243 when the address asks for what there is not.
        """
        bare, _ = urldefrag(url)
        if method == "GET":
            bare = _with_query(bare, params)
        signed = self._sign(bare, {} if method == "GET" else params, signature)
        attempt = WebhookAttempt(
            purpose=purpose,
            message_sid=message_sid,
            call_sid=call_sid,
            method=method,
            url=url,
            params=dict(params),
            signature=signed,
            at=self._clock(),
            seconds=0,
        )
        started = monotonic()
        try:
            overrides = overrides_of(url)
        except OverridesProblem:
            attempt.errors.append(11243)
            return Answered(attempt, "", "")
        deadline = started + min(self._timeout(), overrides.total_timeout or inf)
        while True:
            attempt.tries += 1
            left = min(deadline - monotonic(), overrides.read_timeout or inf)
            content_type, text, failure = await self._try(bare, attempt, left)
            out_of_time = monotonic() >= deadline
            if failure is None or out_of_time or not overrides.try_again(attempt.tries, failure):
                break
        attempt.seconds = monotonic() - started
        return Answered(attempt, content_type, text)

    async def _try(self, url: str, attempt: WebhookAttempt, seconds: float) -> tuple[str, str, str | None]:
        """One try: the content type and the text of the answer, and by which policy it failed."""
        attempt.status_code, attempt.errors = None, []
        try:
            content_type, text = await self._request(url, attempt, seconds)
        except (httpx.ConnectError, httpx.InvalidURL, httpx.UnsupportedProtocol):
            attempt.errors.append(11205)
            return "", "", "ct"
        except (httpx.HTTPError, TimeoutError, OSError):
            attempt.errors.append(11205)
            return "", "", "rt"
        status = attempt.status_code or 0
        if 200 <= status < 300:
            return content_type, text, None
        attempt.errors.append(11200)
        return content_type, text, f"{status // 100}xx"

    async def _request(self, url: str, attempt: WebhookAttempt, seconds: float) -> tuple[str, str]:
        if not is_loopback(urlsplit(url).hostname):
            raise OSError("the carrier reaches the loopback interface only")
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": str(uuid.uuid5(_TOKENS, _identity(attempt))),
        }
        if attempt.signature is not None:
            headers["X-Twilio-Signature"] = attempt.signature
        async with asyncio.timeout(seconds):
            form = attempt.params if attempt.method == "POST" else None
            response = await self._client.request(
                attempt.method, url, data=form, headers=headers, timeout=None
            )
        attempt.status_code = response.status_code
        content_type = str(response.headers.get("content-type", ""))
        text = "" if content_type.startswith("audio/") else response.text
        attempt.answer = text[:_ANSWER_LIMIT]
        return content_type, text

    def _sign(self, url: str, params: Mapping[str, str], mode: SignatureMode) -> str | None:
        if mode == "none":
            return None
        token = self._auth_token if mode == "valid" else self._auth_token[::-1] + "-wrong"
        return str(RequestValidator(token).compute_signature(url, dict(params)))


def _with_query(url: str, params: Mapping[str, str]) -> str:
    return url + ("&" if "?" in url else "?") + urlencode(dict(params))


def _identity(attempt: WebhookAttempt) -> str:
    """What two attempts at the same webhook have in common, and no others."""
    if attempt.message_sid is not None:
        return attempt.message_sid + attempt.params.get("SmsStatus", "")
    return " ".join([str(attempt.call_sid), attempt.purpose, attempt.url, *attempt.params.values()])
