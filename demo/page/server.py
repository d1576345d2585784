"""The page as a web server: what browsers fetch, follow and order.

Puts the parts together and checks what comes in. It must never listen on anything but the loopback
interface, and never change what it passes on.
"""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, Header, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from demo.page.calls import CallBook, Deed
from demo.page.clock import PageClock
from demo.page.config import PageConfig
from demo.page.feed import Feed
from demo.page.gate import Gate
from demo.page.media import Attachment, given_out
from demo.page.phones import Carrier, PhoneBook
from demo.page.rooms import RoomBook
from demo.page.sessions import Away, Refused, Session
from linzhang.clock import FileClock

HOST = "127.0.0.1"

_STATIC = Path(__file__).parent / "static"
_HEARTBEAT = 15.0
_LOOK_AT_CLOCK = 0.25

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", default_factory=lambda: secrets.token_hex(16))]
Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Text(_Order):
    """A resident texts the service.

    Attributes:
        number: Whose phone.
        body: At most ten segments of GSM letters, as the carrier takes them.
        media: What goes with it; then there need be no words.
        channel: Whether it is a text or a WhatsApp message.
        key: The same key always means the same text.
    """

    number: Id
    body: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1600)]
    media: Annotated[list[Attachment], Field(max_length=10)] = []
    channel: Literal["sms", "whatsapp"] = "sms"
    key: Key

    @model_validator(mode="after")
    def _says_something(self) -> "Text":
        if not self.body and not self.media:
            raise ValueError("neither words nor a picture")
        return self


class Dialling(_Order):
    """A resident calls the service.

    Attributes:
        number: Whose phone.
        key: The same key always means the same call.
    """

    number: Id
    key: Key


class OnCall(_Order):
    """Somebody does something on a call.

    Attributes:
        deed: What.
        digits: The keys that are pressed.
        sound: Base64 of a WAV file that is said; a ready one where it is empty.
        seconds: Its length.
    """

    deed: Deed
    digits: Annotated[str, Field(pattern=r"^[0-9*#]{0,20}$")] = ""
    sound: Annotated[str, Field(max_length=8_000_000, pattern=r"^[A-Za-z0-9+/=]*$")] = ""
    seconds: Annotated[int, Field(ge=0, le=600)] = 0


class Saying(_Order):
    """Somebody with a Matrix account says something.

    Attributes:
        user_id: Who.
        room: Id of the room.
        thread: Root of the thread; left out, it is said to the whole room.
        body: The words.
        key: The same key always means the same message.
    """

    user_id: Id
    room: Id
    thread: Id | None = None
    body: Words
    key: Key


class Showing(_Order):
    """Somebody with a Matrix account shows a picture, a sound or a film in a thread.

    Attributes:
        user_id: Who.
        room: Id of the room.
        thread: Root of the thread.
        medium: What.
        key: The same key always means the same message.
    """

    user_id: Id
    room: Id
    thread: Id
    medium: Attachment
    key: Key


class Reaction(_Order):
    """Somebody with a Matrix account reacts to a message.

    Attributes:
        user_id: Who.
        room: Id of the room.
        event: Id of the message.
        key: The emoji.
    """

    user_id: Id
    room: Id
    event: Id
    key: Annotated[str, StringConstraints(min_length=1, max_length=32)]


class Step(_Order):
    """The programme's clock jumps.

    Attributes:
        advance_seconds: How far; at most a week at once.
    """

    advance_seconds: Annotated[float, Field(gt=0, le=7 * 86400, allow_inf_nan=False)]


class Pace(_Order):
    """The programme's clock runs on at another speed.

    Attributes:
        speed: Programme seconds per second.
    """

    speed: Annotated[float, Field(ge=1, le=3600, allow_inf_nan=False)]


