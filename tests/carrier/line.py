"""Both ends of the carrier's line for tests: an application that is asked, and phones that text and call."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from demo.carrier.process import CarrierProcess

HOST = "127.0.0.1"
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a-secret-of-the-tests"
OURS = "+8655812345678"
ALSO_OURS = "+8655812345679"
PHONE = "+8610000000001"
OTHER_PHONE = "+8610000000002"
AUTH = (ACCOUNT, TOKEN)

#: Seconds after which a test stops waiting for something that should have happened at once.
PATIENCE = 20.0

Found = TypeVar("Found")


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


def process(data: Path, flags: Sequence[str] = ()) -> CarrierProcess:
    """A carrier that is not started yet."""
    return CarrierProcess(
        account_sid=ACCOUNT, auth_token=TOKEN, numbers=[OURS, ALSO_OURS], data=data, flags=flags
    )


def connect(url: str, http_client: Any = None, auth_token: str = TOKEN) -> Any:
    """The real SDK, pointed at a carrier."""
    client = Client(ACCOUNT, auth_token, http_client=http_client)
    client.api.base_url = url
    return client


@dataclass(frozen=True)
class Call:
    """One request of the carrier to the application.

    Attributes:
        method: 'POST' or 'GET'.
        path: Where it went, without the query.
        query: The raw query.
        params: The form, or the query of a GET.
        headers: In lower case.
        genuine: Whether the SDK's validator believes the signature.
    """

    method: str
    path: str
    query: str
    params: dict[str, str]
    headers: dict[str, str]
    genuine: bool


@dataclass
class Application:
    """What the carrier calls: it keeps every call, and answers as it is told.

    Attributes:
        url: Its address.
        calls: Every call, in order of arrival.
        answers: What it answers, by path; 204 where nothing is said.
        open: While it is not set, no call is answered.
    """

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, Response] = field(default_factory=dict)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: Request) -> Response:
        """Take one call."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        params = form if request.method == "POST" else dict(request.query_params)
        path = request.scope["raw_path"].decode()
        query = request.scope["query_string"].decode()
        signed = self.url + path + (f"?{query}" if query else "")
        signature = request.headers.get("x-twilio-signature", "")
        genuine = bool(RequestValidator(TOKEN).validate(signed, form, signature))
        self.calls.append(Call(request.method, path, query, params, dict(request.headers), genuine))
        await self.open.wait()
        return self.answers.get(path, Response(status_code=204))

    async def picture(self) -> Response:
        """Something to attach."""
        return Response(b"\x89PNG", media_type="image/png")

    async def sound(self) -> Response:
        """Something to play."""
        return Response(b"ID3", media_type="audio/mpeg")

    def says(self, path: str, twiml: object) -> None:
        """Answer one path with TwiML from now on."""
        self.answers[path] = Response(str(twiml), media_type="text/xml")

    def on(self, path: str) -> list[Call]:
        """The calls of one path."""
        return [call for call in self.calls if call.path == path]

    def statuses(self, path: str = "/status") -> list[str]:
        """The statuses that were reported to one path."""
        return [call.params["MessageStatus"] for call in self.on(path)]

    async def expect(self, path: str, count: int = 1) -> list[Call]:
        """Wait until one path was called so many times."""

        async def find() -> bool:
            return len(self.on(path)) >= count

        await until(find, f"{count} calls of {path}; there were {len(self.on(path))}")
        return self.on(path)


@contextlib.asynccontextmanager
async def application() -> AsyncIterator[Application]:
    """Serve an application on a real socket."""
    served = Application()
    served.open.set()
    app = FastAPI()
    app.add_api_route("/picture", served.picture, methods=["GET"])
    app.add_api_route("/sound", served.sound, methods=["GET"])
    app.add_api_route("/{path:path}", served.receive, methods=["POST", "GET"])
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind((HOST, 0))
        served.url = f"http://{HOST}:{listener.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", lifespan="off")
        config.load()
        # Started and stopped by hand: the server's own loop looks only each 0.1 s whether it is to end.
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        server.force_exit = True
        await server.startup(sockets=[listener])
        try:
            yield served
        finally:
            served.open.set()
            await server.shutdown(sockets=[listener])


