"""How a phone takes texts and calls: a table of names, and any of Twilio's codes besides.

Decides between a refusal at the door and a failure on the way. It must never remember a phone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from demo.carrier.channels import Channel
from demo.carrier.errors import DELIVERY_ERRORS, NEVER_SENT, OF_CALLS, REFUSALS
from demo.carrier.numbers import country_of

BEHAVIOURS: dict[str, int | None] = {
    "normal": None,  # it gets everything
    "silent": None,  # it gets everything, but the network never says so: 'sent' is the last word
    "off": 30003,  # switched off or out of reach
    "blocked": 30004,  # blocks this sender
    "unknown": 30005,  # nobody has this number
    "landline": 30006,  # a telephone on the wall
    "unreachable": 30006,  # its network cannot be reached
    "filtered": 30007,  # a network took the text for spam
    "lost": 30008,  # nobody knows why
    "answers": None,  # picks every call up at once
    "machine": None,  # an answering machine picks up at once, presses nothing, and hangs up
    "busy": None,  # somebody is talking on it
    "no-answer": None,  # rings, and nobody comes
    "reads": None,  # WhatsApp tells that messages are read
    "window_closed": None,  # WhatsApp takes free words only while the phone has written not long ago
    "no_whatsapp": None,  # it has no WhatsApp
}
"""Names that a phone's behaviour can have, and how texts fail; a code from `known_codes` is as good."""

WHATSAPP: dict[str, int | None] = {"no_whatsapp": 63003, "unknown": 63003, "landline": 63003}
"""How messages on WhatsApp fail; 63016 comes besides, when the window is closed."""

_ONE_TICK = frozenset({"silent", "off", "blocked", "unreachable"})
"""Behaviours with which WhatsApp never says that a message has arrived."""

Pickup = Literal["rings", "answers", "machine", "busy", "no-answer", "failed"]
"""What a called phone does: it rings until somebody acts, or one of these at once."""

PICKUPS: dict[str, Pickup] = {
    "answers": "answers",
    "machine": "machine",
    "busy": "busy",
    "no-answer": "no-answer",
    "off": "no-answer",
    "blocked": "busy",
    "unknown": "failed",
    "unreachable": "failed",
}
"""Behaviours that decide what becomes of a call; with every other the phone rings."""

_LANDLINES_ARE_TRIED = frozenset({"US", "CA", "GB"})


@dataclass(frozen=True)
class Outcome:
    """What becomes of a message to a phone.

    Attributes:
        refusal: The code that the REST request is refused with; None when it is accepted.
        error_code: The code that it fails with later; None when it arrives.
        reported: Whether the network says how it ended.
        read: Whether the network says that it was read.
    """

    refusal: int | None = None
    error_code: int | None = None
    reported: bool = True
    read: bool = False

    @property
    def is_sent(self) -> bool:
        """Whether it leaves for the network at all."""
        return self.error_code not in NEVER_SENT


def known_codes() -> list[int]:
    """The codes that can be a behaviour."""
    return sorted({*DELIVERY_ERRORS, *(code for code in REFUSALS if 21000 <= code < 22000)})


def is_behaviour(name: str) -> bool:
    """Whether `name` is in the table, or a code that Twilio refuses or fails with."""
    return name in BEHAVIOURS or (name.isdecimal() and int(name) in known_codes())


def outcome(
    name: str,
    channel: Channel,
    number: str,
    *,
    forced: bool = False,
    window: Callable[[], bool] = lambda: True,
) -> Outcome:
    """What becomes of a message to a phone.

    Args:
        name: The phone's behaviour.
        channel: Which way the message goes.
        number: The phone's.
        forced: Whether an SMS to a landline is tried nevertheless.
        window: Tells whether WhatsApp takes free words, or the message is a template.
    """
    return _on_whatsapp(name, window) if channel == "whatsapp" else _by_sms(name, number, forced)


def _on_whatsapp(name: str, window: Callable[[], bool]) -> Outcome:
    """After 'Error 63016' (the window of 24 hours) and 'Message status values' (read)."""
    code = int(name) if name.isdecimal() and name.startswith("63") else WHATSAPP.get(name)
    if name == "window_closed" and not window():
        code = 63016
    return Outcome(error_code=code, reported=name not in _ONE_TICK, read=name == "reads")


def _by_sms(name: str, number: str, force_delivery: bool) -> Outcome:
    """What becomes of an SMS.

    Landlines are refused with 21635 outside the United States, Canada and the United Kingdom unless
    delivery is forced. After 'Error 21635: 'To' number cannot be a landline'.
    """
    if name == "landline" and not force_delivery and country_of(number) not in _LANDLINES_ARE_TRIED:
        return Outcome(refusal=21635)
    if name in BEHAVIOURS:
        return Outcome(error_code=BEHAVIOURS[name], reported=name != "silent")
    code = int(name)
    if code in OF_CALLS or code >= 63000:
        return Outcome()
    return Outcome(error_code=code) if code in DELIVERY_ERRORS else Outcome(refusal=code)


def pickup(name: str) -> Pickup:
    """What a phone whose behaviour is `name` does when it is called."""
    return PICKUPS.get(name, "rings")


def call_refusal(name: str) -> int | None:
    """The code that a request to call a phone whose behaviour is `name` is refused with."""
    return int(name) if name.isdecimal() and int(name) in OF_CALLS | {21211, 21212} else None
