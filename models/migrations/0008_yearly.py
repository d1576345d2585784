from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0007_ties")]

    initial = False

    operations = [
        ops.CreateModel(
            name="YearlyCount",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="yearly_counts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("year", fields.IntField()),
                (
                    "lines",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("frozen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("frozen_by", fields.CharField(max_length=128)),
                ("signed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("signed_by", fields.CharField(default="", max_length=128)),
            ],
            options={
                "table": "yearly_count",
                "app": "linzhang",
                "unique_together": (("unit_id", "year"),),
                "pk_attr": "id",
                "table_description": "The numbers of a unit and of those below it in one year.",
            },
            bases=["Model"],
        ),
    ]
