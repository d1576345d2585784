"""What the carrier remembers of calls: their statuses, what was heard, what they wait for, recordings.

Shapes only, each of which turns to JSON and back without loss, so that a call goes on after a
restart where it was. They must never decide anything.
"""

import base64
from datetime import datetime
from math import ceil
from typing import Literal

from pydantic import BaseModel, ConfigDict

from demo.carrier.records import WebhookPurpose

CallDirection = Literal["inbound", "outbound-api", "outbound-dial"]

CallStatus = Literal[
    "queued",
    "initiated",
    "ringing",
    "in-progress",
    "completed",
    "busy",
    "no-answer",
    "failed",
    "canceled",
]
"""'Call status values' of Twilio's Call resource, and 'initiated', which only callbacks know."""

OVER: frozenset[str] = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
"""Statuses after which nothing comes."""

Method = Literal["GET", "POST"]


class Shape(BaseModel):
    """A record that is replaced, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CallStep(Shape):
    """One status of a call.

    Attributes:
        status: What it became.
        at: When.
    """

    status: CallStatus
    at: datetime


class Heard(Shape):
    """One thing that a phone heard or did, in order.

    Attributes:
        kind: 'say', 'play', 'pause', 'beep', 'dial', 'connected', 'error' (the carrier's own
            announcement that the application is broken), or what the phone did: 'pressed', 'recorded'.
        text: What was said.
        language: In which language it was said, as the TwiML has it.
        voice: In which voice, as the TwiML has it.
        loop: How many times; 0 stands for ever.
        url: What was played.
        content_type: Of what was played.
        digits: The keys that were pressed, or played as tones.
        seconds: How long a pause or a recording is.
        recording: The sid of a recording.
        numbers: Who was dialled.
    """

    kind: Literal["say", "play", "pause", "beep", "dial", "connected", "error", "pressed", "recorded"]
    text: str | None = None
    language: str | None = None
    voice: str | None = None
    loop: int | None = None
    url: str | None = None
    content_type: str | None = None
    digits: str | None = None
    seconds: int | None = None
    recording: str | None = None
    numbers: list[str] | None = None


class Waiting(Shape):
    """What a call cannot go on without.

    Attributes:
        kind: 'digits' of a <Gather>, the 'recording' of a <Record>, an 'answer' of this phone or of
            those dialled, or the 'hangup' of one of two who talk.
        num_digits: After how many digits they are complete; None for any number.
        finish_on_key: The keys that end digits or a recording.
        timeout: Seconds of silence that end it, or that a phone rings; nobody counts them, 'wait' does.
        typed: The digits so far.
        max_length: Seconds that a recording may have.
        calls: The legs that were dialled.
        hangup_on_star: Whether the caller's * ends the dialled leg.
    """

    kind: Literal["digits", "recording", "answer", "hangup"]
    num_digits: int | None = None
    finish_on_key: str = ""
    timeout: int | None = None
    typed: str = ""
    max_length: int | None = None
    calls: list[str] = []
    hangup_on_star: bool = False


class Problem(Shape):
    """Something wrong with what the application answered.

    Attributes:
        code: Twilio's.
        detail: One sentence for the developer.
        url: What answered so; None for TwiML that came with the request.
    """

    code: int
    detail: str
    url: str | None = None


class Wanted(Shape):
    """A document that is to be requested, kept until its answer is there.

    Attributes:
        url: Where.
        method: How.
        params: What goes along besides the parameters of every voice request.
        is_fallback: Whether it stands in for a document that failed.
    """

    url: str
    method: Method = "POST"
    params: dict[str, str] = {}
    is_fallback: bool = False


class Document(Shape):
    """An answer that is being walked through.

    Attributes:
        url: What answered so; None for TwiML that came with the request.
        content_type: Of the answer.
        text: The answer.
        place: The index of the verb that comes next.
    """

    url: str | None
    content_type: str
    text: str
    place: int = 0


class Owed(Shape):
    """A callback that is still to be made.

    Attributes:
        purpose: Why.
        url: Where.
        method: How.
        params: With what.
    """

    purpose: WebhookPurpose
    url: str
    method: Method
    params: dict[str, str]


class Call(Shape):
    """One leg between a phone and the carrier.

    Attributes:
        sid: 'CA' and 32 hexadecimal digits.
        direction: As in Twilio's Call resource.
        sender: Who calls.
        recipient: Who is called.
        parent_sid: The leg whose <Dial> made this one.
        created_at: When the resource came to be.
        history: Every status with its moment, the first one included.
        wanted: What is to be requested once the phone answers, or is being requested now.
        document: What is walked through.
        fallback_url: Asked when a document fails.
        fallback_method: How.
        status_callback: Where the application wants to hear of statuses.
        status_method: How.
        status_events: Of which: initiated, ringing, answered, completed.
        detects_machines: Whether the application wants to know who answered.
        timeout: Seconds that the phone rings.
        signature: How its webhooks are signed: 'valid', 'wrong' or 'none'.
        withheld: Whether the caller's number is withheld.
        heard: Everything that the phone heard and did.
        waiting: What it cannot go on without; None while it goes on by itself, or is over.
        problems: Everything that was wrong with answers.
        owed: Callbacks to be made, in order.
        told: How many status callbacks there were or will be, for SequenceNumber.
        seconds: How long it lasted, if somebody said so.
        deleted: Whether the resource was deleted.
    """

    sid: str
    direction: CallDirection
    sender: str
    recipient: str
    parent_sid: str | None = None
    created_at: datetime
    history: list[CallStep]
    wanted: Wanted | None = None
    document: Document | None = None
    fallback_url: str | None = None
    fallback_method: Method = "POST"
    status_callback: str | None = None
    status_method: Method = "POST"
    status_events: list[str] = ["completed"]
    detects_machines: bool = False
    timeout: int = 60
    signature: Literal["valid", "wrong", "none"] = "valid"
    withheld: bool = False
    heard: list[Heard] = []
    waiting: Waiting | None = None
    problems: list[Problem] = []
    owed: list[Owed] = []
    told: int = 0
    seconds: int | None = None
    deleted: bool = False

    @property
    def status(self) -> CallStatus:
        """Where it stands now."""
        return self.history[-1].status

    @property
    def caller_id(self) -> str:
        """Who calls, as those see it who are called; +266696687 spells ANONYMOUS on a keypad."""
        return "+266696687" if self.withheld else self.sender

    @property
    def phone(self) -> str:
        """The number that is not ours."""
        return self.sender if self.direction == "inbound" else self.recipient

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in OVER

    @property
    def answered_at(self) -> datetime | None:
        """When it was picked up."""
        return next((step.at for step in self.history if step.status == "in-progress"), None)

    @property
    def ended_at(self) -> datetime | None:
        """When it was over."""
        return self.history[-1].at if self.is_over else None

    @property
    def updated_at(self) -> datetime:
        """The moment of the last status."""
        return self.history[-1].at

    @property
    def duration(self) -> int | None:
        """Seconds from the answer to the end, at least one; None for a call that was not completed."""
        if self.status != "completed":
            return None
        if self.seconds is not None:
            return self.seconds
        began = self.answered_at or self.updated_at
        return max(1, ceil((self.updated_at - began).total_seconds()))


class Recording(Shape):
    """The sound of one <Record>.

    Attributes:
        sid: 'RE' and 32 hexadecimal digits.
        call_sid: Whose voice it is.
        content_type: 'audio/wav' or 'audio/mpeg'.
        base64: The bytes, in base64.
        seconds: Its length.
        created_at: When it began.
        deleted: Whether the resource was deleted.
    """

    sid: str
    call_sid: str
    content_type: str
    base64: str
    seconds: int
    created_at: datetime
    deleted: bool = False

    @property
    def content(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.base64)
