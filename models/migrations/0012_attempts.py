from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0011_projections")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Attempt",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("key", fields.CharField(max_length=64)),
            ],
            options={
                "table": "attempt",
                "app": "linzhang",
                "indexes": [Index(fields=["key", "at"]), Index(fields=["at"])],
                "pk_attr": "id",
                "table_description": "Somebody has tried to come in with a password. Kept for a day, for nobody to try all of them.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="Border",
            options={
                "table": "border",
                "app": "linzhang",
                "pk_attr": "unit_id",
                "table_description": "The ground of a unit on the map, in degrees of WGS84.",
            },
        ),
        ops.AlterModelOptions(
            name="Look",
            options={
                "table": "look",
                "app": "linzhang",
                "indexes": [Index(fields=["whose_id"]), Index(fields=["person_id", "at"])],
                "pk_attr": "id",
                "table_description": "One immutable row each time that somebody was shown a number outside an issue (DESIGN, rule 7).",
            },
        ),
    ]
