from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0028_notices")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Course",
            fields=[
                (
                    "person",
                    fields.OneToOneField(
                        "linzhang.Person",
                        source_field="person_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="course",
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
                        related_name="courses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("begun_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("turn", fields.IntField(default=1)),
                ("lesson", fields.IntField(default=0)),
                ("waits", fields.BooleanField(default=False)),
                ("reminded", fields.BooleanField(default=False)),
                ("right", fields.IntField(default=0)),
                ("due", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "course",
                "app": "linzhang",
                "indexes": [Index(fields=["unit_id"]), Index(fields=["due"])],
                "pk_attr": "person_id",
                "table_description": "How far somebody is in the course. Times are programme time.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="Portrait",
            options={
                "table": "portrait",
                "app": "linzhang",
                "pk_attr": "person_id",
                "table_description": "A leader's picture, for cards and posters.",
            },
        ),
    ]
