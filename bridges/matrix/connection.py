"""One HTTP connection to a homeserver: calls in, the bridges' contract of errors out.

Stands on matrix-nio's `AsyncClient.send`, its plain transport. nio's own calls cannot be used by an
application service: they have no way to say for whom it acts (`?user_id=`), they wait and try again
without end where our outbox wants to know, and they throw away the status and the error's code.

No error that leaves here holds a token, a user's id or the homeserver's own words, which name users.
"""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import aiohttp
from nio import AsyncClient, AsyncClientConfig

from bridges.contract import DeliveryError, Refused, Unavailable, Uncertain
from bridges.crowd import Crowd
from linzhang.settings import Homeserver

#: A request as the builders of `nio.Api` make it: method, path and, where it has one, the body.
Request = tuple[str, ...]

#: What builders of `nio.Api` want as a token; it would stand in the URL, ours goes into a header.
NO_TOKEN = ""

#: How long a call waits for which the homeserver must reach another one.
BEYOND = aiohttp.ClientTimeout(total=5)

#: The homeserver does not know our token, or has no room for more: its administrator's to repair,
#: and no reason to give a message up.
_REPAIRABLE = {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_RESOURCE_LIMIT_EXCEEDED"}


class Denied(Refused):
    """The homeserver has understood and says no.

    Attributes:
        errcode: Why, in Matrix' words, such as 'M_FORBIDDEN'; `code` is the HTTP status.
    """

    def __init__(self, action: str, status: int, errcode: str) -> None:
        super().__init__(f"{action}: {errcode}", status)
        self.errcode = errcode


@dataclass
class _Attempt:
    """A call under way.

    Attributes:
        begun: Whether anything of it has left us. The HTTP client makes some calls again by itself when a
            kept connection breaks, and what it tells then is only how the last time went.
    """

    begun: bool = False


class Connection:
    """Calls the client-server API of one homeserver as an application service.

    Each call says for whom it acts, the bot as well: the user whom the registration names as the sender has
    no way to look what was said in its rooms (Synapse refuses it `/sync`), any other one of ours has.
    """

    def __init__(self, homeserver: Homeserver) -> None:
        self._bot = homeserver.bot_id
        self._bot_is_there = False
        self._token = homeserver.as_token
        self._timeout = aiohttp.ClientTimeout(total=homeserver.patience)
        self._crowd = Crowd()
        self._crowds_beyond: dict[str, Crowd] = defaultdict(lambda: Crowd(answer_counts=False))
        self._client = AsyncClient(
            homeserver.url.rstrip("/"),
            homeserver.bot_id,
            config=AsyncClientConfig(request_timeout=homeserver.patience),
        )

    async def call(
        self, action: str, request: Request, *, user: str | None = None, beyond: str = ""
    ) -> dict[str, Any]:
        """Make one call, once.

        Args:
            action: What it is for, in words for the error.
            request: From a builder of `nio.Api`.
            user: The ghost that acts; the bot where it is None.
            beyond: Name of another homeserver for which this one will wait. It is not waited for long: this
                one goes on by itself.

        Raises:
            Denied: The homeserver says no.
            Unavailable: It did not take the call.
            Uncertain: It may have taken the call, which would change something.
        """
        method, path, *body = request
        content = body[0] if body else None
        crowd = self._crowds_beyond[beyond] if beyond else self._crowd
        patience = BEYOND if beyond else self._timeout
        async with crowd.joined(action):
            await self._make_bot()
            path = _acting(path, user or self._bot)
            return await self._exchange(action, method, path, content, "application/json", patience)

    async def register(self, user_id: str) -> None:
        """Make sure that there is a user of ours.

        Raises:
            DeliveryError: See `call`.
        """
        async with self._crowd.joined("registering"):
            await self._register(user_id)

    async def _make_bot(self) -> None:
        """Make sure that the homeserver knows the bot, for whom it would take no call otherwise."""
        if not self._bot_is_there:
            await self._register(self._bot)
            self._bot_is_there = True

    async def _register(self, user_id: str) -> None:
        localpart = user_id.removeprefix("@").split(":")[0]
        body = {"type": "m.login.application_service", "username": localpart, "inhibit_login": True}
        path = "/_matrix/client/v3/register"
        try:
            await self._exchange(
                "registering", "POST", path, json.dumps(body), "application/json", self._timeout
            )
        except Denied as error:
            if error.errcode != "M_USER_IN_USE":
                raise
        except Uncertain as error:  # it can be done again, and what it is for has not been asked yet
            raise Unavailable(str(error), error.code) from error

    async def upload(self, action: str, path: str, content: bytes, content_type: str) -> dict[str, Any]:
        """Hand a file over. It changes nothing that anybody sees, so it can be done again.

        Raises:
            Denied: The homeserver says no.
            Unavailable: It has not taken it, or nobody knows.
        """
        try:
            async with self._crowd.joined(action):
                await self._make_bot()
                path = _acting(path, self._bot)
                return await self._exchange(action, "POST", path, content, content_type, self._timeout)
        except Uncertain as error:
            raise Unavailable(str(error), error.code) from error

    @asynccontextmanager
    async def download(self, action: str, path: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """Have a file given out, piece by piece.

        Raises:
            Denied: The homeserver says no.
            Unavailable: It cannot be had now, or breaks off.
        """
        await self._make_bot()
        path = _acting(path, self._bot)
        try:
            answer = await self._client.send("GET", path, None, self._headers(), timeout=self._timeout)
            async with answer:
                if answer.status != 200:
                    raise _failure(action, "GET", int(answer.status), _json(await answer.text()) or {})
                yield answer
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
            raise Unavailable(f"{action}: {type(error).__name__}") from error

    async def _exchange(
        self,
        action: str,
        method: str,
        path: str,
        body: str | bytes | None,
        content_type: str,
        patience: aiohttp.ClientTimeout,
    ) -> dict[str, Any]:
        headers = self._headers() | {"Content-Type": content_type}
        attempt = _Attempt()
        self._open()
        try:
            answer = await self._client.send(method, path, body, headers, attempt, timeout=patience)
            status, text = int(answer.status), await answer.text()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            reason = f"{action}: the homeserver cannot be reached"
            raise (_doubt(method, reason) if attempt.begun else Unavailable(reason)) from error
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
            raise _doubt(method, f"{action}: {type(error).__name__}") from error
        content = _json(text)
        if 200 <= status < 300 and content is not None:
            return content
        raise _failure(action, method, status, content or {})

    def _open(self) -> None:
        """Open what nio would open by itself, but so that we are told what leaves us."""
        if self._client.client_session is None:
            trace = aiohttp.TraceConfig()
            trace.on_request_headers_sent.append(_note)
            session = aiohttp.ClientSession(timeout=self._timeout, trace_configs=[trace])
            self._client.client_session = session

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token.get_secret_value()}"}

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.close()


async def _note(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    if isinstance(context.trace_request_ctx, _Attempt):
        context.trace_request_ctx.begun = True


def _acting(path: str, user: str) -> str:
    """The path without a token in its query, and with the user for whom we act."""
    parts = urlsplit(path)
    query = parse_qs(parts.query)
    query.pop("access_token", None)
    query["user_id"] = [user]
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))


