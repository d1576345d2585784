from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0025_scale")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Portrait",
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
                        related_name="portrait",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("picture", fields.BinaryField()),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "portrait",
                "app": "linzhang",
                "pk_attr": "person_id",
                "table_description": "A leader's picture, for cards and posters.",
            },
            bases=["Model"],
        ),
    ]
