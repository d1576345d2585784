from tortoise import migrations
from tortoise.migrations import operations as ops
from models.surveys import SurveyState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    """Surveys of how content residents are with their leaders."""

    dependencies = [("linzhang", "0036_honours")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Survey",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="surveys",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                (
                    "author",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="author_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="surveys",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("event_id", fields.CharField(unique=True, max_length=255)),
                (
                    "state",
                    fields.CharEnumField(
                        default=SurveyState.LISTING,
                        description="LISTING: listing\nANNOUNCED: announced\nDRAWING: drawing\nASKING: asking\nOVER: over\nSTOPPED: stopped",
                        enum_type=SurveyState,
                        max_length=16,
                    ),
                ),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reached", fields.CharField(default="", max_length=512)),
                ("people", fields.IntField(default=0)),
                ("size", fields.IntField(default=0)),
                ("least", fields.IntField()),
                ("margin", fields.FloatField()),
                ("digest", fields.CharField(default="", max_length=64)),
                ("commitment", fields.CharField(default="", max_length=64)),
                ("sealed", fields.TextField(default="", unique=False)),
                ("nonce", fields.CharField(default="", max_length=64)),
                ("announced_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("draw_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("drawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "survey",
                "app": "linzhang",
                "indexes": [Index(fields=["path", "id"]), Index(fields=["state"]), Index(fields=["unit_id"])],
                "pk_attr": "id",
                "table_description": "One survey in a unit and below it. Times are programme time.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyBlock",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "linzhang.Survey",
                        source_field="survey_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="blocks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="survey_blocks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                (
                    "leader",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="leader_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="survey_blocks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("listed", fields.TextField(unique=False)),
                ("people", fields.IntField()),
                ("take", fields.IntField(default=0)),
                ("asked", fields.IntField(default=0)),
                ("good", fields.IntField(default=0)),
                ("fair", fields.IntField(default=0)),
                ("poor", fields.IntField(default=0)),
                ("shown", fields.BooleanField(default=False)),
            ],
            options={
                "table": "survey_block",
                "app": "linzhang",
                "unique_together": (("survey", "unit"),),
                "indexes": [Index(fields=["survey_id", "path"]), Index(fields=["leader_id", "id"])],
                "pk_attr": "id",
                "table_description": "One block of a survey: its part of the list, how many are drawn there, and what they said.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyPerson",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "linzhang.Survey",
                        source_field="survey_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="drawn",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "block",
                    fields.ForeignKeyField(
                        "linzhang.SurveyBlock",
                        source_field="block_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="drawn",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="survey_questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "address",
                    fields.ForeignKeyField(
                        "linzhang.Address",
                        source_field="address_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="survey_questions",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("asked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reminded", fields.BooleanField(default=False)),
                ("answered", fields.BooleanField(default=False)),
            ],
            options={
                "table": "survey_person",
                "app": "linzhang",
                "unique_together": (("survey", "person"),),
                "indexes": [
                    Index(fields=["due"]),
                    Index(fields=["person_id", "id"]),
                    Index(fields=["survey_id", "due"]),
                ],
                "pk_attr": "id",
                "table_description": "Somebody who was drawn. What they have answered does not stand here, nor anywhere beside their name.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyWord",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "linzhang.Survey",
                        source_field="survey_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="words",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="survey_words",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("words", fields.CharField(max_length=128)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "survey_word",
                "app": "linzhang",
                "unique_together": (("survey", "person"),),
                "pk_attr": "id",
                "table_description": "A word that somebody has added to what the draw is made of. It is never changed.",
            },
            bases=["Model"],
        ),
    ]