def _json(text: str) -> dict[str, Any] | None:
    """What was answered; a bare list as Matrix names lists elsewhere, as its 'chunk'."""
    try:
        content = json.loads(text)
    except ValueError:
        return None
    if isinstance(content, list):
        return {"chunk": content}
    return content if isinstance(content, dict) else None


def _failure(action: str, method: str, status: int, content: dict[str, Any]) -> DeliveryError:
    errcode = content.get("errcode")
    if status == 429:
        wait = content.get("retry_after_ms")
        seconds = wait / 1000 if isinstance(wait, int | float) else None
        return Unavailable(f"{action}: too much at once", status, seconds)
    if status == 503 or errcode in _REPAIRABLE:
        return Unavailable(f"{action}: HTTP {status}", status)
    if status >= 500 or status < 400:
        # An error inside the homeserver, or a proxy's answer in its place: it may come after the deed.
        return _doubt(method, f"{action}: HTTP {status}", status)
    if not isinstance(errcode, str):
        return Unavailable(f"{action}: HTTP {status}, and not from a homeserver", status)
    return Denied(action, status, errcode)


def _doubt(method: str, reason: str, code: int | None = None) -> DeliveryError:
    """A call that only asks can be made again; of one that changes something nobody knows the end."""
    return Unavailable(reason, code) if method == "GET" else Uncertain(reason, code)
