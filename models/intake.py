"""What came in: stored before it is answered, worked on later, never worked on twice."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Address


class InboxState(StrEnum):
    """How far the work on an accepted message is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"  # refused too often by an error of ours; kept, shown to operators
    HELD = "held"  # one of too many from one sender; kept until somebody has decided (`Flood`)


class Inbox(Model):
    """One accepted message, reaction, receipt or room event.

    Attributes:
        bridge: The bridge's name.
        external_id: The platform's own id, unique per bridge: MessageSid, event id.
        lane: What must be worked on in order: one sender, or one room.
        sender: The sender's address, sealed.
        body: The rest of the `Inbound`, without any address.
        attempts: How often the work on it has failed.
        error: What the last failure said; never an address.
        not_before: Machine time before which it is not tried again.
        trace: Which trace it belongs to (`linzhang.tracing`); empty: none.
    """

    id = fields.BigIntField(primary_key=True)
    bridge = fields.CharField(max_length=32)
    external_id = fields.CharField(max_length=255)
    lane = fields.CharField(max_length=255)
    sender = fields.TextField()
    body: dict[str, Any] = fields.JSONField()
    received_at = fields.DatetimeField()
    state = fields.CharEnumField(InboxState, max_length=16, default=InboxState.WAITING)
    attempts = fields.IntField(default=0)
    error = fields.TextField(default="")
    not_before = fields.DatetimeField()
    trace = fields.CharField(max_length=64, default="")

    class Meta:
        """The table and its indexes."""

        table = "inbox"
        unique_together = (("bridge", "external_id"),)
        indexes = (
            Index(fields=("state", "not_before")),
            Index(fields=("lane", "state")),
            Index(fields=("lane", "id")),
        )


class FloodState(StrEnum):
    """What somebody has decided about a sender of too many messages."""

    ON = "on"  # nothing yet
    LET = "let"  # let through: no limit counts for a while
    OUT = "out"  # kept out: nothing of theirs is worked on for a while


class Flood(Model):
    """A sender from whom more came than any person writes: what came too much is held in the inbox.

    Attributes:
        address: The sender.
        lane: Theirs in the inbox.
        began_at: When a limit was first passed, in programme time.
        answered_at: When the sender was last told so.
        until: Until when the decision counts; empty: there is none.
        decided_at: When it was made.
        decided_by: Who made it, as they are called.
    """

    id = fields.BigIntField(primary_key=True)
    address: fields.ForeignKeyRelation[Address] = fields.ForeignKeyField(
        "linzhang.Address", related_name="floods", on_delete=fields.CASCADE
    )
    address_id: int
    lane = fields.CharField(max_length=255, unique=True)
    state = fields.CharEnumField(FloodState, max_length=16, default=FloodState.ON)
    began_at = fields.DatetimeField()
    answered_at = fields.DatetimeField()
    until = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decided_by = fields.CharField(max_length=128, default="")

    class Meta:
        """The table and its indexes."""

        table = "flood"
        indexes = (Index(fields=("state",)), Index(fields=("address_id",)))
