from tortoise import migrations
from tortoise.migrations import operations as ops
from models.encouraging import StepKind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    """Leaders who are to be encouraged or helped, and what was done for them."""

    dependencies = [("linzhang", "0037_surveys")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Concern",
            fields=[
                (
                    "post",
                    fields.OneToOneField(
                        "linzhang.Leadership",
                        source_field="post_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="concern",
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
                        related_name="concerns",
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
                        related_name="concerns",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                ("silent_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("missed", fields.IntField(default=0)),
                ("content", fields.SmallIntField(null=True)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("rest_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "concern",
                "app": "linzhang",
                "indexes": [Index(fields=["path", "rest_until"]), Index(fields=["person_id"])],
                "pk_attr": "post_id",
                "table_description": "A leader of whom something says that they may need a word or help. Derived: it is made anew each day.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Step",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="steps_for",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="steps_for",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", fields.CharField(max_length=512)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="WORD: word\nTALKED: talked\nDEPUTY: deputy\nREPLACED: replaced\nNONE: none",
                        enum_type=StepKind,
                        max_length=16,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="steps_by",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("note", fields.TextField(default="", unique=False)),
                ("reasons", fields.TextField(default="", unique=False)),
                ("event_id", fields.CharField(unique=True, max_length=255)),
            ],
            options={
                "table": "step",
                "app": "linzhang",
                "indexes": [Index(fields=["path", "id"]), Index(fields=["person_id", "id"])],
                "pk_attr": "id",
                "table_description": "Something that was done for a leader. It is never changed.",
            },
            bases=["Model"],
        ),
    ]
