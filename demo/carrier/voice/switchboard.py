"""The switchboard: every call of one carrier, and everything that anybody can do to one.

REST places and changes calls here, phones call. It puts the parts together: what calls are (`calls`),
how they are walked through (`walk`), how phones ring (`legs`), what they do (`deeds`) and what the
application is told (`reports`). It must never read HTTP.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from demo.carrier.behaviour import Pickup, pickup
from demo.carrier.config import CarrierConfig, Settings
from demo.carrier.errors import CarrierError
from demo.carrier.faults import Faults
from demo.carrier.store import Store
from demo.carrier.tasks import Tasks
from demo.carrier.voice.calls import Calls
from demo.carrier.voice.deeds import Deeds
from demo.carrier.voice.legs import Legs
from demo.carrier.voice.records import (
    Call,
    CallStatus,
    CallStep,
    Document,
    Method,
    Wanted,
)
from demo.carrier.voice.reports import Reports
from demo.carrier.voice.twiml import Dial
from demo.carrier.voice.walk import Walk
from demo.carrier.webhooks import SignatureMode, Webhooks


@dataclass(frozen=True)
class CallDraft:
    """An outgoing call before it is placed.

    Attributes:
        to: Who is called.
        sender: With which of our numbers.
        url: Who is asked how the call goes on; None when it comes along.
        method: How.
        twiml: How the call goes on.
        fallback_url: Asked when a document fails.
        fallback_method: How.
        status_callback: Where the application wants to hear of statuses.
        status_method: How.
        status_events: Of which.
        timeout: Seconds that the phone rings.
        detects_machines: Whether the application wants to know who answered.
    """

    to: str
    sender: str
    url: str | None = None
    method: Method = "POST"
    twiml: str | None = None
    fallback_url: str | None = None
    fallback_method: Method = "POST"
    status_callback: str | None = None
    status_method: Method = "POST"
    status_events: tuple[str, ...] = ("completed",)
    timeout: int = 60
    detects_machines: bool = False


class Switchboard:
    """The voice part of one carrier.

    Args:
        config: What the carrier was started with.
        settings: What may change meanwhile, asked each time.
        store: The memory.
        webhooks: What the application is called with.
        faults: What goes wrong.
        new_sid: Makes sids.
        recording_url: Where a recording is, without the ending that names a format.

    Attributes:
        phones: What phones do.
    """

    def __init__(
        self,
        *,
        config: CarrierConfig,
        settings: Callable[[], Settings],
        store: Store,
        webhooks: Webhooks,
        faults: Faults,
        new_sid: Callable[[str], str],
        recording_url: Callable[[str], str],
    ) -> None:
        self._config = config
        self._settings = settings
        self._store = store
        self._new_sid = new_sid
        self._tasks = Tasks()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._stops = 0
        self._reports = Reports(store, webhooks, faults, self._tasks)
        self._calls = Calls(config.account_sid, store, self._reports)
        self._walk = Walk(
            account_sid=config.account_sid,
            store=store,
            calls=self._calls,
            webhooks=webhooks,
            faults=faults,
            is_machine=lambda phone: self._pickup(phone) == "machine",
            exits=self,
        )
        self._legs = Legs(
            account_sid=config.account_sid,
            numbers=config.numbers,
            calls=self._calls,
            new_sid=new_sid,
            delay=lambda: self._settings().status_delay,
            pickup=self._pickup,
            ring=self._ring,
            go=self._go,
            dial_of=self._dial_of,
            address=self._walk.address,
            first_step=self._first_step,
        )
        self.phones = Deeds(
            account_sid=config.account_sid,
            store=store,
            calls=self._calls,
            legs=self._legs,
            walk=self._walk,
            go=self._go,
            settled=self.settled,
            new_sid=new_sid,
            recording_url=recording_url,
        )

    def resume(self) -> None:
        """Let every call go on that a restart found halfway, and make up for callbacks."""
        for call in list(self._store.calls.values()):
            self._reports.go(call.sid)
            if call.is_over or call.waiting is not None:
                continue
            if call.direction == "inbound" or call.status == "in-progress":
                self._go(call.sid)
            else:
                self._ring(call.sid)

    async def stop(self) -> None:
        """Leave everything as it stands; `resume` goes on from there."""
        self._stops += 1
        await self._tasks.stop()
        self._under_way.clear()
        self._reports.forget()

    def place(self, draft: CallDraft) -> Call:
        """The application calls a phone."""
        first = self._first_step("queued")
        call = Call(
            sid=self._new_sid("CA"),
            direction="outbound-api",
            sender=draft.sender,
            recipient=draft.to,
            created_at=first.at,
            history=[first],
            wanted=None if draft.url is None else Wanted(url=draft.url, method=draft.method),
            document=None if draft.twiml is None else _given(draft.twiml),
            fallback_url=draft.fallback_url,
            fallback_method=draft.fallback_method,
            status_callback=draft.status_callback,
            status_method=draft.status_method,
            status_events=list(draft.status_events),
            timeout=draft.timeout,
            detects_machines=draft.detects_machines,
        )
        call = self._calls.add(call)
        self._ring(call.sid)
        return call

    def receive(
        self, phone: str, to: str, sid: str, signature: SignatureMode, *, withheld: bool = False
    ) -> Call:
        """A phone calls one of our numbers."""
        settings = self._settings()
        first = self._first_step("ringing")
        call = Call(
            sid=sid,
            direction="inbound",
            sender=phone,
            recipient=to,
            created_at=first.at,
            history=[first],
            wanted=None if settings.voice_url is None else Wanted(url=settings.voice_url),
            fallback_url=settings.voice_fallback_url,
            status_callback=settings.voice_status_url,
            signature=signature,
            withheld=withheld,
        )
        self._calls.add(call)
        if settings.voice_url is None:
            return self._calls.step(sid, "failed")
        self._go(sid)
        return call

    def redirect(self, call: Call, url: str | None, method: Method, twiml: str | None) -> None:
        """The application lets a call go on otherwise.

        Raises:
            CarrierError: 21220, it is not in progress.
        """
        if call.status != "in-progress":
            raise CarrierError(21220)
        wanted = None if url is None else Wanted(url=url, method=method)
        document = call.document if twiml is None else _given(twiml)
        self._calls.act(call.sid, waiting=None, wanted=wanted, document=document)
        self._legs.drop_legs(call)
        self._go(call.sid)

    def finish(self, call: Call, status: CallStatus) -> None:
        """The application ends a call.

        Raises:
            CarrierError: 21220, it is over, or it is to be canceled and in progress.
        """
        if call.is_over or (status == "canceled" and call.status == "in-progress"):
            raise CarrierError(21220)
        self.end(call.sid, "completed" if call.status == "in-progress" else "canceled")

    def answered_by(self, call: Call) -> str | None:
        """Who picked up, if the application wanted to know and somebody did."""
        if not call.detects_machines or call.answered_at is None:
            return None
        return "machine_start" if self._pickup(call.phone) == "machine" else "human"

    async def settled(self, sid: str) -> bool:
        """Wait until a call, and who talks with it, waits for a phone or is over.

        Returns:
            False when everything was stopped meanwhile.
        """
        stops = self._stops
        while sid in self._calls and stops == self._stops:
            call = self._calls[sid]
            family = {sid, call.parent_sid, *(call.waiting.calls if call.waiting is not None else ())}
            tasks = [self._under_way[each] for each in family if each in self._under_way]
            if not tasks:
                return True
            await asyncio.wait(tasks)
        return False

    def dial(self, call: Call, verb: Dial) -> None:
        """Begin a <Dial>."""
        self._legs.dial(call, verb)

    def read_to_the_end(self, call: Call) -> None:
        """Hang up, or connect a leg that was told something first."""
        if call.parent_sid is not None:
            self._legs.connect(call.sid)
        else:
            self.end(call.sid, "completed")

    def end(self, sid: str, status: CallStatus) -> None:
        """A call is over, and so is what hangs on it."""
        self._legs.end(sid, status)

    def _first_step(self, status: CallStatus) -> CallStep:
        return CallStep(status=status, at=self._store.now())

    def _pickup(self, phone: str) -> Pickup:
        return pickup(self._store.behaviours.get(phone, "normal"))

    def _dial_of(self, call: Call) -> Dial | None:
        verb = self._walk.verb(call)
        return verb if isinstance(verb, Dial) else None

    def _go(self, sid: str) -> None:
        self._let_run(sid, self._tasks.spawn(self._walk.run(sid, self._calls.turn(sid))))

    def _ring(self, sid: str) -> None:
        self._let_run(sid, self._tasks.spawn(self._legs.ring(sid)))

    def _let_run(self, sid: str, task: asyncio.Task[None]) -> None:
        self._under_way[sid] = task

        def done(ended: asyncio.Task[None]) -> None:
            if self._under_way.get(sid) is ended:
                del self._under_way[sid]

        task.add_done_callback(done)


def _given(twiml: str) -> Document:
    """TwiML that came with a request."""
    return Document(url=None, content_type="text/xml", text=twiml)
