"""Effects as rows: what is to be sent, in which order, and how far it is."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.issues import Issue
from models.people import Address


class OutboxState(StrEnum):
    """How far an effect is.

    `CALLING` is written before the far side is called. A row found in it after its lease has run
    out was being sent by a process that died: the far side is asked before it is sent again.
    """

    WAITING = "waiting"
    CALLING = "calling"
    SENT = "sent"
    FAILED = "failed"  # the far side refused for good
    CANCELLED = "cancelled"  # taken back before it was sent


class Outbox(Model):
    """One effect on the outside world.

    Attributes:
        key: Names the effect; the far side is given it where it can honour it.
        lane: The conversation in which order holds: 'person:12', 'issue:34'. Rows of a lane are
            delivered by ascending id, one after the other.
        bridge: Who delivers it: a bridge's name, or 'rooms'.
        address: Whom a bridge's message goes to; empty for rooms.
        payload: What to send, as the deliverer understands it; never an address.
        patient: Whether nobody waits for it just now, since the clock has caused it: in lanes that hold only
            such rows it waits until those are served in which somebody waits.
        topic: What it is about, where a later text about the same makes it pointless while held.
        hold_until: Programme time until which it waits for the morning; empty: it goes at once.
        not_before: Machine time before which it is not tried (again).
        leased_until: Machine time until which one worker has it.
        called_at: Machine time of the first call whose end is not known.
        external_id: The far side's id of what was sent: message SID, event id.
        receipt: The last word of the far side about its fate: 'queued', 'delivered', 'undelivered'.
        error: Why the last attempt failed; never an address.
        settled_at: Machine time from which nobody need look after it any more, although it failed: something
            else was tried, the words have arrived in another way, or somebody has seen to it.
        trace: Which trace it belongs to (`linzhang.tracing`); empty: none.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=64, unique=True)
    lane = fields.CharField(max_length=64)
    bridge = fields.CharField(max_length=32)
    issue: fields.ForeignKeyNullableRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="effects", null=True, on_delete=fields.RESTRICT
    )
    issue_id: int | None
    address: fields.ForeignKeyNullableRelation[Address] = fields.ForeignKeyField(
        "linzhang.Address", related_name="effects", null=True, on_delete=fields.RESTRICT
    )
    address_id: int | None
    payload: dict[str, Any] = fields.JSONField()
    state = fields.CharEnumField(OutboxState, max_length=16, default=OutboxState.WAITING)
    created_at = fields.DatetimeField()
    patient = fields.BooleanField(default=False)
    topic = fields.CharField(max_length=32, default="")
    hold_until = fields.DatetimeField(null=True)
    not_before = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    called_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    external_id = fields.CharField(max_length=255, null=True)
    receipt = fields.CharField(max_length=32, default="")
    receipt_code = fields.IntField(null=True)
    error = fields.TextField(default="")
    settled_at = fields.DatetimeField(null=True)
    trace = fields.CharField(max_length=64, default="")

    class Meta:
        """The table and its indexes."""

        table = "outbox"
        indexes = (
            Index(fields=("state", "not_before")),
            Index(fields=("lane", "state", "id")),
            Index(fields=("bridge", "external_id")),
            Index(fields=("issue_id",)),
            Index(fields=("receipt", "not_before")),
        )
