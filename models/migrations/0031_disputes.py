from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0030_patience")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Agreement",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="agreements",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("words", fields.TextField(unique=False)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reporter_says", fields.BooleanField(null=True)),
                ("other_says", fields.BooleanField(null=True)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "agreement",
                "app": "linzhang",
                "indexes": [Index(fields=["issue_id"])],
                "pk_attr": "id",
                "table_description": "Words that both parties of a dispute are asked to agree to. A later one takes its place.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Dispute",
            fields=[
                (
                    "issue",
                    fields.OneToOneField(
                        "linzhang.Issue",
                        source_field="issue_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="dispute",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "other",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="other_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="disputes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "mediator",
                    fields.ForeignKeyField(
                        "linzhang.Person",
                        source_field="mediator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="mediated",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("agreed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "dispute",
                "app": "linzhang",
                "indexes": [Index(fields=["other_id"]), Index(fields=["mediator_id"])],
                "pk_attr": "issue_id",
                "table_description": "An issue that is about two: whoever has reported it, and another.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="Course",
            options={
                "table": "course",
                "app": "linzhang",
                "indexes": [Index(fields=["unit_id"]), Index(fields=["due"])],
                "pk_attr": "person_id",
                "table_description": "How far somebody is in the course. Times are programme time.",
            },
        ),
    ]
