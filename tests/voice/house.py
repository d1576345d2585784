"""The duty line on a carrier: phones call in, the application answers on a socket, the worker's jobs run.

Rooms are read from the outbox, so that no homeserver is needed; `tests/stack` has the whole.
"""

import base64
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn

from bridges.contract import Bridge
from bridges.matrix.bridge import MatrixBridge
from bridges.registry import bridges, matrix_bridge
from demo.carrier.process import CarrierProcess
from demo.carrier.voice.records import OVER
from escalator import inbox as inbox_worker
from escalator import outbox as outbox_worker
from escalator.delivery import Deliverer, ToPerson
from issues.effects import ROOMS
from linzhang.clock import FileClock
from linzhang.settings import Settings
from models import Address, Inbox, InboxState, Outbox, Person
from rooms.enclosures import Enclosures
from rooms.uploads import Uploads
from tests.carrier import line as carrier_line
from tests.carrier.line import ACCOUNT, ALSO_OURS, HOST, OURS, TOKEN, Line
from tests.factories import Territory, clock_of, make_settings, open_database, plant
from web.app import create_app

WAV = {
    "content_type": "audio/wav",
    "base64": base64.b64encode(b"RIFF\x00\x00\x00\x00WAVE the voice of an old neighbour").decode(),
    "seconds": 23,
}


@dataclass
class House:
    """A service that can be called.

    Attributes:
        settings: Its settings.
        territory: Its units and leaders.
        line: The phones.
    """

    settings: Settings
    territory: Territory
    line: Line
    _deliverers: Mapping[str, Deliverer]

    async def works(self) -> None:
        """Let the worker do all that is due, but for what goes into rooms."""
        while True:
            lanes = await inbox_worker.due_lanes(self.settings, 100)
            for lane in lanes:
                await inbox_worker.drain(self.settings, lane)
            due = [
                lane for lane in await outbox_worker.due_lanes(self.settings, 100) if not _is_a_rooms(lane)
            ]
            for lane in due:
                await outbox_worker.drain(self.settings, self._deliverers, lane)
            if not lanes and not due:
                break
        failed = await Inbox.filter(state=InboxState.FAILED) + await Inbox.filter(attempts__gt=0)
        assert not failed, failed[0].error

    async def calls(self, phone: str, **options: Any) -> "Talk":
        """Let a phone call us."""
        return Talk(self.line, await self.line.call(phone=phone, **options))

    async def picks_up(self, phone: str) -> "Talk":
        """Let a phone that rings be picked up."""
        sid = await self.line.rings(phone)
        return Talk(self.line, await self.line.on_call(sid, "answer"))

    async def hangs_up_and_waits(self) -> None:
        """Let the time pass after which somebody is called back, and do what is due then."""
        await self.works()
        self.clock.advance(timedelta(minutes=3))
        await self.works()

    @property
    def clock(self) -> FileClock:
        """The programme's clock."""
        return clock_of(self.settings)

    async def told_fates(self) -> None:
        """Wait until the carrier has told what became of all our calls that are over, and act on it."""

        async def find() -> bool:
            calls = (await self.line.control.get("/calls")).json()["calls"]
            ours = [each for each in calls if each["kind"] == "outbound-api"]
            over = [each["sid"] for each in ours if each["status"] in OVER]
            waiting = [each for each in ours if each["waits_for"]]
            told = await Inbox.filter(external_id__in=[f"{sid}:{fate}" for sid in over for fate in OVER])
            return len(over) + len(waiting) == len(ours) and len(told) == len(over)

        await carrier_line.until(find, "the carrier to tell the fate of our calls")
        await self.works()

    async def texts(self, phone: str) -> list[str]:
        """What a phone was texted."""
        return [str(each["body"]) for each in await self.line.received(phone)]

    async def shown(self) -> list[str]:
        """What the worker would do in rooms, in order: 'say' lines with their words."""
        rows = await Outbox.filter(bridge=ROOMS).order_by("id")
        return [" ".join([row.payload["do"], str(row.payload.get("text", ""))]).strip() for row in rows]


