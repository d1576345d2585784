"""Both ends of the wire for tests: a caller that signs as the carrier does, and what stores events."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import TypeVar
from urllib.parse import urlencode

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from bridges.contract import Inbound
from bridges.sms.bridge import SmsBridge
from linzhang.settings import Twilio

HOST = "127.0.0.1"
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "12345"
OUR_NUMBER = "+8655812345678"
PHONE = "+8613800000001"
PUBLIC_URL = "https://mycompany.com"

#: Seconds after which a test stops waiting for something that should have happened at once.
PATIENCE = 60.0

Found = TypeVar("Found")


def account(api_url: str = "https://api.twilio.com", auth_token: str = TOKEN) -> Twilio:
    """The settings of the account."""
    return Twilio(account_sid=ACCOUNT, auth_token=SecretStr(auth_token), number=OUR_NUMBER, api_url=api_url)


async def until(find: Callable[[], Awaitable[Found | None]], what: str) -> Found:
    """Wait until `find` finds something.

    Raises:
        AssertionError: It did not within `PATIENCE`.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = await find()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE:g} s in vain for {what}")


class Store:
    """What `accept` has stored, as a table with a unique key would.

    Attributes:
        events: Everything that was new, in the order in which it came.
        offered: How many events were handed in, known ones too.
        away: While it is set, nothing can be stored.
    """

    def __init__(self) -> None:
        self.events: list[Inbound] = []
        self.offered = 0
        self.away = False

    async def accept(self, inbound: Inbound) -> bool:
        """Store an event once, or fail as a database does that is away."""
        self.offered += 1
        if self.away:
            raise OSError(f"the database is away, and {inbound.sender} is not stored")
        if any(each.external_id == inbound.external_id for each in self.events):
            return False
        self.events.append(inbound)
        return True

    @property
    def only(self) -> Inbound:
        """The one event that there is."""
        (event,) = self.events
        return event


class Caller:
    """Calls the webhooks through an inner address that differs from the public one, as behind a proxy."""

    def __init__(self, store: Store) -> None:
        app = FastAPI()
        app.include_router(SmsBridge(account(), public_url=PUBLIC_URL, region="CN").routes(store.accept))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://10.0.0.7:8000")

    async def post(
        self,
        path: str,
        params: Mapping[str, str] | Iterable[tuple[str, str]],
        *,
        signed: Mapping[str, str] | None = None,
        token: str = TOKEN,
        signed_url: str = PUBLIC_URL,
        signature: str | None = None,
    ) -> httpx.Response:
        """Send a signed form.

        Args:
            path: Path and query.
            params: What is sent.
            signed: What is signed, if it is something else.
            token: What it is signed with.
            signed_url: The address that is signed with it.
            signature: A signature to show instead; '' shows none.
        """
        params = dict(params)
        if signature is None:
            validator = RequestValidator(token)
            signature = validator.compute_signature(signed_url + path, params if signed is None else signed)
        return await self.http.post(
            path,
            content=urlencode(params, encoding="utf-8").encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                **({"X-Twilio-Signature": signature} if signature else {}),
            },
        )


def text_params(body: str = "路灯坏了", **more: str) -> dict[str, str]:
    """The parameters of a text, blank ones among them, as they come for numbers outside North America."""
    return {
        "ToCountry": "CN",
        "ToState": "",
        "SmsMessageSid": "SM" + "a" * 32,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": "SM" + "a" * 32,
        "SmsStatus": "received",
        "Body": body,
        "FromCountry": "CN",
        "To": OUR_NUMBER,
        "MessageSid": "SM" + "a" * 32,
        "AccountSid": ACCOUNT,
        "From": PHONE,
        "ApiVersion": "2010-04-01",
        **more,
    }


def status_params(status: str, **more: str) -> dict[str, str]:
    """The parameters of a receipt."""
    return {
        "SmsSid": "SM" + "b" * 32,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": PHONE,
        "MessageSid": "SM" + "b" * 32,
        "AccountSid": ACCOUNT,
        "From": OUR_NUMBER,
        "ApiVersion": "2010-04-01",
        **more,
    }


@contextlib.asynccontextmanager
async def serving(app: FastAPI, listener: socket.socket) -> AsyncIterator[str]:
    """Serve an application on a real socket; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listener]))

    async def started() -> bool:
        return server.started

    await until(started, "the application to listen")
    try:
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
