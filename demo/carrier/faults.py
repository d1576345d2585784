"""The book of misbehaviour: which of the next requests, callbacks or webhooks go wrong, and how.

Counts down what was ordered, and forgets it with the process. It must never touch the wire itself:
`misbehaviour`, `delivery` and `exchange` do.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class FaultKind(StrEnum):
    """What can go wrong on request."""

    TOO_MANY = "429"  # refused with 20429
    BROKEN = "500"  # refused with 20500
    UNAVAILABLE = "503"  # refused with 20503
    BROKEN_AFTER_ACCEPT = "500_after_accept"  # done, but answered with 20500
    TIMEOUT_AFTER_ACCEPT = "timeout_after_accept"  # done, but the answer never comes
    CONNECTION_RESET = "connection_reset"  # not done, and the connection is torn
    SLOW = "slow"  # done and answered, but late
    CALLBACKS_TWICE = "callbacks_twice"  # a status callback is sent two times
    CALLBACKS_LOST = "callbacks_lost"  # a status callback is never sent
    CALLBACKS_REORDERED = "callbacks_reordered"  # all callbacks of one message, last first
    TEXTS_TWICE = "texts_twice"  # the webhook of a text is sent again once it was answered
    TEXTS_REORDERED = "texts_reordered"  # the webhook of a text follows after that of a later text
    VOICE_TWICE = "voice_twice"  # a call asks again how it goes on, and heeds the second answer
    RECORDING_LATE = "recording_late"  # a recording's sound is asked for, and is not there yet


REST_FAULTS = frozenset(
    {
        FaultKind.TOO_MANY,
        FaultKind.BROKEN,
        FaultKind.UNAVAILABLE,
        FaultKind.BROKEN_AFTER_ACCEPT,
        FaultKind.TIMEOUT_AFTER_ACCEPT,
        FaultKind.CONNECTION_RESET,
        FaultKind.SLOW,
    }
)
"""Faults of requests to the REST API; the others are of callbacks and webhooks."""


class Fault(BaseModel):
    """One order.

    Attributes:
        kind: What goes wrong.
        count: How many more times: REST requests, callbacks, texts, or messages for reordered callbacks.
        seconds: How long it takes, for 'slow' and 'timeout_after_accept'; what Retry-After says, for
            '429', '500' and '503', which say nothing when it is 0; how long a text waits for a later one
            at most, for 'texts_reordered', where 0 stands for ten seconds.
        method: Only REST requests with this method; None for every method.
        resource: Only REST requests to this resource; None for every resource.
    """

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    count: int = Field(default=1, ge=1)
    seconds: float = Field(default=0.0, ge=0)
    method: Literal["GET", "POST", "DELETE"] | None = None
    resource: Literal["Messages", "Calls", "Recordings"] | None = None


class Faults:
    """What is still to go wrong, in the order in which it was ordered."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a fault."""
        self._orders.append(fault)

    def pending(self) -> list[Fault]:
        """What has not happened yet."""
        return list(self._orders)

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._orders.clear()

    def next_for_request(self, method: str, path: str) -> Fault | None:
        """The fault of a REST request that arrives now, counted down."""
        return self._take(
            lambda fault: (
                fault.kind in REST_FAULTS
                and fault.method in (None, method)
                and (fault.resource is None or f"/{fault.resource}" in path)
            )
        )

    def next_of(self, kind: FaultKind) -> Fault | None:
        """The fault of this kind that strikes now, counted down."""
        return self._take(lambda fault: fault.kind is kind)

    def _take(self, fits: Callable[[Fault], bool]) -> Fault | None:
        for fault in self._orders:
            if fits(fault):
                fault.count -= 1
                if not fault.count:
                    self._orders.remove(fault)
                return fault
        return None
