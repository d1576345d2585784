"""What leaders say that people think: notes of public opinion, which go up and are no issues."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person
from models.territory import Unit


class Opinion(Model):
    """One note. It has no deadline, and is never changed.

    Attributes:
        author: Which leader has filed it.
        unit: What people of this unit think.
        path: That unit's, as it was; stored so that all below a unit are one indexed range.
        words: What they think.
        made_at: When it was filed, in programme time.
        event_id: The event by which it was filed in chat, or the form's own word on the desk: once is enough.
    """

    id = fields.BigIntField(primary_key=True)
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="opinions", on_delete=fields.RESTRICT
    )
    author_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="opinions", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    words = fields.TextField()
    made_at = fields.DatetimeField()
    event_id = fields.CharField(max_length=255, unique=True)

    class Meta:
        """The table and its indexes."""

        table = "opinion"
        indexes = (Index(fields=("path", "id")),)
