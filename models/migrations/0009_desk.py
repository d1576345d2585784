from tortoise import migrations
from tortoise.migrations import operations as ops
from models.desk import Way
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0008_yearly")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Look",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="looks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "whose",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="whose_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="looked_at",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "look",
                "app": "linzhang",
                "indexes": [Index(fields=["whose_id"]), Index(fields=["person_id", "at"])],
                "pk_attr": "id",
                "table_description": "One immutable row each time that somebody was shown a telephone number outside an issue (DESIGN, rule 7).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lookup", fields.CharField(unique=True, max_length=64)),
                (
                    "way",
                    fields.CharEnumField(
                        description="TICKET: ticket\nMATRIX: matrix\nOIDC: oidc", enum_type=Way, max_length=16
                    ),
                ),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "session",
                "app": "linzhang",
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "One browser of somebody who has come in. What is in its cookie is kept nowhere, only its keyed hash.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StatusNote",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="status_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="status_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.CharField(max_length=120)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "status_note",
                "app": "linzhang",
                "indexes": [Index(fields=["unit_id", "until"])],
                "pk_attr": "id",
                "table_description": "What a leader says of themselves and their unit for a while: 'on patrol', 'at the hospital until four'.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Ticket",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tickets",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lookup", fields.CharField(unique=True, max_length=64)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "ticket",
                "app": "linzhang",
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
                "table_description": "A link by which one person comes in once. The word in it is kept nowhere, only its keyed hash.",
            },
            bases=["Model"],
        ),
    ]
