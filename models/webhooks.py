"""Addresses of other systems that are told when something changes."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person
from models.territory import Unit


class WebhookTarget(Model):
    """An address that is told what changes at a unit and below it.

    Attributes:
        url: Where.
        secret: With what deliveries are signed, sealed.
        events: What it is told, by the names of `escalator.webhooks.targets.Event`.
        unit: At which unit and below.
        person: Who has had it made: it ends with what they lead.
        made_at: Machine time, like all times here.
        read_to: Id of the last line of the feed of changes of which it has been told.
        failures: How many deliveries in a row have failed.
        failing_since: Since when; empty: the last one did not.
        disabled_at: When it was given up, or somebody turned it off.
        ended_at: When it was removed. Rows are never deleted.
    """

    id = fields.BigIntField(primary_key=True)
    url = fields.CharField(max_length=500)
    secret = fields.TextField()
    events: list[str] = fields.JSONField(default=list)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="webhook_targets", on_delete=fields.RESTRICT
    )
    unit_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="webhook_targets", on_delete=fields.RESTRICT
    )
    person_id: int
    made_at = fields.DatetimeField()
    read_to = fields.BigIntField(default=0)
    failures = fields.IntField(default=0)
    failing_since = fields.DatetimeField(null=True)
    disabled_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "webhook_target"
        indexes = (Index(fields=("person_id",)),)
