"""The carrier's memory: a log of events, and the tables that follow from it.

Every change is one event; with a file each event is one line of JSON, and a restart reads them
again. It must never decide what happens, nor wait for anything while it writes.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from demo.carrier.records import (
    Event,
    EventKind,
    Media,
    Message,
    StatusChange,
    WebhookAttempt,
    WebhookPurpose,
)
from demo.carrier.voice.records import Call, Recording


class Store:
    """Everything that happened, in order, and what it amounts to.

    Args:
        clock: Where the time comes from.
        path: A file to append the log to and to read it from; None for memory only.

    Attributes:
        events: The log since the last reset.
        messages: By sid, in the order in which they came to be, deleted ones included.
        media: By sid.
        behaviours: The phones whose behaviour was set.
        opt_outs: Pairs of what is blocked (a number or a messaging service) and for which phone.
        calls: By sid, in the order in which they came to be, deleted ones included.
        recordings: By sid, likewise.
        webhooks: Every request to the application, in order of their ends.
        settled: Pairs of a message and a status whose callback was made, or was lost on purpose.
    """

    def __init__(self, clock: Callable[[], datetime], path: Path | None = None) -> None:
        self._clock = clock
        self._path = path
        self._wake = asyncio.Event()
        self._next_id = 1
        self.closed = False
        self._forget()
        if path is not None and path.exists():
            self._read(path)

    @property
    def last_id(self) -> int:
        """The id of the latest event; 0 before the first."""
        return self._next_id - 1

    def now(self) -> datetime:
        """What the carrier's clock shows."""
        return self._clock()

    def add_message(self, message: Message) -> None:
        """A message came to be."""
        self._record(EventKind.MESSAGE, message)

    def add_status(self, message: Message, status: str, sender: str, error_code: int | None) -> None:
        """A message went a step; with the first one a messaging service has chosen its sender."""
        data = {
            "sid": message.sid,
            "phone": message.phone,
            "direction": message.direction,
            "sender": sender,
            "status": status,
            "error_code": error_code,
        }
        self._record(EventKind.STATUS, data)

    def add_media(self, media: Media) -> None:
        """Bytes were attached to a message."""
        self._record(EventKind.MEDIA, media)

    def erase(self, sid: str, what: str) -> None:
        """A resource was erased: `what` is 'redacted' (of a message only) or 'deleted'."""
        self._record(EventKind.ERASED, {"sid": sid, "what": what})

    def set_behaviour(self, number: str, behaviour: str) -> None:
        """A phone behaves otherwise from now on."""
        self._record(EventKind.PHONE, {"number": number, "behaviour": behaviour})

    def set_opt_out(self, scope: str, phone: str, opted_out: bool) -> None:
        """A phone said STOP or START."""
        self._record(EventKind.OPT_OUT, {"scope": scope, "phone": phone, "opted_out": opted_out})

    def add_call(self, call: Call) -> None:
        """A call came to be."""
        self._record(EventKind.CALL, call)

    def change_call(self, sid: str, **changes: object) -> Call:
        """Something of a call is otherwise from now on; the call as it is then."""
        changed = self.calls[sid].model_copy(update=changes)
        data = {"sid": sid, "changes": changed.model_dump(mode="json", include=set(changes))}
        self._record(EventKind.CALL_CHANGED, data)
        return self.calls[sid]

    def add_recording(self, recording: Recording) -> None:
        """A caller was recorded."""
        self._record(EventKind.RECORDING, recording)

    def add_webhook(self, attempt: WebhookAttempt) -> None:
        """The application was called."""
        self._record(EventKind.WEBHOOK, attempt)

    def lose_callback(self, sid: str, status: str) -> None:
        """The callback of a status was ordered not to be made."""
        self._record(EventKind.CALLBACK_LOST, {"sid": sid, "status": status})

    def reset(self) -> None:
        """Forget everything but the ids of events, which go on growing."""
        event = self._event(EventKind.RESET, {})
        if self._path is not None:
            # In one step: a crash in between leaves either all or nothing.
            draft = self._path.with_name(self._path.name + ".new")
            draft.write_text(_line(event), encoding="utf-8")
            draft.replace(self._path)
        self._take(event)

    def after(self, event_id: int) -> list[Event]:
        """The events since `event_id`, oldest first; all since the last reset if it is older."""
        first = self._next_id - len(self.events)
        return self.events[max(0, event_id + 1 - first) :]

    async def changed(self, event_id: int) -> None:
        """Wait until there is an event after `event_id`, or until the store is closed."""
        while self.last_id <= event_id and not self.closed:
            await self._wake.wait()

    def close(self) -> None:
        """Let go of everybody who waits; the carrier is about to end."""
        self.closed = True
        self._wake.set()

    def _forget(self) -> None:
        self.events: list[Event] = []
        self.messages: dict[str, Message] = {}
        self.media: dict[str, Media] = {}
        self.behaviours: dict[str, str] = {}
        self.opt_outs: set[tuple[str, str]] = set()
        self.calls: dict[str, Call] = {}
        self.recordings: dict[str, Recording] = {}
        self.webhooks: list[WebhookAttempt] = []
        self.settled: set[tuple[str, str]] = set()

    def _record(self, kind: EventKind, data: BaseModel | Mapping[str, object]) -> None:
        event = self._event(kind, data)
        if self._path is not None:
            # Closed before anything is answered: what the system has, no death of this process takes back.
            with self._path.open("a", encoding="utf-8") as log:
                log.write(_line(event))
        self._take(event)

    def _event(self, kind: EventKind, data: BaseModel | Mapping[str, object]) -> Event:
        plain = data.model_dump(mode="json") if isinstance(data, BaseModel) else dict(data)
        return Event(id=self._next_id, kind=kind, at=self._clock(), data=plain)

    def _take(self, event: Event) -> None:
        self._apply(event)
        self._wake.set()
        self._wake = asyncio.Event()

    def _read(self, path: Path) -> None:
        """Apply the log again; a last line that a crash cut short is dropped from the file."""
        whole = path.read_bytes()
        complete = whole[: whole.rfind(b"\n") + 1]
        if len(complete) < len(whole):
            path.write_bytes(complete)
        for line in complete.splitlines():
            self._apply(Event.model_validate_json(line))

    def _apply(self, event: Event) -> None:
        data = event.data
        match event.kind:
            case EventKind.MESSAGE:
                message = Message.model_validate(data)
                self.messages[message.sid] = message
            case EventKind.STATUS:
                self._apply_status(event)
            case EventKind.MEDIA:
                media = Media.model_validate(data)
                self.media[media.sid] = media
                self.messages[media.message_sid].media.append(media.sid)
            case EventKind.ERASED:
                self._apply_erasure(str(data["sid"]), str(data["what"]))
            case EventKind.PHONE:
                self.behaviours[str(data["number"])] = str(data["behaviour"])
            case EventKind.OPT_OUT:
                pair = (str(data["scope"]), str(data["phone"]))
                if data["opted_out"]:
                    self.opt_outs.add(pair)
                else:
                    self.opt_outs.discard(pair)
            case EventKind.WEBHOOK:
                attempt = WebhookAttempt.model_validate(data)
                self.webhooks.append(attempt)
                if attempt.purpose is WebhookPurpose.STATUS and attempt.message_sid is not None:
                    self.settled.add((attempt.message_sid, attempt.params["MessageStatus"]))
            case EventKind.CALLBACK_LOST:
                self.settled.add((str(data["sid"]), str(data["status"])))
            case EventKind.CALL:
                call = Call.model_validate(data)
                self.calls[call.sid] = call
            case EventKind.CALL_CHANGED:
                self._apply_change(str(data["sid"]), data["changes"])
            case EventKind.RECORDING:
                recording = Recording.model_validate(data)
                self.recordings[recording.sid] = recording
            case EventKind.RESET:
                self._forget()
        self.events.append(event)
        self._next_id = event.id + 1

    def _apply_status(self, event: Event) -> None:
        message = self.messages[str(event.data["sid"])]
        step = {"status": event.data["status"], "at": event.at, "error_code": event.data["error_code"]}
        message.history.append(StatusChange.model_validate(step))
        message.sender = str(event.data["sender"])

    def _apply_change(self, sid: str, changes: object) -> None:
        assert isinstance(changes, dict)
        self.calls[sid] = Call.model_validate(self.calls[sid].model_dump() | changes)

    def _apply_erasure(self, sid: str, what: str) -> None:
        if sid in self.media:
            self.media[sid].deleted = True
        elif sid in self.calls:
            self.calls[sid] = self.calls[sid].model_copy(update={"deleted": True})
        elif sid in self.recordings:
            self.recordings[sid] = self.recordings[sid].model_copy(update={"deleted": True})
        elif what == "redacted":
            self.messages[sid].redacted = True
        else:
            self.messages[sid].deleted = True


def _line(event: Event) -> str:
    return event.model_dump_json() + "\n"
