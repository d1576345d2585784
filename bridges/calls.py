"""What a call can do: the part of the contract for bridges that carry calls.

A call is a conversation in which the platform asks after each turn how it goes on, and waits for the
answer on the line. So the core answers at once: a `Switchboard` reads the database and nothing else.
What must be kept of a turn goes through `accept`, as everything that comes in.

Where a conversation stands is a word of the switchboard's, a *place*, which the bridge hands back with
what happened there; it keeps nothing in between. A place must never hold an address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from fastapi import APIRouter

from bridges.contract import Accept, Bridge, Inbound

#: How the address begins of somebody whose number was withheld; it stands for one call, and nobody can be
#: reached there.
WITHHELD = "withheld:"


class Happened(StrEnum):
    """What has happened on the line since the last turn."""

    BEGAN = "began"  # somebody is on the line
    PRESSED = "pressed"  # they have pressed keys
    RECORDED = "recorded"  # they have left a message, which is accepted already
    TALKED = "talked"  # they were connected with somebody, and that is over
    NOT_CONNECTED = "not connected"  # nobody whom they wanted to talk to has come to the phone


@dataclass(frozen=True, slots=True)
class Call:
    """A turn of a call.

    Attributes:
        external_id: The platform's id of the call.
        bridge: Whose address `person` is.
        person: Who is on the line, whether they call or are called. A secret: never logged.
        happened: What the turn is about.
        place: Where the conversation stands; empty at its beginning.
        key: For a call that we have placed: the key of the message that it carries.
        digits: The keys that were pressed.
        fixed_line: Whether the telephone takes no texts.
        withheld: Whether the number was withheld; see `WITHHELD`.
    """

    external_id: str
    bridge: str
    person: str
    happened: Happened = Happened.BEGAN
    place: str = ""
    key: str = ""
    digits: str = ""
    fixed_line: bool = False
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Words that are read aloud.

    Attributes:
        text: What.
        language: Tag of the language that it is in.
    """

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys while something is said; who presses none goes on to the next step.

    Attributes:
        prompts: What is said meanwhile.
        then: The place to which the keys lead.
        digits: How many are waited for; 0: any number, ended by #.
    """

    prompts: Sequence[Say]
    then: str
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """Record what is said after a beep, until a key or silence; who says nothing goes on to the next step.

    Attributes:
        seconds: How long at most.
        then: The place to which the message leads.
    """

    seconds: int
    then: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Call somebody else and let the two talk, neither of whom sees the other's number.

    Attributes:
        address: Whom. A secret: never logged.
        seconds: How long their phone rings.
        then: The place to which it leads, whether they have talked or not.
        ask: The place at which their own side begins, before the two hear each other. They are
            connected at its end, unless that is a `Hangup`.
    """

    address: str
    seconds: int
    then: str
    ask: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Step = Say | Gather | Record | Connect | Hangup


@dataclass(frozen=True, slots=True)
class Turn:
    """How a call goes on.

    Attributes:
        steps: One after the other; after the last the call ends.
        keep: What has to be accepted before they are answered; its ids are the same for the same turn.
    """

    steps: Sequence[Step]
    keep: Sequence[Inbound] = ()


class Switchboard(Protocol):
    """Says how calls go on."""

    async def answer(self, call: Call) -> Turn:
        """How a call goes on. Reads the database, and changes nothing."""
        ...


@runtime_checkable
class CallBridge(Bridge, Protocol):
    """A bridge that carries calls; its `deliver` calls somebody, and the switchboard says the words."""

    def call_routes(self, accept: Accept, switchboard: Switchboard) -> APIRouter:
        """The webhooks that ask how a call goes on; each verifies, normalises, asks and translates."""
        ...
