"""Rings phones: for calls that the application makes, and for the legs of a <Dial>.

What a phone does is its behaviour's to say, and with most of them somebody's who acts for it. After
'Call resource', 'TwiML Voice: Dial' and 'TwiML Voice: Number'. It must never walk through a document.
"""

import asyncio
from collections.abc import Callable

from demo.carrier.behaviour import Pickup
from demo.carrier.numbers import is_dialable
from demo.carrier.records import WebhookPurpose
from demo.carrier.voice.calls import Calls
from demo.carrier.voice.params import call_params
from demo.carrier.voice.records import (
    Call,
    CallStatus,
    CallStep,
    Heard,
    Owed,
    Problem,
    Waiting,
    Wanted,
)
from demo.carrier.voice.twiml import Dial, Number


class Legs:
    """Phones that ring, answer and hang up.

    Args:
        account_sid: For the parameters of requests.
        numbers: The account's own phone numbers.
        calls: What calls are.
        new_sid: Makes sids.
        delay: Asked before each status: seconds to wait.
        pickup: What a phone does when it is called.
        ring: Lets a phone ring in the background.
        go: Lets a call go on through its documents.
        dial_of: The <Dial> that a call is at, if so.
        address: A whole address for one that a verb names.
        first_step: A status with the moment of now.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        numbers: tuple[str, ...],
        calls: Calls,
        new_sid: Callable[[str], str],
        delay: Callable[[], float],
        pickup: Callable[[str], Pickup],
        ring: Callable[[str], None],
        go: Callable[[str], None],
        dial_of: Callable[[Call], Dial | None],
        address: Callable[[Call, str | None], str | None],
        first_step: Callable[[CallStatus], CallStep],
    ) -> None:
        self._account_sid = account_sid
        self._numbers = numbers
        self._calls = calls
        self._new_sid = new_sid
        self._delay = delay
        self._pickup = pickup
        self._ring = ring
        self._go = go
        self._dial_of = dial_of
        self._address = address
        self._first_step = first_step

    async def ring(self, sid: str) -> None:
        """Take a call to the point where its phone acts, or has acted by itself."""
        turn = self._calls.turn(sid)
        following: dict[str, CallStatus] = {"queued": "initiated", "initiated": "ringing"}
        while self._calls.is_current(sid, turn):
            call = self._calls[sid]
            pickup = self._pickup(call.phone)
            await asyncio.sleep(self._delay())
            if not self._calls.is_current(sid, turn):
                return
            status = following.get(call.status)
            if call.status == "initiated" and pickup in ("busy", "failed"):
                self.end(sid, "busy" if pickup == "busy" else "failed")
            elif status == "ringing" and pickup == "rings":
                waiting = Waiting(kind="answer", timeout=call.timeout)
                self._calls.step(sid, status, waiting=waiting)
                return
            elif status is not None:
                self._calls.step(sid, status)
            elif pickup == "no-answer":
                self.end(sid, "no-answer")
            else:
                self.answer(sid)

    def answer(self, sid: str) -> None:
        """A phone that rings is picked up."""
        self._calls.act(sid, waiting=None)
        call = self._calls.step(sid, "in-progress")
        if call.parent_sid is not None:
            for other in self._open_legs(self._calls[call.parent_sid]):
                if other.sid != sid:
                    self._calls.step(other.sid, "canceled")
        if call.wanted is not None or call.document is not None:
            self._go(sid)
        else:
            self.connect(sid)

    def connect(self, sid: str) -> None:
        """The two of a <Dial> talk until one hangs up."""
        leg = self._calls[sid]
        if leg.parent_sid is None or self._calls[leg.parent_sid].is_over:
            return
        parent = self._calls[leg.parent_sid]
        if parent.status == "ringing":
            self._calls.step(parent.sid, "in-progress")
        dial = self._dial_of(parent)
        waiting = Waiting(kind="hangup", calls=[sid], hangup_on_star=dial is not None and dial.hangup_on_star)
        self._calls.hear(parent.sid, [Heard(kind="connected", numbers=[leg.recipient])], waiting=waiting)
        self._calls.hear(
            sid, [Heard(kind="connected", numbers=[parent.phone])], waiting=Waiting(kind="hangup")
        )

    def end(self, sid: str, status: CallStatus, seconds: int | None = None) -> None:
        """A call is over, and so is what hangs on it."""
        call = self._calls[sid]
        legs = self.drop_legs(call)
        changes = {} if seconds is None else {"seconds": seconds}
        self._calls.step(sid, status, self._last_words(call, legs), **changes)
        if call.parent_sid is not None:
            self._leg_over(self._calls[call.parent_sid], self._calls[sid])

    def drop_legs(self, call: Call) -> list[Call]:
        """Hang up for everybody whom a call has dialled; their legs as they are then."""
        return [
            self._calls.step(leg.sid, "completed" if leg.status == "in-progress" else "canceled")
            for leg in self._open_legs(call)
        ]

    def dial(self, parent: Call, verb: Dial) -> None:
        """Begin a <Dial>."""
        caller = verb.caller_id or parent.sender
        good = [each for each in verb.numbers if is_dialable(each.number)]
        problems = [
            Problem(code=13223, detail=f"<Dial>: {each.number!r} is not in E.164.", url=_url(parent))
            for each in verb.numbers
            if each not in good
        ]
        if caller not in (parent.sender, parent.recipient, *self._numbers):
            detail = f"<Dial>: callerId {caller!r} is neither of the two, nor a number of the account."
            problems.append(Problem(code=13214, detail=detail, url=_url(parent)))
            good = []
        self._calls.complain(parent.sid, problems)
        if not good:
            self._over(parent, verb, None, "failed")
            return
        numbers = [each.number for each in good]
        self._calls.hear(parent.sid, [Heard(kind="dial", numbers=numbers)])
        first = good[:1] if verb.in_turn else good
        self._ring_legs(parent, verb, caller, first)

    def _ring_legs(self, parent: Call, verb: Dial, caller: str, numbers: list[Number]) -> None:
        legs = [self._leg(parent, verb, caller, number) for number in numbers]
        before = parent.waiting.calls if parent.waiting is not None else []
        waiting = Waiting(kind="answer", timeout=verb.timeout, calls=[*before, *(leg.sid for leg in legs)])
        self._calls.change(parent.sid, waiting=waiting)
        for leg in legs:
            self._ring(leg.sid)

    def _leg(self, parent: Call, verb: Dial, caller: str, number: Number) -> Call:
        first = self._first_step("initiated")
        whisper = self._address(parent, number.url) if number.url else None
        leg = Call(
            sid=self._new_sid("CA"),
            direction="outbound-dial",
            sender=caller,
            recipient=number.number,
            parent_sid=parent.sid,
            created_at=first.at,
            history=[first],
            wanted=None if whisper is None else Wanted(url=whisper, method=number.method),
            status_callback=self._address(parent, number.status_callback) if number.status_callback else None,
            status_method=number.status_method,
            status_events=list(number.status_events),
            timeout=verb.timeout,
            signature=parent.signature,
        )
        return self._calls.add(leg)

    def _leg_over(self, parent: Call, leg: Call) -> None:
        waiting = parent.waiting
        dial = self._dial_of(parent)
        if parent.is_over or dial is None or waiting is None or leg.sid not in waiting.calls:
            return
        if any(not self._calls[sid].is_over for sid in waiting.calls):
            return
        was_answered = leg.answered_at is not None
        left = [each for each in dial.numbers if is_dialable(each.number)][len(waiting.calls) :]
        if dial.in_turn and left and not was_answered:
            self._ring_legs(parent, dial, leg.sender, left[:1])
            return
        self._over(parent, dial, leg, leg.status)

    def _over(self, parent: Call, dial: Dial, leg: Call | None, status: CallStatus) -> None:
        """A <Dial> is over; the call goes on with its action, or with the next verb."""
        wanted = self._action(parent, dial, _dial_params(leg, status, self._talked(parent)))
        self._calls.act(parent.sid, waiting=None, wanted=wanted)
        self._go(parent.sid)

    def _action(self, parent: Call, dial: Dial, params: dict[str, str]) -> Wanted | None:
        where = self._address(parent, dial.action) if dial.action else None
        return None if where is None else Wanted(url=where, method=dial.method, params=params)

    def _last_words(self, call: Call, legs: list[Call]) -> list[Owed]:
        """What the action of a <Dial> is told when the caller hangs up; nobody reads its answer."""
        dial = self._dial_of(call)
        if dial is None or not legs:
            return []
        talks = self._talked(call)
        status: CallStatus = "completed" if talks else "canceled"
        wanted = self._action(call, dial, _dial_params(legs[0], status, talks))
        if wanted is None:
            return []
        params = call_params(self._account_sid, call, "completed") | wanted.params
        return [Owed(purpose=WebhookPurpose.VOICE, url=wanted.url, method=wanted.method, params=params)]

    def _talked(self, parent: Call) -> bool:
        return parent.waiting is not None and parent.waiting.kind == "hangup"

    def _open_legs(self, call: Call) -> list[Call]:
        sids = call.waiting.calls if call.waiting is not None else []
        return [self._calls[sid] for sid in sids if not self._calls[sid].is_over]


def _dial_params(leg: Call | None, status: CallStatus, talked: bool) -> dict[str, str]:
    """What the action of a <Dial> is told. 'TwiML Voice: Dial', action."""
    params = {"DialCallStatus": status, "DialBridged": "true" if talked else "false"}
    if leg is not None:
        params["DialCallSid"] = leg.sid
        if talked:
            params["DialCallDuration"] = str(leg.duration or 0)
    return params


def _url(call: Call) -> str | None:
    return call.document.url if call.document is not None else None
