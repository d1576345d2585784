from tortoise import migrations
from tortoise.migrations import operations as ops
from models.borders import Origin
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0009_desk")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Border",
            fields=[
                (
                    "unit",
                    fields.OneToOneField(
                        "linzhang.Unit",
                        source_field="unit_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="border",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("shape", fields.BinaryField()),
                ("west", fields.FloatField()),
                ("south", fields.FloatField()),
                ("east", fields.FloatField()),
                ("north", fields.FloatField()),
                (
                    "origin",
                    fields.CharEnumField(
                        description="GIVEN: given\nJOINED: joined\nDRAWN: drawn",
                        enum_type=Origin,
                        max_length=8,
                    ),
                ),
                ("version", fields.CharField(max_length=32)),
            ],
            options={
                "table": "border",
                "app": "linzhang",
                "pk_attr": "unit_id",
                "table_description": "The ground of a unit on the map, in degrees of WGS84.",
            },
            bases=["Model"],
        ),
    ]
