"""Leaders who are to be encouraged or helped: who they are now, and what was done."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person
from models.territory import Leadership, Unit


class Concern(Model):
    """A leader of whom something says that they may need a word or help. Derived: it is made anew each day.

    Times are programme time.

    Attributes:
        post: Of which it is.
        person: Who.
        unit: For which they answer.
        path: That unit's.
        silent_since: Since when nothing was heard of them; empty: that is not long.
        missed: How many windows have passed lately while something was theirs; 0 where these are few.
        content: How many of a hundred residents are content with them, where that is few; else empty.
        since: Since when they are on the list.
        rest_until: Until when they are off it, since somebody has done something; empty: nobody has lately.
    """

    post: fields.OneToOneRelation[Leadership] = fields.OneToOneField(
        "linzhang.Leadership", related_name="concern", primary_key=True, on_delete=fields.CASCADE
    )
    post_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="concerns", on_delete=fields.CASCADE
    )
    person_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="concerns", on_delete=fields.CASCADE
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    silent_since = fields.DatetimeField(null=True)
    missed = fields.IntField(default=0)
    content = fields.SmallIntField(null=True)
    since = fields.DatetimeField()
    rest_until = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "concern"
        indexes = (Index(fields=("path", "rest_until")), Index(fields=("person_id",)))


class StepKind(StrEnum):
    """What was done for a leader."""

    WORD = "word"  # an encouraging word was sent
    TALKED = "talked"  # somebody has talked with them
    DEPUTY = "deputy"  # they were given a deputy
    REPLACED = "replaced"  # somebody else answers for the unit
    NONE = "none"  # somebody has looked, and nothing need be done


class Step(Model):
    """Something that was done for a leader. It is never changed.

    Attributes:
        person: For whom.
        unit: For which they answered.
        path: That unit's.
        by: Who has done it.
        at: When, in programme time.
        note: The words that were sent, or what there is to know.
        reasons: Why they were on the list, in the words of those days and in the programme's language.
        event_id: The event by which it was said, or the form's own word.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="steps_for", on_delete=fields.RESTRICT
    )
    person_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="steps_for", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    kind = fields.CharEnumField(StepKind, max_length=16)
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="steps_by", on_delete=fields.RESTRICT
    )
    by_id: int
    at = fields.DatetimeField()
    note = fields.TextField(default="")
    reasons = fields.TextField(default="")
    event_id = fields.CharField(max_length=255, unique=True)

    class Meta:
        """The table and its indexes."""

        table = "step"
        indexes = (Index(fields=("path", "id")), Index(fields=("person_id", "id")))
