"""What the clock has to do: one module per duty, each of the same shape.

A duty finds in the database alone what is due, does it exactly once however many workers see it, and
says when it next has something to do. A newcomer who knows one knows all.
"""

from datetime import datetime
from typing import Protocol

from escalator import (
    bridging,
    canvassing,
    caring,
    deadlines,
    digests,
    encouraging,
    honouring,
    hooking,
    noticing,
    nudges,
    projecting,
    questions,
    retention,
    sealing,
    surveying,
    tasking,
    teaching,
    upkeep,
)
from linzhang.settings import Settings


class Duty(Protocol):
    """A module of this package that the worker calls when something of it is due."""

    async def run(self, settings: Settings, limit: int) -> tuple[int, set[str]]:
        """Do what is due.

        Args:
            settings: The service's.
            limit: How much at most.

        Returns:
            How much was done, and the outbox lanes that have got rows.
        """
        ...

    async def next_due(self, settings: Settings) -> datetime | None:
        """When something is next due, in programme time; None: nothing waits."""
        ...


#: By the names under which workers are woken for them.
DUTIES: dict[str, Duty] = {
    "deadlines": deadlines,
    "nudges": nudges,
    "digests": digests,
    "questions": questions,
    "rooms": upkeep,
    "bridging": bridging,
    "projecting": projecting,
    "webhooks": hooking,
    "notices": noticing,
    "honours": honouring,
    "teaching": teaching,
    "care": caring,
    "doors": canvassing,
    "tasks": tasking,
    "surveys": surveying,
    "encouraging": encouraging,
    "retention": retention,
    "sealing": sealing,
}