class Page:
    """All that the page knows and can do, behind its routes."""

    def __init__(self, config: PageConfig) -> None:
        self.config = config
        self.feed = Feed()
        self.clock = PageClock(FileClock(config.clock_file), self._tell_of_clock)
        units = {leader.unit_code: leader.unit for leader in config.leaders}
        self.rooms = RoomBook(units, self.feed.publish, self.clock.at)
        numbers = [resident.number for resident in config.residents]
        self.phones = PhoneBook(numbers, self.feed.publish, self.clock.at)
        self.calls = CallBook(numbers, self.feed.publish, self.clock.at)
        self.carrier = Carrier(
            config.carrier_url, config.service_number, [self.phones, self.calls], self._tell_of_link
        )
        self.sessions = {
            person.user_id: Session(
                person, person.homeserver_url or config.homeserver_url, self.rooms, self._tell_of_link
            )
            for person in config.people
        }
        self._links: dict[str, bool] = {}

    async def run(self) -> None:
        """Hear everybody, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.clock.watch(_LOOK_AT_CLOCK))
            tasks.create_task(self.carrier.run())
            for session in self.sessions.values():
                tasks.create_task(session.run())

    async def download(self, uri: str) -> bytes:
        """A file in Matrix, as the first of the people sees it whose client is there.

        Raises:
            Refused: None of them may.
            Away: None of them can.
        """
        failure: Away | Refused = Away("nobody is logged in")
        for session in self.sessions.values():
            try:
                return await session.download(uri)
            except (Away, Refused) as error:
                failure = error
        raise failure

    def snapshot(self) -> dict[str, Any]:
        """The present state, and the place in the feed from which to go on."""
        config = self.config
        return {
            "last": self.feed.last_id,
            "clock": self.clock.as_json(),
            "timezone": config.timezone,
            "quiet": config.quiet.model_dump(mode="json"),
            "homeserver_url": config.homeserver_url,
            "service_number": config.service_number,
            "service_users": config.bots,
            "residents": [
                resident.model_dump(exclude={"unit_code"}) | {"unit": config.unit_of(resident)}
                for resident in config.residents
            ],
            "leaders": [
                leader.model_dump(exclude={"parent_code"}) | {"parent": config.parent_of(leader)}
                for leader in config.leaders
            ],
            "neighbours": [neighbour.model_dump() for neighbour in config.neighbours],
            "offices": [office.model_dump() for office in config.offices],
            "desk_url": config.desk_url,
            "links": self._links,
            "texts": self.phones.snapshot(),
            "calls": self.calls.snapshot(),
            **self.rooms.snapshot(),
        }

    async def events(self, after: str) -> AsyncIterator[bytes]:
        """The feed as server-sent events."""
        async for entry in self.feed.follow(after, _HEARTBEAT):
            yield entry.as_event() if entry else b": still here\n\n"

    def _tell_of_clock(self) -> None:
        self.feed.publish("clock", self.clock.as_json())

    def _tell_of_link(self, name: str, up: bool) -> None:
        if self._links.get(name) is not up:
            self._links[name] = up
            self.feed.publish("link", {"name": name, "up": up})


def create_app(config: PageConfig) -> FastAPI:
    """The page as an ASGI application.

    Args:
        config: What it is started with.
    """
    page = Page(config)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        running = asyncio.create_task(page.run())
        yield
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    app = FastAPI(title="Linzhang's demo page", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.page = page
    app.add_middleware(Gate)
    app.add_exception_handler(RequestValidationError, _say_what_is_wrong)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Away, _away)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    _add_reading(app, page)
    _add_orders(app, page)
    return app


def _add_reading(app: FastAPI, page: Page) -> None:
    @app.get("/")
    async def index() -> FileResponse:
        return FileResponse(_STATIC / "index.html")

    @app.get("/state")
    async def state() -> dict[str, Any]:
        return page.snapshot()

    @app.get("/shown")
    async def shown(event: Annotated[str, Query(max_length=255)]) -> Response:
        found = page.rooms.file_of(event)
        if found is None:
            raise HTTPException(404, "Nothing is shown there.")
        uri, content_type = found
        return given_out(await page.download(uri), content_type)

    @app.get("/texts/{sid}/media/{number}")
    async def attached(sid: str, number: int) -> Response:
        file_sid = page.phones.file_of(sid, number)
        if file_sid is None:
            raise HTTPException(404, "Nothing came with this text.")
        return given_out(*await page.carrier.file(file_sid))

    @app.get("/events")
    async def events(
        after: Annotated[str, Query(max_length=64)] = "",
        last_event_id: Annotated[str | None, Header(max_length=64)] = None,
    ) -> StreamingResponse:
        return StreamingResponse(page.events(last_event_id or after), media_type="text/event-stream")


def _add_orders(app: FastAPI, page: Page) -> None:
    def check_number(number: str) -> None:
        if number not in {resident.number for resident in page.config.residents}:
            raise HTTPException(422, "number: this is none of the phones on the page.")

    @app.post("/texts", status_code=204)
    async def text(order: Text) -> None:
        check_number(order.number)
        await page.carrier.text(order.number, order.body, order.key, media=order.media, channel=order.channel)

    @app.post("/calls")
    async def call(order: Dialling) -> dict[str, str]:
        check_number(order.number)
        return {"sid": await page.carrier.call(order.number, order.key)}

    @app.post("/calls/{sid}", status_code=204)
    async def on_call(sid: str, order: OnCall) -> None:
        if sid not in page.calls:
            raise HTTPException(404, "This is no call of the page's.")
        await page.carrier.on_call(
            sid, order.deed, digits=order.digits, sound=order.sound, seconds=order.seconds
        )

    @app.post("/say")
    async def say(order: Saying) -> dict[str, str]:
        session = _session(page, order.user_id)
        return {"event_id": await session.say(order.room, order.body, order.thread, order.key)}

    @app.post("/show")
    async def show(order: Showing) -> dict[str, str]:
        session = _session(page, order.user_id)
        medium = order.medium
        shown = session.show(order.room, medium.base64, medium.content_type, order.thread, order.key)
        return {"event_id": await shown}

    @app.post("/react")
    async def react(order: Reaction) -> dict[str, str]:
        session = _session(page, order.user_id)
        key = secrets.token_hex(16)
        return {"event_id": await session.react(order.room, order.event, order.key, key)}

    @app.post("/clock")
    async def clock(step: Step) -> dict[str, Any]:
        page.clock.advance(timedelta(seconds=step.advance_seconds))
        return page.clock.as_json()

    @app.post("/clock/speed")
    async def speed(pace: Pace) -> dict[str, Any]:
        page.clock.run(pace.speed)
        return page.clock.as_json()


def _session(page: Page, user_id: str) -> Session:
    session = page.sessions.get(user_id)
    if session is None:
        raise HTTPException(422, "user_id: this is none of the people on the page.")
    return session


async def _say_what_is_wrong(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "body"
    return JSONResponse({"detail": f"{where}: {first['msg']}"}, 422)


async def _refused(_: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 409)


async def _away(_: Request, error: Exception) -> Response:
    return JSONResponse({"detail": f"Cannot be reached at the moment: {error}"}, 503)


class PageServer(uvicorn.Server):
    """Serves the page; lets go of the browsers' event streams before it ends.

    Args:
        app: Made by `create_app`.
    """

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app, lifespan="on", log_level="warning", access_log=False, timeout_graceful_shutdown=5
            )
        )
        self._page: Page = app.state.page

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then end as uvicorn does."""
        self._page.feed.close()
        await super().shutdown(sockets)


def bind(port: int) -> socket.socket:
    """A socket on the loopback interface.

    Args:
        port: Where; 0 takes any that is free.

    Raises:
        OSError: Somebody else has it.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener
