from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0005_outcasts")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AdminAction",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("who", fields.CharField(max_length=128)),
                ("action", fields.CharField(max_length=32)),
                ("subject", fields.CharField(max_length=128)),
                ("detail", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "admin_action",
                "app": "linzhang",
                "indexes": [Index(fields=["subject", "id"])],
                "pk_attr": "id",
                "table_description": "One immutable row per deed of an administrator: who, when, what.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BridgeOff",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "bridge_off",
                "app": "linzhang",
                "pk_attr": "name",
                "table_description": "A bridge that an administrator has turned off: nothing goes through it until it is on again.",
            },
            bases=["Model"],
        ),
    ]
