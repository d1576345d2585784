"""Quarrels between neighbours, and what they agree on."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.issues import Issue
from models.people import Person


class Dispute(Model):
    """An issue that is about two: whoever has reported it, and another.

    Attributes:
        other: The other party.
        mediator: The leader who goes between them.
        since: When it was known as one, in programme time.
        agreed_at: When both had agreed, in programme time.
    """

    issue: fields.OneToOneRelation[Issue] = fields.OneToOneField(
        "linzhang.Issue", related_name="dispute", primary_key=True, on_delete=fields.CASCADE
    )
    issue_id: int
    other: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="disputes", on_delete=fields.RESTRICT
    )
    other_id: int
    mediator: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="mediated", on_delete=fields.RESTRICT
    )
    mediator_id: int
    since = fields.DatetimeField()
    agreed_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "dispute"
        indexes = (Index(fields=("other_id",)), Index(fields=("mediator_id",)))


class Agreement(Model):
    """Words that both parties of a dispute are asked to agree to. A later one takes its place.

    Attributes:
        words: What they would agree on.
        made_at: When they were asked, in programme time.
        reporter_says: What whoever reported it says; empty: nothing yet.
        other_says: What the other says.
        ended_at: When it was agreed, refused, or a later one took its place; programme time.
    """

    id = fields.BigIntField(primary_key=True)
    issue: fields.ForeignKeyRelation[Issue] = fields.ForeignKeyField(
        "linzhang.Issue", related_name="agreements", on_delete=fields.CASCADE
    )
    issue_id: int
    words = fields.TextField()
    made_at = fields.DatetimeField()
    reporter_says = fields.BooleanField(null=True)
    other_says = fields.BooleanField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "agreement"
        indexes = (Index(fields=("issue_id",)),)
