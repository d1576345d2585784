"""Surveys of how content residents are with their leaders: who was drawn, and what came of it.

Who said what is nowhere: an answer is added to the sums of its block, and of the person it is only known that
they have answered.
"""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Address, Person
from models.territory import Unit


class SurveyState(StrEnum):
    """How far a survey is."""

    LISTING = "listing"  # whom it could ask is being written down
    ANNOUNCED = "announced"  # list and seal are known to all, and it waits for the draw
    DRAWING = "drawing"  # who is asked is being drawn
    ASKING = "asking"  # they are asked, and answers count
    OVER = "over"  # answers count no more, and all is shown
    STOPPED = "stopped"  # it was taken back before anybody was drawn


class Survey(Model):
    """One survey in a unit and below it. Times are programme time.

    Attributes:
        unit: Of whose blocks the leaders are asked about.
        path: That unit's.
        author: Who has opened it.
        event_id: The event by which it was opened, or the form's own word.
        made_at: When it was opened.
        reached: Path of the last block that was listed or drawn.
        people: How many are on the list.
        size: How many are to be drawn.
        least: How many of each block at least; as the profile had it.
        margin: Half the width of the interval that is wanted; as the profile had it.
        digest: SHA-256 of the list, in hexadecimal digits; empty until it is complete.
        commitment: The same of the secret word.
        sealed: The secret word, sealed; empty until it was announced.
        nonce: The secret word in the open; empty until it is over.
        announced_at: When both were told.
        draw_at: When it is drawn, and until when others can add words of their own.
        drawn_at: When it was.
        ends_at: Until when answers count; empty until all were drawn.
        ended_at: When it was over, or stopped.
    """

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="surveys", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="surveys", on_delete=fields.RESTRICT
    )
    author_id: int
    event_id = fields.CharField(max_length=255, unique=True)
    state = fields.CharEnumField(SurveyState, max_length=16, default=SurveyState.LISTING)
    made_at = fields.DatetimeField()
    reached = fields.CharField(max_length=512, default="")
    people = fields.IntField(default=0)
    size = fields.IntField(default=0)
    least = fields.IntField()
    margin = fields.FloatField()
    digest = fields.CharField(max_length=64, default="")
    commitment = fields.CharField(max_length=64, default="")
    sealed = fields.TextField(default="")
    nonce = fields.CharField(max_length=64, default="")
    announced_at = fields.DatetimeField(null=True)
    draw_at = fields.DatetimeField(null=True)
    drawn_at = fields.DatetimeField(null=True)
    ends_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """The table and its indexes."""

        table = "survey"
        indexes = (Index(fields=("path", "id")), Index(fields=("state",)), Index(fields=("unit_id",)))


class SurveyWord(Model):
    """A word that somebody has added to what the draw is made of. It is never changed.

    Attributes:
        words: As it was written.
        at: When, in programme time.
    """

    id = fields.BigIntField(primary_key=True)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "linzhang.Survey", related_name="words", on_delete=fields.CASCADE
    )
    survey_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="survey_words", on_delete=fields.RESTRICT
    )
    person_id: int
    words = fields.CharField(max_length=128)
    at = fields.DatetimeField()

    class Meta:
        """The table and its indexes."""

        table = "survey_word"
        unique_together = (("survey", "person"),)


class SurveyBlock(Model):
    """One block of a survey: its part of the list, how many are drawn there, and what they said.

    Attributes:
        path: The block's.
        leader: About whom its residents are asked.
        listed: The marks of those who can be drawn, in their order, each on a line.
        people: How many these are.
        take: How many of them are drawn.
        asked: How many were asked.
        good: How many said that they are content.
        fair: How many said that it is so-so.
        poor: How many said that they are not content.
        shown: Whether this may be told of this block alone; decided when the survey is over.
    """

    id = fields.BigIntField(primary_key=True)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "linzhang.Survey", related_name="blocks", on_delete=fields.CASCADE
    )
    survey_id: int
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "linzhang.Unit", related_name="survey_blocks", on_delete=fields.RESTRICT
    )
    unit_id: int
    path = fields.CharField(max_length=512)
    leader: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="survey_blocks", on_delete=fields.RESTRICT
    )
    leader_id: int
    listed = fields.TextField()
    people = fields.IntField()
    take = fields.IntField(default=0)
    asked = fields.IntField(default=0)
    good = fields.IntField(default=0)
    fair = fields.IntField(default=0)
    poor = fields.IntField(default=0)
    shown = fields.BooleanField(default=False)

    class Meta:
        """The table and its indexes."""

        table = "survey_block"
        unique_together = (("survey", "unit"),)
        indexes = (Index(fields=("survey_id", "path")), Index(fields=("leader_id", "id")))


class SurveyPerson(Model):
    """Somebody who was drawn. What they have answered does not stand here, nor anywhere beside their name.

    Attributes:
        due: When they are asked, or reminded, in programme time; empty: nothing more is to be done.
        address: Where they were asked.
        asked_at: When, in programme time.
        reminded: Whether they were reminded.
        answered: Whether they have answered.
    """

    id = fields.BigIntField(primary_key=True)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "linzhang.Survey", related_name="drawn", on_delete=fields.CASCADE
    )
    survey_id: int
    block: fields.ForeignKeyRelation[SurveyBlock] = fields.ForeignKeyField(
        "linzhang.SurveyBlock", related_name="drawn", on_delete=fields.CASCADE
    )
    block_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "linzhang.Person", related_name="survey_questions", on_delete=fields.CASCADE
    )
    person_id: int
    due = fields.DatetimeField(null=True)
    address: fields.ForeignKeyNullableRelation[Address] = fields.ForeignKeyField(
        "linzhang.Address", related_name="survey_questions", null=True, on_delete=fields.SET_NULL
    )
    address_id: int | None
    asked_at = fields.DatetimeField(null=True)
    reminded = fields.BooleanField(default=False)
    answered = fields.BooleanField(default=False)

    class Meta:
        """The table and its indexes."""

        table = "survey_person"
        unique_together = (("survey", "person"),)
        indexes = (
            Index(fields=("due",)),
            Index(fields=("person_id", "id")),
            Index(fields=("survey_id", "due")),
        )