@dataclass
class Talk:
    """A call, as whoever has the phone at their ear knows it.

    Attributes:
        call: As the carrier told it last.
    """

    line: Line
    call: dict[str, Any]
    _heard: int = 0

    @property
    def sid(self) -> str:
        """The call's id."""
        return str(self.call["sid"])

    @property
    def waits_for(self) -> str:
        """What the call waits for; empty: it is over."""
        return str((self.call["waits_for"] or {}).get("kind", ""))

    def hears(self) -> str:
        """All that was said since this was last asked, with a mark for a beep; nothing was wrong."""
        assert self.call["errors"] == [], self.call["errors"]
        heard = self.call["heard"][self._heard :]
        self._heard = len(self.call["heard"])
        marks = {"beep": "<beep>", "error": "<error>", "connected": "<connected>"}
        return " ".join(marks.get(each["kind"], each.get("text", "")) for each in heard).strip()

    async def presses(self, digits: str) -> str:
        """Press keys; returns what is heard then."""
        return await self._does("digits", digits=digits)

    async def speaks(self, *, digits: str = "#") -> str:
        """Say something after the beep and end it with a key, silence or 'hangup'."""
        return await self._does("record", **WAV, digits=digits)

    async def waits(self) -> str:
        """Do nothing until the line loses patience."""
        return await self._does("wait")

    async def does(self, deed: str) -> str:
        """Something else: 'hangup', or for the phone that is dialled 'answer', 'busy', 'no-answer'."""
        return await self._does(deed)

    async def looks(self) -> str:
        """What was heard meanwhile."""
        self.call = await self.line.read_call(self.sid)
        return self.hears()

    async def _does(self, deed: str, **how: Any) -> str:
        await self.line.on_call(self.sid, deed, **how)
        return await self.looks()


@contextlib.asynccontextmanager
async def house(tmp_path: Path, carrier: CarrierProcess, **settings: Any) -> AsyncIterator[House]:
    """Open a house on a carrier, which is emptied first."""
    async with contextlib.AsyncExitStack() as stack:
        line = await stack.enter_async_context(carrier_line.line_to(carrier.url))
        (await line.control.post("/reset")).raise_for_status()
        listener = stack.enter_context(socket.create_server((HOST, 0)))
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        twilio = {"account_sid": ACCOUNT, "auth_token": TOKEN, "number": OURS, "api_url": carrier.url}
        twilio |= {"whatsapp_number": ALSO_OURS}
        made = make_settings(tmp_path, public_url=url, twilio=twilio, settle=0, **settings)
        await stack.enter_async_context(open_database(made))
        await stack.enter_async_context(_served(made, listener))
        await line.settle(sms_url=f"{url}/sms/inbound", voice_url=f"{url}/voice/call")
        matrix = matrix_bridge(made)
        known = {name: bridge for name, bridge in bridges(made, matrix).items() if name in ("sms", "voice")}
        for bridge in known.values():
            stack.push_async_callback(bridge.close)
        yield House(made, await plant(), line, _deliverers(made, matrix, known))


async def phone_of(home: House, person: Person, number: str) -> Address:
    """Give somebody a phone."""
    vault = home.settings.vault
    return await Address.create(
        person=person, bridge="sms", lookup=vault.lookup("sms", number), sealed=vault.seal(number)
    )


def _deliverers(
    settings: Settings, matrix: MatrixBridge, known: Mapping[str, Bridge]
) -> Mapping[str, Deliverer]:
    encloser = Enclosures(settings, matrix, Uploads(matrix, known))
    return {name: ToPerson(settings, bridge, encloser) for name, bridge in known.items()}


@contextlib.asynccontextmanager
async def _served(settings: Settings, listener: socket.socket) -> AsyncIterator[None]:
    """The application on a socket; started and stopped by hand, as the server's own loop is slow to end."""
    app = create_app(settings)
    config = uvicorn.Config(app, log_level="warning", lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    server.force_exit = True
    async with app.router.lifespan_context(app):
        await server.startup(sockets=[listener])
        try:
            yield
        finally:
            await server.shutdown(sockets=[listener])


def _is_a_rooms(lane: str) -> bool:
    return lane.startswith(("issue:", "room:"))
