"""What administrators do to the service itself, and what they have turned off."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class AdminAction(Model):
    """One immutable row per deed of an administrator: who, when, what.

    The rows are a chain (`linzhang.chaining`): none can be changed, removed or put in without a trace.

    Attributes:
        seq: 1, 2, 3 … without a gap.
        previous: The hash of the entry before it.
        digest: The hash of this one.
        at: Programme time.
        who: As the administrator is called on the machine or on the desk, or the leader who mends something.
        action: What was done, such as 'bridge off'.
        subject: To what, such as the bridge's name; never an address.
        detail: What does not fit elsewhere, such as the reason given.
    """

    id = fields.BigIntField(primary_key=True)
    seq = fields.BigIntField(default=0, unique=True)
    previous = fields.CharField(max_length=64, default="")
    digest = fields.CharField(max_length=64, default="")
    at = fields.DatetimeField()
    who = fields.CharField(max_length=128)
    action = fields.CharField(max_length=32)
    subject = fields.CharField(max_length=128)
    detail = fields.TextField(default="")

    class Meta:
        """The table and its indexes."""

        table = "admin_action"
        indexes = (Index(fields=("subject", "id")),)


class AuditHead(Model):
    """Where the chain of administrators' deeds ends: one row, which whoever appends holds until they commit.

    Attributes:
        name: There is one name.
        seq: Of the last entry; 0: there is none.
        digest: Its hash.
        seal: Keyed hash of both (`linzhang.vault`): who can write to the database, but has not the key,
            cannot make one. Empty: nothing was recorded since the chain was begun.
    """

    name = fields.CharField(max_length=16, primary_key=True)
    seq = fields.BigIntField(default=0)
    digest = fields.CharField(max_length=64)
    seal = fields.CharField(max_length=64, default="")

    class Meta:
        """The table."""

        table = "audit_head"


class BridgeOff(Model):
    """A bridge that an administrator has turned off: nothing goes through it until it is on again.

    Attributes:
        name: The bridge's.
        since: In programme time.
    """

    name = fields.CharField(max_length=32, primary_key=True)
    since = fields.DatetimeField()

    class Meta:
        """The table."""

        table = "bridge_off"
