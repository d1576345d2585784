"""What phones do on their calls: pick up, press keys, speak, hang up, or nothing at all.

Each deed is done at once; what follows from it runs in the background. It must never do what a call
does not wait for: that is an `OutOfPlace`.
"""

import base64
from collections.abc import Awaitable, Callable

from demo.carrier.records import WebhookPurpose
from demo.carrier.store import Store
from demo.carrier.voice.calls import Calls
from demo.carrier.voice.legs import Legs
from demo.carrier.voice.params import call_params, recorded_params, recording_params
from demo.carrier.voice.records import Call, CallStatus, Heard, Owed, Recording, Waiting
from demo.carrier.voice.twiml import Gather, Record
from demo.carrier.voice.walk import Walk


class OutOfPlace(Exception):
    """Somebody does what the call does not wait for.

    Attributes:
        sentence: What is so, for who tried.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Deeds:
    """Everything that can be done with a phone in hand.

    Args:
        account_sid: For the parameters of requests.
        store: Where recordings are kept.
        calls: What calls are.
        legs: How phones ring.
        walk: Where calls are.
        go: Lets a call go on through its documents.
        settled: Waits until a call waits for a phone or is over.
        new_sid: Makes sids.
        recording_url: Where a recording is, without the ending that names a format.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        store: Store,
        calls: Calls,
        legs: Legs,
        walk: Walk,
        go: Callable[[str], None],
        settled: Callable[[str], Awaitable[bool]],
        new_sid: Callable[[str], str],
        recording_url: Callable[[str], str],
    ) -> None:
        self._account_sid = account_sid
        self._store = store
        self._calls = calls
        self._legs = legs
        self._walk = walk
        self._go = go
        self._settled = settled
        self._new_sid = new_sid
        self._recording_url = recording_url

    async def answer(self, sid: str) -> None:
        """The phone is picked up, as soon as it rings.

        Raises:
            OutOfPlace: It does not ring.
        """
        await self._at_rest(sid)
        self._legs.answer(self._ringing(sid)[0].sid)

    async def refuse(self, sid: str, status: CallStatus) -> None:
        """The phone is not picked up: busy, no-answer or failed.

        Raises:
            OutOfPlace: It does not ring.
        """
        await self._at_rest(sid)
        self._legs.end(self._ringing(sid)[0].sid, status)

    def hang_up(self, sid: str, seconds: int | None = None) -> None:
        """The phone hangs up.

        Args:
            sid: The call's.
            seconds: How long the call has lasted; as long as it did when left out.

        Raises:
            OutOfPlace: The call is over, or the phone rings and was never picked up.
        """
        call = self._calls[sid]
        if call.is_over:
            raise OutOfPlace(f"The call is over: {call.status}.")
        if call.direction != "inbound" and call.status != "in-progress":
            raise OutOfPlace("The phone has not been picked up; it can decline.")
        if call.waiting is not None and call.waiting.kind == "recording":
            self._calls.owe(sid, self._absent(call))
        self._legs.end(sid, "completed" if call.status == "in-progress" else "canceled", seconds)

    def press(self, sid: str, digits: str) -> None:
        """The phone presses keys.

        Raises:
            OutOfPlace: Nobody listens to keys.
        """
        call = self._calls[sid]
        waiting = call.waiting
        if waiting is None or not (waiting.kind in ("digits", "recording") or waiting.hangup_on_star):
            raise OutOfPlace(f"Nobody listens to keys: {_state(call)}.")
        self._calls.hear(sid, [Heard(kind="pressed", digits=digits)])
        if waiting.kind == "digits":
            self._type(call, waiting, digits)
        elif waiting.kind == "recording" and set(digits) & set(waiting.finish_on_key):
            self._say_nothing(call)
        elif waiting.kind == "hangup" and "*" in digits:
            self._legs.end(waiting.calls[0], "completed")

    def record(self, sid: str, content_type: str, content: bytes, seconds: int, digits: str) -> Recording:
        """The caller speaks into a <Record> and ends it.

        Args:
            sid: The call's.
            content_type: 'audio/wav' or 'audio/mpeg'.
            content: The sound.
            seconds: Its length; what is longer than allowed is cut in the books, not in the bytes.
            digits: The key that ended it; '' for silence, 'hangup' for hanging up.

        Raises:
            OutOfPlace: Nobody records.
        """
        call = self._calls[sid]
        verb = self._walk.verb(call)
        if call.waiting is None or call.waiting.kind != "recording" or not isinstance(verb, Record):
            raise OutOfPlace(f"Nobody records: {_state(call)}.")
        recording = Recording(
            sid=self._new_sid("RE"),
            call_sid=sid,
            content_type=content_type,
            base64=base64.b64encode(content).decode("ascii"),
            seconds=min(seconds, verb.max_length),
            created_at=self._store.now(),
        )
        self._store.add_recording(recording)
        spoken = Heard(kind="recorded", recording=recording.sid, seconds=recording.seconds)
        call = self._calls.hear(sid, [spoken])
        url = self._recording_url(recording.sid)
        params = recorded_params(recording, url, digits)
        owed = self._recording_owed(call, verb, recording, "completed")
        if digits == "hangup":
            where = self._walk.address(call, verb.action)
            over = call_params(self._account_sid, call, "completed") | params
            if where is not None:
                last = Owed(purpose=WebhookPurpose.VOICE, url=where, method=verb.method, params=over)
                owed = [last, *owed]
            self._calls.owe(sid, owed)
            self._legs.end(sid, "completed")
        else:
            self._calls.act(sid, waiting=None)
            self._walk.want(self._calls[sid], verb.action, verb.method, params)
            self._go(sid)
            self._calls.owe(sid, owed)
        return recording

    async def time_out(self, sid: str) -> None:
        """Nobody has done anything for as long as the call waits.

        Raises:
            OutOfPlace: It does not wait, or for what takes as long as it takes.
        """
        await self._at_rest(sid)
        call = self._calls[sid]
        waiting = call.waiting
        if waiting is None or waiting.kind == "hangup":
            raise OutOfPlace(f"The call does not run out of time: {_state(call)}.")
        if waiting.kind == "digits":
            self._gathered(call, waiting.typed, "")
        elif waiting.kind == "recording":
            self._say_nothing(call)
        else:
            for ringing in self._ringing(sid):
                self._legs.end(ringing.sid, "no-answer")

    def _type(self, call: Call, waiting: Waiting, digits: str) -> None:
        typed = waiting.typed
        for key in digits:
            if key == waiting.finish_on_key:
                self._gathered(call, typed, key)
                return
            typed += key
            if len(typed) == waiting.num_digits:
                self._gathered(call, typed, "")
                return
        self._calls.change(call.sid, waiting=waiting.model_copy(update={"typed": typed}))

    def _gathered(self, call: Call, digits: str, key: str) -> None:
        verb = self._walk.verb(call)
        assert isinstance(verb, Gather)
        call = self._calls.act(call.sid, waiting=None)
        if digits or verb.acts_on_nothing:
            params = {"Digits": digits, "FinishedOnKey": key, "msg": "Gather End"}
            self._walk.want(call, verb.action, verb.method, params)
        self._go(call.sid)

    def _say_nothing(self, call: Call) -> None:
        """A <Record> without a sound: its action is not asked, the next verb follows."""
        self._calls.owe(call.sid, self._absent(call))
        self._calls.act(call.sid, waiting=None)
        self._go(call.sid)

    def _absent(self, call: Call) -> list[Owed]:
        """What the application is told of a recording that never was."""
        verb = self._walk.verb(call)
        if not isinstance(verb, Record):
            return []
        never = Recording(
            sid=self._new_sid("RE"),
            call_sid=call.sid,
            content_type="audio/wav",
            base64="",
            seconds=0,
            created_at=self._store.now(),
        )
        return self._recording_owed(call, verb, never, "absent")

    def _recording_owed(self, call: Call, verb: Record, recording: Recording, status: str) -> list[Owed]:
        where = self._walk.address(call, verb.callback) if verb.callback else None
        if where is None:
            return []
        url = self._recording_url(recording.sid)
        return [
            Owed(
                purpose=WebhookPurpose.RECORDING,
                url=where,
                method=verb.callback_method,
                params=recording_params(self._account_sid, recording, url, each),
            )
            for each in ("in-progress", status)
            if each in verb.callback_events
        ]

    async def _at_rest(self, sid: str) -> None:
        """Let what is under way come to its end first, such as a phone that is about to ring."""
        if not await self._settled(sid):
            raise OutOfPlace("There is no such call any more.")

    def _ringing(self, sid: str) -> list[Call]:
        """The call itself if its phone rings, else the legs that ring for it."""
        call = self._calls[sid]
        dialled = call.waiting.calls if call.waiting is not None else []
        family = [self._calls[each] for each in dialled or [sid]]
        ringing = [
            each
            for each in family
            if each.status == "ringing" and each.waiting is not None and not each.waiting.calls
        ]
        if not ringing:
            raise OutOfPlace(f"No phone rings: {_state(call)}.")
        return ringing


def _state(call: Call) -> str:
    """Where a call stands, in words."""
    return call.status if call.waiting is None else f"{call.status}, waiting for {call.waiting.kind}"
