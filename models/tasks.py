"""Tasks for which leaders are asked, those who help, and the ledger of what they are due for it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person
from models.territory import Unit


class TaskState(StrEnum):
    """How far a task is."""

    DRAFT = "draft"  # nobody has been asked
    OPEN = "open"  # more helpers are wanted
    FULL = "full"  # as many as are needed have said yes
    DONE = "done"  # as many have done it, and that was confirmed
    OFF = "off"  # called off


class Task(Model):
    """Work for which leaders are asked, with its pay. Times are programme time.

    Attributes:
        author: Who asks.
        payer: The unit or department in whose name they ask, and which pays.
        unit: Whose leader, and those below it, are asked.
        path: That unit's.
        words: What is to be done, where and when.
        need: How many helpers.
        pay: For each of them, in the smallest unit of the currency.
        currency: ISO 4217 code.
        event_id: The event by which it was asked for, or the form's own word; empty: none.
        made_at: When it was written.
        sent_at: When it was let go.
        over_at: When it was done, or called off.
        offering: Whether not everybody has been asked yet.
        reached: Path of the last unit in whose room it has been said.
    """

    id = fields.BigIntField(primary_key=True)
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="tasks", on_delete=fields.RESTRICT
    )
    author_id: int
    payer: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="tasks_paid", on_delete=fields.RESTRICT
    )
    payer_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="tasks", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    words = fields.TextField()
    need = fields.IntField()
    pay = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    state = fields.CharEnumField(TaskState, max_length=16, default=TaskState.DRAFT)
    event_id = fields.CharField(max_length=255, default="")
    made_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    over_at = fields.DatetimeField(null=True)
    offering = fields.BooleanField(default=False)
    reached = fields.CharField(max_length=512, default="")

    class Meta:
        """The table and its indexes."""

        table = "task"
        indexes = (
            Index(fields=("path",)),
            Index(fields=("payer_id",)),
            Index(fields=("offering",)),
            Index(fields=("event_id",)),
        )


class HelpState(StrEnum):
    """How far somebody is with their help."""

    ACCEPTED = "accepted"  # they have said that they will
    DONE = "done"  # they say that they have, and it waits for whoever asked
    CONFIRMED = "confirmed"  # it is so, and stands in the ledger
    REFUSED = "refused"  # it is not so, or they did not come
    LEFT = "left"  # they cannot after all
    REVERSED = "reversed"  # it stood in the ledger, and was taken back


class Help(Model):
    """Somebody helps with a task: one row for each of them, however often they come and go.

    Attributes:
        accepted_at: When they said yes, in programme time.
        words: What they wrote when they had done it.
        media: What came with it; see `Message.media`.
        bridge: Through which bridge that came.
        event_id: The platform's id of it.
        place: Where they say that it was, as latitude and longitude.
        proved_at: When that came, in programme time.
        settled_at: When it was confirmed, refused or left.
        settled_by: Who did that.
        why: Why it was refused or taken back.
    """

    id = fields.BigIntField(primary_key=True)
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "linzhang.Task", related_name="helps", on_delete=fields.RESTRICT
    )
    task_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="helps", on_delete=fields.RESTRICT
    )
    person_id: int
    state = fields.CharEnumField(HelpState, max_length=16, default=HelpState.ACCEPTED)
    accepted_at = fields.DatetimeField()
    words = fields.TextField(default="")
    media: list[dict[str, Any]] = fields.JSONField(default=list)
    bridge = fields.CharField(max_length=32, default="")
    event_id = fields.CharField(max_length=255, default="")
    place: list[float] | None = fields.JSONField(null=True)
    proved_at = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)
    settled_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="helps_settled", null=True, on_delete=fields.RESTRICT
    )
    settled_by_id: int | None
    why = fields.TextField(default="")

    class Meta:
        """The table and its indexes."""

        table = "help"
        unique_together = (("task", "person"),)
        indexes = (Index(fields=("person_id",)),)


class Entry(StrEnum):
    """What a row of the ledger says."""

    DUE = "due"  # they are due this
    BACK = "back"  # and are not, after all


class Allowance(Model):
    """One row of the ledger: what a leader is due for one piece of help, or the same taken back.

    Amounts never change and rows are never deleted; one piece of help has one row of each kind at most, so
    that nothing is entered twice.

    Attributes:
        payer: Who pays it: the task's.
        amount: In the smallest unit of the currency; of what is taken back, less than nothing.
        at: When it was entered, in programme time.
        by: Who did that.
        paid_at: When it was paid out, in programme time; empty: it has not been yet. It is set once.
        paid_by: Who said so.
    """

    id = fields.BigIntField(primary_key=True)
    help: fields.ForeignKeyRelation[Help] = fields.ForeignKeyField(
        "linzhang.Help", related_name="allowances", on_delete=fields.RESTRICT
    )
    help_id: int
    entry = fields.CharEnumField(Entry, max_length=8, default=Entry.DUE)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="allowances", on_delete=fields.RESTRICT
    )
    person_id: int
    payer: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="allowances", on_delete=fields.RESTRICT
    )
    payer_id: int
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    at = fields.DatetimeField()
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="allowances_entered", on_delete=fields.RESTRICT
    )
    by_id: int
    paid_at = fields.DatetimeField(null=True)
    paid_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="allowances_paid", null=True, on_delete=fields.RESTRICT
    )
    paid_by_id: int | None

    class Meta:
        """The table and its indexes."""

        table = "allowance"
        unique_together = (("help", "entry"),)
        indexes = (Index(fields=("payer_id", "paid_at")), Index(fields=("person_id",)))