@dataclass(frozen=True)
class Line:
    """The carrier's control API, in words of tests."""

    control: httpx.AsyncClient

    async def text(self, body: str = "路灯坏了", *, phone: str = PHONE, **options: Any) -> dict[str, Any]:
        """Let a phone text; returns what the carrier saw of the webhook."""
        answer = await self.control.post(f"/phones/{phone}/texts", json={"body": body, **options})
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    async def call(self, *, phone: str = PHONE, **options: Any) -> dict[str, Any]:
        """Let a phone call; returns the call once it waits for the phone."""
        answer = await self.control.post(f"/phones/{phone}/calls", json=options)
        assert answer.status_code == 200, answer.text
        call: dict[str, Any] = answer.json()
        return call

    async def on_call(self, sid: str, deed: str, **how: Any) -> dict[str, Any]:
        """Do something on a call; returns it once it waits for the phone again."""
        answer = await self.control.post(f"/calls/{sid}/{deed}", json=how or None)
        assert answer.status_code == 200, answer.text
        call: dict[str, Any] = answer.json()
        return call

    async def refused(self, sid: str, deed: str, **how: Any) -> str:
        """Do something that the call does not wait for; returns why not."""
        answer = await self.control.post(f"/calls/{sid}/{deed}", json=how or None)
        assert answer.status_code == 409, answer.text
        return str(answer.json()["detail"])

    async def read_call(self, sid: str) -> dict[str, Any]:
        """A call as its phone knows it."""
        call: dict[str, Any] = (await self.control.get(f"/calls/{sid}")).json()
        return call

    async def calls(self, phone: str = PHONE) -> list[dict[str, Any]]:
        """The calls of a phone."""
        calls: list[dict[str, Any]] = (await self.control.get(f"/phones/{phone}/calls")).json()["calls"]
        return calls

    async def rings(self, phone: str = PHONE) -> str:
        """Wait until a phone rings; returns the sid of the call."""

        async def find() -> str | None:
            waiting = [each for each in await self.calls(phone) if each["status"] == "ringing"]
            return str(waiting[0]["sid"]) if waiting else None

        return await until(find, f"{phone} to ring")

    async def hears(self, sid: str, kind: str) -> dict[str, Any]:
        """Wait until the last that a call's phone has heard is of a kind.

        An application that was asked has not been heard yet.
        """

        async def find() -> dict[str, Any] | None:
            call = await self.read_call(sid)
            return call if call["heard"] and call["heard"][-1]["kind"] == kind else None

        return await until(find, f"{sid} to hear a {kind}")

    async def call_ends(self, sid: str, status: str) -> dict[str, Any]:
        """Wait until a call has a status."""

        async def find() -> dict[str, Any] | None:
            call = await self.read_call(sid)
            return call if call["status"] == status else None

        return await until(find, f"{sid} to be {status}")

    async def fault(self, kind: str, **options: Any) -> None:
        """Order a fault."""
        answer = await self.control.post("/faults", json={"kind": kind, **options})
        assert answer.status_code == 201, answer.text

    async def settle(self, **settings: Any) -> None:
        """Change settings."""
        answer = await self.control.patch("/settings", json=settings)
        assert answer.status_code == 200, answer.text

    async def behave(self, behaviour: str, phone: str = PHONE) -> None:
        """Make a phone behave otherwise."""
        answer = await self.control.put(f"/phones/{phone}", json={"behaviour": behaviour})
        assert answer.status_code == 200, answer.text

    async def received(self, phone: str = PHONE) -> list[dict[str, Any]]:
        """What was sent to a phone, oldest first."""
        answer = await self.control.get(f"/phones/{phone}/messages")
        return [each for each in answer.json()["messages"] if each["direction"] == "outbound"]

    async def bodies(self, phone: str = PHONE) -> list[str]:
        """The texts that were sent to a phone, oldest first."""
        return [each["body"] for each in await self.received(phone)]

    async def records(self) -> dict[str, Any]:
        """Everything that was kept."""
        kept: dict[str, Any] = (await self.control.get("/records")).json()
        return kept

    async def message(self, sid: str) -> dict[str, Any]:
        """What was kept of one message."""
        found: Mapping[str, Any] = next(
            each for each in (await self.records())["messages"] if each["sid"] == sid
        )
        return dict(found)

    async def ends(self, sid: str, status: str = "delivered") -> dict[str, Any]:
        """Wait until a message has a status; returns what was kept of it."""

        async def find() -> dict[str, Any] | None:
            message = await self.message(sid)
            return message if message["status"] == status else None

        return await until(find, f"{sid} to be {status}")


@contextlib.asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """Open the control API of a carrier."""
    # There is no TLS on this line; reading all certificates would take longer than a test.
    async with httpx.AsyncClient(
        base_url=f"{url}/_carrier", trust_env=False, verify=False, timeout=PATIENCE
    ) as control:
        yield Line(control)
