"""What the carrier remembers: messages, media, phones, webhooks and the events that made them.

Shapes only, each of which turns to JSON and back without loss. They must never decide anything.
"""

import base64
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from demo.carrier.channels import Channel, channel_of, number_of

Direction = Literal["inbound", "outbound-api", "outbound-reply"]
Origin = Literal["phone", "api", "twiml", "carrier"]
"""Who wrote a message: a phone, the REST API, an answer to a webhook, or the carrier (opt-out replies)."""

Status = Literal[
    "accepted",
    "queued",
    "sending",
    "sent",
    "delivered",
    "read",
    "undelivered",
    "failed",
    "canceled",
    "received",
]

FINAL: frozenset[str] = frozenset({"delivered", "read", "undelivered", "failed", "canceled", "received"})
"""Statuses after which nothing comes, but for 'read' after 'delivered' on WhatsApp.

'Message status values' of Twilio's Message resource.
"""


class StatusChange(BaseModel):
    """One step of a message.

    Attributes:
        status: What it became.
        at: When.
        error_code: Why it did not arrive.
    """

    status: Status
    at: datetime
    error_code: int | None = None


class Message(BaseModel):
    """One SMS, MMS or WhatsApp message, in either direction.

    Attributes:
        sid: 'SM' (or 'MM' with media) and 32 hexadecimal digits.
        direction: As in Twilio's Message resource.
        origin: Who wrote it.
        sender: E.164, behind 'whatsapp:' on WhatsApp; None while a messaging service has not chosen one.
        recipient: E.164, behind 'whatsapp:' on WhatsApp.
        body: The text as it was handed in, whatever happened to the resource later.
        media: The sids of what is attached.
        media_urls: Where outgoing media are to be fetched before sending.
        service_sid: The messaging service, if it went through one.
        status_callback: Where the application wants to hear of each status.
        in_reply_to: The incoming message whose webhook was answered with this one.
        profile_name: What the sender of a WhatsApp message calls themselves.
        template: The sid of the content template that it was made of.
        created_at: When the resource came to be.
        redacted: Whether the resource's body was erased.
        deleted: Whether the resource was deleted.
        history: Every status with its moment, the first one included.
    """

    model_config = ConfigDict(extra="forbid")

    sid: str
    direction: Direction
    origin: Origin
    sender: str | None
    recipient: str
    body: str
    media: list[str] = []
    media_urls: list[str] = []
    service_sid: str | None = None
    status_callback: str | None = None
    in_reply_to: str | None = None
    profile_name: str | None = None
    template: str | None = None
    created_at: datetime
    redacted: bool = False
    deleted: bool = False
    history: list[StatusChange]

    @property
    def status(self) -> Status:
        """Where it stands now."""
        return self.history[-1].status

    @property
    def error_code(self) -> int | None:
        """Why it did not arrive, if so."""
        return self.history[-1].error_code

    @property
    def updated_at(self) -> datetime:
        """The moment of the last status."""
        return self.history[-1].at

    @property
    def sent_at(self) -> datetime | None:
        """When it left: for an incoming message, when it came in."""
        return next((step.at for step in self.history if step.status in ("sent", "received")), None)

    @property
    def phone(self) -> str:
        """The number that is not ours."""
        return number_of(str(self.sender) if self.direction == "inbound" else self.recipient)

    @property
    def channel(self) -> Channel:
        """Which way it went."""
        return channel_of(self.recipient)

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in FINAL


class Media(BaseModel):
    """One picture, sound or film.

    Attributes:
        sid: 'ME' and 32 hexadecimal digits.
        message_sid: What it is attached to.
        content_type: Its MIME type.
        base64: The bytes, in base64.
        created_at: When it came in.
        deleted: Whether the resource was deleted.
    """

    model_config = ConfigDict(extra="forbid")

    sid: str
    message_sid: str
    content_type: str
    base64: str
    created_at: datetime
    deleted: bool = False

    @property
    def content(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.base64)

    @classmethod
    def of(cls, sid: str, message_sid: str, content_type: str, content: bytes, at: datetime) -> "Media":
        """A medium of these bytes."""
        return cls(
            sid=sid,
            message_sid=message_sid,
            content_type=content_type,
            base64=base64.b64encode(content).decode("ascii"),
            created_at=at,
        )


class WebhookPurpose(StrEnum):
    """Why the carrier called the application."""

    INBOUND = "inbound"  # a text came in
    FALLBACK = "fallback"  # the first URL failed
    STATUS = "status"  # an outgoing message went a step
    VOICE = "voice"  # a call needs to be told how it goes on
    VOICE_FALLBACK = "voice_fallback"  # what a call was told could not be understood
    CALL_STATUS = "call_status"  # a call went a step
    RECORDING = "recording"  # a recording is there, or has none


CALLBACKS = frozenset({WebhookPurpose.STATUS, WebhookPurpose.CALL_STATUS, WebhookPurpose.RECORDING})
"""Purposes whose answer nobody reads."""


class WebhookAttempt(BaseModel):
    """One request of the carrier to the application, and how it was answered.

    Attributes:
        purpose: Why it was made.
        message_sid: The message that it is about.
        call_sid: The call that it is about.
        method: 'POST', or 'GET' with the form fields in the query.
        url: Where it went.
        params: The form fields, in the order of the wire.
        tries: How often it was sent, if the address asks for persistence.
        signature: The X-Twilio-Signature that was sent; None when it was left out on purpose.
        at: When it was sent.
        seconds: How long it took.
        status_code: The HTTP status; None when no answer came.
        answer: The answer's text, at most 64 kB.
        errors: Twilio's codes for what was wrong with the answer; empty when all was well.
    """

    model_config = ConfigDict(extra="forbid")

    purpose: WebhookPurpose
    message_sid: str | None = None
    call_sid: str | None = None
    method: Literal["GET", "POST"] = "POST"
    url: str
    params: dict[str, str]
    tries: int = 0
    signature: str | None
    at: datetime
    seconds: float
    status_code: int | None = None
    answer: str = ""
    errors: list[int] = []


class EventKind(StrEnum):
    """What can happen; the log of events is the carrier's whole memory."""

    MESSAGE = "message"  # a message came to be
    STATUS = "status"  # a message went a step
    MEDIA = "media"  # bytes were attached
    ERASED = "erased"  # a message was redacted, or a message, medium, call or recording deleted
    PHONE = "phone"  # a phone's behaviour was set
    OPT_OUT = "opt_out"  # a phone said STOP or START
    WEBHOOK = "webhook"  # the application was called
    CALLBACK_LOST = "callback_lost"  # the application was not called, as ordered
    CALL = "call"  # a call came to be
    CALL_CHANGED = "call_changed"  # something of a call is otherwise
    RECORDING = "recording"  # a caller was recorded
    RESET = "reset"  # everything was forgotten


class Event(BaseModel):
    """One line of the log.

    Attributes:
        id: Grows by one with each event, over resets and restarts.
        kind: What happened.
        at: When.
        data: The particulars, per kind.
    """

    model_config = ConfigDict(extra="forbid")

    id: int
    kind: EventKind
    at: datetime
    data: dict[str, object]
