from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0004_rooms")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Outcast",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("room_id", fields.CharField(max_length=255)),
                ("lookup", fields.CharField(max_length=64)),
            ],
            options={
                "table": "outcast",
                "app": "linzhang",
                "unique_together": (("room_id", "lookup"),),
                "pk_attr": "id",
                "table_description": "Somebody who was put out of a room by others, and is not heard there until they are in it again.",
            },
            bases=["Model"],
        ),
    ]
