"""How the SDK reaches the carrier: one pool of connections, a limit of time, and silence.

The SDK's own asynchronous client forgets the limit of time that it is given and writes the numbers of a
query into the log; this one does neither. It must never send a message a second time by itself: whether
it was taken is for the caller to find out.
"""

import logging
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from linzhang.settings import Twilio


class SlowDown(Exception):
    """The carrier takes no more for now; what it was asked has not been done.

    Attributes:
        retry_after: Seconds that it asks to wait, where it says so.
    """

    def __init__(self, retry_after: float | None) -> None:
        super().__init__("Too many requests.")
        self.retry_after = retry_after


class Connection(AsyncHttpClient):  # type: ignore[misc]  # the SDK has no types
    """What the SDK sends its requests through; opened inside of a running event loop.

    Args:
        timeout: Seconds for a whole request; connecting may take half of them, after which it is certain
            that nothing was sent.
    """

    def __init__(self, timeout: float) -> None:
        super().__init__(logging.getLogger(__name__), is_async=True, timeout=timeout)
        self._session = ClientSession(timeout=ClientTimeout(total=timeout, connect=timeout / 2))

    async def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the signature is given
        allow_redirects: bool = False,
    ) -> Response:
        """Make one request.

        Raises:
            SlowDown: It was answered with 429.
            aiohttp.ClientConnectorError: No connection: nothing was sent.
            aiohttp.ConnectionTimeoutError: No connection in time: nothing was sent.
            aiohttp.ClientError: The connection broke.
            TimeoutError: The answer did not come in time.
        """
        async with self._session.request(
            method,
            uri,
            params=params,
            data=data,
            headers={**(headers or {}), **(_authorization(*auth) if auth else {})},
            allow_redirects=allow_redirects,
        ) as answer:
            if answer.status == 429:
                raise SlowDown(_seconds(answer.headers.get("Retry-After", "")))
            return Response(answer.status, await answer.text(), answer.headers)

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def client(twilio: Twilio, connection: Connection) -> Client:
    """The SDK's client for an account, on this connection."""
    made = Client(
        twilio.account_sid,
        twilio.auth_token.get_secret_value(),
        http_client=connection,
        # TWILIO_REGION and its like must not move us elsewhere; an empty mapping would let them.
        environment={"": ""},
    )
    made.api.base_url = twilio.api_url
    return made


def _authorization(account_sid: str, auth_token: str) -> Mapping[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{account_sid}:{auth_token}".encode()).decode()}


def _seconds(value: str) -> float | None:
    """The seconds of a Retry-After header; the carrier sends no dates there."""
    return float(value) if value.isascii() and value.isdecimal() else None
