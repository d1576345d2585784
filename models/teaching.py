"""The course for new leaders."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person
from models.territory import Unit


class Course(Model):
    """How far somebody is in the course. Times are programme time.

    Attributes:
        unit: For which they answered when it began.
        begun_at: When it began first.
        turn: How often they have begun anew.
        lesson: Number of the last lesson that was sent; 0: none yet.
        waits: Whether its question waits for an answer.
        reminded: Whether they were reminded of that, which happens once.
        right: How many questions they have answered rightly.
        due: When it goes on; empty: it is finished, or waits for them.
        finished_at: When the last question was answered.
    """

    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "linzhang.Person", related_name="course", primary_key=True, on_delete=fields.CASCADE
    )
    person_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="courses", on_delete=fields.RESTRICT
    )
    unit_id: int
    begun_at = fields.DatetimeField()
    turn = fields.IntField(default=1)
    lesson = fields.IntField(default=0)
    waits = fields.BooleanField(default=False)
    reminded = fields.BooleanField(default=False)
    right = fields.IntField(default=0)
    due = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "course"
        indexes = (Index(fields=("unit_id",)), Index(fields=("due",)))
